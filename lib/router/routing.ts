import type { SmsErrorCode } from '../errors.ts'
import type { Encoding } from '../message.ts'
import type { MessageDraft } from '../provider.ts'

/** The plan of a message, kept with it: where it may go, and what came of that so far. Plain data. */
export interface Routing {
  /** `Router «Home»: route 2 «alarms»` */
  readonly why: string
  /** In failover order. */
  readonly candidates: readonly Candidate[]
  /** What failed in this round; those that never will do stay in it from round to round. */
  readonly tried: readonly Tried[]
  /** Rounds that ended with every candidate tried. */
  readonly rounds: number
  /** It was sent again in doubt, and so may be with this carrier: no other one gets it. */
  readonly stays?: true
}

/** A provider the message may go through, with what is said otherwise there. */
export interface Candidate {
  readonly lane: string
  /** The provider's name, for the record. */
  readonly name: string
  /** The fields of the draft in which the candidates differ. */
  readonly own: Partial<MessageDraft>
  readonly parts: number
  readonly encoding: Encoding
}

export interface Tried {
  readonly lane: string
  readonly code: SmsErrorCode
  /** Whether it may do in another round. */
  readonly again: boolean
}

/** How long until a lane sends, in milliseconds: 0 now, Infinity where nobody knows (paused, failed, not in use). */
export type LaneWaits = (lane: string) => number
