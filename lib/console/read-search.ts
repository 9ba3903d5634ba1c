import { SmsError } from '../errors.ts'
import { OUTGOING_STATES } from '../message.ts'
import type { SmsState } from '../message.ts'
import type { HistoryQuery } from '../store/store.ts'

/** What the console asks for: what the store finds by itself, and what has to be looked for in what it found. */
export interface Search {
  readonly query: Omit<HistoryQuery, 'limit'>
  /** Lower case; a part of the text or of either number. */
  readonly words: string
  /** Digits of `words` where it can only be a number, or a part of one. */
  readonly digits: string
  readonly provider?: string
  readonly limit: number
}

/** A place in the list: what is not newer than this moment, but for so many. */
export interface Cursor {
  readonly untilMs: number
  readonly skip: number
}

type Parameters = Readonly<Record<string, unknown>>

const MOST = 100
const LONGEST = 200

const CHOICES = {
  type: ['message', 'call'],
  direction: ['in', 'out'],
  state: [...OUTGOING_STATES, 'received', 'ringing', 'missed'] satisfies SmsState[],
} as const satisfies Partial<Record<keyof HistoryQuery, readonly string[]>>

/** The parameters of a request as a search. Throws `SMS_REQUEST` for what can be none. */
export function readSearch(given: Parameters): Search {
  const words = textOf(given, 'q').trim().toLowerCase()
  const number = textOf(given, 'number').trim()
  const provider = textOf(given, 'provider')
  const limit = textOf(given, 'limit') === '' ? MOST : Number(given['limit'])
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw wrong('limit', `a whole number up to ${MOST}`)
  const chosen = Object.entries(CHOICES).map(([name, choices]) => [name, choice(given, name, choices)])
  return {
    query: {
      ...Object.fromEntries(chosen.filter(([, value]) => value !== '')),
      ...(number !== '' && { number }),
      ...readCursor(textOf(given, 'after')),
    },
    words,
    digits: /^[+\d\s().-]+$/.test(words) ? words.replaceAll(/\D/g, '') : '',
    ...(provider !== '' && { provider }),
    limit,
  }
}

/** A cursor as a parameter, and back. */
export const writeCursor = ({ untilMs, skip }: Cursor): string => `${untilMs}-${skip}`

function readCursor(given: string): Cursor | undefined {
  if (given === '') return undefined
  const [, untilMs, skip] = /^(\d{1,15})-(\d{1,9})$/.exec(given) ?? []
  if (untilMs === undefined) throw wrong('after', 'what came as `next` with a page')
  return { untilMs: Number(untilMs), skip: Number(skip) }
}

function choice(given: Parameters, name: string, choices: readonly string[]): string {
  const value = textOf(given, name)
  if (value !== '' && !choices.includes(value)) throw wrong(name, `one of ${choices.join(', ')}`)
  return value
}

/** A parameter given twice is a list, which nobody means. */
function textOf(given: Parameters, name: string): string {
  const value = given[name] ?? ''
  if (typeof value !== 'string' || value.length > LONGEST) throw wrong(name, `a text of at most ${LONGEST} characters`)
  return value
}

const wrong = (name: string, expected: string) => new SmsError('SMS_REQUEST', `${name} must be ${expected}`)
