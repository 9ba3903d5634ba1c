import { SmsError } from '../../errors.ts'
import { claimed, orphaned } from '../claim.ts'
import { isStillKnown } from '../idempotency.ts'
import { pair } from '../pair.ts'
import type { Added, Change, Job, MessageKey, StoredMessage, Transition } from '../store.ts'
import { keyText } from './query.ts'
import type { Prepare } from './query.ts'
import { trailStep } from './trail.ts'
import type { Work } from './work.ts'

interface Row {
  readonly sequence: number
  readonly json: string
  readonly job: Job | null
  readonly due_ms: number | null
}

/** Its work is where the row of the queue says it is; what the JSON says of that may be older. */
const SELECT = 'SELECT sequence, json, job, due_ms FROM outgoing LEFT JOIN work ON message = sequence'

/** The outgoing half of the SQLite store. */
export function createOutgoing(prepare: Prepare, work: Work) {
  const bySequence = prepare<Row>(`${SELECT} WHERE sequence = ?`)
  const byId = prepare<Row>(`${SELECT} WHERE id = ?`)
  const byCarrierId = prepare<Row>(`${SELECT} WHERE carrier_id = ? ORDER BY carrier_turn DESC LIMIT 1`)
  const byIdempotency = prepare<Row>(`${SELECT} WHERE idempotency = ? ORDER BY sequence DESC LIMIT 1`)
  const sending = prepare<Row>(`${SELECT} WHERE state = 'sending'`)
  const insert = prepare(`
    INSERT INTO outgoing (id, state, from_number, to_number, created_ms, updated_ms, idempotency, trail, json)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`)
  const updateMessage = prepare('UPDATE outgoing SET json = ?2 WHERE sequence = ?1')
  const update = prepare(`${UPDATE} WHERE sequence = ?1`)
  const updateAndName = prepare(`
    ${UPDATE}, carrier_id = ?8,
      carrier_turn = (SELECT coalesce(max(carrier_turn), 0) + 1 FROM outgoing WHERE carrier_id = ?8)
    WHERE sequence = ?1`)

  function find(key: MessageKey): Row | undefined {
    return 'id' in key ? byId.get(key.id) : byCarrierId.get(carrierId(key.providerNode, key.providerMessageId))
  }

  function create(message: StoredMessage): void {
    const { record } = message
    const { changes, lastInsertRowid } = insert.run(
      record.id,
      record.state,
      record.from ?? null,
      record.to ?? null,
      Date.parse(record.createdAt),
      Date.parse(record.updatedAt),
      idempotency(message) ?? null,
      trailStep(record),
      JSON.stringify(message),
    )
    if (changes === 0) throw new SmsError('SMS_STORE', `a message with the id ${record.id} is stored already`)
    const sequence = Number(lastInsertRowid)
    if (message.job) work.put(sequence, message)
    const { providerMessageId, ...unnamed } = record
    if (providerMessageId !== undefined) replace(sequence, { ...message, record: unnamed }, message)
  }

  /** What a record is found by changes seldom: most of the time only the JSON is written anew. */
  function replace(sequence: number, before: StoredMessage, after: StoredMessage): void {
    const [old, record] = [before.record, after.record]
    const json = JSON.stringify(after)
    if (FOUND_BY.every(field => old[field] === record[field])) updateMessage.run(sequence, json)
    else {
      const { providerNode, providerMessageId } = record
      const updatedMs = Date.parse(record.updatedAt)
      const step = old.state === record.state ? '' : trailStep(record)
      const values = [sequence, json, record.state, record.from ?? null, record.to ?? null, updatedMs, step] as const
      if (providerMessageId === undefined || providerMessageId === old.providerMessageId) update.run(...values)
      else updateAndName.run(...values, carrierId(providerNode, providerMessageId))
    }
    const isQueued = before.job !== undefined || after.job !== undefined
    const isQueuedAsBefore = QUEUED_BY.every(field => before[field] === after[field]) && old.state === record.state
    if (isQueued && !isQueuedAsBefore) work.put(sequence, after)
  }

  function known(message: StoredMessage): StoredMessage | undefined {
    const key = idempotency(message)
    const row = key === undefined ? undefined : byIdempotency.get(key)
    const existing = row && read(row)
    return existing && isStillKnown(existing, message) ? existing : undefined
  }

  return {
    recover(nowMs: number): void {
      for (const row of sending.all()) {
        const message = read(row)
        replace(row.sequence, message, orphaned(message, nowMs))
      }
    },

    add(messages: readonly StoredMessage[]): readonly Added[] {
      return messages.map(message => {
        const existing = known(message)
        if (existing) return { message: existing, existing: true }
        create(message)
        return { message, existing: false }
      })
    },

    take(lane: string, job: Job, limit: number, nowMs: number, leaseMs: number): readonly StoredMessage[] {
      const take = (message: StoredMessage) =>
        job === 'send' ? claimed(message, nowMs) : { ...message, dueAtMs: nowMs + leaseMs }
      return work.due(lane, job, limit, nowMs).map(sequence => {
        const before = read(bySequence.get(sequence)!)
        const after = take(before)
        replace(sequence, before, after)
        return after
      })
    },

    change(key: MessageKey, apply: Transition): Change | undefined {
      const row = find(key)
      if (!row) return undefined
      const before = read(row)
      const after = apply(before)
      if (!after) return undefined
      replace(row.sequence, before, after)
      return { before, after }
    },

    waitingRouted(lane: string, limit: number, after?: string): readonly StoredMessage[] {
      const from = after === undefined ? 0 : (byId.get(after)?.sequence ?? 0)
      return work.routed(lane, limit, from).map(sequence => read(bySequence.get(sequence)!))
    },

    get(key: MessageKey): StoredMessage | undefined {
      const row = find(key)
      return row && read(row)
    },
  }
}

const UPDATE = `
  UPDATE outgoing SET json = ?2, state = ?3, from_number = ?4, to_number = ?5, updated_ms = ?6, trail = trail || ?7`

/** What the columns beside the JSON are made of. */
const FOUND_BY = ['state', 'from', 'to', 'updatedAt', 'providerMessageId'] as const
const QUEUED_BY = ['job', 'lane', 'priority', 'dueAtMs'] as const

function read({ json, job, due_ms: dueAtMs }: Row): StoredMessage {
  const stored = JSON.parse(json) as StoredMessage
  return { ...stored, job: job ?? undefined, dueAtMs: dueAtMs ?? stored.dueAtMs }
}

const carrierId = (providerNode: string, id: string): string => keyText(pair(providerNode, id))

function idempotency({ idempotencyKey, record }: StoredMessage): string | undefined {
  return idempotencyKey === undefined ? undefined : keyText(pair(idempotencyKey, record.to ?? ''))
}
