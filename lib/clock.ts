/** Time as an argument: wall-clock milliseconds since the epoch, and a timer that runs on the monotonic clock. */
export interface Clock {
  now(): number
  /** Calls `run` once after `ms`; returns what cancels it. */
  after(ms: number, run: () => void): () => void
}

// Node counts a delay in 32 bits; a longer one would fire at once. Whoever waits longer looks again then.
const LONGEST_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), LONGEST_MS))
    return () => clearTimeout(timer)
  },
}
