import { EARLIEST_MS } from './clock.ts'
import { SmsError } from './errors.ts'
import type { ErrorInfo, SmsErrorCode } from './errors.ts'
import type { SendOptions } from './message.ts'
import type { Sending } from './outbox/draft.ts'
import type * as Phone from './phone.ts'
import type { MessageDraft, Provider } from './provider.ts'
import { segment } from './segments.ts'

/** What a sender wants sent. */
export interface Composition {
  /** A number, a list of them as text or array; nothing: the provider's own recipients. */
  readonly to: unknown
  readonly text: unknown
  readonly options: SendOptions
  readonly onDoubt: 'fail' | 'resend'
}

/** A recipient that cannot be texted, and why: an entry of `msg.failures`. */
export interface Failure extends ErrorInfo {
  readonly to: string
}

export interface Composed {
  readonly sendings: readonly Sending[]
  readonly failures: readonly Failure[]
}

/**
 * One sending per recipient, checked as far as it can be before anything is stored. Throws `SmsError` where nothing at
 * all can be sent (no recipient, no text); bad recipients among good ones are `failures`.
 */
export async function compose(
  wanted: Composition,
  via: { id: string; provider: Provider },
  nowMs: number,
): Promise<Composed> {
  const { options } = wanted
  const { provider } = via
  const { recipients, failures } = await readRecipients(wanted.to, provider)
  const given = readText(wanted.text, options)
  if (given.length > provider.maxCharacters) {
    throw new SmsError(
      'SMS_REQUEST',
      `the text has ${given.length} characters; ${provider.name} takes ${provider.maxCharacters}`,
    )
  }
  const sendAtMs = readSendAt(options, nowMs)
  const { encoding = 'auto', transliterate = false } = options
  const cut = segment(given, { encoding, transliterate })
  const common = {
    text: cut.text,
    encoding,
    transliterate,
    flash: options.flash ?? false,
    deliveryReport: options.deliveryReport ?? true,
    allowReply: options.allowReply ?? true,
    ...(options.from !== undefined && { from: options.from }),
    ...(options.mediaUrls && { mediaUrls: options.mediaUrls }),
    ...(options.params && { params: options.params }),
  }
  const sendings: Sending[] = []
  const refused: Failure[] = [...failures]
  for (const to of recipients) {
    try {
      const timed = atItsTime({ ...common, to }, sendAtMs, provider, nowMs)
      provider.check?.(timed.draft)
      sendings.push({
        ...timed,
        lane: via.id,
        providerName: provider.name,
        parts: cut.parts.length,
        encoding: cut.encoding,
        onDoubt: wanted.onDoubt,
        ...(options.category !== undefined && { category: options.category }),
        ...(options.ref !== undefined && { ref: options.ref }),
        ...(options.priority !== undefined && { priority: options.priority }),
        ...(options.validityMinutes !== undefined && { validityMs: options.validityMinutes * 60_000 }),
        ...(options.idempotencyKey !== undefined && { idempotencyKey: options.idempotencyKey }),
      })
    } catch (error) {
      if (!(error instanceof SmsError)) throw error
      refused.push({ to, ...error.toJSON() })
    }
  }
  return { sendings, failures: refused }
}

/** The error an input ends with whose recipients, or some of them, failed: the first one's code, and how many. */
export function failuresError(failures: readonly Failure[], of: number): SmsError {
  const [first] = failures
  const code: SmsErrorCode = first?.code ?? 'SMS_PROVIDER'
  const who = of === 1 ? '' : `${failures.length} of ${of} recipients failed: ${first?.to}: `
  return new SmsError(code, `${who}${first?.message}`, { providerCode: first?.providerCode })
}

let phone: Promise<typeof Phone> | undefined

async function readRecipients(
  to: unknown,
  provider: Provider,
): Promise<{ recipients: readonly string[]; failures: readonly Failure[] }> {
  // Loaded here, as the metadata of all countries is 0.5 MB that a flow without SMS nodes should not pay for.
  const { parseRecipients, splitRecipients } = await (phone ??= import('./phone.ts'))
  const named = splitRecipients(to)
  const read = parseRecipients(named.length > 0 ? named : provider.numbers.defaultRecipients, provider.numbers)
  if (read.recipients.length + read.failures.length === 0)
    throw new SmsError('SMS_REQUEST', 'the message names no recipient')
  return read
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

/** A message for later waits here, unless the carrier can hold it: then it goes to the carrier at once. */
function atItsTime(
  draft: MessageDraft,
  sendAtMs: number | undefined,
  provider: Provider,
  nowMs: number,
): Pick<Sending, 'draft' | 'notBeforeMs'> {
  if (sendAtMs === undefined) return { draft }
  if (provider.holdsUntil?.(draft, sendAtMs, nowMs)) return { draft: { ...draft, sendAtMs } }
  return { draft, notBeforeMs: sendAtMs }
}
