import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readSearch, writeCursor } from './read-search.ts'

describe('the search of a request', () => {
  const READ: readonly (readonly [given: Record<string, unknown>, expected: object])[] = [
    [{}, { query: {}, words: '', digits: '', limit: 100 }],
    [{ q: '  Hello ' }, { query: {}, words: 'hello', digits: '', limit: 100 }],
    [{ q: '050 111-22' }, { query: {}, words: '050 111-22', digits: '05011122', limit: 100 }],
    [{ q: 'room 101' }, { query: {}, words: 'room 101', digits: '', limit: 100 }],
    [
      { type: 'call', direction: 'in', state: 'missed', number: '+1', provider: 'p', limit: '7', q: '' },
      {
        query: { type: 'call', direction: 'in', state: 'missed', number: '+1' },
        words: '',
        digits: '',
        provider: 'p',
        limit: 7,
      },
    ],
    [{ after: '1795255200000-3' }, { query: { untilMs: 1795255200000, skip: 3 }, words: '', digits: '', limit: 100 }],
  ]
  for (const [given, expected] of READ) {
    it(`reads ${JSON.stringify(given)}`, () => assert.deepEqual(readSearch(given), expected))
  }

  const REFUSED: readonly Record<string, unknown>[] = [
    { limit: '0' },
    { limit: '101' },
    { limit: '1.5' },
    { limit: 'all' },
    { state: 'lost' },
    { direction: 'up' },
    { type: 'letter' },
    { after: '1' },
    { after: '-1-1' },
    { after: '1e9-1' },
    { q: ['a', 'b'] },
    { q: { a: 'b' } },
    { q: 'x'.repeat(201) },
  ]
  for (const given of REFUSED) {
    it(`refuses ${JSON.stringify(given).slice(0, 40)}`, () =>
      assert.throws(() => readSearch(given), { code: 'SMS_REQUEST' }))
  }

  it('reads back any place it wrote', () => {
    fc.assert(
      fc.property(fc.nat(9e14), fc.nat(9e8), (untilMs, skip) => {
        assert.deepEqual(readSearch({ after: writeCursor({ untilMs, skip }) }).query, { untilMs, skip })
      }),
    )
  })
})
