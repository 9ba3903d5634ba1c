import assert from 'node:assert/strict'
import fc from 'fast-check'
import { axisTop, boundsOf, tally } from './scale.ts'

describe('the chart of the console', () => {
  for (const [most, top] of [
    [0, 5],
    [5, 5],
    [6, 10],
    [11, 20],
    [21, 50],
    [99_999, 100_000],
  ] as const) {
    it(`has ${top} at the top for ${most}`, () => assert.equal(axisTop(most), top))
  }

  it('has no bar higher than its axis, and none lower than a third of it where there are many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 1e9 }), most => axisTop(most) >= most && axisTop(most) < 2.5 * most + 1),
    )
  })

  it('tells outcomes apart', () => {
    const sums = tally([
      { delivered: 2, accepted: 1, queued: 1 },
      { failed: 1, cancelled: 1, unknown: 3, received: 4, missed: 1 },
    ])
    assert.deepEqual(sums, { received: 5, done: 3, open: 1, doubt: 3, failed: 2 })
  })

  it('has bounds one after the other, the last of them after now', () => {
    const anyTime = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(fc.constantFrom('day' as const, 'month' as const), anyTime, (range, now) => {
        const bounds = boundsOf(range, now)
        assert.equal(bounds.length, range === 'day' ? 25 : 31)
        assert.ok(bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] ?? Infinity)))
        assert.ok(bounds.at(-1)! > now.getTime() && bounds.at(-2)! <= now.getTime())
      }),
    )
  })
})
