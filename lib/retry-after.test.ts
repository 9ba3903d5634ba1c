import assert from 'node:assert/strict'
import { parseRetryAfter } from './retry-after.ts'

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 10, 21, 10)
  const cases: readonly [value: string | undefined, ms: number | undefined][] = [
    ['0', 0],
    ['7', 7_000],
    [' 7 ', 7_000],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 09:59:30 GMT', undefined],
    ['99999999999', 900_000],
    ['9'.repeat(400), undefined],
    ['soon', undefined],
    ['-1', undefined],
    ['', undefined],
    [undefined, undefined],
  ]
  for (const [value, ms] of cases) {
    it(`${value?.slice(0, 40)} is ${ms}`, () => assert.equal(parseRetryAfter(value, nowMs), ms))
  }
})
