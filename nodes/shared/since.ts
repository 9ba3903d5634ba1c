import { isDate } from 'node:util/types'

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

const DURATION = /^(\d+(?:\.\d+)?)\s*([smhdw])$/i

// ISO 8601, with a space allowed in place of the T.
const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/i

/** Fewer milliseconds than this, in 1973, are seconds, or a duration without its unit. */
const EARLIEST_MS = 1e11

/** ECMA-262 §21.4.1.1: no date lies further away. */
const LATEST_MS = 8.64e15

/**
 * A time in the past, in milliseconds since the epoch: given as such, as a date, in ISO 8601 (of this computer's zone
 * where it names none), or as a duration back from now, such as `90m`, `24h`, `7d`. Undefined for what is none of these.
 */
export function readSince(given: unknown, nowMs: number): number | undefined {
  const ms = isDate(given) ? given.getTime() : typeof given === 'number' ? readMs(given) : readText(given, nowMs)
  return ms !== undefined && Math.abs(ms) <= LATEST_MS ? ms : undefined
}

function readText(given: unknown, nowMs: number): number | undefined {
  if (typeof given !== 'string') return undefined
  const text = given.trim()
  if (/^\d+$/.test(text)) return readMs(Number(text))
  const [, amount, unit = ''] = DURATION.exec(text) ?? []
  if (amount !== undefined) return nowMs - Number(amount) * UNIT_MS[unit.toLowerCase() as keyof typeof UNIT_MS]
  const [, day, time = '00:00', zone = ''] = TIME.exec(text) ?? []
  return day !== undefined && isDay(day) ? Date.parse(`${day}T${time}${zone.toUpperCase()}`) : undefined
}

/** 0 stands for the beginning. */
const readMs = (given: number): number | undefined => (given === 0 || given >= EARLIEST_MS ? given : undefined)

/** What reads dates takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
