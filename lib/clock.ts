/** Time as an argument: the wall clock, which is set now and then, and timers on the monotonic one. */
export interface Clock {
  /** Wall-clock milliseconds since the epoch; may jump, forth and back. */
  now(): number
  /** Milliseconds since some moment; never jumps. What is waited for is measured with it. */
  steadyMs(): number
  /** Calls `run` once after `ms`; returns what cancels it. */
  after(ms: number, run: () => void): () => void
}

// Node counts a delay in 32 bits; a longer one would fire at once. Whoever waits longer looks again then.
const LONGEST_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  steadyMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), LONGEST_MS))
    return () => clearTimeout(timer)
  },
}

/**
 * When this was written, in milliseconds since the epoch. A clock that stands before it is plainly wrong, like that of a
 * Raspberry Pi, which has no battery, until the network has told it the time.
 */
export const EARLIEST_MS = Date.UTC(2026, 10, 1)

let latestMs = Number.NaN
let latestText = ''

/** Milliseconds since the epoch as ISO 8601 in UTC. Messages come many in a millisecond, so the latest is kept. */
export function isoTime(ms: number): string {
  if (ms !== latestMs) {
    latestText = new Date(ms).toISOString()
    latestMs = ms
  }
  return latestText
}
