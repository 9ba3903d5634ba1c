import assert from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { readSince } from './since.ts'

const NOW_MS = Date.UTC(2026, 10, 21, 10)
const HOUR_MS = 3_600_000

describe('readSince', () => {
  const rows: [given: unknown, ms: number][] = [
    ['24h', NOW_MS - 24 * HOUR_MS],
    [' 7 D ', NOW_MS - 7 * 24 * HOUR_MS],
    ['90m', NOW_MS - 1.5 * HOUR_MS],
    ['1.5h', NOW_MS - 1.5 * HOUR_MS],
    ['30s', NOW_MS - 30_000],
    ['2w', NOW_MS - 14 * 24 * HOUR_MS],
    ['0h', NOW_MS],
    ['2026-11-20T10:00:00.000Z', NOW_MS - 24 * HOUR_MS],
    ['2026-11-20t10:00z', NOW_MS - 24 * HOUR_MS],
    ['2026-11-20 12:00:00+02:00', NOW_MS - 24 * HOUR_MS],
    ['2026-11-20 10:00:00', new Date(2026, 10, 20, 10).getTime()],
    ['2026-11-20', new Date(2026, 10, 20).getTime()],
    ['2024-02-29', new Date(2024, 1, 29).getTime()],
    ['1970-01-01T00:00Z', 0],
    [NOW_MS, NOW_MS],
    [String(NOW_MS), NOW_MS],
    [0, 0],
    ['0', 0],
    [new Date(NOW_MS), NOW_MS],
    [runInNewContext(`new Date(${NOW_MS})`), NOW_MS],
  ]
  for (const [given, ms] of rows) {
    it(`takes ${given instanceof Date ? 'a date' : JSON.stringify(given)}`, () => {
      assert.equal(readSince(given, NOW_MS), ms)
    })
  }

  // prettier-ignore
  const refused: unknown[] = [
    'yesterday', '24', '24 hours', '-24h', 'h', '1e3h', '99999999999d', '20261120', '', '9'.repeat(400),
    '2026-02-30', '2025-02-29', '2026-13-01', '2026-11-20T25:00', '2026-11-20 10', '20.11.2026', '2026-11-20T10:00+2',
    24, NOW_MS / 1000, -1, NaN, Infinity, 1e17, true, null, undefined, {}, [], new Date(NaN),
  ]
  for (const given of refused) {
    it(`refuses ${String(given).slice(0, 30) || 'nothing'} (${typeof given})`, () => {
      assert.equal(readSince(given, NOW_MS), undefined)
    })
  }

  it('reads what a date writes', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), date => {
        assert.equal(readSince(date.toISOString(), NOW_MS), date.getTime())
      }),
    )
  })
})
