import type { SmsError } from '../errors.ts'
import type { Encoding, SendOptions } from '../message.ts'

/** What is known of a message before it is one: what routes are chosen by. */
export interface RoutingFacts {
  /** E.164, or a short code; absent where each provider texts its own recipients. */
  readonly to?: string
  /** ISO 3166-1 alpha-2 of the recipient. */
  readonly country: () => string | undefined
  readonly text: string
  readonly encoding: Encoding
  readonly parts: number
  readonly category?: string
  readonly from?: string
  readonly priority?: number
  readonly ref?: unknown
}

/** How the providers fare at the moment. */
export interface Abilities {
  readonly nowMs: number
  find(idOrName: string): { isAble(): boolean } | undefined
}

/** What a route asks of the carriers; what the message itself says goes first. */
export type RouteOptions = Pick<
  SendOptions,
  'from' | 'params' | 'validityMinutes' | 'priority' | 'encoding' | 'transliterate'
>

export interface GuardedMessage {
  readonly to: string
  readonly category?: string
  /** When it is to be sent, in milliseconds since the epoch. */
  readonly atMs: number
}

export type Verdict = { readonly refused: SmsError } | { readonly holdUntilMs: number } | undefined
