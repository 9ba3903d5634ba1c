import { EncodeError } from './encode-error.ts'
import type { Timestamp } from './pdu.ts'
import { inRange } from './range.ts'

/** Octets of a time stamp. */
export const TIMESTAMP_OCTETS = 7

/** The time stamp at octet `at` (3GPP TS 23.040 §9.2.3.11), or `undefined` where its digits are no date, time and zone. */
export function readTimestamp(octets: Uint8Array, at: number): Timestamp | undefined {
  const year = digitsAt(octets, at)
  const month = digitsAt(octets, at + 1)
  const day = digitsAt(octets, at + 2)
  const hour = digitsAt(octets, at + 3)
  const minute = digitsAt(octets, at + 4)
  const second = digitsAt(octets, at + 5)
  const quarters = readOffset(octets[at + 6] as number)
  if (year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23) return undefined
  if (minute < 0 || minute > 59 || second < 0 || second > 59 || quarters === undefined) return undefined
  const fullYear = year + (year < FIRST_YEAR ? 2000 : 1900)
  if (day > daysIn(month, fullYear)) return undefined

  const local = `${fullYear}-${TWO[month]}-${TWO[day]}T${TWO[hour]}:${TWO[minute]}:${TWO[second]}`
  return {
    iso: local + offsetText(quarters),
    ms: Date.UTC(fullYear, month - 1, day, hour, minute, second) - quarters * QUARTER_MS,
  }
}

/**
 * Writes the time stamp of a moment as a clock shows it that is `offsetQuarters` quarters of an hour ahead of UTC.
 * Throws `EncodeError` where it shows no year from 1990 to 2089.
 */
export function writeTimestamp(target: Uint8Array, at: number, ms: number, offsetQuarters = 0): void {
  inRange('the offset in quarters of an hour', offsetQuarters, -MAX_QUARTERS, MAX_QUARTERS)
  const local = new Date(ms + offsetQuarters * QUARTER_MS)
  const year = local.getUTCFullYear()
  // Nor is NaN in the range.
  if (!(year >= 1900 + FIRST_YEAR && year < 2000 + FIRST_YEAR))
    throw new EncodeError('option', `two digits cannot say the year of ${ms} ms`)
  target[at] = semiOctets(year % 100)
  target[at + 1] = semiOctets(local.getUTCMonth() + 1)
  target[at + 2] = semiOctets(local.getUTCDate())
  target[at + 3] = semiOctets(local.getUTCHours())
  target[at + 4] = semiOctets(local.getUTCMinutes())
  target[at + 5] = semiOctets(local.getUTCSeconds())
  target[at + 6] = semiOctets(Math.abs(offsetQuarters)) | (offsetQuarters < 0 ? MINUS : 0)
}

/** The two digits of an octet, the first in the low nibble, or -1 if one of them is none. */
export function digitsAt(octets: Uint8Array, at: number): number {
  const octet = octets[at] as number
  const tens = octet & 0x0f
  const ones = octet >> 4
  return tens > 9 || ones > 9 ? -1 : tens * 10 + ones
}

/** Years are two digits. The first short message was sent at the end of 1992. */
const FIRST_YEAR = 90
const QUARTER_MS = 15 * 60_000
const MAX_QUARTERS = 79
/** The sign of the offset is the highest bit of its first digit. */
const MINUS = 0x08

function readOffset(octet: number): number | undefined {
  const ones = octet >> 4
  if (ones > 9) return undefined
  const quarters = (octet & 0x07) * 10 + ones
  return octet & MINUS ? -quarters : quarters
}

function offsetText(quarters: number): string {
  if (quarters === 0) return 'Z'
  const minutes = Math.abs(quarters) * 15
  return `${quarters < 0 ? '-' : '+'}${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}`
}

function daysIn(month: number, year: number): number {
  if (month !== 2) return DAYS[month - 1] as number
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const TWO: readonly string[] = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))

const semiOctets = (number: number): number => ((number % 10) << 4) | Math.floor(number / 10)
