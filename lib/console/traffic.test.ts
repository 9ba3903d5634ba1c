import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { NOW_MS } from '../../test/support/message.ts'
import { createTraffic, readBounds } from './traffic.ts'

const HOUR_MS = 3_600_000

describe('traffic', () => {
  it('is counted between each two bounds, and what is long ago not again for a while', async () => {
    const clock = createManualClock()
    const asked: number[][] = []
    const counts = async (...bounds: number[]) => {
      asked.push(bounds)
      return { delivered: asked.length }
    }
    const traffic = createTraffic({ counts }, clock)
    const [old, recent, end] = [NOW_MS - 9 * HOUR_MS, NOW_MS - 5 * HOUR_MS, NOW_MS + 1]
    assert.deepEqual(await traffic([old, recent, end]), [
      { fromMs: old, counts: { delivered: 1 } },
      { fromMs: recent, counts: { delivered: 2 } },
    ])
    await clock.advance(4_999)
    await traffic([old, recent, end])
    assert.equal(asked.length, 2)
    await clock.advance(1)
    await traffic([old, recent, end])
    assert.deepEqual(asked.slice(2), [[recent, end]])
    await clock.advance(120_000)
    await traffic([old, recent, end])
    assert.equal(asked.length, 5)
  })

  const WRONG = [
    undefined,
    '',
    '1',
    'a,b',
    '2,1',
    '1,1',
    '-1,2',
    '1.5,2',
    ['1,2'],
    Array.from({ length: 34 }, (_, i) => i).join(),
  ]
  for (const given of WRONG) {
    it(`has no bounds in ${JSON.stringify(given)?.slice(0, 30)}`, () =>
      assert.throws(() => readBounds(given), { code: 'SMS_REQUEST' }))
  }
  it('reads bounds', () => assert.deepEqual(readBounds('0,1,20'), [0, 1, 20]))
})
