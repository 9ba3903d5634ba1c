import type { ErrorInfo } from '../errors.ts'
import type { SmsRecord, SmsState } from '../message.ts'

/*
 * What the console shows, as it goes over the wire as JSON: what the runtime and the browser agree on. So there is
 * nothing in here that only one of them knows.
 */

/** A provider, how it fares, and what may be done with it. */
export interface ProviderView {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly health: 'ready' | 'connecting' | 'degraded' | 'failed'
  readonly error?: ErrorInfo
  /** Its user has it send nothing. */
  readonly paused?: true
  /** Messages that wait to be sent. */
  readonly queued: number
  readonly can: {
    readonly balance: boolean
    /** It is a simulated carrier: a virtual phone can text through it. */
    readonly text: boolean
  }
  /** The latest balance that was asked for, and when, ISO 8601. */
  readonly balance?: BalanceView
  readonly line?: Line
}

export interface BalanceView {
  /** Decimal string, absent where only a text is known. */
  readonly amount?: string
  readonly currency?: string
  readonly text: string
  readonly at: string
}

/** Of a modem: the network it is in, and how well it hears that. */
export interface Line {
  readonly operator?: string
  readonly roaming?: true
  readonly technology?: string
  /** Of the scale of +CSQ, 0 to 100. */
  readonly percent?: number
  readonly dbm?: number
}

/** A page of records, newest first. */
export interface Page {
  readonly records: readonly SmsRecord[]
  /** Where the next page begins, as the parameter `after`; absent after the last. */
  readonly next?: string
  /** How many records were looked at. With few `records` and a `next`, there is more to look through. */
  readonly searched: number
}

/** A message of ours, the states it has been in, and what may be asked for it as it is. */
export interface Detail {
  readonly record: SmsRecord
  readonly trail: readonly { readonly state: SmsState; readonly at: string; readonly error?: ErrorInfo }[]
  readonly can: Readonly<Record<'cancel' | 'retry' | 'settle' | 'query', boolean>>
}

/** How many messages there were from a moment, in milliseconds since the epoch, to the next span, by their states. */
export interface Span {
  readonly fromMs: number
  readonly counts: Partial<Record<SmsState, number>>
}

/**
 * What an open console is told at once. Every editor that is connected hears it, whatever its user may do, so there is
 * nothing in it but ids: who may read messages asks for them.
 */
export interface LiveNews {
  /** Messages that changed, as pairs of id and state. */
  readonly changed: readonly (readonly [id: string, state: SmsState])[]
  /** How many messages and calls came in. */
  readonly received: number
  /** Providers that fare otherwise. */
  readonly providers: readonly string[]
  /** More changed than is told: look again. */
  readonly more?: true
}
