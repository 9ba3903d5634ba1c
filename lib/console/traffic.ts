import { keepNewest } from '../bounded.ts'
import type { Clock } from '../clock.ts'
import { SmsError } from '../errors.ts'
import type { Counts, Store } from '../store/store.ts'
import type { Span } from './views.ts'

export type Traffic = (bounds: readonly number[]) => Promise<readonly Span[]>

/** A month of days, and one for the days that have begun. */
const MOST_BOUNDS = 33
const KEPT = 100
/** How long a count holds: the latest change all the time, old ones only as reports come late and old rows go. */
const FRESH_MS = 5_000
const OLD_FRESH_MS = 120_000
const OLD_MS = 2 * 3_600_000

/** Counts between each two neighbouring bounds. Counts of long ago are kept for a while, as a month has many. */
export function createTraffic(store: Pick<Store, 'counts'>, clock: Clock): Traffic {
  const known = new Map<string, { readonly atMs: number; readonly counts: Counts }>()

  return async bounds => {
    const spans: Span[] = []
    for (const [i, untilMs] of bounds.entries()) {
      const fromMs = bounds[i - 1]
      if (fromMs === undefined) continue
      const key = `${fromMs}-${untilMs}`
      const freshMs = clock.now() - untilMs > OLD_MS ? OLD_FRESH_MS : FRESH_MS
      let count = known.get(key)
      if (!count || clock.steadyMs() - count.atMs >= freshMs) {
        count = { atMs: clock.steadyMs(), counts: await store.counts(fromMs, untilMs) }
        known.delete(key)
        known.set(key, count)
        keepNewest(known, KEPT)
      }
      spans.push({ fromMs, counts: count.counts })
    }
    return spans
  }
}

/** The bounds of a chart, in milliseconds since the epoch, as `1,2,3`: only the browser knows where its days begin. */
export function readBounds(given: unknown): readonly number[] {
  const bounds = typeof given === 'string' ? given.split(',').map(Number) : []
  const areBounds =
    bounds.length >= 2 &&
    bounds.length <= MOST_BOUNDS &&
    bounds.every((bound, i) => Number.isSafeInteger(bound) && bound >= 0 && bound > (bounds[i - 1] ?? -1))
  if (!areBounds) throw new SmsError('SMS_REQUEST', `bounds must be 2 to ${MOST_BOUNDS} times, each after the other`)
  return bounds
}
