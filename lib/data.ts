/**
 * Plain data of whatever was given, as JSON keeps it; undefined where that is nothing or cannot be, as with a cycle.
 * What is stored is made of it, so that no foreign object can make a message impossible to write.
 */
export function toData(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  try {
    const text = JSON.stringify(value) as string | undefined
    return text === undefined ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

/** A text, or the digits of a number, as carriers number things too; undefined for anything else and for no text. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A copy of plain data, as deep as it goes; many times quicker than one that may be of anything. */
export function copyData<T>(data: T): T {
  if (typeof data !== 'object' || data === null) return data
  if (Array.isArray(data)) return data.map(copyData) as T
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, copyData<unknown>(value)])) as T
}
