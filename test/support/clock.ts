import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../lib/clock.ts'

export interface ManualClock extends Clock {
  /** Lets `ms` pass: runs the timers that fall due, in order, and what follows from each before the next. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock alone, as an NTP correction does; timers keep running. */
  setWall(ms: number): void
  readonly timers: number
}

/** A clock that moves only when told. */
export function createManualClock(startMs = Date.UTC(2026, 10, 21, 10)): ManualClock {
  let elapsedMs = 0
  let wallOffsetMs = startMs
  const timers = new Map<number, { atMs: number; run: () => void }>()
  let lastId = 0

  return {
    now: () => wallOffsetMs + elapsedMs,
    steadyMs: () => elapsedMs,
    after(ms, run) {
      const id = ++lastId
      timers.set(id, { atMs: elapsedMs + Math.max(0, ms), run })
      return () => void timers.delete(id)
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms
      await settle()
      for (;;) {
        const next = [...timers]
          .filter(([, t]) => t.atMs <= untilMs)
          .toSorted((a, b) => a[1].atMs - b[1].atMs || a[0] - b[0])[0]
        if (!next) break
        timers.delete(next[0])
        elapsedMs = Math.max(elapsedMs, next[1].atMs)
        next[1].run()
        await settle()
      }
      elapsedMs = untilMs
    },
    setWall(ms) {
      wallOffsetMs = ms - elapsedMs
    },
    get timers() {
      return timers.size
    },
  }
}

/** Everything that hangs on resolved promises and finished callbacks runs; real I/O may need several rounds. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await nextTurn()
}
