import type { ErrorInfo } from './errors.ts'

/** States of an outgoing message, from being stored to its end. */
export type OutgoingState =
  | 'scheduled'
  | 'queued'
  | 'sending'
  | 'unknown'
  | 'accepted'
  | 'delivered'
  | 'expired'
  | 'failed'
  | 'cancelled'

export type SmsState = OutgoingState | 'received' | 'ringing' | 'missed'

export type Encoding = 'gsm7' | 'ucs2'

/** What was paid, in the carrier's own words: a decimal string and an ISO 4217 currency. */
export interface Money {
  readonly amount: string
  readonly currency: string
}

/** `msg.sms` on every output of this package: one message or call, in or out. Times are ISO 8601 in UTC. */
export interface SmsRecord {
  /** Ours, UUIDv7, the same across retries and restarts. */
  readonly id: string
  readonly type: 'message' | 'call'
  readonly direction: 'out' | 'in'
  /** The provider's display name, and the id of its config node. */
  readonly provider: string
  readonly providerNode: string
  readonly providerMessageId?: string
  readonly from?: string
  readonly to?: string
  readonly text: string
  readonly state: SmsState
  readonly parts?: number
  readonly encoding?: Encoding
  readonly category?: string
  /** The sender's own reference, given back untouched with every state. */
  readonly ref?: unknown
  /** Why this provider was chosen. */
  readonly route?: string
  readonly price?: Money
  readonly mediaUrls?: readonly string[]
  readonly sentAt?: string
  readonly receivedAt?: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly incomplete?: true
  readonly redelivered?: true
  readonly raw?: unknown
  readonly error?: ErrorInfo
}

/** `msg.smsOptions`: what a flow may ask of one sending. */
export interface SendOptions {
  readonly from?: string
  /** Id or name of the provider; wins over the node's own. */
  readonly provider?: string
  readonly category?: string
  readonly ref?: unknown
  /** Higher goes first; 0 is usual. */
  readonly priority?: number
  readonly validityMinutes?: number
  readonly flash?: boolean
  /** ISO 8601 or milliseconds since the epoch. */
  readonly sendAt?: string | number
  readonly deliveryReport?: boolean
  readonly allowReply?: boolean
  readonly encoding?: 'auto' | Encoding
  readonly transliterate?: boolean
  readonly mediaUrls?: readonly string[]
  readonly idempotencyKey?: string
  /** The carrier's own parameters, passed on as they are. */
  readonly params?: Readonly<Record<string, unknown>>
}

/**
 * How far each state is along, and what it means. Reports come twice and out of order, so a report may only move a
 * message up this ladder; whatever their order, the highest one said is where it ends. `delivered` tops `failed`: the
 * phone has it.
 */
export const STATES = {
  scheduled: { rank: 0, means: 'waits for its time, here or at the carrier' },
  queued: { rank: 0, means: 'waits for its turn, or to be tried again' },
  sending: { rank: 1, means: 'is being handed to the carrier' },
  unknown: { rank: 2, means: 'no answer came: it may or may not have been sent' },
  accepted: { rank: 3, means: 'the carrier has it' },
  cancelled: { rank: 4, means: 'called off before it was sent' },
  expired: { rank: 5, means: 'its validity ended, here or at the carrier' },
  failed: { rank: 6, means: 'refused, or given up; `error` says why' },
  delivered: { rank: 7, means: 'the phone has it' },
} as const satisfies Record<OutgoingState, { rank: number; means: string }>

export const OUTGOING_STATES = Object.keys(STATES) as readonly OutgoingState[]

/** What `sms status` tells where it is chosen: what becomes of messages, and that nobody took a call. */
export const TOLD_STATES = [...OUTGOING_STATES, 'missed'] as const

export type ToldState = (typeof TOLD_STATES)[number]

const isOutgoing = (state: SmsState): state is OutgoingState => Object.hasOwn(STATES, state)

/** Whether a report of `next` tells something that `current` does not already include. */
export function advances(current: SmsState, next: SmsState): boolean {
  return isOutgoing(current) && isOutgoing(next) && STATES[next].rank > STATES[current].rank
}

/** Whether the carrier, or we, will do nothing more with a message in this state. */
export function isFinal(state: SmsState): boolean {
  return !isOutgoing(state) || STATES[state].rank >= STATES.cancelled.rank
}

/** Whether the carrier has taken the message: what `finishOn: accepted` waits for. */
export function isAccepted(state: SmsState): boolean {
  return state === 'accepted' || state === 'delivered'
}

/** Whether the message ended without reaching anybody: what becomes a failure in the flow. */
export function isFailure(state: SmsState): boolean {
  return state === 'failed' || state === 'expired' || state === 'cancelled'
}
