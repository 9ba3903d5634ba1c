import type { Clock } from '../clock.ts'
import type { Asker } from './contract.ts'
import type { Book, Question } from './book.ts'
import type { createSending } from './sending.ts'

/**
 * How long a question waits at least when a node takes it up again: what came meanwhile, and what carriers hand over
 * late, comes first.
 */
export const GRACE_MS = 15_000

/** A question that is open in this run. */
export interface Open {
  question: Question
  readonly owner: Owner
  /** What came in before it is none of its answers. */
  readonly sinceId: string
  /** Until the latest try is in the outbox; never rejects. */
  sending: Promise<unknown>
  /** Ends what the latest try waits for. */
  stop: () => void
}

/** A node that asks, and its questions. */
export interface Owner {
  readonly book: Book
  readonly open: Map<string, Open>
  asker: Asker | undefined
}

export interface FollowOptions {
  readonly clock: Clock
  readonly sending: ReturnType<typeof createSending>
  readonly change: (open: Open, fields: Partial<Question>) => void
  readonly fail: (open: Open, thrown: unknown) => Promise<void>
  readonly timeOut: (open: Open) => Promise<void>
}

/** Waits for what becomes of the latest try: it is sent, or cannot be; then it is answered, or its time is over. */
export function createFollow({ clock, sending, change, fail, timeOut }: FollowOptions): (open: Open) => void {
  return open => {
    open.stop()
    const { asker } = open.owner
    if (!asker || !open.owner.open.has(open.question.id)) return
    const stopping = new AbortController()
    let cancelTimer = (): void => {}
    open.stop = () => {
      stopping.abort()
      cancelTimer()
    }

    function tell(thrown: unknown): void {
      if (!stopping.signal.aborted) void fail(open, thrown)
    }

    function arm(ms: number): void {
      const endsMs = clock.steadyMs() + ms
      // Timers have a longest time; who waits for longer looks again.
      const look = () => {
        const leftMs = endsMs - clock.steadyMs()
        if (leftMs > 0) cancelTimer = clock.after(leftMs, look)
        else void timeOut(open)
      }
      cancelTimer = clock.after(ms, look)
    }

    function awaitAnswer({ timeoutMs }: Asker): void {
      if (stopping.signal.aborted) return
      const { startsAtMs = 0, deadlineMs } = open.question
      const nowMs = clock.now()
      const waitMs = Math.max(0, startsAtMs - nowMs) + timeoutMs
      arm(deadlineMs === undefined ? waitMs : Math.min(waitMs, Math.max(deadlineMs - nowMs, GRACE_MS)))
      if (deadlineMs === undefined) change(open, { deadlineMs: nowMs + waitMs })
      sending.undeliverable(open.question, waitMs, stopping.signal).then(tell, () => {})
    }

    if (open.question.deadlineMs !== undefined) awaitAnswer(asker)
    else sending.accepted(open.question, asker.timeoutMs, stopping.signal).then(() => awaitAnswer(asker), tell)
  }
}
