import type { SmsRecord } from '../../message.ts'
import { endedCall } from '../ended-call.ts'
import { pair } from '../pair.ts'
import type { MessageKey } from '../store.ts'
import { keyText, rowLimit } from './query.ts'
import type { Prepare } from './query.ts'

interface Row {
  readonly sequence: number
  readonly json: string
}

/** The incoming half of the SQLite store. */
export function createIncoming(prepare: Prepare) {
  const insert = prepare(`
    INSERT INTO incoming (id, provider, state, hand_over, from_number, to_number, created_ms, carrier_id, json)
    VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, ?) ON CONFLICT (carrier_id) DO NOTHING`)
  const giveUp = prepare(`
    UPDATE incoming SET hand_over = 'done' WHERE provider = ? AND hand_over = 'waiting' AND created_ms < ?`)
  const waiting = prepare<Row>(`
    SELECT sequence, json FROM incoming WHERE provider = ? AND hand_over = 'waiting' ORDER BY sequence LIMIT ?`)
  const take = prepare("UPDATE incoming SET hand_over = 'taken' WHERE sequence = ?")
  const finish = prepare("UPDATE incoming SET hand_over = ? WHERE id = ? AND hand_over <> 'done'")
  const taken = prepare<Row>("SELECT sequence, json FROM incoming WHERE hand_over = 'taken'")
  const putBack = prepare("UPDATE incoming SET hand_over = 'waiting', json = ? WHERE sequence = ?")

  const ringing = prepare<Row>("SELECT sequence, json FROM incoming WHERE state = 'ringing'")
  const ringingById = prepare<Row>("SELECT sequence, json FROM incoming WHERE id = ? AND state = 'ringing'")
  const ringingByCarrier = prepare<Row>(
    "SELECT sequence, json FROM incoming WHERE carrier_id = ? AND state = 'ringing'",
  )
  const change = prepare('UPDATE incoming SET state = ?, json = ? WHERE sequence = ?')

  function end({ sequence, json }: Row, nowMs: number): SmsRecord {
    const record = endedCall(JSON.parse(json) as SmsRecord, nowMs)
    change.run(record.state, JSON.stringify(record), sequence)
    return record
  }

  return {
    recover(nowMs: number): void {
      for (const row of ringing.all()) end(row, nowMs)
      for (const { sequence, json } of taken.all()) {
        putBack.run(JSON.stringify({ ...(JSON.parse(json) as SmsRecord), redelivered: true }), sequence)
      }
    },

    receive(record: SmsRecord): boolean {
      const { id, providerNode, providerMessageId, state, from, to, createdAt } = record
      const { changes } = insert.run(
        id,
        keyText(providerNode),
        state,
        from ?? null,
        to ?? null,
        Date.parse(createdAt),
        providerMessageId === undefined ? null : keyText(pair(providerNode, providerMessageId)),
        JSON.stringify(record),
      )
      return changes > 0
    },

    take(providerNode: string, limit: number, sinceMs: number): readonly SmsRecord[] {
      giveUp.run(keyText(providerNode), sinceMs)
      return waiting.all(keyText(providerNode), rowLimit(limit)).map(({ sequence, json }) => {
        take.run(sequence)
        return JSON.parse(json) as SmsRecord
      })
    },

    finish(ids: readonly string[], outcome: 'handed' | 'waiting'): void {
      for (const id of ids) finish.run(outcome === 'handed' ? 'done' : 'waiting', id)
    },

    endCall(key: MessageKey, nowMs: number): SmsRecord | undefined {
      const row =
        'id' in key
          ? ringingById.get(key.id)
          : ringingByCarrier.get(keyText(pair(key.providerNode, key.providerMessageId)))
      return row && end(row, nowMs)
    },
  }
}
