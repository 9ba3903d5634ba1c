/** Longer than this nobody waits on a carrier's word alone. */
const MAX_MS = 15 * 60_000

/** A `Retry-After` header in milliseconds from now, 15 minutes at most: seconds or a date (RFC 9110 §10.2.3). */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - nowMs
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, MAX_MS) : undefined
}
