import { SmsError } from '../../errors.ts'

/** What was received, an answer or a request, as things are looked for in it. */
export interface Source {
  /** The body as text. */
  readonly text: string
  /** What the body says: JSON, or the fields of a form; undefined for anything else. */
  readonly data: unknown
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
}

/** Finds one thing in a source; undefined where it is not. */
export type Pointer = (source: Source) => unknown

/**
 * Compiles where something is: a path (`messages.0.id`), a form field, `header:Name`, `query:name`, or a regular
 * expression with a group over the whole body (`/ID: (\S+)/`). `a | b`: the first that is there; `a + b`: all that are
 * there, with blanks between. `''` finds nothing. Throws `SMS_CONFIG` that names `where`.
 */
export function compilePointer(text: string, where: string): Pointer {
  const given = text.trim()
  if (given === '') return () => undefined
  if (given.startsWith('/')) return compilePattern(given, where)
  const alternatives = given.split(/\s+\|\s+/).map(alternative => {
    const parts = alternative.split(/\s+\+\s+/).map(part => compilePart(part.trim(), where))
    return parts.length === 1 ? parts[0]! : joined(parts)
  })
  return source => {
    const found = alternatives.map(find => find(source))
    return found.find(value => value !== undefined && value !== null) ?? found.find(value => value === null)
  }
}

/** What a pointer finds as text: also a number or a truth, but no object. */
export function textAt(pointer: Pointer, source: Source): string | undefined {
  const found = pointer(source)
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found)
    : undefined
}

/** A regular expression as people write it, `/…/i`. Throws `SMS_CONFIG`. */
export function readPattern(text: string, where: string): RegExp {
  const [, pattern = '', flags = ''] = /^\/(.+)\/([imsu]*)$/s.exec(text) ?? []
  try {
    if (pattern !== '') return new RegExp(pattern, flags)
  } catch {
    // Said below.
  }
  throw new SmsError('SMS_CONFIG', `${where} is not a regular expression such as /ID: (\\S+)/`)
}

function compilePattern(text: string, where: string): Pointer {
  const pattern = readPattern(text, where)
  return ({ text }) => {
    const match = pattern.exec(text)
    return match?.slice(1).find(group => group !== undefined) ?? match?.[0]
  }
}

function compilePart(part: string, where: string): Pointer {
  const [, place, name = ''] = /^(header|query):\s*(.+)$/i.exec(part) ?? []
  if (place?.toLowerCase() === 'header') return ({ headers }) => headers[name.toLowerCase()]
  if (place) return ({ query }) => query.get(name) ?? undefined
  if (part === '' || /\s/.test(part)) throw new SmsError('SMS_CONFIG', `${where} is not a path such as messages.0.id`)
  // `$.messages[0].id`, as JSONPath has it, is the same.
  const path = part
    .replace(/^\$\.?/, '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter(step => step !== '')
  return ({ data }) => own(data, part) ?? path.reduce<unknown>(own, data)
}

const own = (data: unknown, name: string): unknown =>
  typeof data === 'object' && data !== null && Object.hasOwn(data, name)
    ? (data as Record<string, unknown>)[name]
    : undefined

const joined =
  (parts: readonly Pointer[]): Pointer =>
  source => {
    const texts = parts.map(part => textAt(part, source)).filter(text => text !== undefined && text !== '')
    return texts.length === 0 ? undefined : texts.join(' ')
  }
