import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { NOW_MS, stored } from '../../../test/support/message.ts'
import { startStoreProcess } from '../../../test/support/store-process.ts'
import type { StoreProcess } from '../../../test/support/store-process.ts'
import type { Store } from '../store.ts'
import { createSqliteStore } from './index.ts'

/** Everybody's least user on Linux, Debian's and Alpine's `nobody`. */
const NOBODY = 65_534
const isWindows = process.platform === 'win32'
const isRoot = process.getuid?.() === 0

describe('the file of the SQLite store', () => {
  let folder: string
  let path: string
  const stores: Store[] = []
  const processes: StoreProcess[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sms-store-'))
    path = join(folder, 'messages.db')
  })
  afterEach(async () => {
    await Promise.all(stores.splice(0).map(store => store.close()))
    await Promise.all(processes.splice(0).map(process => process.end('kill')))
    await rm(folder, { recursive: true })
  })
  const create = (at = path) => {
    const store = createSqliteStore({ path: at, retentionDays: 30 })
    stores.push(store)
    return store
  }
  const start: typeof startStoreProcess = (...args) => {
    const process = startStoreProcess(...args)
    processes.push(process)
    return process
  }
  const write = async (...messages: ReturnType<typeof stored>[]) => {
    const store = create()
    await store.open(NOW_MS)
    await store.add(messages)
    await store.close()
  }
  const changed = async (change: (database: DatabaseSync) => void) => {
    const database = new DatabaseSync(path)
    change(database)
    database.close()
    return readFile(path)
  }

  it('is made with its folders, for its owner alone', async () => {
    const deep = join(folder, 'a', 'b', 'messages.db')
    const store = create(deep)
    await store.open(NOW_MS)
    await store.setNote('p', 'k', 'v')
    const modes = await Promise.all(
      [join(folder, 'a'), join(folder, 'a', 'b'), deep, `${deep}-wal`].map(async at => (await stat(at)).mode & 0o777),
    )
    if (!isWindows) assert.deepEqual(modes, [0o700, 0o700, 0o600, 0o600])
    await store.close()
    assert.ok((await stat(deep)).size > 0)
  })

  it('is kept by write-ahead log, and each commit waits for the disk', async () => {
    const databases: DatabaseSync[] = []
    const { openDatabase } = await import('./open-database.ts')
    const store = createSqliteStore({ path, retentionDays: 0 }, at => {
      const database = openDatabase(at)
      databases.push(database)
      return database
    })
    await store.open(NOW_MS)
    const pragma = (name: string) => Object.values(databases[0]!.prepare(`PRAGMA ${name}`).get()!)[0]
    assert.deepEqual(['journal_mode', 'synchronous', 'foreign_keys', 'locking_mode'].map(pragma), [
      'wal',
      2,
      1,
      'exclusive',
    ])
    await store.close()
  })

  describe('is of one runtime', () => {
    const inUse = { code: 'SMS_CONFIG', message: /messages\.db is in use by another program/ }

    it('and refused to a second store of the same process', async () => {
      const [first, second] = [create(), create()]
      await first.open(NOW_MS)
      await assert.rejects(second.open(NOW_MS), inUse)
      await assert.rejects(second.open(NOW_MS), inUse)
      // Who was refused has not broken the lock of who was not.
      const other = start(path)
      await other.said(1)
      assert.match(other.lines[0]!, /^SMS_CONFIG .* is in use/)
      await first.close()
      await second.open(NOW_MS)
      await second.close()
    })

    it('and refused to another process, also by another name', async () => {
      const store = create()
      await store.open(NOW_MS)
      await symlink(path, join(folder, 'other.db'))
      for (const at of [path, join(folder, 'other.db')]) {
        const other = start(at)
        await other.said(1)
        assert.match(other.lines[0]!, /^SMS_CONFIG .* is in use/)
      }
      await store.setNote('p', 'k', 'v')
      await store.close()
    })

    it('until the other process ends, or is killed', async () => {
      for (const how of ['close', 'kill'] as const) {
        const store = create()
        const other = start(path)
        await other.said(1)
        assert.equal(other.lines[0], 'open')
        await assert.rejects(store.open(NOW_MS), inUse)
        await other.end(how)
        await store.open(NOW_MS)
        await store.close()
      }
    })
  })

  it('has all that was committed when its process is killed', async () => {
    const committed: string[] = []
    for (let round = 0; round < 3; round++) {
      const writer = start(path, { writes: true })
      await writer.said(100 * (round + 1))
      await writer.end('kill')
      committed.push(...writer.lines.slice(1))
      const store = create()
      await store.open(NOW_MS)
      for (const id of committed) assert.ok(await store.get({ id }), id)
      assert.ok((await store.waiting('p')) >= committed.length)
      await store.close()
    }
  })

  describe('is left as it is', () => {
    const refused = async (code: string, message: RegExp) => {
      const before = await readFile(path)
      const store = create()
      for (let i = 0; i < 2; i++) {
        await assert.rejects(store.open(NOW_MS), error => {
          assert.ok(error instanceof Error)
          assert.ok(error.message.startsWith(path))
          assert.deepEqual(
            [(error as { code?: string }).code, message.test(error.message)],
            [code, true],
            error.message,
          )
          assert.equal(error.cause, undefined)
          return true
        })
      }
      assert.ok(before.equals(await readFile(path)))
      await assert.rejects(store.get({ id: 'x' }), { code: 'SMS_STORE' })
    }

    it('when a later version of the package wrote it', async () => {
      await write(stored())
      await changed(database => database.exec('PRAGMA user_version = 99'))
      await refused('SMS_CONFIG', /later version/)
    })

    it("when it is another program's database", async () => {
      await changed(database => database.exec('CREATE TABLE recipes (soup TEXT)'))
      await refused('SMS_CONFIG', /database of another program/)
      await changed(database => database.exec('PRAGMA journal_mode = WAL; DROP TABLE recipes; PRAGMA user_version = 3'))
      await refused('SMS_CONFIG', /database of another program/)
    })

    it('when it is no database', async () => {
      await writeFile(path, 'Dear diary, '.repeat(1_000))
      await refused('SMS_CONFIG', /not a message store/)
    })

    it('when its beginning is damaged', async () => {
      await write(stored())
      const bytes = await readFile(path)
      await writeFile(path, bytes.fill(0xaa, 0, 4_096))
      await refused('SMS_CONFIG', /not a message store, or its beginning is damaged/)
    })

    it('when its tables are damaged', async () => {
      await write(...Array.from({ length: 500 }, () => stored()))
      const bytes = await readFile(path)
      await writeFile(path, bytes.fill(0xaa, 4_096))
      await refused('SMS_STORE', /is damaged/)
    })

    it('when its end is cut off', async () => {
      await write(...Array.from({ length: 500 }, () => stored()))
      await truncate(path, 8_192)
      await refused('SMS_STORE', /is damaged/)
    })

    it('when a table is missing', async () => {
      await write(stored())
      await changed(database => database.exec('DROP TABLE work'))
      await refused('SMS_STORE', /no such table/)
    })
  })

  it('tells of damage that is found later, and keeps what is well', async () => {
    const messages = Array.from({ length: 500 }, () => stored())
    await write(...messages)
    const bytes = await readFile(path)
    // Pages of texts, not of the tables' roots.
    const from = bytes.indexOf(messages[200]!.record.id) & ~4_095
    await writeFile(path, bytes.fill(0xaa, from, from + 4_096))
    const store = create()
    await store.open(NOW_MS)
    const found = await Promise.allSettled(messages.map(({ record }) => store.get({ id: record.id })))
    const failures = found.filter(result => result.status === 'rejected')
    assert.ok(failures.length > 0 && failures.length < 250, String(failures.length))
    for (const { reason } of failures) {
      assert.equal((reason as { code: string }).code, 'SMS_STORE')
      assert.match(String(reason), /is damaged/)
    }
    await store.close()
  })

  it('is brought up to date when an earlier version of the package wrote it', async () => {
    const sent = stored({ job: undefined, record: { state: 'accepted', from: '+1', to: '+2' } })
    const sending = stored({ job: undefined, record: { state: 'sending', from: '+1', to: '+3' } })
    await write(sent, sending)
    await changed(database =>
      database.exec(`
        DROP INDEX outgoing_from;
        DROP INDEX outgoing_to;
        CREATE INDEX outgoing_from ON outgoing (from_number, state, created_ms) WHERE from_number IS NOT NULL;
        CREATE INDEX outgoing_to ON outgoing (to_number, state, created_ms) WHERE to_number IS NOT NULL;
        PRAGMA user_version = 2`),
    )
    const store = create()
    await store.open(NOW_MS)
    const statesOf = async (number: string) => (await store.history({ number, limit: 9 })).map(({ state }) => state)
    assert.deepEqual(await Promise.all(['+1', '+2', '+3'].map(statesOf)), [
      ['unknown', 'accepted'],
      ['accepted'],
      ['unknown'],
    ])
    await store.close()
    await changed(database => {
      assert.deepEqual({ ...database.prepare('PRAGMA user_version').get() }, { user_version: 3 })
      assert.deepEqual({ ...database.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' })
      const made = database
        .prepare("SELECT sql FROM sqlite_schema WHERE name IN ('outgoing_from', 'outgoing_to')")
        .all()
      for (const { sql } of made) assert.match(String(sql), /state <> 'sending'/)
    })
  })

  const paths: [name: string, at: (folder: string) => string, sentence: RegExp][] = [
    ['a folder', at => at, /cannot be (written|made)/],
    ['beneath a file', at => join(at, 'file', 'messages.db'), /part of its path is a file/],
    ['far beneath a file', at => join(at, 'file', 'a', 'b', 'messages.db'), /part of its path is a file/],
    ['nothing that can be', () => '/dev/null/x', /part of its path is a file/],
  ]
  for (const [name, at, sentence] of paths) {
    it(`is refused where it is ${name}`, async () => {
      await writeFile(join(folder, 'file'), '')
      await assert.rejects(create(at(folder)).open(NOW_MS), { code: 'SMS_CONFIG', message: sentence })
    })
  }

  if (isWindows) console.log('Not tested on Windows: files without permission')
  else {
    describe('is refused where it cannot be written', () => {
      const refused = async () => {
        // Nothing is forbidden to root.
        const other = start(path, { uid: isRoot ? NOBODY : undefined })
        await other.said(1)
        assert.match(other.lines[0]!, /^SMS_CONFIG .*messages\.db cannot be written: let the user that runs Node-RED/)
      }

      it('as its folder may not be read', async () => {
        await write(stored())
        await chmod(folder, 0)
        await refused()
        await chmod(folder, 0o700)
      })

      it('as its folder may not be written', async () => {
        await chmod(folder, 0o555)
        await refused()
        await chmod(folder, 0o700)
      })

      it('as neither it nor its folder may be written', async () => {
        await write(stored())
        const before = await readFile(path)
        await chmod(path, 0o444)
        await chmod(folder, 0o555)
        await refused()
        await chmod(folder, 0o700)
        assert.ok(before.equals(await readFile(path)))
      })

      it('as it may not be written itself', async () => {
        await write(stored())
        await chmod(path, 0o444)
        await chmod(folder, 0o777)
        await refused()
      })

      it('as it may not be written yet, and opens when it may', async () => {
        const before = join(folder, 'file')
        const store = create(join(before, 'messages.db'))
        await writeFile(before, '')
        await assert.rejects(store.open(NOW_MS), { code: 'SMS_CONFIG' })
        await rm(before)
        await mkdir(before)
        await store.open(NOW_MS)
        await store.close()
      })
    })
  }
})
