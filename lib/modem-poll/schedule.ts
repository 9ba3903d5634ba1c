import type { Clock } from '../clock.ts'

/** Runs something every so often, while that is possible, and never twice at once. */
export interface Schedule {
  /** The first run is due now, the others a whole number of intervals later, however long each takes. */
  begin(): void
  /** Whether it is possible; what fell due while it was not is made up for once. */
  possible(is: boolean): void
  end(): void
}

export interface ScheduleOptions {
  readonly clock: Pick<Clock, 'steadyMs' | 'after'>
  readonly everyMs: number
  /** Resolves to whether it could be done; if not, it is due again as soon as it is possible again. */
  readonly run: () => Promise<boolean>
}

export function createSchedule({ clock, everyMs, run }: ScheduleOptions): Schedule {
  let isPossible = false
  let isRunning = false
  let isDue = false
  let nextMs = 0
  let cancel = () => {}

  function tick(): void {
    const lateMs = clock.steadyMs() - nextMs
    // A timer may fire a little early, and a very long one in between.
    if (lateMs >= 0) {
      nextMs += everyMs * (Math.floor(lateMs / everyMs) + 1)
      // One that takes longer than the interval is not followed by the next without a pause.
      isDue ||= !isRunning
      go()
    }
    cancel = clock.after(nextMs - clock.steadyMs(), tick)
  }

  function go(): void {
    if (!isDue || !isPossible) return
    isDue = false
    isRunning = true
    void run().then(isDone => {
      isRunning = false
      isDue ||= !isDone
    })
  }

  return {
    begin() {
      nextMs = clock.steadyMs()
      tick()
    },
    possible(is) {
      isPossible = is
      go()
    },
    end() {
      cancel()
      isPossible = false
    },
  }
}
