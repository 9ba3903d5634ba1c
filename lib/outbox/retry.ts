import type { SmsError, SmsErrorCode } from '../errors.ts'

interface Schedule {
  readonly firstMs: number
  readonly capMs: number
  /** Attempts in all; where it is unlimited, the message's validity ends it. */
  readonly attempts: number
}

/**
 * How far apart, and how often, a message is tried that meets an error which tells of the carrier rather than of the
 * message. An attempt whose answer was lost is not repeated by this, yet the lane grows careful: while a carrier is
 * silent, only few messages shall become doubtful. The caps are short, as an alarm may wait behind them for a carrier
 * that is long back.
 */
const CARRIER: Partial<Record<SmsErrorCode, Schedule>> = {
  SMS_CONNECTION: { firstMs: 1_000, capMs: 60_000, attempts: Infinity },
  SMS_SERVER: { firstMs: 1_000, capMs: 60_000, attempts: 40 },
  SMS_LIMITS: { firstMs: 500, capMs: 60_000, attempts: 20 },
  SMS_UNKNOWN: { firstMs: 100, capMs: 60_000, attempts: 0 },
}

/** The same for any other error that may be retried. */
const MESSAGE: Schedule = { firstMs: 1_000, capMs: 60_000, attempts: 5 }

/** A message that failed this often may be the reason itself: then others need not wait for it. */
export const SUSPECT_AFTER = 3

/** Carriers may ask for a pause; one that names years must not stop a lane. */
const LONGEST_PAUSE_MS = 10 * 60_000

/** Whether the error says something about the carrier, so that its whole lane rests, and not about one message. */
export function concernsCarrier(error: SmsError): boolean {
  return error.code === 'SMS_UNKNOWN' || (error.retryable && CARRIER[error.code] !== undefined)
}

/** Whether a message refused with this error may be tried once more. */
export function mayRetry(error: SmsError, attempts: number): boolean {
  return error.retryable && attempts < scheduleOf(error).attempts
}

/**
 * How long the message itself waits. As long as the carrier is the likelier reason it does not: its lane rests, and it
 * stays at the head. Never longer than the lane rests when another message fails too, so that it is at the head again.
 */
export function retryAfterMs(error: SmsError, attempts: number): number {
  if (!concernsCarrier(error)) return Math.max(doubled(MESSAGE, attempts), pauseOf(error))
  return attempts < SUSPECT_AFTER
    ? 0
    : Math.max(doubled(scheduleOf(error), attempts - SUSPECT_AFTER + 1), pauseOf(error))
}

/** How long a lane rests after so many failures: doubling, capped, up to a fifth longer by chance; or as it was told. */
export function restAfterMs(error: SmsError, failures: number, random: () => number): number {
  return Math.max(Math.round(doubled(scheduleOf(error), failures) * (1 + random() / 5)), pauseOf(error))
}

const scheduleOf = (error: SmsError): Schedule => CARRIER[error.code] ?? MESSAGE

const doubled = ({ firstMs, capMs }: Schedule, times: number): number =>
  Math.min(capMs, firstMs * 2 ** Math.min(times - 1, 30))

function pauseOf({ retryAfterMs = 0 }: SmsError): number {
  return retryAfterMs > 0 ? Math.min(retryAfterMs, LONGEST_PAUSE_MS) : 0
}

/** How often a message may be sent whose fate was unknown each time: by `onDoubt: resend`, and when surely not taken. */
export const MOST_DOUBTS = { resend: 3, notTaken: 5 } as const

/** The time before it is sent again, growing with each doubt. */
export function doubtDelayMs(doubts: number): number {
  return doubled(MESSAGE, doubts)
}

/** When a doubtful message is asked about, counted from the one before; after the last, doubt stays. About five minutes. */
export const SETTLE_AFTER_MS = [1_000, 3_000, 10_000, 30_000, 60_000, 90_000, 120_000] as const

export const SETTLE_WITHIN_MS = SETTLE_AFTER_MS.reduce((sum, ms) => sum + ms, 0)

/** When a report is asked for where none is pushed; after the last, about three days on, we stop. */
export const QUERY_AFTER_MS = [
  5_000,
  10_000,
  30_000,
  60_000,
  300_000,
  900_000,
  3_600_000,
  3_600_000,
  6 * 3_600_000,
  12 * 3_600_000,
  24 * 3_600_000,
  24 * 3_600_000,
] as const

/** How long a message without a validity of its own is worth sending: a day. */
export const DEFAULT_VALIDITY_MS = 24 * 3_600_000
