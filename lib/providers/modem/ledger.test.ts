import assert from 'node:assert/strict'
import { createLedger } from './ledger.ts'

describe('the ledger of a modem', () => {
  it('knows the concatenation begun last, though an older message was resumed after it', async () => {
    const noted = new Map<string, string>()
    const notes = {
      get: async (key: string) => noted.get(key),
      set: async (key: string, value: string) => void noted.set(key, value),
    }
    const ledger = createLedger(notes)
    await ledger.load()
    await ledger.begin({ id: 'old', to: '+1', total: 2, concat: 7 }, 1_000)
    await ledger.taken('old', 1, 1_000)
    await ledger.begin({ id: 'new', to: '+1', total: 2, concat: 8 }, 2_000)
    await ledger.begin({ id: 'old', to: '+1', total: 2, concat: 7 }, 3_000)
    await ledger.taken('old', 2, 3_000)
    await ledger.begin({ id: 'single', to: '+1', total: 1, concat: 9 }, 4_000)

    assert.equal(ledger.lastConcat(), 8)
    const restarted = createLedger(notes)
    await restarted.load()
    assert.equal(restarted.lastConcat(), 8)
  })

  it('never forgets that a part was begun, whichever of its notes is the last one', async () => {
    for (const last of [1, 2, 3, 4, 5]) {
      const noted = new Map<string, string>()
      let writes = 0
      const notes = {
        get: async (key: string) => noted.get(key),
        set: (key: string, value: string) => {
          writes += 1
          if (writes > last) return new Promise<void>(() => {})
          noted.set(key, value)
          return Promise.resolve()
        },
      }
      const ledger = createLedger(notes)
      await ledger.load()
      await ledger.begin({ id: 'one', to: '+1', total: 1, concat: 7 }, 1_000)
      void ledger.taken('one', 5, 1_000)
      await new Promise(resolve => setImmediate(resolve))

      const restarted = createLedger(notes)
      await restarted.load()
      const isDoubtful = restarted.unfinished('one')?.doubtAtMs !== undefined
      assert.deepEqual([isDoubtful, restarted.partsOf('one').length], last === 1 ? [true, 0] : [false, 1], `${last}`)
    }
  })

  it('begins nothing before it has noted what was taken until then', async () => {
    let isFull = false
    const noted = new Map<string, string>()
    const notes = {
      get: async (key: string) => noted.get(key),
      set: async (key: string, value: string) => {
        if (isFull) throw new Error('the disk is full')
        noted.set(key, value)
      },
    }
    const ledger = createLedger(notes)
    await ledger.load()
    await ledger.begin({ id: 'one', to: '+1', total: 1, concat: 7 }, 1_000)
    isFull = true
    await assert.rejects(ledger.taken('one', 5, 1_000))
    await assert.rejects(ledger.begin({ id: 'two', to: '+1', total: 1, concat: 8 }, 2_000))
    isFull = false
    await ledger.begin({ id: 'two', to: '+1', total: 1, concat: 8 }, 3_000)
    const restarted = createLedger(notes)
    await restarted.load()
    assert.deepEqual(
      [restarted.byReference(5).map(({ id }) => id), restarted.doubts().map(({ id }) => id)],
      [['one'], ['two']],
    )
  })

  it('has no doubt about what could not be noted, and so is not sent', async () => {
    let isFull = true
    const ledger = createLedger({
      get: async () => undefined,
      set: async () => {
        if (isFull) throw new Error('the disk is full')
      },
    })
    await ledger.load()
    const message = { id: 'one', to: '+1', total: 1, concat: 7 }
    await assert.rejects(ledger.begin(message, 1_000))
    assert.deepEqual([ledger.doubts(), ledger.unfinished('one')], [[], undefined])
    isFull = false
    await ledger.begin(message, 2_000)
    isFull = true
    await assert.rejects(ledger.begin(message, 3_000))
    assert.deepEqual(
      ledger.doubts().map(({ doubtAtMs }) => doubtAtMs),
      [2_000],
    )
  })
})
