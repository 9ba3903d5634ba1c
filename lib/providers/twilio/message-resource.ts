import type { Money, OutgoingState } from '../../message.ts'
import type { Receipt, StatusReport } from '../../provider.ts'
import { deliveryError, readCode, VALIDITY_EXPIRED } from './error-codes.ts'

/** A message as Twilio's API shows it, as far as we read it. */
export interface MessageResource {
  readonly sid: string
  readonly status: string
  readonly direction: string
  readonly from: string | undefined
  readonly to: string
  readonly body: string
  readonly messagingServiceSid: string | undefined
  /** Absent while Twilio has not counted, as with a messaging service. */
  readonly parts: number | undefined
  readonly media: number
  readonly price: Money | undefined
  readonly errorCode: number | undefined
  /** Milliseconds since the epoch, whole seconds. */
  readonly createdAtMs: number
  readonly sentAtMs: number | undefined
}

/** Undefined for what is no message. */
export function readMessage(json: unknown): MessageResource | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const { sid, status, ...more } = json as Record<string, unknown>
  if (typeof sid !== 'string' || !/^(SM|MM)[0-9a-f]{32}$/i.test(sid) || typeof status !== 'string') return undefined
  return {
    sid,
    status,
    direction: text(more['direction']) ?? '',
    from: text(more['from']),
    to: text(more['to']) ?? '',
    body: text(more['body']) ?? '',
    messagingServiceSid: text(more['messaging_service_sid']),
    parts: readCode(more['num_segments']),
    media: readCode(more['num_media']) ?? 0,
    price: readPrice(more['price'], more['price_unit']),
    errorCode: readCode(more['error_code']),
    createdAtMs: time(more['date_created']) ?? 0,
    sentAtMs: time(more['date_sent']),
  }
}

/** Twilio's words for a message, as ours; undefined for a word that is not known, or that tells of an incoming one. */
export function stateOf(status: string, errorCode?: number): OutgoingState | undefined {
  const state = Object.hasOwn(STATES, status) ? STATES[status as keyof typeof STATES] : undefined
  return state === 'failed' && errorCode === VALIDITY_EXPIRED ? 'expired' : state
}

const STATES = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'accepted',
  delivered: 'delivered',
  partially_delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'cancelled',
} as const satisfies Record<string, OutgoingState>

export function toReceipt(message: MessageResource): Receipt {
  const state = message.status === 'scheduled' ? 'scheduled' : stateOf(message.status)
  return {
    providerMessageId: message.sid,
    state: state === 'scheduled' || state === 'delivered' ? state : 'accepted',
    ...(message.from !== undefined && { from: message.from }),
    ...(message.parts !== undefined && { parts: message.parts }),
    ...(message.price && { price: message.price }),
  }
}

/** Undefined where the status says nothing we know. */
export function toReport(message: MessageResource): StatusReport | undefined {
  const state = stateOf(message.status, message.errorCode)
  if (state === undefined) return undefined
  return {
    providerMessageId: message.sid,
    state,
    ...((state === 'failed' || state === 'expired') && { error: deliveryError(message.errorCode, message.status) }),
    ...(message.price && { price: message.price }),
    ...(message.parts !== undefined && { parts: message.parts }),
  }
}

/** Twilio shows what it takes from the account, `-0.00750`; a price is what was paid. */
function readPrice(price: unknown, unit: unknown): Money | undefined {
  const amount = typeof price === 'string' ? /^-?(\d+(?:\.\d+)?)$/.exec(price)?.[1] : undefined
  if (amount === undefined || typeof unit !== 'string' || unit === '') return undefined
  return { amount, currency: unit.toUpperCase() }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function time(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isFinite(ms) ? ms : undefined
}
