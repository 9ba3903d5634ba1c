import { OUTGOING_STATES } from '../../message.ts'
import type { SmsState } from '../../message.ts'
import type { Counts } from '../store.ts'
import type { Prepare } from './query.ts'

interface Row {
  readonly state: SmsState
  readonly records: number
}

const TABLES = [
  ['outgoing', OUTGOING_STATES],
  ['incoming', ['received', 'ringing', 'missed']],
] as const satisfies readonly (readonly [table: string, states: readonly SmsState[]])[]

/** Counts records by their states: a range of an index for each state, so that no row is read. */
export function createCounts(prepare: Prepare) {
  const ranges = TABLES.flatMap(([table, states]) =>
    states.map(
      state => `SELECT '${state}' AS state, count(*) AS records FROM ${table}
                WHERE state = '${state}' AND created_ms >= ?1 AND created_ms < ?2`,
    ),
  )
  const count = prepare<Row>(ranges.join(' UNION ALL '))

  return (sinceMs: number, untilMs: number): Counts =>
    Object.fromEntries(
      count
        .all(sinceMs, untilMs)
        .filter(({ records }) => records > 0)
        .map(({ state, records }) => [state, records]),
    )
}
