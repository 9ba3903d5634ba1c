import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { createCommits } from './commits.ts'
import { preparing } from './query.ts'
import type { Prepare } from './query.ts'

function create() {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE numbers (n INTEGER UNIQUE)')
  const prepare = preparing(database)
  let commits = 0
  const counting: Prepare = text => {
    const query = prepare(text)
    const run: typeof query.run = (...values) => {
      const result = query.run(...values)
      if (text === 'COMMIT') commits += 1
      return result
    }
    return { get: (...values) => query.get(...values), all: (...values) => query.all(...values), run }
  }
  const insert = prepare('INSERT INTO numbers VALUES (?)')
  const { run, read, flush } = createCommits(counting)
  return {
    database,
    flush,
    run,
    read,
    insert: (n: number) => run(() => Number(insert.run(n).changes)),
    numbers: () =>
      prepare<{ n: number }>('SELECT n FROM numbers ORDER BY rowid')
        .all()
        .map(({ n }) => n),
    commits: () => commits,
  }
}

describe('commits', () => {
  it('are one for the calls of a turn of the event loop, also of its promises and timers', async () => {
    const { insert, commits, numbers } = create()
    const calls = Array.from({ length: 50 }, async (_, i) => {
      await Promise.resolve(i % 2 === 0 && Promise.resolve())
      return insert(i)
    })
    await Promise.all(calls)
    assert.deepEqual([commits(), numbers().length], [1, 50])
    await Promise.all([insert(100), insert(101)])
    assert.equal(commits(), 2)
  })

  it('are one for many calls as long as each turn brings more, up to some turns', async () => {
    const { insert, commits } = create()
    const nextTurn = () => new Promise(resolve => setImmediate(resolve))
    const calls = [50, 51, 52, 53, 54].map(insert)
    for (let turn = 1; turn < 5; turn += 1) {
      await nextTurn()
      calls.push(insert(turn))
    }
    assert.equal(commits(), 0)
    await nextTurn()
    assert.equal(commits(), 1)
    await Promise.all(calls)
    calls.push(...[60, 61, 62, 63, 64].map(insert))
    await nextTurn()
    assert.equal(commits(), 1)
    await nextTurn()
    assert.equal(commits(), 2)
    calls.push(...[70, 71, 72, 73].map(insert))
    await nextTurn()
    assert.equal(commits(), 3)
  })

  it('are none for reading, which is done at once, or after what was called before', async () => {
    const { read, insert, numbers, commits } = create()
    const order: string[] = []
    assert.deepEqual(await read(numbers), [])
    assert.equal(commits(), 0)
    const inserting = insert(1).then(() => order.push('inserted'))
    const reading = read(numbers).then(found => order.push(`read ${found.join()}`))
    await Promise.all([inserting, reading])
    assert.deepEqual(order, ['inserted', 'read 1'])
    const failing = read(() => {
      throw new Error('mine')
    })
    await assert.rejects(failing, /mine/)
  })

  it('come before any answer, and are several for very many calls', async () => {
    const { insert, commits } = create()
    let answered = 0
    const calls = Array.from({ length: 1_200 }, async (_, i) => {
      await insert(i)
      answered += 1
      assert.ok(commits() >= Math.ceil(answered / 500))
    })
    await Promise.all(calls)
    assert.equal(commits(), 3)
  })

  it('leave out the call that fails, and keep what it did not do apart', async () => {
    const { run, insert, numbers, commits } = create()
    const results = await Promise.allSettled([
      insert(1),
      run(() => {
        void insert
        throw new Error('mine')
      }),
      insert(1),
      insert(2),
    ])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
    )
    assert.deepEqual([numbers(), commits()], [[1, 2], 1])
  })

  it('take back what a call did before it failed', async () => {
    const { database, run, insert, numbers } = create()
    const failing = run(() => {
      database.exec('INSERT INTO numbers VALUES (7)')
      throw new Error('mine')
    })
    await Promise.allSettled([insert(1), failing, insert(2)])
    assert.deepEqual(numbers(), [1, 2])
    await assert.rejects(
      run(() => {
        database.exec('INSERT INTO numbers VALUES (8)')
        throw new Error('mine')
      }),
      /mine/,
    )
    await insert(3)
    assert.deepEqual(numbers(), [1, 2, 3])
  })

  it('are one for each call where SQLite gives up the whole of them', async () => {
    const { database, run, insert, numbers, commits } = create()
    const breaking = run(() => {
      database.exec('ROLLBACK')
      throw new Error('the disk is full')
    })
    const results = await Promise.allSettled([insert(1), breaking, insert(2), insert(3)])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    )
    assert.deepEqual([numbers(), commits()], [[1, 2, 3], 3])
  })

  it('are one for each call where the commit of all fails', async () => {
    const { database, run, insert, numbers } = create()
    database.exec('CREATE TABLE children (n REFERENCES numbers (n) DEFERRABLE INITIALLY DEFERRED)')
    const orphan = run(() => database.exec('INSERT INTO children VALUES (99)'))
    const results = await Promise.allSettled([insert(1), orphan, insert(2)])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(numbers(), [1, 2])
  })

  it('are made at once when they must be', async () => {
    const { insert, flush, numbers, commits } = create()
    const calls = Array.from({ length: 600 }, (_, i) => insert(i))
    flush()
    assert.deepEqual([numbers().length, commits()], [600, 2])
    await Promise.all(calls)
    flush()
    assert.equal(commits(), 2)
  })
})
