import type { Clock } from '../clock.ts'
import type { SmsError } from '../errors.ts'
import type { Provider } from '../provider.ts'
import type { LaneWaits } from '../router/routing.ts'
import type { StoredMessage, Transition } from '../store/store.ts'

/** What attempts and questions need of the provider they go to, and of the outbox they are for. */
export interface Carrier {
  readonly provider: Provider
  readonly clock: Clock
  /** Calls the provider under the lane's deadline, and until it closes. */
  readonly call: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>
  /** Whether calls are refused, and what was in flight was called off. */
  readonly isClosed: () => boolean
  /** Commits a change of a message, however long the store takes for it. Never rejects. */
  readonly commit: (message: StoredMessage, apply: Transition) => Promise<void>
  readonly isExpired: (message: StoredMessage) => boolean
  /** Why a message must not be sent, as its recipient opted out. Never rejects. */
  readonly refusal: (message: StoredMessage) => Promise<SmsError | undefined>
  /** Takes note that the carrier refused a message for that reason. Never rejects. */
  readonly onRefusal: (message: StoredMessage) => Promise<void>
  /** How long until other lanes send. */
  readonly waitMs: LaneWaits
  /** Told when an attempt begins. */
  readonly onSending: (message: StoredMessage) => void
}

/** What came of one attempt, which must not be taken for that of a later one. */
export function ofSameAttempt(message: StoredMessage, apply: Transition): Transition {
  return current => (current.attempts === message.attempts ? apply(current) : undefined)
}
