import type { ErrorInfo } from '../../errors.ts'
import type { SmsRecord } from '../../message.ts'
import type { TrailStep } from '../store.ts'
import type { Prepare } from './query.ts'

interface Row {
  readonly at: string
  readonly state: TrailStep['state']
  readonly error: string | null
}

/** The states that outgoing messages have been in, kept with the change that brought each. */
export function createTrail(prepare: Prepare) {
  const insert = prepare(`
    INSERT INTO trail (message, step, at, state, error)
    SELECT ?1, coalesce(max(step), 0) + 1, ?2, ?3, ?4 FROM trail WHERE message = ?1`)
  const select = prepare<Row>(`
    SELECT at, trail.state, error FROM outgoing JOIN trail ON message = sequence WHERE id = ? ORDER BY step`)

  return {
    step(sequence: number, { updatedAt, state, error }: SmsRecord): void {
      insert.run(sequence, updatedAt, state, error === undefined ? null : JSON.stringify(error))
    },
    of: (id: string): readonly TrailStep[] => select.all(id).map(read),
  }
}

export type Trail = ReturnType<typeof createTrail>

const read = ({ at, state, error }: Row): TrailStep =>
  error === null ? { state, at } : { state, at, error: JSON.parse(error) as ErrorInfo }
