import { SmsError } from '../errors.ts'
import type { OutgoingMessage, Receipt } from '../provider.ts'
import { asOf } from '../router/choose.ts'
import type { StoredMessage, Transition } from '../store/store.ts'
import { readError, readReceipt } from './answers.ts'
import { ofSameAttempt } from './carrier.ts'
import type { Carrier } from './carrier.ts'
import type { Outcome } from './outage.ts'
import { mayRetry, retryAfterMs } from './retry.ts'
import { doubted, ended, passedOn, retried, taken } from './transitions.ts'

/** Makes one attempt to hand a message to its carrier, and commits what came of it. Never rejects. */
export async function sendOnce(message: StoredMessage, carrier: Carrier): Promise<Outcome> {
  const { provider, clock } = carrier
  const commit = (apply: Transition) => carrier.commit(message, ofSameAttempt(message, apply))
  const accept = (receipt: Receipt): Transition => {
    return current => taken(current, receipt, clock.now(), provider.asksForReports ?? false)
  }
  if (carrier.isExpired(message)) {
    await commit(current => ended(current, 'expired', expiredError(), clock.now()))
    return 'untried'
  }
  const refusal = await carrier.refusal(message)
  if (refusal) {
    await commit(current => ended(current, 'failed', refusal, clock.now()))
    return 'untried'
  }
  carrier.onSending(message)
  let answer: unknown
  const call = (signal: AbortSignal) => {
    const answering = provider.send(outgoing(message, clock.now()), { signal })
    answer = answering
    return answering
  }
  try {
    await commit(accept(readReceipt(await carrier.call(call))))
    return 'answered'
  } catch (thrown) {
    const error = verdict(thrown)
    if (error.code === 'SMS_OPTED_OUT') await carrier.onRefusal(message)
    await commit(failed(error, carrier))
    if (error.code === 'SMS_UNKNOWN') void hearLate()
    return error
  }

  /** A receipt that comes after all settles the doubt, also when the next attempt waits; one in flight has its own. */
  async function hearLate(): Promise<void> {
    try {
      const apply = accept(readReceipt(await answer))
      await carrier.commit(message, current => {
        // Another carrier was to get it meanwhile: it need not.
        const ours = isUndecided(current) ? asOf(current, message.lane) : undefined
        return ours && apply(ours)
      })
    } catch {
      // The doubt stays as it is.
    }
  }
}

/** How a message ends that waited here for too long. */
export const expiredError = () => new SmsError('SMS_EXPIRED', 'its validity ended before it could be sent')

/** A message as its provider sees it. */
export function outgoing(message: StoredMessage, nowMs: number): OutgoingMessage {
  return {
    ...message.draft,
    id: message.record.id,
    createdAtMs: Date.parse(message.record.createdAt),
    attemptedAtMs: message.attemptedAtMs ?? nowMs,
    ...(message.record.category !== undefined && { category: message.record.category }),
    ...(message.validityMs !== undefined && {
      validityMinutes: Math.max(1, Math.ceil((message.expiresAtMs - nowMs) / 60_000)),
    }),
  }
}

/**
 * What an attempt that ended with an error says of the message. What a stranger throws may have been thrown after the
 * carrier took it; so may `SMS_STORE`, which is ours, thrown at a provider that had something to report.
 */
function verdict(thrown: unknown): SmsError {
  const error = readError(thrown, 'SMS_UNKNOWN')
  return error.code === 'SMS_STORE' ? new SmsError('SMS_UNKNOWN', error.message, { cause: error }) : error
}

/** Whether a carrier that has it after all is welcome to it. */
export const isUndecided = ({ record, job }: StoredMessage): boolean => record.state === 'unknown' || job === 'send'

function failed(error: SmsError, { provider, clock, waitMs }: Carrier): Transition {
  return message => {
    const nowMs = clock.now()
    if (error.code === 'SMS_UNKNOWN') return doubted(message, error, nowMs, provider.settle !== undefined)
    if (message.routing && !message.routing.stays) {
      return passedOn(message, error, nowMs, waitMs) ?? ended(message, 'failed', error, nowMs)
    }
    return mayRetry(error, message.attempts)
      ? retried(message, error, nowMs, retryAfterMs(error, message.attempts))
      : ended(message, 'failed', error, nowMs)
  }
}
