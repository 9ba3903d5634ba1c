import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isoTime, systemClock } from './clock.ts'

describe('clock', () => {
  it('writes times as ISO 8601, also the same one twice', () => {
    const times = fc.array(fc.constantFrom(0, 1, 1_700_000_000_000, 1_700_000_000_001))
    fc.assert(
      fc.property(times, all => {
        for (const ms of all) assert.equal(isoTime(ms), new Date(ms).toISOString())
      }),
    )
  })

  it('runs a timer once, not at all when cancelled, and a very long one not at once', async () => {
    const ran: string[] = []
    const cancels = [
      systemClock.after(0, () => ran.push('now')),
      systemClock.after(1e12, () => ran.push('in 30 years')),
    ]
    systemClock.after(1, () => ran.push('cancelled'))()
    await new Promise(resolve => systemClock.after(5, () => resolve(undefined)))
    for (const cancel of cancels) cancel()
    assert.deepEqual(ran, ['now'])
  })

  it('goes steadily forward', () => {
    const before = systemClock.steadyMs()
    assert.ok(systemClock.steadyMs() >= before)
  })
})
