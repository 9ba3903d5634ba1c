import { EARLIEST_MS, isoTime } from '../clock.ts'
import type { Encoding, SmsRecord } from '../message.ts'
import type { MessageDraft } from '../provider.ts'
import { afresh, routeLine } from '../router/choose.ts'
import type { Routing } from '../router/routing.ts'
import type { StoredMessage } from '../store/store.ts'
import { uuidv7 } from '../uuid.ts'
import { DEFAULT_VALIDITY_MS } from './retry.ts'

/** One message to one recipient, as a sender asks for it. */
export interface Sending {
  readonly lane: string
  /** The provider's name, for the record. */
  readonly providerName: string
  readonly draft: MessageDraft
  readonly parts: number
  readonly encoding: Encoding
  readonly category?: string
  readonly ref?: unknown
  readonly priority?: number
  readonly validityMs?: number
  /** Not to be handed to the carrier before this, in milliseconds since the epoch. */
  readonly notBeforeMs?: number
  readonly onDoubt: 'fail' | 'resend'
  readonly idempotencyKey?: string
  /** Where else it may go; its lane is that of one of the candidates. */
  readonly routing?: Routing
}

/** The message as it is first stored: `queued`, or `scheduled` where it must wait for its time. */
export function draftMessage(sending: Sending, nowMs: number): StoredMessage {
  const { draft, validityMs, notBeforeMs = 0 } = sending
  // What has no time of its own waits for no clock. A schedule made by a clock that is plainly wrong holds until the
  // clock is right.
  const dueAtMs = notBeforeMs > nowMs ? Math.max(notBeforeMs, EARLIEST_MS) : 0
  const at = isoTime(nowMs)
  const { routing } = sending
  const candidate = routing?.candidates.find(({ lane }) => lane === sending.lane)
  const record: SmsRecord & { state: 'queued' | 'scheduled' } = {
    id: uuidv7(nowMs),
    type: 'message',
    direction: 'out',
    provider: sending.providerName,
    providerNode: sending.lane,
    ...(draft.from !== undefined && { from: draft.from }),
    to: draft.to,
    text: draft.text,
    state: dueAtMs > 0 ? 'scheduled' : 'queued',
    parts: sending.parts,
    encoding: sending.encoding,
    ...(sending.category !== undefined && { category: sending.category }),
    ...(sending.ref !== undefined && { ref: sending.ref }),
    ...(routing && candidate && { route: routeLine(routing, candidate) }),
    ...(draft.mediaUrls && { mediaUrls: draft.mediaUrls }),
    createdAt: at,
    updatedAt: at,
  }
  return {
    record,
    draft,
    lane: sending.lane,
    job: 'send',
    dueAtMs,
    priority: sending.priority ?? 0,
    attempts: 0,
    doubts: 0,
    asked: 0,
    expiresAtMs: Math.max(nowMs, dueAtMs) + (validityMs ?? DEFAULT_VALIDITY_MS),
    ...(validityMs !== undefined && { validityMs }),
    onDoubt: sending.onDoubt,
    ...(sending.idempotencyKey !== undefined && { idempotencyKey: sending.idempotencyKey }),
    ...(routing && { routing }),
  }
}

/**
 * The same message once more, as a new one: at once, whatever its schedule was, with its whole validity, and without the
 * key by which the old one would be found.
 */
export function sendingAgain(message: StoredMessage, providerName: string): Sending {
  const { record, lane, priority, validityMs, onDoubt, routing } = message
  const { sendAtMs: _past, ...draft } = message.draft
  return {
    lane,
    providerName,
    draft,
    parts: record.parts ?? 1,
    encoding: record.encoding ?? 'gsm7',
    priority,
    onDoubt,
    ...(record.category !== undefined && { category: record.category }),
    ...(record.ref !== undefined && { ref: record.ref }),
    ...(validityMs !== undefined && { validityMs }),
    ...(routing && { routing: afresh(routing) }),
  }
}
