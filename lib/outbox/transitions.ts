import { isoTime } from '../clock.ts'
import { SmsError } from '../errors.ts'
import type { ErrorInfo } from '../errors.ts'
import { advances, isAccepted, isFinal } from '../message.ts'
import type { OutgoingState, SmsRecord } from '../message.ts'
import type { Receipt, StatusReport } from '../provider.ts'
import { choose, elsewhere, inLane } from '../router/choose.ts'
import type { LaneWaits } from '../router/routing.ts'
import type { StoredMessage } from '../store/store.ts'
import {
  DEFAULT_VALIDITY_MS,
  doubtDelayMs,
  MOST_DOUBTS,
  QUERY_AFTER_MS,
  SETTLE_AFTER_MS,
  SETTLE_WITHIN_MS,
} from './retry.ts'

/*
 * What can happen to a stored message, each as a pure function from one to the next. They return undefined where the
 * event says nothing new, so that they can be applied whatever ran ahead of them: a report may come before the answer
 * to the sending it reports on.
 */

type Next = StoredMessage | undefined

/** The carrier answered that it took the message. */
export function taken(message: StoredMessage, receipt: Receipt, nowMs: number, asksForReports: boolean): Next {
  const { state: answered = 'accepted', ...facts } = receipt
  const { state } = message.record
  const next = isOpen(message) || advances(state, answered) ? answered : state
  const asks = asksForReports && message.draft.deliveryReport && !isFinal(next)
  return {
    ...moved(
      message,
      next,
      nowMs,
      { ...facts, sentAt: message.record.sentAt ?? isoTime(nowMs) },
      errorAt(message, next),
    ),
    job: asks ? 'ask' : undefined,
    dueAtMs: asks ? nowMs + QUERY_AFTER_MS[0] : 0,
    asked: 0,
  }
}

/** The attempt failed, nothing was taken, and it will be tried again. */
export function retried(message: StoredMessage, error: SmsError | undefined, nowMs: number, delayMs: number): Next {
  if (!inFlightOrDoubt(message)) return undefined
  return {
    ...moved(message, 'queued', nowMs, {}, error?.toJSON() ?? message.record.error),
    job: 'send',
    dueAtMs: delayMs > 0 ? nowMs + delayMs : 0,
    asked: 0,
  }
}

/** An attempt was taken from the store but not begun, as its lane closed. */
export function givenBack(message: StoredMessage, nowMs: number): Next {
  const back = retried(message, undefined, nowMs, 0)
  return back && { ...back, attempts: message.attempts - 1 }
}

/** It ended without being sent. */
export function ended(
  message: StoredMessage,
  state: 'failed' | 'expired' | 'cancelled',
  error: SmsError,
  nowMs: number,
): Next {
  if (!isOpen(message)) return undefined
  return { ...moved(message, state, nowMs, {}, error.toJSON()), job: undefined, dueAtMs: 0 }
}

/** The attempt failed, nothing was taken, and another carrier gets it, or the same one later. */
export function passedOn(message: StoredMessage, error: SmsError, nowMs: number, waitMs: LaneWaits): Next {
  const choice = choose(message, error, waitMs)
  const back = choice && retried(message, error, nowMs, choice.delayMs)
  return back && inLane(back, choice.routing, choice.candidate)
}

/** It waits where it cannot be sent now, and has another way: not what is for later, nor what may be on its way. */
export function rerouted(message: StoredMessage, lane: string, waitMs: LaneWaits): Next {
  if (message.lane !== lane || message.job !== 'send' || message.record.state !== 'queued') return undefined
  const candidate = elsewhere(message, waitMs)
  return candidate && inLane(message, message.routing!, candidate)
}

/** Somebody called it off while it waited here. */
export function calledOff(message: StoredMessage, nowMs: number): Next {
  return message.job === 'send' ? ended(message, 'cancelled', cancelledError(), nowMs) : undefined
}

export const cancelledError = () => new SmsError('SMS_CANCELLED', 'it was called off before it was sent')

/** What somebody says who knows, or will not know, what became of a doubtful message. */
export type Decision = 'taken' | 'notTaken' | 'resend'

/** Somebody ended the doubt; what is resent by hand is as valid, and may be in doubt as often, as when it was new. */
export function decided(message: StoredMessage, decision: Decision, nowMs: number, asksForReports: boolean): Next {
  if (message.record.state !== 'unknown') return undefined
  if (decision === 'taken') {
    const sentAt = message.record.sentAt ?? isoTime(message.attemptedAtMs ?? nowMs)
    return taken({ ...message, record: { ...message.record, sentAt } }, {}, nowMs, asksForReports)
  }
  if (decision === 'notTaken') {
    return ended(message, 'failed', new SmsError('SMS_SEND', 'it was not sent, as somebody found out'), nowMs)
  }
  if (decision !== 'resend') return undefined
  // Attempts go on counting: by their number late answers are told apart.
  const back = retried(message, undefined, nowMs, 0)
  const expiresAtMs = Math.max(message.expiresAtMs, nowMs + (message.validityMs ?? DEFAULT_VALIDITY_MS))
  return back && { ...staying(back), doubts: 0, expiresAtMs }
}

/** No answer came: it may or may not have been sent, and is to be settled where that can be. */
export function doubted(message: StoredMessage, error: SmsError, nowMs: number, canSettle: boolean): Next {
  if (message.record.state !== 'sending') return undefined
  const unknown = { ...moved(message, 'unknown', nowMs, {}, error.toJSON()), doubts: message.doubts + 1, asked: 0 }
  if (canSettle) return { ...unknown, job: 'ask', dueAtMs: nowMs + SETTLE_AFTER_MS[0] }
  return unresolved(unknown, nowMs)
}

/** It was found out that the carrier did not take it. Not for ever: who finds that out may be wrong each time. */
export function notTaken(message: StoredMessage, error: SmsError, nowMs: number): Next {
  if (message.record.state !== 'unknown') return undefined
  if (message.doubts >= MOST_DOUBTS.notTaken) return ended(message, 'failed', error, nowMs)
  return retried(message, error, nowMs, doubtDelayMs(message.doubts))
}

/**
 * It could not be found out: the message's `onDoubt` decides. A late report may still settle what stays `unknown`. One
 * that is resent comes twice at worst a few times, not as often as fits into its validity.
 */
export function unresolved(message: StoredMessage, nowMs: number): Next {
  if (message.record.state !== 'unknown') return undefined
  const resends = message.onDoubt === 'resend' && message.doubts < MOST_DOUBTS.resend && message.expiresAtMs > nowMs
  if (resends) return retried(staying(message), undefined, nowMs, doubtDelayMs(message.doubts))
  return { ...message, job: undefined, dueAtMs: 0 }
}

/** What may be with a carrier and is sent again goes to that one only: to others it would be one more message. */
function staying(message: StoredMessage): StoredMessage {
  return message.routing ? { ...message, routing: { ...message.routing, stays: true } } : message
}

/**
 * It was asked about, and is still open. A question that got no answer counts only for a message to be resent, which
 * cannot wait for a carrier that never answers; for the others asking goes on while the message is valid.
 */
export function askedAgain(message: StoredMessage, nowMs: number, answered: boolean): Next {
  if (message.job !== 'ask') return undefined
  const inDoubt = message.record.state === 'unknown'
  const schedule: readonly number[] = inDoubt ? SETTLE_AFTER_MS : QUERY_AFTER_MS
  const counts = answered || (inDoubt && message.onDoubt === 'resend')
  const asked = message.asked + (counts ? 1 : 0)
  const delayMs = counts ? schedule[asked] : schedule[Math.min(Math.max(asked, UNREACHABLE_STEP), schedule.length - 1)]
  if (delayMs !== undefined && (counts || message.expiresAtMs > nowMs)) {
    return { ...message, asked, dueAtMs: nowMs + delayMs }
  }
  if (!inDoubt) return { ...message, job: undefined, dueAtMs: 0 }
  // A restart asks at once, so that a few of them have asked all there is to ask before the carrier can know.
  const sinceMs = nowMs - (message.attemptedAtMs ?? 0)
  if (counts && sinceMs >= 0 && sinceMs < SETTLE_WITHIN_MS) {
    return { ...message, dueAtMs: nowMs + Math.min(SETTLE_AFTER_MS[UNREACHABLE_STEP], SETTLE_WITHIN_MS - sinceMs) }
  }
  return unresolved(message, nowMs)
}

/** While the carrier cannot be asked, the schedule stands at this step or later: it need not be tried each second. */
const UNREACHABLE_STEP = 4

/** The carrier reported. States only move forward; price and parts are taken from any report that knows more. */
export function reported(message: StoredMessage, report: StatusReport, nowMs: number): Next {
  const { record } = message
  const { providerMessageId, price, parts } = report
  const facts: Partial<SmsRecord> = {
    ...(record.providerMessageId === undefined && providerMessageId !== undefined && { providerMessageId }),
    ...(record.price === undefined && price && { price }),
    ...(record.parts === undefined && parts !== undefined && { parts }),
  }
  // What is before `accepted` is ours to say: to the carrier's queue the message has long been handed over.
  const moves = (isAccepted(report.state) || isFinal(report.state)) && advances(record.state, report.state)
  if (!moves) {
    return Object.keys(facts).length === 0 ? undefined : moved(message, record.state, nowMs, facts, record.error)
  }
  const sentAt = record.sentAt ?? (isAccepted(report.state) ? isoTime(nowMs) : undefined)
  const next = moved(message, report.state, nowMs, { ...facts, ...(sentAt !== undefined && { sentAt }) }, report.error)
  // Whatever still waited to be sent or settled is settled by this; only asking for the final report may go on.
  const keepsAsking = message.job === 'ask' && !isFinal(report.state) && record.state !== 'unknown'
  return keepsAsking ? next : { ...next, job: undefined, dueAtMs: 0 }
}

const inFlightOrDoubt = ({ record }: StoredMessage): boolean => record.state === 'sending' || record.state === 'unknown'

/** Whether it is still ours to say what becomes of it. */
const isOpen = (message: StoredMessage): boolean => inFlightOrDoubt(message) || message.job === 'send'

/** An error told of an earlier attempt; once the carrier has the message it is history. */
const errorAt = ({ record }: StoredMessage, next: OutgoingState): ErrorInfo | undefined =>
  isAccepted(next) || next === 'scheduled' ? undefined : record.error

function moved(
  message: StoredMessage,
  state: OutgoingState,
  nowMs: number,
  facts: Partial<SmsRecord>,
  error: ErrorInfo | undefined,
): StoredMessage {
  const next = { ...message.record, ...facts, state, updatedAt: isoTime(nowMs) }
  if (error === undefined && message.record.error === undefined) return { ...message, record: next }
  const { error: _before, ...record } = next
  return { ...message, record: error === undefined ? record : { ...record, error } }
}
