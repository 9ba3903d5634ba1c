import assert from 'node:assert/strict'
import { interleave, median } from './compare.ts'

describe('bench: comparing', () => {
  const cases: readonly (readonly [values: readonly number[], expected: number])[] = [
    [[], NaN],
    [[3], 3],
    [[10, 9, 100], 10],
    [[4, 1, 3, 2], 2.5],
    [[1, 1, 1, 1000], 1],
  ]
  for (const [values, expected] of cases) {
    it(`takes ${expected} for the median of ${values.join(', ') || 'nothing'}`, () => {
      assert.equal(median(values), expected)
    })
  }

  it('takes turns, leaves the warm-up out, and compares within a round', async () => {
    const order: string[] = []
    // The machine is twice as slow in every later round; in each, ours is three times the peer's.
    const speeds = { ours: [1, 30, 15, 7.5], peer: [1000, 10, 5, 2.5] }
    const measure = (side: 'ours' | 'peer') => () => {
      order.push(side)
      return { rate: speeds[side].shift()! }
    }
    const { rate } = await interleave(3, measure('ours'), measure('peer'))
    assert.deepEqual(rate, { ours: 15, peer: 5, ratio: 3 })
    assert.deepEqual(order, ['peer', 'ours', 'ours', 'peer', 'peer', 'ours', 'ours', 'peer'])
  })
})
