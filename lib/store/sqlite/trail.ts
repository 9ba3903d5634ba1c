import type { SmsRecord } from '../../message.ts'
import type { TrailStep } from '../store.ts'
import type { Prepare } from './query.ts'

/** The states an outgoing message has been in, a column of its row: what adds a step only appends to it. */
export function createTrail(prepare: Prepare) {
  const select = prepare<{ readonly trail: string }>('SELECT trail FROM outgoing WHERE id = ?')

  return (id: string): readonly TrailStep[] => {
    const row = select.get(id)
    return row ? (JSON.parse(`[${row.trail.slice(1)}]`) as readonly TrailStep[]) : []
  }
}

/** What is appended when a record has come into its state. */
export function trailStep({ state, updatedAt: at, error }: SmsRecord): string {
  const step: TrailStep = error === undefined ? { state, at } : { state, at, error }
  return `,${JSON.stringify(step)}`
}
