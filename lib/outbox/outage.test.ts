import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { SmsError } from '../errors.ts'
import { createOutage } from './outage.ts'

const down = new SmsError('SMS_CONNECTION', 'no line')
const limited = new SmsError('SMS_LIMITS', 'slow down')
const refused = new SmsError('SMS_SEND', 'no such number')

const create = () => {
  const clock = createManualClock()
  return { clock, outage: createOutage(clock, () => 0) }
}

describe('an outage', () => {
  it('makes the lane rest, longer each time, until something is answered', async () => {
    const { clock, outage } = create()
    const rests = []
    for (let i = 0; i < 3; i++) {
      outage.ended(down, 1, outage.failures)
      rests.push(outage.restMs())
      await clock.advance(outage.restMs())
    }
    assert.deepEqual([rests, outage.failures, outage.error], [[1_000, 2_000, 4_000], 3, down])
    outage.ended('answered', 1, outage.failures)
    assert.deepEqual([outage.restMs(), outage.failures, outage.error], [0, 0, undefined])
  })

  it('counts attempts that were in flight together as one failure', () => {
    const { outage } = create()
    for (let i = 0; i < 50; i++) outage.ended(down, 1, 0)
    assert.deepEqual([outage.failures, outage.restMs()], [1, 1_000])
  })

  it('is over with any answer, also a refusal', () => {
    for (const answer of ['answered', refused] as const) {
      const { outage } = create()
      outage.ended(down, 1, 0)
      outage.ended(answer, 1, 0)
      assert.deepEqual([outage.restMs(), outage.failures], [0, 0])
    }
  })

  it('that is a limit is not over with what was taken before it', () => {
    const { outage } = create()
    outage.ended(limited, 1, 0)
    outage.ended('answered', 1, 0)
    assert.deepEqual([outage.restMs(), outage.failures], [500, 1])
    outage.ended('answered', 1, 1)
    assert.equal(outage.failures, 0)
  })

  it('is not told of by what was not tried', () => {
    const { outage } = create()
    outage.ended('untried', 1, 0)
    assert.equal(outage.failures, 0)
    outage.ended(down, 1, 0)
    outage.ended('untried', 1, 1)
    assert.deepEqual([outage.failures, outage.restMs()], [1, 1_000])
  })

  it('with a message that failed often is asked of the next before the lane rests', () => {
    const { outage } = create()
    outage.ended(down, 3, 0)
    assert.equal(outage.restMs(), 0)
    outage.ended(down, 1, 1)
    assert.equal(outage.restMs(), 2_000)
    outage.noneLeft()
    assert.equal(outage.restMs(), 2_000)
  })

  it('asks one other at most, however often that one has failed', () => {
    const { outage } = create()
    outage.ended(down, 9, 0)
    outage.ended(down, 8, 1)
    assert.equal(outage.restMs(), 2_000)
  })

  it('makes the lane rest where there is no other', () => {
    const { outage } = create()
    outage.ended(down, 3, 0)
    outage.noneLeft()
    assert.equal(outage.restMs(), 1_000)
  })

  it('does not make an idle lane rest', () => {
    const { outage } = create()
    outage.noneLeft()
    assert.equal(outage.restMs(), 0)
  })

  it('lasts as long as the carrier asks, and by a clock that nobody sets', async () => {
    const { clock, outage } = create()
    outage.ended(new SmsError('SMS_LIMITS', 'slow down', { retryAfterMs: 20_000 }), 1, 0)
    clock.setWall(clock.now() - 3_600_000)
    await clock.advance(19_999)
    assert.equal(outage.restMs(), 1)
    await clock.advance(1)
    assert.equal(outage.restMs(), 0)
  })
})
