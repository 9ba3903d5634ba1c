import { EARLIEST_MS } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { StoredMessage } from '../store/store.ts'

/**
 * Tells whether a message's validity is over, as far as the clock can be believed: a Raspberry Pi starts with the time
 * of its last hours and learns the right one when the network is there. What was stored since we run is no older than
 * we are, and that the steady clock knows.
 */
export function createExpiry(clock: Clock): (message: StoredMessage) => boolean {
  const startedAtMs = clock.now()
  const startedSteadyMs = clock.steadyMs()
  return ({ record, expiresAtMs }) => {
    if (expiresAtMs > clock.now()) return false
    const createdAtMs = Date.parse(record.createdAt)
    const isOfBefore = createdAtMs >= EARLIEST_MS && createdAtMs < startedAtMs
    return isOfBefore || expiresAtMs - createdAtMs <= clock.steadyMs() - startedSteadyMs
  }
}
