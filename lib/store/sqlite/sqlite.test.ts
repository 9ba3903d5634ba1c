import assert from 'node:assert/strict'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createManualClock } from '../../../test/support/clock.ts'
import { incoming, NOW_MS, stored } from '../../../test/support/message.ts'
import { testStore } from '../../../test/support/store-cases.ts'
import type { StoreUnderTest } from '../../../test/support/store-cases.ts'
import type { Store } from '../store.ts'
import { createSqliteStore } from './index.ts'

async function create(): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'sms-store-'))
  let path = join(folder, 'messages.db')
  let copies = 0
  let store = createSqliteStore({ path, retentionDays: 0 })
  await store.open(NOW_MS)
  return {
    store,
    async restart(nowMs) {
      // What a killed process leaves to the system.
      const left = join(folder, `left-${++copies}.db`)
      for (const file of ['', '-wal']) await copyFile(path + file, left + file)
      await store.close()
      path = left
      store = createSqliteStore({ path, retentionDays: 0 })
      await store.open(nowMs)
      return store
    },
    dispose: () => rm(folder, { recursive: true }),
  }
}

testStore('SQLite store', create)

describe('SQLite store, more', () => {
  let folder: string
  let store: Store
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sms-store-'))
    store = open()
    await store.open(NOW_MS)
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })
  const open = () => createSqliteStore({ path: join(folder, 'messages.db'), retentionDays: 0 })

  it('keeps everything over closing and opening', async () => {
    const [message, record] = [stored({ idempotencyKey: 'k' }), incoming()]
    await store.add([message])
    await store.receive(record)
    await store.setNote('p', 'k', 'v')
    await store.close()
    await store.open(NOW_MS)
    assert.deepEqual(await store.get({ id: message.record.id }), message)
    assert.deepEqual(await store.takeReceived('p', 9, 0), [record])
    assert.equal(await store.note('p', 'k'), 'v')
  })

  it('has done what was asked of it before it was closed', async () => {
    const message = stored()
    const adding = store.add([message])
    await store.close()
    await adding
    await store.open(NOW_MS)
    assert.ok(await store.get({ id: message.record.id }))
  })

  it('may be closed twice, and before it is open', async () => {
    await store.close()
    await store.close()
    await open().close()
    await assert.rejects(store.get({ id: 'x' }), { code: 'SMS_STORE', message: /not open/ })
  })

  it('rejects one call of a moment alone, whatever is wrong with it', async () => {
    const [a, b, c] = [stored(), stored(), stored()]
    const results = await Promise.allSettled([
      store.add([a]),
      store.add([b, a]),
      store.change({ id: a.record.id }, () => {
        throw new Error('s3cret')
      }),
      store.add([stored({ record: { ref: 1n } })]),
      store.change({ id: a.record.id }, message => ({ ...message, asked: 7 })),
      store.add([c]),
      store.get({ id: a.record.id }),
    ])
    assert.deepEqual(
      results.map(result => (result.status === 'rejected' ? (result.reason as { code: string }).code : 'done')),
      ['done', 'SMS_STORE', 'SMS_STORE', 'SMS_STORE', 'done', 'done', 'done'],
    )
    assert.doesNotMatch(
      results.map(result => (result.status === 'rejected' ? String(result.reason) : '')).join(),
      /s3cret/,
    )
    const [last] = results.slice(-1) as PromiseFulfilledResult<{ asked: number }>[]
    assert.deepEqual([last!.value.asked, await store.waiting('p')], [7, 2])
    assert.equal(await store.get({ id: b.record.id }), undefined)
  })

  it('resolves in the order it was called in', async () => {
    const order: number[] = []
    const note = (n: number) => () => void order.push(n)
    const [a] = [stored()]
    await Promise.allSettled([
      store.add([a]).then(note(1)),
      store.get({ id: a.record.id }).then(note(2)),
      store.add([a]).catch(note(3)),
      store.take('p', 'send', 1, NOW_MS, 1).then(note(4)),
      store.history({ limit: 1 }).then(note(5)),
    ])
    assert.deepEqual(order, [1, 2, 3, 4, 5])
  })

  it('takes any number of records for a limit', async () => {
    await store.add([stored(), stored()])
    await store.receive(incoming())
    for (const [limit, found] of [
      [Infinity, 3],
      [1.5, 1],
      [0, 0],
      [-1, 0],
    ] as const) {
      assert.equal((await store.history({ limit })).length, found)
    }
    assert.equal((await store.take('p', 'send', -1, NOW_MS, 1)).length, 0)
    assert.equal((await store.take('p', 'send', Infinity, NOW_MS, 1)).length, 2)
  })

  it('keeps numbers too big for an integer, as a flow may give them', async () => {
    const message = stored({ dueAtMs: 1e17, expiresAtMs: 1e300, priority: 0.5 })
    await store.add([message])
    assert.deepEqual(await store.get({ id: message.record.id }), message)
    assert.equal(await store.nextDue('p', 'send'), 1e17)
  })

  it('lets very many fall due at once without giving one out before another', async () => {
    const messages = Array.from({ length: 5_000 }, () => stored({ dueAtMs: NOW_MS + 1 }))
    await store.add(messages)
    for (let taken = 0; taken < messages.length; taken += 1_000) {
      const ids = (await store.take('p', 'send', 1_000, NOW_MS + 1, 1)).map(({ record }) => record.id)
      assert.deepEqual(
        ids,
        messages.slice(taken, taken + 1_000).map(({ record }) => record.id),
      )
    }
  })

  it('knows a part that comes again for as long as messages are kept', async () => {
    const fragment = { group: 'g', index: 1, total: 2, record: incoming({ providerMessageId: 'x' }) }
    const comesAgain = async () => {
      await store.dropFragments('p', 'g')
      return (await store.addFragment(fragment)).length === 0
    }
    await store.addFragment(fragment)
    assert.equal(await comesAgain(), true)
    await store.prune(NOW_MS, 1)
    assert.equal(await comesAgain(), true)
    await store.prune(NOW_MS + 1, 1)
    assert.equal(await comesAgain(), false)
  })

  it('deletes what is over, at start and each day', async () => {
    const clock = createManualClock(NOW_MS)
    const path = join(folder, 'other.db')
    const over = (nowMs: number) => stored({ job: undefined, record: { state: 'delivered' } }, nowMs)
    const days = (n: number) => n * 24 * 3_600_000
    const keeper = createSqliteStore({ path, retentionDays: 0, clock })
    await keeper.open(NOW_MS)
    await keeper.add([over(NOW_MS - days(31)), over(NOW_MS - days(29.5))])
    assert.equal((await keeper.history({ limit: 9 })).length, 2)
    await keeper.close()
    const pruning = createSqliteStore({ path, retentionDays: 30, clock })
    await pruning.open(NOW_MS)
    assert.equal((await pruning.history({ limit: 9 })).length, 1)
    await clock.advance(days(1))
    assert.equal((await pruning.history({ limit: 9 })).length, 0)
    await pruning.close()
    assert.equal(clock.timers, 0)
  })
})
