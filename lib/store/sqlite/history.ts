import { OUTGOING_STATES } from '../../message.ts'
import type { SmsRecord, SmsState } from '../../message.ts'
import type { HistoryQuery, StoredMessage } from '../store.ts'
import { rowLimit } from './query.ts'
import type { Prepare } from './query.ts'

interface Place {
  readonly direction: SmsRecord['direction']
  readonly sequence: number
}

interface Row {
  readonly json: string
}

/** What a record in each state is: who asks for calls, or for one direction, asks for some of the states. */
const KINDS: readonly (readonly [state: SmsState, direction: SmsRecord['direction'], type: SmsRecord['type']])[] = [
  ...OUTGOING_STATES.map(state => [state, 'out', 'message'] as const),
  ['received', 'in', 'message'],
  ['ringing', 'in', 'call'],
  ['missed', 'in', 'call'],
]

const TABLES = { out: 'outgoing', in: 'incoming' } as const

/**
 * Looks records up in both directions. In the indexes each state is a list, newest first, of all records and of each
 * number's; SQLite merges the lists and reads no further than it must. So an answer takes no longer the more is stored,
 * be those that it is made of many or few.
 */
export function createHistory(prepare: Prepare) {
  const all = prepare<Place>(merged(['']))
  const ofNumber = prepare<Place>(
    merged([`AND from_number = ${NUMBER}`, `AND to_number = ${NUMBER} AND from_number IS NOT ${NUMBER}`]),
  )
  const outgoing = prepare<Row>('SELECT json FROM outgoing WHERE sequence = ?')
  const incoming = prepare<Row>('SELECT json FROM incoming WHERE sequence = ?')

  const read = ({ direction, sequence }: Place): SmsRecord =>
    direction === 'out'
      ? (JSON.parse(outgoing.get(sequence)!.json) as StoredMessage).record
      : (JSON.parse(incoming.get(sequence)!.json) as SmsRecord)

  return (asked: HistoryQuery): readonly SmsRecord[] => {
    const { number, sinceMs = -Infinity, untilMs = Infinity, skip = 0, limit } = asked
    const states = KINDS.map(kind => (isAskedFor(kind, asked) ? kind[0] : null))
    const common = [sinceMs, untilMs, rowLimit(limit), rowLimit(skip), ...states]
    const places = number === undefined ? all.all(...common) : ofNumber.all(...common, number)
    return places.map(read)
  }
}

const isAskedFor = (
  [state, direction, type]: (typeof KINDS)[number],
  asked: Pick<HistoryQuery, 'state' | 'direction' | 'type'>,
): boolean =>
  (asked.state ?? state) === state && (asked.direction ?? direction) === direction && (asked.type ?? type) === type

// Parameters: the earliest and the latest time, how many records after how many others, each state or null where it is
// not asked for, the number.
const STATE = 5
const NUMBER = `?${STATE + KINDS.length}`

function merged(ends: readonly string[]): string {
  const lists = KINDS.flatMap(([state, direction], i) => {
    // Numbers have an index for the others only, which SQLite must be told that this is one of.
    const isIndexed = state === 'sending' ? '' : "AND state <> 'sending'"
    return ends.map(
      end => `SELECT '${direction}' AS direction, sequence, created_ms FROM ${TABLES[direction]}
              WHERE state = ?${STATE + i} ${isIndexed} AND created_ms >= ?1 AND created_ms <= ?2 ${end}`,
    )
  })
  return `${lists.join(' UNION ALL ')} ORDER BY created_ms DESC, sequence DESC LIMIT ?3 OFFSET ?4`
}
