import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { incoming, NOW_MS, stored } from '../../../test/support/message.ts'
import { isoTime } from '../../clock.ts'
import { createMemoryStore } from '../memory.ts'
import type { Fragment, Store, StoredMessage } from '../store.ts'
import { createSqliteStore } from './index.ts'

/** What is done to both; small numbers, so that it is done to the same messages again and again. */
type Step = (pick: Pick) => (store: Store, nowMs: number) => Promise<unknown>

interface Pick {
  readonly n: number
  readonly lane: string
  readonly job: 'send' | 'ask'
  readonly state: 'queued' | 'unknown' | 'accepted' | 'delivered' | 'failed' | 'scheduled'
  readonly delayMs: number
  readonly ids: readonly string[]
  readonly nowMs: number
}

/** What goes in is made once, before it is given to both. */
const STEPS: Record<string, Step> = {
  add: ({ n, lane, job, state, delayMs, nowMs }) => {
    const fields = {
      lane,
      job: state === 'delivered' ? undefined : job,
      priority: n % 3,
      dueAtMs: delayMs && nowMs + delayMs,
    }
    const key = n % 4 === 0 ? { idempotencyKey: `k${n}` } : {}
    const message = stored({ ...fields, ...key, record: { state, to: `+${n % 3}` } }, nowMs)
    return store => store.add([message])
  },
  addKnown: ({ ids, n, nowMs }) => {
    const messages = [stored({}, nowMs), stored({ record: { id: ids[n % ids.length] ?? 'x' } }, nowMs)]
    return store => store.add(messages).catch((error: unknown) => (error as { code: string }).code)
  },
  take:
    ({ n, lane, job }) =>
    (store, nowMs) =>
      store.take(lane, job, n, nowMs, 20),
  change: ({ n, ids, job, lane, state, delayMs, nowMs }) => {
    const apply = (message: StoredMessage): StoredMessage => ({
      ...message,
      lane,
      job: n % 3 === 0 ? undefined : job,
      dueAtMs: delayMs && nowMs + delayMs,
      record: { ...message.record, state, updatedAt: isoTime(nowMs) },
    })
    return store => store.change({ id: ids[n % ids.length] ?? 'x' }, apply)
  },
  name: ({ n, ids }) => {
    const apply = (message: StoredMessage): StoredMessage | undefined =>
      message.record.providerMessageId === undefined
        ? { ...message, record: { ...message.record, providerMessageId: `c${n % 3}` } }
        : undefined
    return store => store.change({ id: ids[n % ids.length] ?? 'x' }, apply)
  },
  get:
    ({ n }) =>
    store =>
      store.get({ providerNode: 'p', providerMessageId: `c${n % 3}` }),
  trail:
    ({ n, ids }) =>
    store =>
      store.trail(ids[n % ids.length] ?? 'x'),
  retryNow:
    ({ lane }) =>
    store =>
      store.retryNow(lane),
  receive: ({ n, nowMs }) => {
    const record = incoming({ from: `+${n % 3}`, ...(n % 2 === 0 && { providerMessageId: `i${n}` }) }, nowMs)
    return store => store.receive(record)
  },
  takeReceived:
    ({ n, delayMs }) =>
    (store, nowMs) =>
      store.takeReceived('p', n, nowMs - 10 * delayMs),
  finishReceived:
    ({ n, state }) =>
    async store => {
      const came = await store.history({ direction: 'in', limit: 1_000 })
      const record = came[n % came.length]
      if (record) await store.finishReceived([record.id], state === 'failed' ? 'waiting' : 'handed')
    },
  ring: ({ n, nowMs }) => {
    const named = n % 2 === 0 && { providerMessageId: `call${n}` }
    const record = incoming({ type: 'call', state: n % 5 === 0 ? 'missed' : 'ringing', ...named }, nowMs)
    return store => store.receive(record)
  },
  endCall:
    ({ n, job }) =>
    async (store, nowMs) => {
      const came = await store.history({ direction: 'in', limit: 1_000 })
      const id = came[n % came.length]?.id ?? 'x'
      return store.endCall(job === 'ask' ? { id } : { providerNode: 'p', providerMessageId: `call${n}` }, nowMs)
    },
  addFragment: ({ n, nowMs }) => {
    const group = `g${n % 2}`
    const fragment: Fragment = {
      group,
      index: (n % 3) + 1,
      total: 3,
      record: incoming({ providerMessageId: `f${n % 4}` }, nowMs),
    }
    return store => store.addFragment(fragment)
  },
  dropFragments:
    ({ n }) =>
    store =>
      store.dropFragments('p', `g${n % 2}`),
  fragmentGroups: () => async store => new Set(await store.fragmentGroups()),
  setNote:
    ({ n }) =>
    store =>
      store.setNote('p', `k${n % 3}`, String(n)),
  note:
    ({ n }) =>
    store =>
      store.note('p', `k${n % 3}`),
  history:
    ({ n, state }) =>
    (store, nowMs) =>
      store.history({
        limit: n === 0 ? 1_000 : n,
        ...(n % 2 === 0 && { number: `+${n % 3}` }),
        ...(n % 3 === 0 && { state }),
        ...(n % 4 === 1 && { direction: 'in' }),
        ...(n % 5 === 2 && { untilMs: nowMs - 5, skip: n % 3 }),
      }),
  counts:
    ({ n, delayMs }) =>
    (store, nowMs) =>
      store.counts(nowMs - 10 * delayMs - n, nowMs - n),
  prune:
    ({ n, delayMs, nowMs }) =>
    store =>
      store.prune(nowMs - 10 * delayMs, n === 0 ? 1_000 : n * 1_000),
  restart: () => (store, nowMs) => store.open(nowMs),
}

const step = fc.record({
  kind: fc.constantFrom(...Object.keys(STEPS), 'add', 'add', 'take', 'change', 'receive'),
  n: fc.nat(8),
  lane: fc.constantFrom('p', 'q'),
  job: fc.constantFrom('send' as const, 'ask' as const),
  state: fc.constantFrom('queued' as const, 'unknown', 'accepted', 'delivered', 'failed', 'scheduled'),
  delayMs: fc.nat(5),
})

describe('the SQLite store', () => {
  it('gives the answers that the memory store gives, whatever it is asked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sms-store-'))
    let runs = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
        const path = join(folder, `${++runs}.db`)
        const stores = [createMemoryStore(), createSqliteStore({ path, retentionDays: 0 })] as const
        let nowMs = NOW_MS
        for (const store of stores) await store.open(nowMs)
        try {
          for (const { kind, ...pick } of steps) {
            nowMs += 1
            const ids = (await stores[0].history({ direction: 'out', limit: 1_000 })).map(({ id }) => id)
            const run = STEPS[kind]!({ ...pick, ids, nowMs })
            const [expected, given] = [await run(stores[0], nowMs), await run(stores[1], nowMs)]
            assert.deepEqual(given, expected, kind)
          }
          for (const lane of ['p', 'q']) {
            const [expected, given] = await Promise.all(stores.map(store => store.waiting(lane)))
            assert.equal(given, expected)
          }
          const [expected, given] = await Promise.all(stores.map(store => store.history({ limit: 1_000 })))
          assert.deepEqual(given, expected)
          for (const { id } of expected!) {
            const [a, b] = await Promise.all(stores.map(store => store.get({ id })))
            assert.deepEqual(b, a)
          }
        } finally {
          await stores[1].close()
        }
      }),
      { numRuns: 50 },
    )
    await rm(folder, { recursive: true })
  })
})
