/** What a template can name: text, numbers, truth, and objects or arrays of them, reached by dotted paths. */
export interface TemplateValues {
  readonly [name: string]: TemplateValue
}

/** One value of a template. */
export type TemplateValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | TemplateValues
  | readonly TemplateValue[]

/**
 * The template with each `{{name}}` or `{{a.b}}` replaced by its value, which `escape` makes fit for where it goes
 * (a form, JSON, XML). What is not there, or is an object, becomes nothing; a value is never read as a template.
 */
export function renderTemplate(
  template: string,
  values: TemplateValues,
  escape: (value: string) => string = value => value,
): string {
  // One pass with a function: neither `{{…}}` nor `$&` in a value means anything.
  return template.replace(/\{\{([^{}]*)\}\}/g, (_, path: string) => {
    const value = valueAt(values, path.trim())
    return value === null || value === undefined || typeof value === 'object' ? '' : escape(String(value))
  })
}

/** Own fields only: `constructor` or `__proto__.x` would otherwise reach the prototype. */
function valueAt(values: TemplateValues, path: string): TemplateValue {
  let value: TemplateValue = values
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as TemplateValues)[name]
  }
  return value
}
