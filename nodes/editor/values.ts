/** A property or a field as text without spaces around it; `''` for what is no text. */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''

/** Whether the runtime will replace it from its environment. */
export const isReference = (value: string): boolean => /^\$\{.+\}$/.test(value)
