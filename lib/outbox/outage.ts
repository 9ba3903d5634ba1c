import type { Clock } from '../clock.ts'
import type { SmsError } from '../errors.ts'
import { concernsCarrier, restAfterMs, SUSPECT_AFTER } from './retry.ts'

/** What an attempt told of the carrier: it answered, it failed, or it was not called. */
export type Outcome = 'answered' | 'untried' | SmsError

/**
 * How a lane bears a carrier that fails: it rests, longer each time, then tries one message before it goes on with all.
 * That one is the head again, so that order is kept, unless the head has failed often: then the next is tried at once,
 * and only if it fails too is it the carrier. So one bad message cannot hold up the others.
 */
export interface Outage {
  /** Failures in a row; an attempt notes it when it begins. Attempts that were in flight together fail as one. */
  readonly failures: number
  /** The latest of them. */
  readonly error: SmsError | undefined
  /** Milliseconds until the lane may go on; 0 when it may. */
  restMs(): number
  /** An attempt ended, which began after `since` failures and was the message's own number `attempts`. */
  ended(outcome: Outcome, attempts: number, since: number): void
  /** No other message was there to be tried. */
  noneLeft(): void
  /** The carrier itself says that it is there again. */
  over(): void
}

export function createOutage(clock: Clock, random: () => number): Outage {
  let failures = 0
  let error: SmsError | undefined
  let restUntilMs = 0
  let triesNext = false

  function rest(): void {
    triesNext = false
    if (error) restUntilMs = Math.max(restUntilMs, clock.steadyMs() + restAfterMs(error, failures, random))
  }

  function over(): void {
    failures = 0
    error = undefined
    restUntilMs = 0
    triesNext = false
  }

  return {
    get failures() {
      return failures
    },
    get error() {
      return error
    },
    restMs: () => Math.max(0, restUntilMs - clock.steadyMs()),
    ended(outcome, attempts, since) {
      if (outcome === 'untried') return
      // Any answer, also a refusal, shows that the carrier is there.
      if (outcome === 'answered' || !concernsCarrier(outcome)) {
        // A limit that was reached meanwhile is not lifted by what was taken before it.
        if (since === failures || error?.code !== 'SMS_LIMITS') over()
        return
      }
      failures = Math.max(failures, since + 1)
      error = outcome
      if (attempts >= SUSPECT_AFTER && !triesNext) triesNext = true
      else rest()
    },
    noneLeft() {
      if (triesNext) rest()
    },
    over,
  }
}
