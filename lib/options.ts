import { toData } from './data.ts'
import { SmsError } from './errors.ts'
import type { SendOptions } from './message.ts'

/**
 * `msg.smsOptions` as a flow gave it, checked field by field: numbers and booleans may come as text. An unknown field
 * or a value that cannot be meant is `SMS_REQUEST` naming it: a misspelt option must not be dropped in silence.
 */
export function readOptions(given: unknown): SendOptions {
  if (given === undefined || given === null) return {}
  if (typeof given !== 'object' || Array.isArray(given)) throw wrong('smsOptions', 'an object')
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const read = Object.hasOwn(READERS, name) ? READERS[name as keyof SendOptions] : undefined
    if (!read) throw new SmsError('SMS_REQUEST', `smsOptions has no field «${name.slice(0, 40)}»`)
    if (value === undefined || value === null || isBlank(value)) continue
    options[name] = read(value, `smsOptions.${name}`)
  }
  return options
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === ''

type Reader = (value: unknown, name: string) => unknown

const text: Reader = (value, name) => {
  if (typeof value !== 'string' && typeof value !== 'number') throw wrong(name, 'a text')
  return String(value).trim()
}

const flag: Reader = (value, name) => {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 1) return true
  if (value === 'false' || value === 0) return false
  throw wrong(name, 'true or false')
}

const number =
  (least: number, most: number): Reader =>
  (value, name) => {
    const read = typeof value === 'string' ? Number(value) : value
    if (typeof read !== 'number' || !(read >= least && read <= most))
      throw wrong(name, `a number from ${least} to ${most}`)
    return read
  }

const oneOf =
  (...words: string[]): Reader =>
  (value, name) => {
    if (!words.includes(value as string)) throw wrong(name, `one of ${words.join(', ')}`)
    return value
  }

const time: Reader = (value, name) => {
  const ms = typeof value === 'number' ? value : value instanceof Date ? value.getTime() : Date.parse(String(value))
  if (!Number.isFinite(ms)) throw wrong(name, 'an ISO 8601 time or milliseconds since the epoch')
  return ms
}

const webUrls: Reader = (value, name) => {
  const urls: unknown[] = Array.isArray(value) ? value : [value]
  for (const url of urls)
    if (typeof url !== 'string' || !/^https?:\/\/\S+$/.test(url)) throw wrong(name, 'a list of http(s) addresses')
  return urls
}

/** What is stored with the message, as it is now: the flow may change its own afterwards. */
const data: Reader = (value, name) => {
  const plain = toData(value)
  if (plain === undefined) throw wrong(name, 'plain data, as JSON has it')
  return plain
}

const plainObject: Reader = (value, name) => {
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong(name, 'an object')
  return data(value, name)
}

/** A validity beyond 63 weeks exceeds every carrier's (3GPP TS 23.040 §9.2.3.12.1). */
const READERS = {
  from: text,
  provider: text,
  category: text,
  ref: data,
  priority: number(-1000, 1000),
  validityMinutes: number(1 / 60, 63 * 7 * 24 * 60),
  flash: flag,
  sendAt: time,
  deliveryReport: flag,
  allowReply: flag,
  encoding: oneOf('auto', 'gsm7', 'ucs2'),
  transliterate: flag,
  mediaUrls: webUrls,
  idempotencyKey: text,
  params: plainObject,
} satisfies Record<keyof SendOptions, Reader>

const wrong = (name: string, expected: string): SmsError => new SmsError('SMS_REQUEST', `${name} must be ${expected}`)
