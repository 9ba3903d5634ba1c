import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { createInsistence } from './insist.ts'

describe('insisting', () => {
  function create() {
    const clock = createManualClock()
    const log: string[] = []
    return { clock, log, ...createInsistence(clock, (_level, text) => log.push(text)) }
  }

  it('goes on until it is done, with one line in the log however many wait', async () => {
    const { clock, log, insist } = create()
    let left = 25
    const step = async () => {
      if (left-- > 0) throw new Error('full')
      return 'done'
    }
    const results = Promise.all(Array.from({ length: 10 }, () => insist(step)))
    await clock.advance(3_000)
    assert.deepEqual(new Set(await results), new Set(['done']))
    assert.equal(log.length, 1)
    assert.equal(clock.timers, 0)
  })

  it('tells of the next failure again', async () => {
    const { clock, log, insist } = create()
    for (let i = 0; i < 2; i++) {
      let failed = false
      const done = insist(async () => {
        if (!failed) {
          failed = true
          throw new Error('full')
        }
      })
      await clock.advance(1_000)
      await done
    }
    assert.equal(log.length, 2)
  })

  it('ends undone when everything ends, also what comes later', async () => {
    const { clock, insist, close } = create()
    const pending = insist(() => Promise.reject(new Error('full')))
    await clock.advance(500)
    close()
    assert.equal(await pending, undefined)
    assert.equal(await insist(async () => 7), undefined)
    assert.equal(clock.timers, 0)
  })
})
