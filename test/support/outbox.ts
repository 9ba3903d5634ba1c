import type { SmsError } from '../../lib/errors.ts'
import type { SmsRecord } from '../../lib/message.ts'
import { createOutbox } from '../../lib/outbox/outbox.ts'
import type { Outbox } from '../../lib/outbox/outbox.ts'
import { createMemoryStore } from '../../lib/store/memory.ts'
import type { Store } from '../../lib/store/store.ts'
import { createManualClock } from './clock.ts'
import type { ManualClock } from './clock.ts'
import { createFaultyStore } from './faulty-store.ts'
import type { StoreFaults } from './faulty-store.ts'
import { sending } from './message.ts'

/** An outbox with a clock and a store that tests command. */
export interface OutboxUnderTest {
  readonly outbox: Outbox
  readonly clock: ManualClock
  readonly store: Store
  readonly faults: StoreFaults
  /** Every change of state that was told, as `id's text: state`. */
  readonly changes: string[]
  readonly lanes: { error: SmsError | undefined; failures: number }[]
  readonly log: string[]
  /** Submits one message per text, in one call; resolves to their ids. */
  submit(texts: readonly string[], fields?: Parameters<typeof sending>[0]): Promise<string[]>
  record(id: string): Promise<SmsRecord>
  /** The states of messages, with the code of the error where there is one. */
  states(ids: readonly string[]): Promise<string[]>
  /** Loses what is not stored and opens the store again, as after a crash. */
  restart(): Promise<OutboxUnderTest>
}

export function createOutboxUnderTest(clock = createManualClock(), kept: Store = createMemoryStore()): OutboxUnderTest {
  const { store, faults } = createFaultyStore(kept, clock)
  const changes: string[] = []
  const lanes: OutboxUnderTest['lanes'] = []
  const log: string[] = []
  const outbox = createOutbox({
    store,
    clock,
    random: () => 0,
    onChange: record => changes.push(`${record.text}: ${record.state}`),
    onLane: (_lane, error, failures) => lanes.push({ error, failures }),
    onPause: () => {},
    log: (_level, text) => log.push(text),
  })
  const record = async (id: string) => (await kept.get({ id }))!.record

  return {
    outbox,
    clock,
    store,
    faults,
    changes,
    lanes,
    log,
    record,
    async submit(texts, fields) {
      const records = await outbox.submit(texts.map(text => sending({ ...fields, text })))
      return records.map(({ id }) => id)
    },
    async states(ids) {
      const records = await Promise.all(ids.map(record))
      return records.map(({ state, error }) => (error ? `${state} ${error.code}` : state))
    },
    async restart() {
      await kept.open(clock.now())
      return createOutboxUnderTest(clock, kept)
    },
  }
}
