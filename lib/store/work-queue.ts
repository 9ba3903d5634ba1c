import { createHeap } from '../heap.ts'
import type { StoredMessage } from './store.ts'

interface Entry {
  readonly id: string
  readonly sequence: number
  readonly priority: number
  readonly dueAtMs: number
}

/** The due work of one lane, in memory: what is ready by priority and age, what is not yet due by its time. */
export interface WorkQueue {
  put(message: StoredMessage, sequence: number): void
  /** The next id that `isCurrent` still vouches for. */
  next(nowMs: number, isCurrent: (id: string, dueAtMs: number) => boolean): string | undefined
  nextDue(isCurrent: (id: string, dueAtMs: number) => boolean): number | undefined
}

/** Entries of messages that changed meanwhile are dropped when they surface, not searched for. */
export function createWorkQueue(): WorkQueue {
  const ready = createHeap<Entry>(
    (a, b) => a.priority > b.priority || (a.priority === b.priority && a.sequence < b.sequence),
  )
  const later = createHeap<Entry>((a, b) => a.dueAtMs < b.dueAtMs)

  return {
    put(message, sequence) {
      later.push({ id: message.record.id, sequence, priority: message.priority, dueAtMs: message.dueAtMs })
    },
    next(nowMs, isCurrent) {
      while (later.size > 0 && later.peek()!.dueAtMs <= nowMs) ready.push(later.pop()!)
      for (let entry = ready.pop(); entry; entry = ready.pop()) if (isCurrent(entry.id, entry.dueAtMs)) return entry.id
      return undefined
    },
    nextDue(isCurrent) {
      for (const heap of [ready, later]) {
        for (let entry = heap.peek(); entry; entry = heap.peek()) {
          if (isCurrent(entry.id, entry.dueAtMs)) return entry.dueAtMs
          heap.pop()
        }
      }
      return undefined
    },
  }
}
