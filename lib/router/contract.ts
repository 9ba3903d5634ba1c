import type { SmsError } from '../errors.ts'
import type { Provider } from '../provider.ts'
import type { Abilities, GuardedMessage, RouteOptions, RoutingFacts, Verdict } from './facts.ts'
import type { LaneWaits } from './routing.ts'

/** What makes a provider a router: it sends nothing itself, but says through which others a message may go. */
export interface Router {
  /** The providers it picks among, by id or name, in order; some may be routers too. */
  members(): readonly string[]
  /** Which ways one message may go. Never rejects with anything but `SmsError`. */
  plan(message: RoutingFacts, state: RoutingState): Promise<Plan>
  /**
   * Asks the guards about messages that are about to be stored, which count from then on. One answer each: why it must
   * not go, until when it has to wait, or nothing. What is asked at the same time is answered one after the other.
   */
  admit(messages: readonly GuardedMessage[]): Promise<readonly Verdict[]>
}

/** What a plan is made of besides the message. */
export interface RoutingState extends Abilities {
  /** The routers that led here, the first one first. */
  readonly chain: readonly Member[]
  find(idOrName: string): Member | undefined
}

/** What planning needs of the gateway. */
export interface RoutingHost {
  find(idOrName: string): Member | undefined
  readonly waitMs: LaneWaits
}

/** A provider as routers see it. */
export interface Member {
  readonly id: string
  readonly provider: Provider
  /** Whether what is given to it now goes out now: neither paused nor failed, nor does its lane rest. */
  isAble(): boolean
}

/** One way out. */
export interface Way {
  readonly member: Member
  readonly options: RouteOptions
  /** Routers below the first one by which it is reached: their guards have a say. */
  readonly through: readonly Member[]
}

/** Each group becomes one message, and its ways are its failover order. */
export type Plan =
  | { readonly refused: SmsError }
  | { readonly route: string; readonly groups: readonly (readonly Way[])[] }
