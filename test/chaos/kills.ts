import type { EventEmitter } from 'node:events'
import { once } from 'node:events'
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import type { Random } from './random.ts'

/** When a process is killed, and how many times of eight. */
const MOMENTS = {
  /** While it starts, before its flows have. */
  starting: 1,
  /** Up to a second and a half after something first happened. */
  busy: 1,
  /** As a message is handed in over HTTP: before or after it was stored. */
  intake: 1,
  /** As a message is on its way to the carrier. */
  request: 1,
  /** As the carrier's answer is on its way back. */
  answer: 1,
  /** As the carrier calls the webhook. */
  webhook: 1,
  /** As the flow is handed something, before or after that was noted. */
  handed: 2,
} as const satisfies Record<string, number>

export type Moment = keyof typeof MOMENTS

/** So many moments, by chance in what order, yet all kinds of them soon. */
export function killingMoments(count: number, random: Random): readonly Moment[] {
  const names = Object.keys(MOMENTS) as Moment[]
  const moments: Moment[] = []
  while (moments.length < count) {
    const deck = names.flatMap(name => Array.from({ length: MOMENTS[name] }, () => ({ name, key: random.next() })))
    moments.push(...deck.toSorted((a, b) => a.key - b.key).map(({ name }) => name))
  }
  return moments.slice(0, count)
}

/** Node-RED starts within two to three seconds. */
const STARTING_MS = 2_000
const BUSY_MS = 1_500
/** One of the first so many occasions. */
const OCCASIONS = 6
/** What an occasion sets going takes so long. */
const AFTER_MS = { intake: 10, request: 10, answer: 6, webhook: 6, handed: 0.5 } as const
/** Where there is no occasion, as the line rests. */
const LONGEST_MS = 4_000

/** Who tells of each occasion, and by which event. */
export type Occasions = Readonly<Record<keyof typeof AFTER_MS, { readonly on: EventEmitter; readonly event: string }>>

/**
 * Resolves in such a moment. `started` resolves when the process has started, which one that is killed before never
 * does.
 */
export async function killingMoment(
  moment: Moment,
  occasions: Occasions,
  started: Promise<unknown>,
  random: Random,
): Promise<void> {
  if (moment === 'starting') return delay(random.between(0, STARTING_MS))
  const [count, share] = [random.between(1, OCCASIONS), random.next()]
  await started
  const tooLate = new AbortController()
  const timer = setTimeout(() => tooLate.abort(), LONGEST_MS)
  try {
    if (moment === 'busy') {
      await once(occasions.request.on, occasions.request.event, tooLate)
      await delay(share * BUSY_MS)
    } else {
      for (let i = 0; i < count; i++) await once(occasions[moment].on, occasions[moment].event, tooLate)
      await pass(share * AFTER_MS[moment])
    }
  } catch {
    // Then now.
  } finally {
    clearTimeout(timer)
  }
}

/** Timers know no fractions of a millisecond, in which much happens. */
async function pass(ms: number): Promise<void> {
  const endMs = performance.now() + ms
  while (performance.now() < endMs) await nextTurn()
}
