/*
 * The JSON of smsframework's forwarding (`smsframework/providers/forward/jsonex.py`): objects as
 * `{"?": ["ClassName", {attributes}]}`, errors as `{"?E": ["ClassName", [arguments]]}`.
 */

/** An object of a class, as it travels. */
export interface Tagged {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** JSON to the byte as Python's `json.dumps` writes it: blanks after `,` and `:`, and nothing but ASCII. */
export function writeJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value).replaceAll(/[\u007f-\uffff]/g, escaped)
  if (Array.isArray(value)) return `[${value.map(writeJson).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([name, member]) => `${writeJson(name)}: ${writeJson(member)}`).join(', ')}}`
}

/** The object that a text is, or undefined for what is no JSON or no object. */
export function readJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isObject(json) && !Array.isArray(json) ? json : undefined
  } catch {
    return undefined
  }
}

export const writeTagged = ({ name, attributes }: Tagged): object => ({ '?': [name, attributes] })

export function readTagged(value: unknown): Tagged | undefined {
  const tag: unknown = isObject(value) ? value['?'] : undefined
  if (!Array.isArray(tag)) return undefined
  const [name, attributes] = tag as unknown[]
  return typeof name === 'string' && isObject(attributes) && !Array.isArray(attributes)
    ? { name, attributes }
    : undefined
}

/** A moment, milliseconds since the epoch: Python reads it only with a fraction of the second, and without any zone. */
export const writeTime = (ms: number): object => ({ '?': ['datetime', new Date(ms).toISOString().slice(0, -1)] })

/** A moment as Python writes it, without a fraction where that is zero; undefined for what is none. */
export function readTime(value: unknown): number | undefined {
  const tag: unknown = isObject(value) ? value['?'] : undefined
  const [name, text] = Array.isArray(tag) ? (tag as unknown[]) : []
  if (name !== 'datetime' || typeof text !== 'string') return undefined
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?)(Z|[+-]\d\d:?\d\d)?$/.exec(text)
  const ms = Date.parse(`${found?.[1]}${found?.[2] ?? 'Z'}`)
  return Number.isNaN(ms) ? undefined : ms
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
