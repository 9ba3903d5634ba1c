import { isoTime } from '../clock.ts'
import type { StoredMessage } from './store.ts'

/** A message whose next attempt begins: what an engine commits before the carrier may be called. */
export function claimed(message: StoredMessage, nowMs: number): StoredMessage {
  return {
    ...message,
    record: { ...message.record, state: 'sending', updatedAt: isoTime(nowMs) },
    job: undefined,
    dueAtMs: 0,
    attempts: message.attempts + 1,
    attemptedAtMs: nowMs,
    asked: 0,
  }
}

/** A message found `sending` when a store is opened: its attempt ended with the process, nobody knows how. */
export function orphaned(message: StoredMessage, nowMs: number): StoredMessage {
  return {
    ...message,
    record: { ...message.record, state: 'unknown', updatedAt: isoTime(nowMs), error: INTERRUPTED },
    job: 'ask',
    dueAtMs: 0,
    doubts: message.doubts + 1,
    asked: 0,
  }
}

const INTERRUPTED = { code: 'SMS_UNKNOWN', message: 'Node-RED ended while the answer was awaited' } as const
