import { SmsError } from '../../lib/errors.ts'
import { OUTGOING_STATES } from '../../lib/message.ts'
import type { SmsState } from '../../lib/message.ts'
import type { HistoryQuery } from '../../lib/store/store.ts'
import { readSince } from './since.ts'

/** What is asked for, as a dialog or a flow message gives it. Nothing, or an empty text, asks for no such limit. */
export type Question = Readonly<Record<keyof typeof READERS, unknown>>

/**
 * A question as the store takes it: messages unless calls are asked for, 100 records unless fewer or more (up to 1000).
 * A value that cannot be meant is `SMS_REQUEST` naming it: a misspelt filter must not find everything.
 */
export function readQuestion(question: Partial<Question>, nowMs: number): HistoryQuery {
  const query: Record<string, unknown> = {}
  for (const [name, read] of Object.entries(READERS)) {
    const value = question[name as keyof Question]
    const given = typeof value === 'string' ? value.trim() : value
    if (given === undefined || given === null || given === '') continue
    query[name === 'since' ? 'sinceMs' : name] = read(given, name, nowMs)
  }
  return { type: 'message', limit: 100, ...query }
}

/** The fields a flow message has of its own: these win over the node's. */
export function questionIn(msg: Readonly<Record<string, unknown>>): Partial<Question> {
  const given = Object.keys(READERS).map(name => [name, msg[name]] as const)
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== null))
}

type Reader = (value: unknown, name: string, nowMs: number) => unknown

const oneOf =
  (...words: string[]): Reader =>
  (value, name) => {
    if (!words.includes(value as string)) throw wrong(name, `one of ${words.join(', ')}`, value)
    return value
  }

/** Numbers as they are stored, whatever punctuation they are asked for with; sender names as they are. */
const number: Reader = (value, name) => {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw wrong(name, 'a phone number or a sender name', value)
  const given = String(value)
  // Numbers copied from elsewhere often bring invisible marks along.
  return /\p{L}/u.test(given) ? given : given.replaceAll(/[\s\p{Cf}().-]/gu, '').replace(/^00/, '+')
}

const limit: Reader = (value, name) => {
  const read = typeof value === 'string' ? Number(value) : value
  if (typeof read !== 'number' || !Number.isInteger(read) || read < 1 || read > 1000)
    throw wrong(name, 'a whole number from 1 to 1000', value)
  return read
}

const since: Reader = (value, name, nowMs) => {
  const ms = readSince(value, nowMs)
  if (ms !== undefined) return ms
  throw wrong(name, 'an ISO 8601 time, milliseconds since 1970, or a duration such as 24h or 7d', value)
}

const READERS = {
  type: oneOf('message', 'call'),
  direction: oneOf('in', 'out'),
  number,
  since,
  state: oneOf(...([...OUTGOING_STATES, 'received', 'ringing', 'missed'] satisfies SmsState[])),
  limit,
} satisfies Record<string, Reader>

function wrong(name: string, expected: string, value: unknown): SmsError {
  const given = typeof value === 'string' || typeof value === 'number' ? `, not «${String(value).slice(0, 40)}»` : ''
  return new SmsError('SMS_REQUEST', `${name} must be ${expected}${given}`)
}
