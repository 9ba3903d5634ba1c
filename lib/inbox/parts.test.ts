import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createManualClock } from '../../test/support/clock.ts'
import { createFaultyStore } from '../../test/support/faulty-store.ts'
import { SmsError } from '../errors.ts'
import type { SmsRecord } from '../message.ts'
import type { IncomingMessage } from '../provider.ts'
import { createMemoryStore } from '../store/memory.ts'
import { createInbox } from './inbox.ts'

const HALF_AN_HOUR_MS = 30 * 60_000

function create(clock = createManualClock(), kept = createMemoryStore()) {
  const { store, faults } = createFaultyStore(kept, clock)
  const inbox = createInbox({ store, clock, log: () => {} })
  const heard: SmsRecord[] = []
  inbox.join('p')
  inbox.listen(undefined, record => void heard.push(record))
  inbox.open()
  return {
    inbox,
    clock,
    kept,
    faults,
    heard,
    texts: () => heard.map(({ text, incomplete }) => (incomplete ? `${text}…` : text)),
    part: (text: string, index: number, fields: Partial<IncomingMessage> = {}, total = 3, reference = '7') =>
      inbox.received({ id: 'p', name: 'Carrier' }, { from: '+1', text, part: { reference, index, total }, ...fields }),
    /** Ends as a killed process does: nothing more is written. */
    async restart() {
      faults.fails = () => true
      inbox.end()
      await kept.open(clock.now())
      return create(clock, kept)
    },
  }
}

describe('parts of a message', () => {
  it('make one, in whatever order they come, each acknowledged when it is stored', async () => {
    const { clock, part, heard, texts } = create()
    assert.deepEqual([await part('c', 3), await part('a', 1)], [true, true])
    await clock.advance(60_000)
    assert.deepEqual(texts(), [])
    assert.equal(await part('b', 2), true)
    await clock.advance(0)
    assert.deepEqual([texts(), heard[0]!.parts, clock.timers], [['abc'], 3, 0])
  })

  it('do so over a restart', async () => {
    const before = create()
    await before.part('a', 1)
    await before.part('b', 2)
    const { clock, part, texts } = await before.restart()
    await part('c', 3)
    await clock.advance(0)
    assert.deepEqual(texts(), ['abc'])
  })

  it('are of one sender, one reference, one provider', async () => {
    const { clock, part, texts, inbox } = create()
    await part('a', 1, {}, 2)
    await part('x', 2, { from: '+2' }, 2)
    await part('y', 2, {}, 2, '8')
    await inbox.received(
      { id: 'q', name: 'Other' },
      { from: '+1', text: 'z', part: { reference: '7', index: 2, total: 2 } },
    )
    await clock.advance(0)
    assert.deepEqual(texts(), [])
    await part('b', 2, {}, 2)
    await clock.advance(0)
    assert.deepEqual(texts(), ['ab'])
  })

  it('are told as repeats when they come again, before and after they made a message', async () => {
    const { clock, part, texts } = create()
    const same = { providerMessageId: 'x' }
    assert.deepEqual([await part('a', 1, same, 2), await part('a', 1, same, 2)], [true, false])
    assert.deepEqual(
      [await part('b', 2, same, 2), await part('b', 2, same, 2), await part('a', 1, same, 2)],
      [true, false, false],
    )
    await clock.advance(2 * HALF_AN_HOUR_MS)
    assert.deepEqual([texts(), clock.timers], [['ab'], 0])
  })

  it('that come at the same time make one message', async () => {
    const { clock, part, texts } = create()
    const parts = [1, 2, 3, 2].map(index => part('-abc'[index]!, index, { providerMessageId: 'x' }))
    const news = await Promise.all(parts)
    await clock.advance(0)
    assert.deepEqual([texts(), news], [['abc'], [true, true, true, false]])
  })

  it('that wait for too long are handed over as they are, and late ones as another', async () => {
    const { clock, part, heard, texts } = create()
    await part('c', 3)
    await clock.advance(HALF_AN_HOUR_MS - 1)
    await part('a', 1)
    await clock.advance(HALF_AN_HOUR_MS - 1)
    await part('a', 1)
    assert.deepEqual(texts(), [])
    await clock.advance(1)
    assert.deepEqual([texts(), heard[0]!.parts], [['ac…'], 3])
    await part('b', 2)
    await clock.advance(HALF_AN_HOUR_MS)
    assert.deepEqual([texts(), clock.timers], [['ac…', 'b…'], 0])
  })

  it('that come in the last moment are not too late', async () => {
    const { clock, part, texts, faults } = create()
    await part('a', 1)
    await clock.advance(HALF_AN_HOUR_MS - 100)
    faults.delayMs = method => (method === 'addFragment' ? 300 : 0)
    const coming = part('b', 2)
    await clock.advance(1_000)
    assert.equal(await coming, true)
    assert.deepEqual(texts(), [])
    void part('c', 3)
    await clock.advance(1_000)
    assert.deepEqual([texts(), clock.timers], [['abc'], 0])
  })

  it('that come while those before them are given out make another message', async () => {
    const { clock, part, texts, faults } = create()
    await part('a', 1)
    faults.delayMs = method => (method === 'receive' ? 300 : 0)
    await clock.advance(HALF_AN_HOUR_MS + 100)
    const coming = part('b', 2)
    await clock.advance(1_000)
    assert.equal(await coming, true)
    assert.deepEqual(texts(), ['a…'])
    await clock.advance(HALF_AN_HOUR_MS + 1_000)
    assert.deepEqual([texts(), clock.timers], [['a…', 'b…'], 0])
  })

  it('leave no timer behind when the inbox ends', async () => {
    const { inbox, clock, part, faults } = create()
    await part('a', 1)
    await part('x', 1, {}, 2)
    faults.fails = method => method === 'receive'
    faults.delayMs = method => (method === 'receive' ? 300 : 0)
    await clock.advance(HALF_AN_HOUR_MS + 100)
    inbox.end()
    await clock.advance(1_000)
    assert.equal(clock.timers, 0)
  })

  it('wait as long whatever becomes of the clock on the wall', async () => {
    const { clock, part, texts } = create()
    await part('a', 1)
    clock.setWall(clock.now() + 1e11)
    await clock.advance(HALF_AN_HOUR_MS - 1)
    assert.deepEqual(texts(), [])
    clock.setWall(0)
    await clock.advance(1)
    assert.deepEqual(texts(), ['a…'])
  })

  it('that were left by an earlier run are handed over too', async () => {
    const before = create()
    await before.part('a', 1)
    const { clock, texts } = await before.restart()
    await clock.advance(HALF_AN_HOUR_MS)
    assert.deepEqual(texts(), ['a…'])
  })

  it('of a later message under the same reference do not get lost in the first', async () => {
    const { clock, part, texts } = create()
    await part('a', 1, {}, 2)
    await part('x', 1, {}, 2)
    await part('y', 2, {}, 2)
    await clock.advance(0)
    assert.deepEqual(texts(), ['a…', 'xy'])
  })

  it('that say nothing that can be meant are messages', async () => {
    const { clock, part, texts } = create()
    await part('a', 4)
    await part('b', 1, {}, 1)
    await clock.advance(0)
    assert.deepEqual([texts(), clock.timers], [['a', 'b'], 0])
  })

  for (const method of ['addFragment', 'receive', 'fragmentGroups', 'dropFragments'] as const) {
    it(`are refused when ${method} fails, and make one message when their carrier comes again`, async () => {
      const { clock, part, texts, faults } = create()
      const send = async (text: string, index: number) => {
        for (let i = 0; i < 9; i++) {
          try {
            return await part(text, index, { providerMessageId: 'x' }, 2)
          } catch (error) {
            assert.ok(error instanceof SmsError)
          }
        }
        return assert.fail('refused for ever')
      }
      let failures = 3
      faults.fails = called => called === method && failures-- > 0
      await send('a', 1)
      await send('b', 2)
      await clock.advance(2 * HALF_AN_HOUR_MS)
      assert.deepEqual([texts(), clock.timers], [['ab'], 0])
    })
  }

  it('are given out once the store works again, also when their carrier does not come again', async () => {
    const { clock, part, texts, faults } = create()
    faults.fails = method => method === 'receive'
    await part('a', 1, {}, 2)
    await assert.rejects(part('b', 2, {}, 2), { code: 'SMS_STORE' })
    await clock.advance(90_000)
    assert.deepEqual(texts(), [])
    faults.fails = () => false
    await clock.advance(60_000)
    assert.deepEqual([texts(), clock.timers], [['ab'], 0])
  })

  it('make one message, wherever Node-RED ends meanwhile', async () => {
    for (const last of ['addFragment', 'receive', 'dropFragments']) {
      for (const isDone of [false, true]) {
        const before = create()
        await before.part('a', 1, { providerMessageId: 'A' }, 2)
        let isOver = false
        before.faults.fails = method => {
          if (isOver || method !== last) return isOver
          isOver = true
          return !isDone
        }
        await before.part('b', 2, { providerMessageId: 'B' }, 2).catch(() => {})
        const after = await before.restart()
        // What was not acknowledged comes again.
        await after.part('b', 2, { providerMessageId: 'B' }, 2)
        await after.clock.advance(2 * HALF_AN_HOUR_MS)
        const heard = [...before.heard, ...after.heard].filter(record => !record.redelivered)
        assert.deepEqual(
          heard.map(({ text }) => text),
          ['ab'],
          `${last} ${isDone}`,
        )
      }
    }
  })

  it('are lost never and handed over once each, whatever happens in between', async () => {
    const step = fc.record({
      kind: fc.constantFrom('part', 'part', 'part', 'again', 'fail', 'heal', 'slow', 'wait', 'timeout', 'restart'),
      message: fc.nat(3),
      index: fc.integer({ min: 1, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
        let under = create()
        const { clock } = under
        const heard: SmsRecord[] = []
        const acknowledged = new Set<string>()
        const send = async (message: number, index: number) => {
          const id = `${message}.${index} `
          await under.part(id, index, { providerMessageId: id }, 3, String(message)).then(
            () => acknowledged.add(id),
            () => {},
          )
        }
        const sending: Promise<void>[] = []
        for (const { kind, message, index } of steps) {
          if (kind === 'part' || kind === 'again') sending.push(send(message, index))
          if (kind === 'fail') under.faults.fails = () => true
          if (kind === 'heal') under.faults.fails = () => false
          if (kind === 'slow') under.faults.delayMs = () => 300
          if (kind === 'timeout') await clock.advance(HALF_AN_HOUR_MS)
          await clock.advance(kind === 'wait' ? 2_000 : 10)
          if (kind !== 'restart') continue
          const next = await under.restart()
          await clock.advance(2_000)
          heard.push(...under.heard)
          under = next
        }
        under.faults.fails = () => false
        await clock.advance(3 * HALF_AN_HOUR_MS)
        await Promise.all(sending)
        heard.push(...under.heard)
        const texts = heard.filter(record => !record.redelivered).flatMap(({ text }) => text.match(/\S+ /g) ?? [])
        assert.equal(new Set(texts).size, texts.length)
        for (const id of acknowledged) assert.ok(texts.includes(id) || heard.some(({ text }) => text.includes(id)), id)
        for (const { text, incomplete } of heard) assert.equal(incomplete === undefined, text.split(' ').length === 4)
        assert.equal(clock.timers, 0)
      }),
      { numRuns: 200 },
    )
  })
})
