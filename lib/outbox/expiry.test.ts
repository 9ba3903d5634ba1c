import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { NOW_MS, sending } from '../../test/support/message.ts'
import { draftMessage } from './draft.ts'
import { createExpiry } from './expiry.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

describe('expiry', () => {
  const tenMinutes = (nowMs: number) => draftMessage(sending({ validityMs: 10 * MINUTE_MS }), nowMs)

  it('comes when the validity is over', async () => {
    const clock = createManualClock(NOW_MS)
    const isExpired = createExpiry(clock)
    const message = tenMinutes(clock.now())
    await clock.advance(10 * MINUTE_MS - 1)
    assert.equal(isExpired(message), false)
    await clock.advance(1)
    assert.equal(isExpired(message), true)
  })

  it('counts a day where nothing is said, and from the scheduled time', async () => {
    const clock = createManualClock(NOW_MS)
    const isExpired = createExpiry(clock)
    const messages = [
      draftMessage(sending(), clock.now()),
      draftMessage(sending({ notBeforeMs: NOW_MS + 5 * HOUR_MS, validityMs: HOUR_MS }), clock.now()),
    ]
    await clock.advance(6 * HOUR_MS - 1)
    assert.deepEqual(messages.map(isExpired), [false, false])
    await clock.advance(1)
    assert.deepEqual(messages.map(isExpired), [false, true])
    await clock.advance(18 * HOUR_MS)
    assert.deepEqual(messages.map(isExpired), [true, true])
  })

  it('is not believed of a message younger than the process, when the clock is set forth', async () => {
    const clock = createManualClock(NOW_MS)
    const old = tenMinutes(NOW_MS - MINUTE_MS)
    const isExpired = createExpiry(clock)
    await clock.advance(MINUTE_MS)
    const young = tenMinutes(clock.now())
    clock.setWall(NOW_MS + 72 * HOUR_MS)
    assert.deepEqual([isExpired(old), isExpired(young)], [true, false])
    await clock.advance(10 * MINUTE_MS)
    assert.equal(isExpired(young), true)
  })

  it('is not believed by a clock that stood before the build, whenever the message was stored', async () => {
    const message = tenMinutes(1_000)
    const clock = createManualClock(NOW_MS)
    const isExpired = createExpiry(clock)
    assert.equal(isExpired(message), false)
    await clock.advance(10 * MINUTE_MS)
    assert.equal(isExpired(message), true)
  })

  it('does not come while the clock is plainly early', () => {
    const clock = createManualClock(1_000)
    assert.equal(createExpiry(clock)(tenMinutes(NOW_MS)), false)
  })
})
