import type { Clock } from '../../../lib/clock.ts'
import type { Behaviour } from './behaviour.ts'
import type { Call } from './calls.ts'
import type { Network, Subscriber } from './network.ts'
import type { Profile } from './profile.ts'
import type { Reply } from './reply.ts'
import type { Settings } from './settings.ts'
import type { SimCard } from './sim-card.ts'
import type { Storage } from './storage.ts'

/** One row of the table of commands; a kind that is missing is an error. */
export interface Command {
  /** What must be there for any of it but `=?`: a SIM that is ready. */
  readonly needs?: 'sim'
  /** Its errors are those of messages, `+CMS ERROR`. */
  readonly isSms?: boolean
  readonly run?: Handler
  readonly read?: Handler
  readonly test?: Handler
  readonly set?: Handler
}

export type Handler = (modem: Core, args: readonly string[]) => Reply
export type Commands = Readonly<Record<string, Command>>

/** What commands work on. */
export interface Core {
  readonly number: string
  readonly clock: Clock
  readonly profile: Profile
  readonly behaviour: Behaviour
  readonly sim: SimCard
  readonly storage: Storage
  readonly network: Network
  readonly subscriber: Subscriber
  settings: Settings
  readonly registration: Registration
  /** The call that rings or is spoken. */
  call: Call | undefined
  /** Goes on with an open USSD session. */
  ussd: ((input: string) => { readonly text: string; readonly more?: boolean }) | undefined
  /** Answers what `+CMT` or `+CDS` in phase 2+ waits for. */
  acknowledge: ((isTaken: boolean) => void) | undefined
  /** Says lines that belong together, unasked. */
  say(...lines: readonly string[]): void
  /** Room was made, or the network came back: what waits may come. */
  retry(): void
  restart(): void
  resetSettings(): void
}

/** 3GPP TS 27.007 §7.2: 0 no, 1 home, 2 searching, 3 denied, 5 roaming. */
export type Registration = 'none' | 'home' | 'searching' | 'denied' | 'roaming'

export const REGISTRATION = { none: 0, home: 1, searching: 2, denied: 3, roaming: 5 } as const satisfies Record<
  Registration,
  number
>

/** Whether the network is there for messages and calls. */
export const isRegistered = (modem: Core): boolean =>
  modem.settings.cfun === 1 &&
  modem.sim.state === 'READY' &&
  (modem.registration === 'home' || modem.registration === 'roaming')
