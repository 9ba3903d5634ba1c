import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { EARLIEST_MS } from '../clock.ts'
import { SmsError } from '../errors.ts'
import { createRetention } from './retention.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

function create(days: number, old = 0, startMs = EARLIEST_MS + 40 * DAY_MS) {
  const clock = createManualClock(startMs)
  const calls: number[] = []
  const log: string[] = []
  const state = { old, fails: false }
  const retention = createRetention({
    days,
    clock,
    async prune(beforeMs, limit) {
      calls.push(beforeMs)
      if (state.fails) throw new SmsError('SMS_STORE', 's3cret')
      const pruned = Math.min(state.old, limit)
      state.old -= pruned
      return pruned
    },
    log: (_level, text) => log.push(text),
  })
  return { clock, calls, log, state, retention }
}

describe('retention', () => {
  it('deletes what is old enough, at start and each day', async () => {
    const { clock, calls, retention } = create(30)
    const startMs = clock.now()
    retention.start()
    await clock.advance(3 * DAY_MS)
    assert.deepEqual(
      calls.map(beforeMs => (beforeMs - startMs) / DAY_MS),
      [-30, -29, -28, -27],
    )
  })

  it('deletes few at a time, with room in between', async () => {
    const { clock, calls, state, retention } = create(30, 1_000)
    retention.start()
    await clock.advance(0)
    assert.equal(calls.length, 1)
    assert.ok(state.old >= 800)
    await clock.advance(10_000)
    assert.equal(state.old, 0)
    const { length } = calls
    await clock.advance(DAY_MS - 20_000)
    assert.equal(calls.length, length)
  })

  for (const days of [0, -1, Number.NaN]) {
    it(`deletes nothing after ${days} days`, async () => {
      const { clock, calls, retention } = create(days)
      retention.start()
      await clock.advance(3 * DAY_MS)
      assert.deepEqual([calls, clock.timers], [[], 0])
    })
  }

  it('deletes nothing while the clock is plainly wrong, and looks soon whether it still is', async () => {
    const { clock, calls, retention } = create(30, 10, 0)
    retention.start()
    await clock.advance(5 * HOUR_MS)
    assert.deepEqual(calls, [])
    clock.setWall(EARLIEST_MS + DAY_MS)
    await clock.advance(HOUR_MS)
    assert.equal(calls.length, 1)
  })

  it('tries again where the store fails', async () => {
    const { clock, calls, log, state, retention } = create(30)
    state.fails = true
    retention.start()
    await clock.advance(2 * HOUR_MS)
    assert.deepEqual([calls.length, log.length], [3, 3])
    assert.doesNotMatch(log.join(), /s3cret/)
    state.fails = false
    await clock.advance(HOUR_MS + DAY_MS - 1)
    assert.equal(calls.length, 4)
  })

  it('ends when it is stopped, also in the midst of deleting, and may start again', async () => {
    const { clock, calls, retention } = create(30, 10_000)
    retention.start()
    retention.stop()
    retention.start()
    retention.stop()
    await clock.advance(DAY_MS)
    assert.deepEqual([calls.length, clock.timers], [2, 0])
    retention.start()
    await clock.advance(1_000)
    retention.stop()
    const { length } = calls
    assert.ok(length > 5)
    await clock.advance(DAY_MS)
    assert.deepEqual([calls.length, clock.timers], [length, 0])
  })
})
