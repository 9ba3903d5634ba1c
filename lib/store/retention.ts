import { EARLIEST_MS } from '../clock.ts'
import type { Clock } from '../clock.ts'

/** Deletes what has been kept long enough: at start, and then once a day. */
export interface Retention {
  start(): void
  /** Begins nothing more. */
  stop(): void
}

export interface RetentionOptions {
  /** 0: everything is kept for ever. */
  readonly days: number
  readonly clock: Clock
  /** Deletes up to `limit` of what is over since before `beforeMs`; resolves to how many. */
  readonly prune: (beforeMs: number, limit: number) => Promise<number>
  readonly log: (level: 'warn', text: string) => void
}

const DAY_MS = 24 * 3_600_000
/** Few at a time, with room in between: there is no hurry, and messages on their way come first. */
const BATCH = 200
const PAUSE_MS = 100
/** When to look again where the clock is plainly wrong, or the store failed. */
const RETRY_MS = 3_600_000

export function createRetention({ days, clock, prune, log }: RetentionOptions): Retention {
  // What runs belongs to one start; after a stop it begins nothing.
  let current: symbol | undefined
  let cancelTimer = (): void => {}

  async function run(mine: symbol): Promise<void> {
    const againMs = await pruneSome()
    if (current === mine) cancelTimer = clock.after(againMs, () => void run(mine))
  }

  async function pruneSome(): Promise<number> {
    const nowMs = clock.now()
    if (nowMs < EARLIEST_MS) return RETRY_MS
    try {
      return (await prune(nowMs - days * DAY_MS, BATCH)) < BATCH ? DAY_MS : PAUSE_MS
    } catch {
      if (current) log('warn', 'old messages could not be deleted; trying again in an hour')
      return RETRY_MS
    }
  }

  return {
    start() {
      if (!(days > 0)) return
      current = Symbol('start')
      void run(current)
    },
    stop() {
      current = undefined
      cancelTimer()
    },
  }
}
