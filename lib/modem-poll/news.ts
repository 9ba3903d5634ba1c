import { isDeepStrictEqual } from 'node:util'
import type { Check, Readings } from '../providers/modem/checks.ts'
import type { Poll } from './ask.ts'

/** Tells what is new from what was told before. */
export interface News {
  /** Whether there is anything new in it; that is then what the next one is compared with. */
  take(poll: Poll): boolean
}

/** A signal swings by two or three steps of `+CSQ`, 3 % each, while nothing is moved; a battery by one. */
const WOBBLE_PERCENT = { signal: 10, battery: 3 } as const

export function createNews(): News {
  const told = new Map<Check, unknown>()

  return {
    take({ readings, failures }) {
      const found = new Map<Check, unknown>(failures.map(({ check, code }) => [check, { code }]))
      for (const check of Object.keys(readings) as Check[]) found.set(check, essence(check, readings))
      // What is not there this time was not asked for, or the modem does not know it: nothing is told by that.
      const changed = [...found].filter(([check, now]) => !told.has(check) || isOther(check, told.get(check), now))
      if (changed.length === 0) return false
      // A slow drift is compared with what was told last, so it comes out at some time.
      for (const [check, now] of found) told.set(check, now)
      return true
    },
  }
}

/** What of a reading counts: not what follows from the rest, or changes with every look. */
function essence(check: Check, { signal, battery, balance, ...readings }: Readings): unknown {
  if (check === 'signal') return { percent: signal?.percent }
  if (check === 'battery') return { status: battery?.status, percent: battery?.percent }
  // The words around an amount often hold the time of the question.
  if (check === 'balance') return balance?.amount === undefined ? balance : { ...balance, text: undefined }
  return readings[check]
}

function isOther(check: Check, before: unknown, now: unknown): boolean {
  const [was, is] = [percentOf(before), percentOf(now)]
  if ((check === 'signal' || check === 'battery') && was !== undefined && is !== undefined) {
    const isStill = Math.abs(is - was) < WOBBLE_PERCENT[check]
    return !isStill || !isDeepStrictEqual({ ...(before as object), percent: is }, now)
  }
  return !isDeepStrictEqual(before, now)
}

const percentOf = (reading: unknown): number | undefined => (reading as { percent?: number }).percent
