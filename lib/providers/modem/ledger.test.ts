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
})
