import { EARLIEST_MS } from './clock.ts'
import { SmsError } from './errors.ts'
import type { ErrorInfo } from './errors.ts'
import type { SendOptions } from './message.ts'
import type { Sending } from './outbox/draft.ts'
import type { MessageDraft, Provider } from './provider.ts'
import type { RoutingHost } from './router/contract.ts'
import { segment } from './segments.ts'
import type { Segments } from './segments.ts'

/** What a sender wants sent. */
export interface Composition {
  /** A number, a list of them as text or array; nothing: the provider's own recipients. */
  readonly to: unknown
  readonly text: unknown
  readonly options: SendOptions
  readonly onDoubt: 'fail' | 'resend'
}

/** What a sender wants sent, read as far as it can be without a provider and a recipient. */
export interface Content {
  readonly wanted: Composition
  /** The text as it was given. */
  readonly given: string
  /** When it is to be sent, in milliseconds since the epoch; absent for at once. */
  readonly sendAtMs: number | undefined
  /** The text as it will travel, with these options in place of the sender's. Throws `SMS_REQUEST`. */
  cut(options?: Cutting): Segments
}

/** A recipient that cannot be texted, and why: an entry of `msg.failures`. */
export interface Failure extends ErrorInfo {
  readonly to: string
}

/** What becomes of a content: a message for each recipient, and way. */
export interface Composed {
  readonly sendings: readonly Sending[]
  readonly failures: readonly Failure[]
}

/** What messages go through: a provider in use, and where it is a router, what it picks among. */
export interface Via {
  readonly id: string
  readonly provider: Provider
  readonly routing?: RoutingHost
}

type Cutting = Pick<SendOptions, 'encoding' | 'transliterate'>

/** Throws `SMS_REQUEST` for what cannot be sent to anybody. */
export function readContent(wanted: Composition, nowMs: number): Content {
  const given = readText(wanted.text, wanted.options)
  const sendAtMs = readSendAt(wanted.options, nowMs)
  // Many recipients and several carriers get the same few cuts.
  const cuts = new Map<string, Segments>()
  return {
    wanted,
    given,
    sendAtMs,
    cut({ encoding = 'auto', transliterate = false } = wanted.options) {
      const key = `${encoding} ${transliterate}`
      let cut = cuts.get(key)
      if (!cut) cuts.set(key, (cut = segment(given, { encoding, transliterate })))
      return cut
    },
  }
}

/** Throws `SMS_REQUEST` for a text that is longer than the carrier takes. */
export function checkLength(given: string, { name, maxCharacters }: Provider): void {
  if (given.length <= maxCharacters) return
  throw new SmsError('SMS_REQUEST', `the text has ${given.length} characters; ${name} takes ${maxCharacters}`)
}

/** What a carrier gets for one recipient, with `own` in place of what the sender asked for. */
export function draftOf(
  { wanted: { options } }: Content,
  { text }: Segments,
  to: string,
  own: Pick<SendOptions, 'from' | 'params' | 'encoding' | 'transliterate'> = options,
): MessageDraft {
  return {
    text,
    encoding: own.encoding ?? 'auto',
    transliterate: own.transliterate ?? false,
    flash: options.flash ?? false,
    deliveryReport: options.deliveryReport ?? true,
    allowReply: options.allowReply ?? true,
    ...(own.from !== undefined && { from: own.from }),
    ...(options.mediaUrls && { mediaUrls: options.mediaUrls }),
    ...(own.params && { params: own.params }),
    to,
  }
}

/** What the outbox is told of a message whatever its recipient and carrier. */
export function commonOf(
  { wanted }: Content,
  options: SendOptions,
): Pick<Sending, 'onDoubt' | 'category' | 'ref' | 'priority' | 'validityMs' | 'idempotencyKey'> {
  return {
    onDoubt: wanted.onDoubt,
    ...(options.category !== undefined && { category: options.category }),
    ...(options.ref !== undefined && { ref: options.ref }),
    ...(options.priority !== undefined && { priority: options.priority }),
    ...(options.validityMinutes !== undefined && { validityMs: options.validityMinutes * 60_000 }),
    ...(options.idempotencyKey !== undefined && { idempotencyKey: options.idempotencyKey }),
  }
}

function readText(given: unknown, options: SendOptions): string {
  const text = typeof given === 'number' || typeof given === 'boolean' ? String(given) : (given ?? '')
  if (typeof text !== 'string')
    throw new SmsError('SMS_REQUEST', `the text is ${Array.isArray(text) ? 'a list' : 'an object'}, not a text`)
  if (text.trim() === '' && !options.mediaUrls?.length) throw new SmsError('SMS_REQUEST', 'the text is empty')
  return text
}

/** Further on lies a mistake in the units rather than a wish. */
const LONGEST_SCHEDULE_MS = 366 * 24 * 3_600_000

/** When the message is to be sent, in milliseconds since the epoch; undefined for at once. */
function readSendAt({ sendAt }: SendOptions, nowMs: number): number | undefined {
  if (sendAt === undefined) return undefined
  const sendAtMs = typeof sendAt === 'number' ? sendAt : Date.parse(sendAt)
  if (sendAtMs <= nowMs) return undefined
  // A clock that is plainly wrong is no measure of how far away it is.
  if (sendAtMs - Math.max(nowMs, EARLIEST_MS) <= LONGEST_SCHEDULE_MS) return sendAtMs
  throw new SmsError('SMS_REQUEST', 'smsOptions.sendAt must be a time within the next year')
}
