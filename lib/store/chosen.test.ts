import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { SmsError } from '../errors.ts'
import { createChosenStore } from './chosen.ts'
import { createMemoryStore } from './memory.ts'
import type { Store } from './store.ts'

function chosenStore() {
  const clock = createManualClock()
  const warnings: string[] = []
  return { clock, warnings, store: createChosenStore(clock, (_level, text) => void warnings.push(text)) }
}

describe('the chosen store', () => {
  it('lets calls wait until an engine is open', async () => {
    const { store } = chosenStore()
    const setting = store.setNote('a', 'b', 'c')
    await store.choose(createMemoryStore())
    await setting
    assert.equal(await store.note('a', 'b'), 'c')
  })

  it('closes the engine it leaves', async () => {
    const { store } = chosenStore()
    const first = createMemoryStore()
    await store.choose(first)
    await store.choose(createMemoryStore())
    await assert.rejects(first.note('a', 'b'), /not open/)
    assert.equal(await store.note('a', 'b'), undefined)
  })

  it('tells why an engine does not open, with every call, and opens it when it can be', async () => {
    const { store, clock, warnings } = chosenStore()
    let isLocked = true
    const engine: Store = {
      ...createMemoryStore(),
      async open() {
        if (isLocked) throw new SmsError('SMS_CONFIG', 'another Node-RED has the file')
      },
    }
    const early = store.note('a', 'b')
    await Promise.all([store.choose(engine), assert.rejects(early, /another Node-RED has the file/)])
    await assert.rejects(store.note('a', 'b'), { code: 'SMS_CONFIG' })
    isLocked = false
    await clock.advance(5_000)
    assert.equal(await store.note('a', 'b'), undefined)
    assert.deepEqual(warnings, ['another Node-RED has the file'])
  })

  it('survives an engine that does not open while nobody calls', async () => {
    const { store, warnings } = chosenStore()
    const engine: Store = {
      ...createMemoryStore(),
      open() {
        throw new SmsError('SMS_STORE', 'at once')
      },
    }
    await store.choose(engine)
    assert.deepEqual(warnings, ['at once'])
    await assert.rejects(store.note('a', 'b'), /at once/)
  })

  it('does not come back to an engine that was given up', async () => {
    const { store, clock } = chosenStore()
    let opens = 0
    const engine: Store = {
      ...createMemoryStore(),
      async open() {
        opens += 1
        throw new SmsError('SMS_STORE', 'away')
      },
    }
    await store.choose(engine)
    await store.choose(createMemoryStore())
    await clock.advance(60_000)
    assert.deepEqual([opens, clock.timers], [1, 0])
  })
})
