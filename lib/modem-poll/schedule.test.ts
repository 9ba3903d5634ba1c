import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createManualClock } from '../../test/support/clock.ts'
import { createSchedule } from './schedule.ts'

/** A schedule of ten seconds whose runs take `takesMs`, and when they began and ended. */
function scheduled(takesMs = 0, everyMs = 10_000) {
  const clock = createManualClock()
  const began: number[] = []
  const ended: number[] = []
  const rig = { clock, began, ended, isDone: true, takesMs }
  const schedule = createSchedule({
    clock,
    everyMs,
    run: () =>
      new Promise(resolve => {
        began.push(clock.steadyMs())
        clock.after(rig.takesMs, () => {
          ended.push(clock.steadyMs())
          resolve(rig.isDone)
        })
      }),
  })
  return Object.assign(rig, { schedule })
}

describe('the schedule of a poll', () => {
  it('runs now and at whole intervals, however long each takes and wherever the wall clock is set', async () => {
    const { schedule, clock, began } = scheduled(3_333)
    schedule.possible(true)
    schedule.begin()
    await clock.advance(15_000)
    clock.setWall(0)
    await clock.advance(16_000)
    assert.deepEqual(began, [0, 10_000, 20_000, 30_000])
  })

  it('leaves out what falls due while one runs', async () => {
    const { schedule, clock, began } = scheduled(25_000)
    schedule.possible(true)
    schedule.begin()
    await clock.advance(61_000)
    assert.deepEqual(began, [0, 30_000, 60_000])
  })

  it('waits until it is possible, makes up for what was missed once, and keeps its times', async () => {
    const { schedule, clock, began } = scheduled()
    schedule.begin()
    await clock.advance(34_000)
    schedule.possible(true)
    await clock.advance(0)
    schedule.possible(true)
    await clock.advance(7_000)
    assert.deepEqual(began, [34_000, 40_000])
  })

  it('tries again what could not be done, when it is possible again', async () => {
    const rig = scheduled()
    rig.isDone = false
    rig.schedule.possible(true)
    rig.schedule.begin()
    await rig.clock.advance(4_000)
    rig.isDone = true
    rig.schedule.possible(false)
    rig.schedule.possible(true)
    await rig.clock.advance(4_000)
    assert.deepEqual(rig.began, [0, 4_000])
  })

  it('does nothing after its end, and leaves no timer', async () => {
    const { schedule, clock, began } = scheduled()
    schedule.begin()
    schedule.end()
    schedule.possible(false)
    await clock.advance(60_000)
    assert.deepEqual([began, clock.timers], [[], 0])
  })

  it('waits also for intervals longer than a timer can', async () => {
    const { schedule, clock, began } = scheduled(0, 2 ** 31 * 2)
    schedule.possible(true)
    schedule.begin()
    await clock.advance(2 ** 31 * 2 + 1)
    assert.deepEqual(began, [0, 2 ** 31 * 2])
  })

  it('never runs twice at once, whatever happens', async () => {
    const step = fc.record({
      ms: fc.nat(30_000),
      isPossible: fc.boolean(),
      isDone: fc.boolean(),
      takesMs: fc.nat(25_000),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
        const rig = scheduled()
        rig.schedule.begin()
        for (const { ms, isPossible, isDone, takesMs } of steps) {
          Object.assign(rig, { isDone, takesMs })
          rig.schedule.possible(isPossible)
          await rig.clock.advance(ms)
        }
        rig.began.slice(1).forEach((atMs, i) => assert.ok(atMs >= (rig.ended[i] ?? Infinity)))
      }),
      { numRuns: 30 },
    )
  })
})
