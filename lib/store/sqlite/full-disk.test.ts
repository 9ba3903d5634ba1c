import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { incoming, NOW_MS, stored } from '../../../test/support/message.ts'
import type { Store } from '../store.ts'
import { createSqliteStore } from './index.ts'
import { openDatabase } from './open-database.ts'

describe('the SQLite store on a full disk', () => {
  let folder: string
  let database: DatabaseSync
  let store: Store
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sms-store-'))
    store = createSqliteStore(
      { path: join(folder, 'messages.db'), retentionDays: 0 },
      path => (database = openDatabase(path)),
    )
    await store.open(NOW_MS)
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })
  /** The file may grow by so many pages of 4 KiB; SQLite fails beyond that as it does when the system has no more room. */
  const leaveRoom = (pages: number) => {
    const { page_count: used } = database.prepare('PRAGMA page_count').get() as { page_count: number }
    database.exec(`PRAGMA max_page_count = ${used + pages}`)
  }
  const full = { code: 'SMS_STORE', message: /messages\.db cannot grow as the disk is full/ }

  it('says so, loses nothing that was stored, and goes on when there is room', async () => {
    const [before, after] = [stored(), stored({ record: { text: 'x'.repeat(20_000) } })]
    await store.add([before])
    leaveRoom(0)
    await assert.rejects(store.add([after]), full)
    await assert.rejects(store.receive(incoming({ text: 'x'.repeat(20_000) })), full)
    assert.deepEqual(await store.get({ id: before.record.id }), before)
    leaveRoom(100)
    await store.add([after])
    assert.deepEqual(await store.get({ id: after.record.id }), after)
    await store.close()
    await store.open(NOW_MS)
    assert.deepEqual(
      (await store.take('p', 'send', 9, NOW_MS, 1)).map(({ record }) => record.id),
      [before.record.id, after.record.id],
    )
  })

  it('refuses of the calls of one moment those for which there is no room', async () => {
    const huge = stored({ record: { text: 'x'.repeat(1_000_000) } })
    const small = Array.from({ length: 20 }, () => stored())
    leaveRoom(100)
    const results = await Promise.allSettled(
      [...small.slice(10), huge, ...small.slice(0, 10)].map(message => store.add([message])),
    )
    assert.deepEqual(
      results.flatMap(({ status }, i) => (status === 'rejected' ? [i] : [])),
      [10],
    )
    assert.equal(await store.waiting('p'), 20)
  })

  it('takes each call for itself, wherever in the batch the room ends', async () => {
    for (let pages = 0; pages < 40; pages += 3) {
      leaveRoom(pages)
      const messages = Array.from({ length: 30 }, () => stored({ record: { text: 'x'.repeat(3_000) } }))
      const results = await Promise.allSettled(messages.map(message => store.add([message])))
      for (const [i, { record }] of messages.entries()) {
        const isStored = (await store.get({ id: record.id })) !== undefined
        assert.equal(isStored, results[i]!.status === 'fulfilled')
        assert.equal((await store.trail(record.id)).length, isStored ? 1 : 0)
      }
    }
    assert.equal((await store.history({ limit: 1e9 })).length, await store.waiting('p'))
  })
})
