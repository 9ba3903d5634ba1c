import assert from 'node:assert/strict'
import { incoming, NOW_MS, stored } from '../../test/support/message.ts'
import { testStore } from '../../test/support/store-cases.ts'
import { createMemoryStore } from './memory.ts'

testStore('memory store', async () => {
  const store = createMemoryStore()
  await store.open(NOW_MS)
  return {
    store,
    async restart(nowMs) {
      await store.open(nowMs)
      return store
    },
  }
})

describe('memory store, full', () => {
  it('lets go of what is done, oldest first, and of nothing that is not', async () => {
    const store = createMemoryStore()
    const waiting = stored({ dueAtMs: NOW_MS + 1e9 })
    const done = Array.from({ length: 20_001 }, (_, i) =>
      stored({ job: undefined, idempotencyKey: `k${i}`, record: { state: 'accepted', providerMessageId: `m${i}` } }),
    )
    await store.add([waiting])
    await store.add(done)
    assert.ok(await store.get({ id: waiting.record.id }))
    assert.equal(await store.get({ id: done[0]!.record.id }), undefined)
    assert.equal(await store.get({ providerNode: 'p', providerMessageId: 'm0' }), undefined)
    assert.ok(await store.get({ providerNode: 'p', providerMessageId: 'm20000' }))
    assert.equal((await store.history({ limit: 1e9 })).length, 10_000)
    const [again] = await store.add([stored({ idempotencyKey: 'k0' })])
    assert.equal(again?.existing, false)
  })

  it('does the same with what came in', async () => {
    const store = createMemoryStore()
    await store.receive(incoming({ providerMessageId: 'waits', providerNode: 'q' }))
    for (let i = 0; i < 20_000; i++) {
      await store.receive(incoming({ providerMessageId: `m${i}` }))
      await store.finishReceived(
        (await store.takeReceived('p', 1, 0)).map(record => record.id),
        'handed',
      )
    }
    assert.equal((await store.history({ limit: 1e9 })).length, 10_000)
    assert.equal((await store.takeReceived('q', 1, 0)).length, 1)
    assert.equal(await store.receive(incoming({ providerMessageId: 'm19999' })), false)
  })

  it('takes and adds among 100 000 that wait as quickly as among few', async () => {
    const store = createMemoryStore()
    await store.add(Array.from({ length: 100_000 }, () => stored()))
    const startedAt = performance.now()
    for (let i = 0; i < 2_000; i++) {
      await store.take('p', 'send', 1, NOW_MS, 1)
      await store.add([stored()])
    }
    // Some 20 ms here; a scan of the whole queue each time would take minutes.
    assert.ok(performance.now() - startedAt < 2_000)
  })
})
