import type { Span } from '../../../lib/console/views.ts'

/** What became of messages, as the chart tells them apart. */
export type Outcome = 'received' | 'done' | 'open' | 'doubt' | 'failed'

export type Tally = Readonly<Record<Outcome, number>>

const OUTCOMES = {
  received: 'received',
  ringing: 'received',
  missed: 'received',
  delivered: 'done',
  accepted: 'done',
  scheduled: 'open',
  queued: 'open',
  sending: 'open',
  unknown: 'doubt',
  expired: 'failed',
  failed: 'failed',
  cancelled: 'failed',
} as const satisfies Record<keyof Span['counts'], Outcome>

/** How many of each outcome. */
export function tally(counts: readonly Span['counts'][]): Tally {
  const sums = { received: 0, done: 0, open: 0, doubt: 0, failed: 0 }
  for (const one of counts) {
    for (const [state, count] of Object.entries(one)) sums[OUTCOMES[state as keyof Span['counts']]] += count
  }
  return sums
}

/** The top of an axis: the least of 1, 2, 5, 10, 20, 50… that is enough, and never less than 5. */
export function axisTop(most: number): number {
  let unit = 1
  for (;;) {
    for (const step of [1, 2, 5]) if (step * unit >= Math.max(most, 5)) return step * unit
    unit *= 10
  }
}

/** When each hour of the last day, or each day of the last month, begins, and the end; days as the clock here has them. */
export function boundsOf(range: 'day' | 'month', now: Date): readonly number[] {
  const [year, month, day, hour] = [now.getFullYear(), now.getMonth(), now.getDate(), now.getHours()]
  if (range === 'month') {
    return Array.from({ length: 31 }, (_, i) => new Date(year, month, day - 29 + i).getTime())
  }
  // Counted on from the present hour: where the clock is set back, one has the same name as the one before.
  const begun = new Date(year, month, day, hour).getTime()
  return Array.from({ length: 25 }, (_, i) => begun + (i - 23) * 3_600_000)
}
