import assert from 'node:assert/strict'
import fc from 'fast-check'
import { incoming, NOW_MS } from '../../test/support/message.ts'
import type { SmsRecord } from '../message.ts'
import { createMemoryStore } from '../store/memory.ts'
import type { HistoryQuery } from '../store/store.ts'
import { readSearch } from './read-search.ts'
import { search } from './search.ts'

async function storeOf(records: readonly SmsRecord[]) {
  const store = createMemoryStore()
  for (const record of records) await store.receive(record)
  return store
}

/** All pages of a search, one after the other. */
async function allPages(store: { history: (query: HistoryQuery) => Promise<readonly SmsRecord[]> }, given: object) {
  const found: SmsRecord[] = []
  let after = ''
  for (;;) {
    const { records, next } = await search(store, readSearch({ ...given, after }))
    found.push(...records)
    if (next === undefined) return found
    assert.notEqual(next, after, 'goes on')
    after = next
  }
}

describe('searching the history', () => {
  const came = [
    incoming({ text: 'Alarm in room 101', from: '+380501112233', to: '+15550001111' }, NOW_MS),
    incoming({ text: 'All is well', from: '+380671112233', providerNode: 'q' }, NOW_MS + 1),
    incoming({ text: 'ПРИВІТ', from: 'Bank' }, NOW_MS + 2),
    incoming({ text: 'call +380991234567 please', from: '+1999' }, NOW_MS + 3),
  ]
  const FINDS: readonly (readonly [given: Record<string, string>, found: readonly number[]])[] = [
    [{}, [3, 2, 1, 0]],
    [{ q: 'alarm' }, [0]],
    [{ q: 'привіт' }, [2]],
    [{ q: 'bank' }, [2]],
    [{ q: '111-22' }, [1, 0]],
    [{ q: '+380 50 111 22 33' }, [0]],
    [{ q: '+1 555 000 1111' }, [0]],
    [{ q: '+380991234567' }, [3]],
    [{ q: '101' }, [0]],
    [{ provider: 'q' }, [1]],
    [{ provider: 'q', q: 'alarm' }, []],
    [{ number: '+380671112233' }, [1]],
    [{ direction: 'out' }, []],
  ]
  for (const [given, expected] of FINDS) {
    it(`finds by ${JSON.stringify(given)}`, async () => {
      const { records, next } = await search(await storeOf(came), readSearch(given))
      assert.deepEqual(
        records.map(record => came.indexOf(record)),
        expected,
      )
      assert.equal(next, undefined)
    })
  }

  it('gives each record once, page by page, also of one moment', async () => {
    const record = fc.record({ at: fc.nat(3), isWanted: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), async (given, limit) => {
        const records = given.map(({ at, isWanted }) => incoming({ text: isWanted ? 'yes' : 'no' }, NOW_MS + at))
        const store = await storeOf(records)
        const all = await store.history({ limit: 100 })
        assert.deepEqual(await allPages(store, { limit: String(limit) }), all)
        assert.deepEqual(
          await allPages(store, { limit: String(limit), q: 'yes' }),
          all.filter(({ text }) => text === 'yes'),
        )
      }),
    )
  })

  it('looks through so many at a time, and says where to go on', async () => {
    let asked = 0
    const endless = {
      history: async ({ limit, untilMs = NOW_MS }: HistoryQuery) => {
        asked += limit
        return Array.from({ length: limit }, (_, i) => incoming({}, untilMs - 1 - i))
      },
    }
    const { records, next, searched } = await search(endless, readSearch({ q: 'needle' }))
    assert.deepEqual([records.length, searched, asked], [0, 20_000, 20_000])
    assert.equal(next, `${NOW_MS - 20_000}-1`)
  })
})
