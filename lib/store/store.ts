import type { ErrorInfo } from '../errors.ts'
import type { SmsRecord, SmsState, OutgoingState } from '../message.ts'
import type { MessageDraft } from '../provider.ts'
import type { Routing } from '../router/routing.ts'

/**
 * Where messages are kept. All state lives here: what calls it keeps no copy. Written so that memory, SQLite and later
 * PostgreSQL can serve it.
 *
 * Every method is atomic and resolves after its commit. An engine may commit the calls of one moment together, as long
 * as they take effect, and resolve, in the order they were made in. What fails rejects with `SMS_STORE` and has changed
 * nothing.
 *
 * What goes in is plain data, and is not changed by its owner afterwards; nor may a caller change what comes out.
 */
export interface Store {
  /**
   * Comes before everything else. What this runtime left in `sending` becomes `unknown` with an `ask` that is due, as
   * nobody knows what came of it; what it took in and never finished waits again, as `redelivered`; a call that rang
   * then is `missed`.
   */
  open(nowMs: number): Promise<void>
  close(): Promise<void>

  /**
   * Adds messages. Where one has an idempotency key that is known for its recipient (`isStillKnown` says for how long),
   * it is not added, and the known message is answered in its place, with `existing`.
   */
  add(messages: readonly StoredMessage[]): Promise<readonly Added[]>
  /**
   * Takes work of a lane that is due (`dueAtMs` is not after `nowMs`), highest priority first, then in the order it was
   * added in. Who takes a `send` gets it as `claimed` makes it; an `ask` is deferred by `leaseMs`, so that it comes
   * again should its taker be lost.
   */
  take(lane: string, job: Job, limit: number, nowMs: number, leaseMs: number): Promise<readonly StoredMessage[]>
  /** When the next work of a lane is due, in milliseconds since the epoch; it may be past. */
  nextDue(lane: string, job: Job): Promise<number | undefined>
  /**
   * Makes due what waits in a lane to be tried or settled once more (`queued` or `unknown`, with a job): what it waits
   * for is over with a restart, and cannot be told when the clock was set back. A schedule or a report stays.
   */
  retryNow(lane: string): Promise<void>
  /**
   * Replaces a message by what `apply` makes of it; undefined leaves it. Resolves to before and after, or undefined
   * when there is no such message or nothing was changed. `apply` is pure, must not throw, and may run again.
   */
  change(key: MessageKey, apply: Transition): Promise<Change | undefined>
  get(key: MessageKey): Promise<StoredMessage | undefined>
  /** Every state an outgoing message has been in, in order, kept with the change that brought it. */
  trail(id: string): Promise<readonly TrailStep[]>
  /** How many messages wait in a lane to be sent. */
  waiting(lane: string): Promise<number>
  /**
   * Messages with a `routing` that wait in a lane to be sent, in the order they were added in: up to `limit` of them,
   * from the one on that was added after the message `after`.
   */
  waitingRouted(lane: string, limit: number, after?: string): Promise<readonly StoredMessage[]>
  /** The lanes in which such messages wait, in no order. */
  lanesRouted(): Promise<readonly string[]>

  /** Keeps an incoming record; false when one with the same provider and `providerMessageId` is there already. */
  receive(record: SmsRecord): Promise<boolean>
  /**
   * Takes incoming records of a provider that wait for the flow, in the order they were received in. Those received
   * before `sinceMs` are given up and no longer wait.
   */
  takeReceived(providerNode: string, limit: number, sinceMs: number): Promise<readonly SmsRecord[]>
  /** Ends a taking: the records were handed to the flow, or wait again as the flow was not there any more. */
  finishReceived(ids: readonly string[], outcome: 'handed' | 'waiting'): Promise<void>
  /** Makes a call `missed` that is `ringing`; resolves to its record then, or undefined where no such call rings. */
  endCall(key: MessageKey, nowMs: number): Promise<SmsRecord | undefined>

  /**
   * Keeps a part of an incoming message, unless one of its group has its index already, or its group was dropped and it
   * comes again with the same `providerMessageId`. Resolves to the parts kept of its group, in order of index.
   */
  addFragment(fragment: Fragment): Promise<readonly Fragment[]>
  /** What waits for further parts, each group in order of index. */
  fragmentGroups(): Promise<readonly (readonly Fragment[])[]>
  dropFragments(providerNode: string, group: string): Promise<void>

  /** Records in both directions, newest first by `createdAt`. */
  history(query: HistoryQuery): Promise<readonly SmsRecord[]>
  /** Counts the records of both directions that were created from `sinceMs` on and before `untilMs`. */
  counts(sinceMs: number, untilMs: number): Promise<Counts>

  note(owner: string, key: string): Promise<string | undefined>
  setNote(owner: string, key: string, value: string): Promise<void>

  /**
   * Deletes up to `limit` of the messages that were created and last changed before `beforeMs` and are over, with their
   * trails; resolves to how many. Over is what `KEPT_LONGER_MS` names when no job is left for it, and what came in when
   * it was handed to the flow or given up.
   */
  prune(beforeMs: number, limit: number): Promise<number>
}

/** `send`: hand it to the carrier. `ask`: find out what became of it (doubt to settle, or a report to fetch). */
export type Job = 'send' | 'ask'

/** A message by our id, or by a provider's: the latest one there, as carriers use their ids again. */
export type MessageKey = { readonly id: string } | { readonly providerNode: string; readonly providerMessageId: string }

export type Transition = (message: StoredMessage) => StoredMessage | undefined

/** An outgoing message as it is kept: the record flows see, and what only the outbox needs. */
export interface StoredMessage {
  readonly record: SmsRecord & { readonly state: OutgoingState }
  readonly draft: MessageDraft
  /** The provider node it goes, or went, through. */
  readonly lane: string
  readonly job: Job | undefined
  /** When `job` may be taken, in milliseconds since the epoch; 0: at once, whatever the clock says. */
  readonly dueAtMs: number
  readonly priority: number
  /** Attempts begun. */
  readonly attempts: number
  readonly attemptedAtMs?: number
  /** How often it was unknown what came of an attempt. */
  readonly doubts: number
  /** How often the carrier was asked since the last attempt. */
  readonly asked: number
  /** When it must no longer be sent. */
  readonly expiresAtMs: number
  /** The validity where the flow named one, so that the carrier is told too. */
  readonly validityMs?: number
  readonly onDoubt: 'fail' | 'resend'
  readonly idempotencyKey?: string
  /** Where else it may go, where a router has a say. */
  readonly routing?: Routing
}

/** A state a message has been in, since when, and the error it had then. */
export interface TrailStep {
  readonly state: SmsState
  /** ISO 8601, in UTC. */
  readonly at: string
  readonly error?: ErrorInfo
}

/** One part of a multipart message that came in, as it waits for the others. */
export interface Fragment {
  /** Which message of its provider it belongs to. */
  readonly group: string
  /** Its place in the message, from 1. */
  readonly index: number
  readonly total: number
  /** The part alone. */
  readonly record: SmsRecord
  /** The same as the modem had it, see `MessagePart`. */
  readonly pdu?: string
}

export interface Added {
  readonly message: StoredMessage
  readonly existing: boolean
}

export interface Change {
  readonly before: StoredMessage
  readonly after: StoredMessage
}

export interface HistoryQuery {
  readonly type?: 'message' | 'call'
  readonly direction?: 'in' | 'out'
  /** Either end of the message. */
  readonly number?: string
  readonly state?: string
  readonly sinceMs?: number
  /** Created at this moment or before. */
  readonly untilMs?: number
  /** Leaves out so many of the newest that were found: what was created in one moment may take several pages. */
  readonly skip?: number
  readonly limit: number
}

/** How many records are in each state; a state without any is absent. */
export type Counts = Partial<Record<SmsState, number>>
