import type { Job, StoredMessage } from '../store.ts'
import { keyText, rowLimit } from './query.ts'
import type { Prepare } from './query.ts'

/** Work becomes ready by its time in steps of so many: a schedule of very many must not stop everything else. */
const READY_AT_ONCE = 2_000

/** What is to be done: per lane and job what is ready, by priority and age, and what waits for its time. */
export function createWork(prepare: Prepare) {
  const put = prepare(`
    INSERT OR REPLACE INTO work (message, lane, job, priority, due_ms, is_ready, may_hurry, is_routed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const remove = prepare('DELETE FROM work WHERE message = ?')
  const ripen = prepare(`
    UPDATE work SET is_ready = 1 WHERE message IN (
      SELECT message FROM work WHERE lane = ? AND job = ? AND is_ready = 0 AND due_ms <= ? ORDER BY due_ms LIMIT ?)`)
  const ready = prepare<{ readonly message: number }>(`
    SELECT message FROM work WHERE lane = ? AND job = ? AND is_ready = 1 ORDER BY priority DESC, message LIMIT ?`)
  const nextReady = prepare<{ readonly due_ms: number }>(`
    SELECT due_ms FROM work WHERE lane = ? AND job = ? AND is_ready = 1 LIMIT 1`)
  const nextLater = prepare<{ readonly due_ms: number }>(`
    SELECT due_ms FROM work WHERE lane = ? AND job = ? AND is_ready = 0 ORDER BY due_ms LIMIT 1`)
  const hurry = prepare('UPDATE work SET due_ms = 0, is_ready = 1 WHERE lane = ? AND may_hurry = 1 AND due_ms <> 0')
  const count = prepare<{ readonly messages: number }>(`
    SELECT (SELECT count(*) FROM work WHERE lane = ?1 AND job = 'send' AND is_ready = 1)
         + (SELECT count(*) FROM work WHERE lane = ?1 AND job = 'send' AND is_ready = 0) AS messages`)

  const routed = prepare<{ readonly message: number }>(`
    SELECT message FROM work WHERE lane = ? AND is_routed = 1 AND message > ? ORDER BY message LIMIT ?`)
  const lanes = prepare<{ readonly lane: string }>('SELECT DISTINCT lane FROM work WHERE is_routed = 1')

  return {
    put(sequence: number, { job, lane, priority, dueAtMs, record, routing }: StoredMessage): void {
      if (job === undefined) return void remove.run(sequence)
      const mayHurry = record.state === 'queued' || record.state === 'unknown'
      const isRouted = job === 'send' && routing !== undefined
      const flags = [dueAtMs <= 0, mayHurry, isRouted].map(flag => (flag ? 1 : 0))
      put.run(sequence, keyText(lane), job, priority, dueAtMs, ...flags)
    },
    /** Messages whose work is due, by their sequence. */
    due(lane: string, job: Job, limit: number, nowMs: number): readonly number[] {
      ripen.run(keyText(lane), job, nowMs, READY_AT_ONCE)
      return ready.all(keyText(lane), job, rowLimit(limit)).map(({ message }) => message)
    },
    nextDue: (lane: string, job: Job): number | undefined =>
      (nextReady.get(keyText(lane), job) ?? nextLater.get(keyText(lane), job))?.due_ms,
    hurry: (lane: string): void => void hurry.run(keyText(lane)),
    waiting: (lane: string): number => count.get(keyText(lane))!.messages,
    /** Routed messages that wait in a lane to be sent, by their sequence, which is above `from`. */
    routed: (lane: string, limit: number, from: number): readonly number[] =>
      routed.all(keyText(lane), from, rowLimit(limit)).map(({ message }) => message),
    lanesRouted: (): readonly string[] => lanes.all().map(({ lane }) => JSON.parse(`"${lane}"`) as string),
  }
}

export type Work = ReturnType<typeof createWork>
