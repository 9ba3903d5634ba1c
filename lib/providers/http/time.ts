/**
 * A carrier's time in milliseconds since the epoch: seconds or milliseconds since then, ISO 8601, or a date that
 * JavaScript reads; in UTC where it names no zone. Undefined for anything else.
 */
export function readTime(text: string): number | undefined {
  const given = text.trim()
  if (/^\d{9,11}(\.\d+)?$/.test(given)) return Math.round(Number(given) * 1_000)
  if (/^\d{12,13}$/.test(given)) return Number(given)
  const local = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)$/.exec(given)
  const ms = Date.parse(local ? `${local[1]}T${local[2]!.replace(',', '.')}Z` : given)
  return Number.isFinite(ms) ? ms : undefined
}
