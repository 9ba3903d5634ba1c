import { KEPT_LONGER_MS } from '../retained.ts'
import { rowLimit } from './query.ts'
import type { Prepare } from './query.ts'

interface Row {
  readonly sequence: number
}

/** Deletes up to `limit` messages that are over since before `beforeMs`, with all that belongs to them; how many. */
export function createPrune(prepare: Prepare) {
  const outgoing = prepare<Row>(`
    SELECT sequence FROM outgoing
    WHERE state = ? AND created_ms < ?2 AND updated_ms < ?2 AND NOT EXISTS (SELECT 1 FROM work WHERE work.message = sequence)
    ORDER BY created_ms LIMIT ?3`)
  const incoming = prepare<Row>(`
    SELECT sequence FROM incoming
    WHERE state = ? AND created_ms < ? AND hand_over = 'done' ORDER BY created_ms LIMIT ?`)
  const deleteOutgoing = prepare('DELETE FROM outgoing WHERE sequence = ?')
  const deleteIncoming = prepare('DELETE FROM incoming WHERE sequence = ?')
  const deleteParts = prepare('DELETE FROM known_parts WHERE created_ms < ?')

  return (beforeMs: number, limit: number): number => {
    let left = rowLimit(limit)
    for (const [state, keptLongerMs] of KEPT_LONGER_MS) {
      const over = outgoing.all(state, beforeMs - keptLongerMs, left)
      for (const { sequence } of over) deleteOutgoing.run(sequence)
      left -= over.length
    }
    for (const state of ['received', 'ringing', 'missed']) {
      const over = incoming.all(state, beforeMs, left)
      for (const { sequence } of over) deleteIncoming.run(sequence)
      left -= over.length
    }
    if (left > 0) deleteParts.run(beforeMs)
    return rowLimit(limit) - left
  }
}
