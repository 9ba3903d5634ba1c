import type { Clock } from '../../lib/clock.ts'

/** How SMSC says no, at HTTP 200. */
export interface Refusal {
  readonly code: number
  readonly error: string
}

export const REFUSALS: Readonly<Record<number, string>> = {
  1: 'parameters error',
  2: 'authorise error',
  3: 'no money',
  4: 'IP address is blocked',
  5: 'invalid date format',
  6: 'message is denied',
  7: 'invalid number',
  8: "can't to deliver",
  9: 'duplicate request, wait a minute',
}

export const refusal = (code: number, error = REFUSALS[code] ?? 'unknown error'): Refusal => ({ code, error })

export const CROWDED = refusal(9, 'too many concurrent requests')

/** Counts what was done within the last minute, by a name. */
export function createMinutes(clock: Clock): { exceeds(name: string, most: number): boolean } {
  const seen = new Map<string, number[]>()
  return {
    /** Notes one more, and tells whether that is too many. */
    exceeds(name, most) {
      const sinceMs = clock.steadyMs() - 60_000
      const times = (seen.get(name) ?? []).filter(ms => ms > sinceMs)
      if (times.length >= most) return true
      seen.set(name, [...times, clock.steadyMs()])
      return false
    },
  }
}

/** What is wrong with one recipient of a sending. */
export function phoneRefusal(phone: string): Refusal | undefined {
  if (!/^[1-9]\d{9,14}$/.test(phone)) return refusal(7)
  return phone.endsWith('0000') ? refusal(8) : undefined
}

/** What is wrong with all of it. */
export function formRefusal(form: URLSearchParams): Refusal | undefined {
  const given = (name: string) => form.get(name) ?? ''
  if (given('charset') !== 'utf-8' || given('fmt') !== '3') return refusal(1)
  if (given('phones') === '' || given('mes') === '' || given('mes').length > 1000) return refusal(1)
  const id = form.get('id')
  if (id !== null && !(Number.isInteger(Number(id)) && Number(id) >= 1 && Number(id) <= 2 ** 31 - 1)) return refusal(1)
  if (form.has('valid') && !/^([01]\d|2[0-4]):[0-5]\d$/.test(given('valid'))) return refusal(5)
  if (form.has('time') && !/^0\d{9,10}$/.test(given('time'))) return refusal(5)
  return /spam/i.test(given('mes')) ? refusal(6) : undefined
}
