import { SmsError } from '../../errors.ts'

/** What a placeholder may stand for; nothing leaves out the field it is in. */
export type Value = string | number | boolean | object | undefined

/** Values by the names of their placeholders; `secret` and `params` hold further ones. */
export type Values = Readonly<Record<string, Value>>

/** `{{name}}`, or `{{name|value=word|…}}`, where `words` are what the carrier says instead of our values. */
export interface Placeholder {
  readonly name: string
  readonly words: ReadonlyMap<string, string>
}

/** A text cut at its placeholders, once: what is put in their place is never looked at again. */
export type Pieces = readonly (string | Placeholder)[]

/** What placeholders a template may have. */
export interface Known {
  readonly names: ReadonlySet<string>
  /** Names after which another one follows, as in `params.x`. */
  readonly groups: ReadonlySet<string>
  /** Names of secrets that have a value. */
  readonly secrets: ReadonlySet<string>
}

/** Every name a request can use, besides `secret.…` and `params.…`. */
export const NAMES: ReadonlySet<string> = new Set(
  [
    ['to', 'toNoPlus', 'from', 'fromNoPlus', 'fromType', 'text', 'textOrHex', 'id', 'idNumber'],
    ['encoding', 'parts', 'flash', 'deliveryReport', 'allowReply', 'mediaUrls'],
    ['validityMinutes', 'validitySeconds', 'validityMs', 'callbackUrl', 'basic'],
  ].flat(),
)

/** The names of a request after which another one follows. */
export const GROUPS: ReadonlySet<string> = new Set(['params'])

/** `{{basic}}` is made of the secrets of these names. */
export const BASIC_SECRETS = ['user', 'password'] as const

const PLACEHOLDER = /\{\{([^{}]*)\}\}/

/** Cuts a template. Throws `SMS_CONFIG` that names `where` and the placeholder which does not exist. */
export function compileText(template: string, known: Known, where: string): Pieces {
  const pieces = template.split(new RegExp(PLACEHOLDER, 'g')).map((piece, index) => {
    if (index % 2 === 1) return readPlaceholder(piece, known, where)
    if (piece.includes('{{')) throw new SmsError('SMS_CONFIG', `${where} has {{ without }}`)
    return piece
  })
  return pieces.filter(piece => piece !== '')
}

/** The text with everything in place, escaped; undefined where a placeholder stands for nothing. */
export function renderText(pieces: Pieces, values: Values, escape: (text: string) => string): string | undefined {
  let rendered = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') rendered += piece
    else {
      const value = asText(valueOf(piece, values))
      if (value === undefined) return undefined
      rendered += escape(value)
    }
  }
  return rendered
}

/** What a placeholder stands for, in the carrier's words; an empty word stands for nothing. */
export function valueOf({ name, words }: Placeholder, values: Values): Value {
  const value = lookUp(name, values)
  if (value === undefined) return undefined
  const word = words.get(asText(value)!)
  return word === '' ? undefined : (word ?? value)
}

/** A value as it stands in a text; objects as JSON. Half a surrogate pair, which UTF-8 cannot carry, becomes U+FFFD. */
export function asText(value: Value): string | undefined {
  if (value === undefined) return undefined
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}

/** The names a cut template uses. */
export function namesIn(pieces: Pieces): readonly string[] {
  return pieces.flatMap(piece => (typeof piece === 'string' ? [] : [piece.name]))
}

function readPlaceholder(text: string, { names, groups, secrets }: Known, where: string): Placeholder {
  const [name = '', ...pairs] = text.split('|').map(part => part.trim())
  const secret = /^secret\.(.+)$/.exec(name)?.[1]
  const missing = secret === undefined ? [] : [secret].filter(name => !secrets.has(name))
  if (name === 'basic') missing.push(...BASIC_SECRETS.filter(name => !secrets.has(name)))
  if (missing.length > 0)
    throw new SmsError('SMS_CONFIG', `${where} needs the secret «${shown(missing[0]!)}», which is not there`)
  const isKnown = secret !== undefined || names.has(name) || groups.has(/^(.+?)\../.exec(name)?.[1] ?? '')
  if (!isKnown) throw new SmsError('SMS_CONFIG', `${where} names {{${shown(name)}}}, which does not exist`)
  const words = pairs.map(pair => {
    const [, value, word] = /^([^=]*)=(.*)$/s.exec(pair) ?? []
    if (value === undefined || word === undefined)
      throw new SmsError('SMS_CONFIG', `${where}: what follows | in {{${shown(name)}|…}} must be value=word`)
    return [value.trim(), word.trim()] as const
  })
  return { name, words: new Map(words) }
}

/** Own fields only: `constructor` or `__proto__` would otherwise reach the prototype. */
function lookUp(name: string, values: Values): Value {
  let value: unknown = values
  const path = name.startsWith('secret.') ? ['secret', name.slice('secret.'.length)] : name.split('.')
  for (const field of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined
    value = (value as Record<string, unknown>)[field]
  }
  return value === null || typeof value === 'function' || typeof value === 'symbol' ? undefined : value
}

const shown = (name: string): string => name.replaceAll(/\p{C}/gu, ' ').slice(0, 40)
