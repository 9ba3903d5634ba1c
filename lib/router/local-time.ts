import { SmsError } from '../errors.ts'
import { quote } from '../quote.ts'

/** The time on a wall somewhere. */
export interface LocalTime {
  /** `2026-11-21` */
  readonly date: string
  /** 0 is Sunday. */
  readonly day: number
  /** Of the day: 0 to 1439. */
  readonly minute: number
}

export type Zone = (ms: number) => LocalTime

/** A part of the day, over midnight where `from` is later than `to`; the whole day where they are the same. */
export interface DayWindow {
  readonly from: number
  readonly to: number
}

const MINUTE_MS = 60_000
const DAY_MINUTES = 24 * 60

/** Reads the wall clock of an IANA time zone; of this machine's where none is named. Throws `SMS_CONFIG`. */
export function createZone(timeZone: string | undefined): Zone {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      ...(timeZone !== undefined && { timeZone }),
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  } catch {
    throw new SmsError('SMS_CONFIG', `there is no time zone ${quote(timeZone ?? '')}`)
  }
  return ms => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
    const date = `${parts['year']}-${parts['month']}-${parts['day']}`
    return {
      date,
      day: new Date(`${date}T00:00:00Z`).getUTCDay(),
      minute: Number(parts['hour']) * 60 + Number(parts['minute']),
    }
  }
}

/** `7:30` as minutes of the day. Throws `SMS_CONFIG`. */
export function readTimeOfDay(text: string): number {
  const [, hours = '', minutes = ''] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? []
  if (hours === '') throw new SmsError('SMS_CONFIG', `${quote(text)} is no time of day such as 07:30`)
  return Number(hours) * 60 + Number(minutes)
}

export function isWithin({ from, to }: DayWindow, minute: number): boolean {
  if (from === to) return true
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

/** The day a moment within a window counts for: the one it began on. */
export const dayOfWindow = ({ from, to }: DayWindow, { day, minute }: LocalTime): number =>
  from > to && minute < to ? (day + 6) % 7 : day

/** When a window is over that a moment is in, in milliseconds since the epoch; also on days with 23 or 25 hours. */
export function endOfWindow(window: DayWindow, ms: number, zone: Zone): number {
  const until = (minute: number) => (window.to - minute + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES
  const roughMs = Math.floor(ms / MINUTE_MS) * MINUTE_MS + until(zone(ms).minute) * MINUTE_MS
  const off = (window.to - zone(roughMs).minute + DAY_MINUTES * 1.5) % DAY_MINUTES
  const endMs = roughMs + (off - DAY_MINUTES / 2) * MINUTE_MS
  // Where clocks were put forward over the very end, that minute does not exist.
  return endMs > ms && zone(endMs).minute === window.to ? endMs : roughMs
}
