import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { systemClock } from '../../lib/clock.ts'
import type { Clock } from '../../lib/clock.ts'

/**
 * Questions that only this runtime can answer: it asks one of its own public address, to see whether what is there is
 * itself. To any other question the answer is the same as before, so that strangers learn nothing by asking.
 */
export interface Probes {
  begin(path: string): Probe
  /** The answer to a question that was issued for this path within `VALID_MS`; undefined to any other. */
  answer(path: string, question: unknown): string | undefined
}

export interface Probe {
  readonly question: string
  /** Not the question again, which whoever repeats what is sent would answer too. */
  readonly answer: string
  end(): void
}

export const VALID_MS = 30_000
/** A dialog asks one at a time; who asks more loses the first. */
const MOST = 20

export function createProbes(clock: Pick<Clock, 'steadyMs'> = systemClock, random = randomBytes): Probes {
  const open = new Set<{ path: string; hash: Buffer; answer: string; untilMs: number }>()

  return {
    begin(path) {
      const [question, answer] = [random(24), random(24)].map(octets => octets.toString('base64url')) as [
        string,
        string,
      ]
      const issued = { path, hash: hashOf(question), answer, untilMs: clock.steadyMs() + VALID_MS }
      open.add(issued)
      for (const oldest of open) if (open.size > MOST) open.delete(oldest)
      return { question, answer, end: () => void open.delete(issued) }
    },
    answer(path, question) {
      if (open.size === 0 || typeof question !== 'string') return undefined
      const hash = hashOf(question)
      const nowMs = clock.steadyMs()
      let answer: string | undefined
      // All are looked at, whichever fits: the time tells nothing.
      for (const issued of open) {
        const fits = timingSafeEqual(issued.hash, hash)
        if (fits && issued.path === path && nowMs < issued.untilMs) answer = issued.answer
        if (nowMs >= issued.untilMs) open.delete(issued)
      }
      return answer
    },
  }
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()
