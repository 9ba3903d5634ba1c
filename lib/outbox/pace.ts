/** A token bucket: a steady rate with bursts of up to a second's worth. Its time is a steady clock's. */
export interface Bucket {
  /** How many may start now. */
  available(steadyMs: number): number
  spend(count: number): void
  /** Milliseconds until one more may start; 0 when one may. */
  waitMs(steadyMs: number): number
}

/** Without a rate everything may start at once. */
export function createBucket(perSecond: number | undefined): Bucket {
  if (perSecond === undefined || !(perSecond > 0) || perSecond === Infinity) return UNLIMITED
  const capacity = Math.max(1, perSecond)
  let tokens = capacity
  let filledAtMs: number | undefined

  function fill(steadyMs: number): void {
    const elapsedMs = steadyMs - (filledAtMs ?? steadyMs)
    tokens = Math.min(capacity, tokens + (elapsedMs / 1000) * perSecond!)
    filledAtMs = steadyMs
  }

  return {
    available(steadyMs) {
      fill(steadyMs)
      return Math.max(0, Math.floor(tokens + ROUNDING))
    },
    spend(count) {
      tokens -= count
    },
    waitMs(steadyMs) {
      fill(steadyMs)
      return tokens + ROUNDING >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000)
    },
  }
}

/** Thirds of a second and their like do not add up to a whole token. */
const ROUNDING = 1e-9

const UNLIMITED: Bucket = { available: () => Infinity, spend() {}, waitMs: () => 0 }
