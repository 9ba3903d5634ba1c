import { isFinal } from '../message.ts'
import type { StoredMessage } from './store.ts'

/** How long an idempotency key is good for, counted from the message it came with. */
export const KEY_WINDOW_MS = 7 * 24 * 3_600_000

/** Whether a stored message still answers for its idempotency key when another comes with the same. */
export function isStillKnown(existing: StoredMessage, another: StoredMessage): boolean {
  const isOpen = existing.job !== undefined || !isFinal(existing.record.state)
  return isOpen || Date.parse(another.record.createdAt) - Date.parse(existing.record.createdAt) < KEY_WINDOW_MS
}
