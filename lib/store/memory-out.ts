import { SmsError } from '../errors.ts'
import type { SmsRecord } from '../message.ts'
import { claimed, orphaned } from './claim.ts'
import { isStillKnown } from './idempotency.ts'
import { getOrCreate, pair } from './pair.ts'
import { KEPT_LONGER_MS } from './retained.ts'
import type { Added, Change, Job, MessageKey, StoredMessage, TrailStep, Transition } from './store.ts'
import { createWorkQueue } from './work-queue.ts'
import type { WorkQueue } from './work-queue.ts'

interface Row {
  message: StoredMessage
  readonly sequence: number
  readonly trail: TrailStep[]
}

/** How many messages are remembered after their work is done. */
const KEEP = 10_000

/** The outgoing half of the memory store. */
export function createOutgoing() {
  const rows = new Map<string, Row>()
  const byCarrierId = new Map<string, string>()
  const byIdempotency = new Map<string, string>()
  const queues = new Map<string, WorkQueue>()
  const waiting = new Map<string, number>()
  let sequence = 0
  let forgetAbove = 2 * KEEP

  const queueOf = (lane: string, job: Job) => getOrCreate(queues, pair(lane, job), createWorkQueue)

  const isCurrent = (lane: string, job: Job) => (id: string, dueAtMs: number) => {
    const message = rows.get(id)?.message
    return message?.job === job && message.lane === lane && message.dueAtMs === dueAtMs
  }

  const find = (key: MessageKey) =>
    rows.get(('id' in key ? key.id : byCarrierId.get(pair(key.providerNode, key.providerMessageId))) ?? '')

  /** Every write goes through here, so that indexes and counts follow. */
  function put(message: StoredMessage, row?: Row): void {
    const before = row?.message
    const { id, providerMessageId, providerNode } = message.record
    const kept = row ?? { message, sequence: ++sequence, trail: [] }
    kept.message = message
    if (before?.record.state !== message.record.state) kept.trail.push(stepOf(message.record))
    if (!row) rows.set(id, kept)
    if (providerMessageId !== undefined && providerMessageId !== before?.record.providerMessageId) {
      byCarrierId.set(pair(providerNode, providerMessageId), id)
    }
    if (before?.job === 'send') count(before.lane, -1)
    if (message.job === 'send') count(message.lane, 1)
    if (!message.job) return
    const queued = before?.job === message.job && before.lane === message.lane && before.dueAtMs === message.dueAtMs
    if (!queued) queueOf(message.lane, message.job).put(message, kept.sequence)
  }

  function count(lane: string, by: number): void {
    waiting.set(lane, (waiting.get(lane) ?? 0) + by)
  }

  function known({ idempotencyKey, record }: StoredMessage): string | undefined {
    return idempotencyKey === undefined ? undefined : pair(idempotencyKey, record.to ?? '')
  }

  /** Looks through all only when a good part may be let go: what waits can be far more than what is kept. */
  function forget(): void {
    if (rows.size <= forgetAbove) return
    for (const [id, { message }] of rows) {
      if (rows.size <= KEEP) break
      if (!message.job && message.record.state !== 'sending') remove(id, message)
    }
    forgetAbove = rows.size + KEEP
  }

  function remove(id: string, message: StoredMessage): void {
    rows.delete(id)
    const { providerNode, providerMessageId } = message.record
    const carrierId = pair(providerNode, providerMessageId ?? '')
    if (byCarrierId.get(carrierId) === id) byCarrierId.delete(carrierId)
    const key = known(message)
    if (key !== undefined && byIdempotency.get(key) === id) byIdempotency.delete(key)
  }

  return {
    recover(nowMs: number): void {
      for (const row of rows.values()) {
        if (row.message.record.state === 'sending') put(orphaned(row.message, nowMs), row)
      }
    },

    add(messages: readonly StoredMessage[]): readonly Added[] {
      const taken = messages.find(({ record }) => rows.has(record.id))
      if (taken) throw new SmsError('SMS_STORE', `a message with the id ${taken.record.id} is stored already`)
      const added = messages.map(message => {
        const key = known(message)
        const existing = key === undefined ? undefined : rows.get(byIdempotency.get(key) ?? '')
        if (existing && isStillKnown(existing.message, message)) return { message: existing.message, existing: true }
        if (key !== undefined) byIdempotency.set(key, message.record.id)
        put(message)
        return { message, existing: false }
      })
      forget()
      return added
    },

    take(lane: string, job: Job, limit: number, nowMs: number, leaseMs: number): readonly StoredMessage[] {
      const queue = queueOf(lane, job)
      const taken: StoredMessage[] = []
      while (taken.length < limit) {
        const row = rows.get(queue.next(nowMs, isCurrent(lane, job)) ?? '')
        if (!row) break
        put(job === 'send' ? claimed(row.message, nowMs) : { ...row.message, dueAtMs: nowMs + leaseMs }, row)
        taken.push(row.message)
      }
      return taken
    },

    nextDue: (lane: string, job: Job) => queueOf(lane, job).nextDue(isCurrent(lane, job)),

    retryNow(lane: string): void {
      for (const row of rows.values()) {
        const { message } = row
        const { state } = message.record
        if (message.lane !== lane || !message.job || message.dueAtMs === 0) continue
        if (state === 'queued' || state === 'unknown') put({ ...message, dueAtMs: 0 }, row)
      }
    },

    change(key: MessageKey, apply: Transition): Change | undefined {
      const row = find(key)
      const after = row && apply(row.message)
      if (!row || !after) return undefined
      const before = row.message
      put(after, row)
      return { before, after }
    },

    get: (key: MessageKey) => find(key)?.message,
    trail: (id: string): readonly TrailStep[] => [...(rows.get(id)?.trail ?? [])],
    waiting: (lane: string) => waiting.get(lane) ?? 0,

    waitingRouted(lane: string, limit: number, after?: string): readonly StoredMessage[] {
      const from = after === undefined ? 0 : (rows.get(after)?.sequence ?? 0)
      const found: StoredMessage[] = []
      for (const { message, sequence } of rows.values()) {
        if (found.length >= limit) break
        if (sequence > from && message.lane === lane && isRouted(message)) found.push(message)
      }
      return found
    },
    lanesRouted: (): readonly string[] => [
      ...new Set([...rows.values()].flatMap(({ message }) => (isRouted(message) ? [message.lane] : []))),
    ],

    prune(beforeMs: number, limit: number): number {
      let pruned = 0
      for (const [id, { message }] of rows) {
        if (pruned >= limit) break
        if (!isOver(message, beforeMs)) continue
        remove(id, message)
        pruned += 1
      }
      return pruned
    },

    records: (): readonly SmsRecord[] => [...rows.values()].map(row => row.message.record),
  }
}

const isRouted = ({ job, routing }: StoredMessage): boolean => job === 'send' && routing !== undefined

const stepOf = ({ state, updatedAt, error }: SmsRecord): TrailStep => ({
  state,
  at: updatedAt,
  ...(error && { error }),
})

function isOver({ record, job }: StoredMessage, beforeMs: number): boolean {
  const keptLongerMs = KEPT_LONGER_MS.get(record.state)
  if (job || keptLongerMs === undefined) return false
  const latestMs = Math.max(Date.parse(record.createdAt), Date.parse(record.updatedAt))
  return latestMs < beforeMs - keptLongerMs
}
