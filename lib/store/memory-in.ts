import type { SmsRecord } from '../message.ts'
import { endedCall } from './ended-call.ts'
import { getOrCreate, pair } from './pair.ts'
import type { MessageKey } from './store.ts'

interface Row {
  record: SmsRecord
  state: 'waiting' | 'taken' | 'done'
}

/** How many records are remembered after they were handed to the flow. */
const KEEP = 10_000

/** The incoming half of the memory store. */
export function createIncoming() {
  const rows = new Map<string, Row>()
  /** Our id by provider and carrier's. */
  const seen = new Map<string, string>()
  /** What is not done, of each provider, in the order it was received in. */
  const open = new Map<string, Set<string>>()
  let forgetAbove = 2 * KEEP

  function move(id: string, row: Row, state: Row['state']): void {
    row.state = state
    if (state === 'done') open.get(row.record.providerNode)?.delete(id)
  }

  function forget(): void {
    if (rows.size <= forgetAbove) return
    for (const [id, { record, state }] of rows) {
      if (rows.size <= KEEP) break
      if (state === 'done') remove(id, record)
    }
    forgetAbove = rows.size + KEEP
  }

  function remove(id: string, { providerNode, providerMessageId }: SmsRecord): void {
    rows.delete(id)
    seen.delete(pair(providerNode, providerMessageId ?? ''))
  }

  return {
    recover(nowMs: number): void {
      for (const row of rows.values()) {
        if (row.record.state === 'ringing') row.record = endedCall(row.record, nowMs)
        if (row.state !== 'taken') continue
        row.state = 'waiting'
        row.record = { ...row.record, redelivered: true }
      }
    },

    receive(record: SmsRecord): boolean {
      const { id, providerNode, providerMessageId } = record
      if (providerMessageId !== undefined) {
        const known = pair(providerNode, providerMessageId)
        if (seen.has(known)) return false
        seen.set(known, id)
      }
      rows.set(id, { record, state: 'waiting' })
      getOrCreate(open, providerNode, () => new Set()).add(id)
      forget()
      return true
    },

    take(providerNode: string, limit: number, sinceMs: number): readonly SmsRecord[] {
      const taken: SmsRecord[] = []
      for (const id of open.get(providerNode) ?? []) {
        const row = rows.get(id)!
        if (row.state !== 'waiting') continue
        if (Date.parse(row.record.createdAt) < sinceMs) {
          move(id, row, 'done')
          continue
        }
        if (taken.length >= limit) break
        move(id, row, 'taken')
        taken.push(row.record)
      }
      return taken
    },

    finish(ids: readonly string[], outcome: 'handed' | 'waiting'): void {
      for (const id of ids) {
        const row = rows.get(id)
        if (row && row.state !== 'done') move(id, row, outcome === 'handed' ? 'done' : 'waiting')
      }
    },

    endCall(key: MessageKey, nowMs: number): SmsRecord | undefined {
      const row = rows.get(('id' in key ? key.id : seen.get(pair(key.providerNode, key.providerMessageId))) ?? '')
      if (row?.record.state !== 'ringing') return undefined
      row.record = endedCall(row.record, nowMs)
      return row.record
    },

    prune(beforeMs: number, limit: number): number {
      let pruned = 0
      for (const [id, { record, state }] of rows) {
        if (pruned >= limit) break
        if (state !== 'done' || Date.parse(record.createdAt) >= beforeMs) continue
        remove(id, record)
        pruned += 1
      }
      return pruned
    },

    records: (): readonly SmsRecord[] => [...rows.values()].map(row => row.record),
  }
}
