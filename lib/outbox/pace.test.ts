import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createBucket } from './pace.ts'

describe('pace', () => {
  for (const none of [undefined, 0, -1, Number.NaN, Infinity]) {
    it(`${none} is no limit`, () => {
      const bucket = createBucket(none)
      bucket.spend(1_000)
      assert.deepEqual([bucket.available(0), bucket.waitMs(0)], [Infinity, 0])
    })
  }

  it('lets a burst of a second through, then one by one', () => {
    const bucket = createBucket(10)
    assert.equal(bucket.available(0), 10)
    bucket.spend(10)
    assert.deepEqual([bucket.available(0), bucket.waitMs(0)], [0, 100])
    assert.equal(bucket.available(99), 0)
    assert.equal(bucket.available(100), 1)
    assert.equal(bucket.available(60_000), 10)
  })

  it('paces less than one a second', () => {
    const bucket = createBucket(6 / 60)
    assert.equal(bucket.available(0), 1)
    bucket.spend(1)
    assert.equal(bucket.waitMs(0), 10_000)
    assert.equal(bucket.available(9_999), 0)
    assert.equal(bucket.available(10_000), 1)
  })

  it('never lets more through than the rate and one burst, and always something after the wait it named', () => {
    const rates = fc.double({ min: 0.01, max: 500, noNaN: true })
    fc.assert(
      fc.property(rates, fc.array(fc.nat(3_000), { minLength: 1 }), (perSecond, steps) => {
        const bucket = createBucket(perSecond)
        let [nowMs, spent] = [0, 0]
        for (const stepMs of steps) {
          nowMs += stepMs
          const available = bucket.available(nowMs)
          assert.ok(available > 0 || bucket.waitMs(nowMs) > 0)
          bucket.spend(available)
          spent += available
          assert.ok(spent <= Math.max(1, perSecond) + (perSecond * nowMs) / 1000 + 1e-6)
        }
        nowMs += bucket.waitMs(nowMs)
        assert.ok(bucket.available(nowMs) >= 1)
      }),
    )
  })
})
