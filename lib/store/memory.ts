import { SmsError } from '../errors.ts'
import type { SmsRecord, SmsState } from '../message.ts'
import { createFragments } from './memory-fragments.ts'
import { createIncoming } from './memory-in.ts'
import { createOutgoing } from './memory-out.ts'
import { pair } from './pair.ts'
import type { Counts, HistoryQuery, Store } from './store.ts'

/** A store that lives and dies with the process; opened again, it behaves as one whose process ended meanwhile. */
export function createMemoryStore(): Store {
  const outgoing = createOutgoing()
  const incoming = createIncoming()
  const fragments = createFragments()
  const notes = new Map<string, string>()
  // There is nothing to be opened the first time.
  let isOpen = true

  /** As with any store: a promise, and `SMS_STORE` unless it is open. */
  const step =
    <A extends readonly unknown[], R>(work: (...args: A) => R) =>
    async (...args: A): Promise<R> => {
      if (!isOpen) throw new SmsError('SMS_STORE', 'the message store is not open')
      return work(...args)
    }

  return {
    async open(nowMs) {
      isOpen = true
      outgoing.recover(nowMs)
      incoming.recover(nowMs)
    },
    async close() {
      isOpen = false
    },
    add: step(outgoing.add),
    take: step(outgoing.take),
    nextDue: step(outgoing.nextDue),
    retryNow: step(outgoing.retryNow),
    change: step(outgoing.change),
    get: step(outgoing.get),
    trail: step(outgoing.trail),
    waiting: step(outgoing.waiting),
    waitingRouted: step(outgoing.waitingRouted),
    lanesRouted: step(outgoing.lanesRouted),
    receive: step(incoming.receive),
    takeReceived: step(incoming.take),
    finishReceived: step(incoming.finish),
    endCall: step(incoming.endCall),
    addFragment: step(fragments.add),
    fragmentGroups: step(fragments.groups),
    dropFragments: step(fragments.drop),
    history: step(query =>
      [...outgoing.records(), ...incoming.records()]
        .filter(record => matches(record, query))
        .toSorted(newestFirst)
        .slice(query.skip ?? 0, (query.skip ?? 0) + query.limit),
    ),
    counts: step((sinceMs, untilMs) => countStates([...outgoing.records(), ...incoming.records()], sinceMs, untilMs)),
    note: step((owner, key) => notes.get(pair(owner, key))),
    setNote: step((owner, key, value) => void notes.set(pair(owner, key), value)),
    prune: step((beforeMs, limit) => {
      const pruned = outgoing.prune(beforeMs, limit)
      return pruned + incoming.prune(beforeMs, limit - pruned)
    }),
  }
}

function newestFirst(a: SmsRecord, b: SmsRecord): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? 1 : -1
  return a.id < b.id ? 1 : -1
}

function matches(record: SmsRecord, query: HistoryQuery): boolean {
  return (
    (query.type === undefined || record.type === query.type) &&
    (query.direction === undefined || record.direction === query.direction) &&
    (query.number === undefined || record.from === query.number || record.to === query.number) &&
    (query.state === undefined || record.state === query.state) &&
    (query.sinceMs === undefined || Date.parse(record.createdAt) >= query.sinceMs) &&
    (query.untilMs === undefined || Date.parse(record.createdAt) <= query.untilMs)
  )
}

function countStates(records: readonly SmsRecord[], sinceMs: number, untilMs: number): Counts {
  const counts: Partial<Record<SmsState, number>> = {}
  for (const { state, createdAt } of records) {
    const createdMs = Date.parse(createdAt)
    if (createdMs >= sinceMs && createdMs < untilMs) counts[state] = (counts[state] ?? 0) + 1
  }
  return counts
}
