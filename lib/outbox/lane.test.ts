import assert from 'node:assert/strict'
import fc from 'fast-check'
import { fakeCarrier, never } from '../../test/support/carrier.ts'
import { createManualClock } from '../../test/support/clock.ts'
import { createOutboxUnderTest } from '../../test/support/outbox.ts'
import { SmsError } from '../errors.ts'
import type { Provider } from '../provider.ts'

const down = new SmsError('SMS_CONNECTION', 'no line')

describe('lane', () => {
  it('goes as wide as its pace says, and no wider', async () => {
    const { outbox, clock, submit } = createOutboxUnderTest()
    let [inFlight, widest] = [0, 0]
    const send = async () => {
      widest = Math.max(widest, ++inFlight)
      await new Promise<void>(resolve => clock.after(100, resolve))
      inFlight -= 1
      return {}
    }
    const carrier = fakeCarrier({ pace: { concurrency: 7 }, send })
    outbox.attach('p', carrier)
    await submit(Array.from({ length: 70 }, (_, i) => String(i)))
    await clock.advance(1_000)
    assert.deepEqual([widest, carrier.calls.length, inFlight], [7, 70, 0])
  })

  const widths: [concurrency: unknown, width: number][] = [
    [0, 0],
    [0.5, 1],
    [2.9, 2],
    [-3, 1],
    [Number.NaN, 1],
    [undefined, 1],
    ['many', 1],
    [Infinity, 1_000],
  ]
  for (const [concurrency, width] of widths) {
    it(`takes a concurrency of ${String(concurrency)} for ${width}`, async () => {
      const { outbox, clock, submit } = createOutboxUnderTest()
      const carrier = fakeCarrier({ pace: { concurrency: concurrency as number }, send: () => never() })
      outbox.attach('p', carrier)
      await submit(Array.from({ length: 1_100 }, (_, i) => String(i)))
      await clock.advance(0)
      assert.equal(carrier.calls.length, width)
    })
  }

  it('goes as fast as its pace says, after a burst of a second', async () => {
    const { outbox, clock, submit } = createOutboxUnderTest()
    const carrier = fakeCarrier({ pace: { concurrency: 100, perSecond: 5 } })
    outbox.attach('p', carrier)
    await submit(Array.from({ length: 30 }, (_, i) => String(i)))
    const counts = []
    for (let i = 0; i < 4; i++) {
      await clock.advance(i === 0 ? 0 : 1_000)
      counts.push(carrier.calls.length)
    }
    assert.deepEqual(counts, [5, 10, 15, 20])
  })

  it('keeps 6 a minute also when the clock is set back', async () => {
    const { outbox, clock, submit } = createOutboxUnderTest()
    const carrier = fakeCarrier({ pace: { concurrency: 1, perSecond: 0.1 } })
    outbox.attach('p', carrier)
    await submit(['a', 'b', 'c'])
    await clock.advance(5_000)
    clock.setWall(clock.now() - 86_400_000)
    await clock.advance(5_000)
    assert.equal(carrier.calls.length, 2)
    await clock.advance(10_000)
    assert.equal(carrier.calls.length, 3)
  })

  describe('while its carrier is out of reach', () => {
    it('tries with one, rests longer each time, and then goes on with all', async () => {
      const { outbox, clock, submit, states, lanes } = createOutboxUnderTest()
      const startMs = clock.now()
      const calls: number[] = []
      let isDown = true
      const send = async () => {
        calls.push((clock.now() - startMs) / 1000)
        if (isDown) throw down
        return {}
      }
      outbox.attach('p', fakeCarrier({ pace: { concurrency: 10 }, send }))
      const ids = await submit(Array.from({ length: 20 }, (_, i) => String(i)))
      await clock.advance(20_000)
      // Ten at once; then the head alone, and from its third failure on the next one too.
      assert.deepEqual(calls, [...Array.from({ length: 10 }, () => 0), 1, 3, 3, 11, 11])
      assert.deepEqual(lanes.at(-1), { error: down, failures: 6 })
      isDown = false
      await clock.advance(60_000)
      assert.deepEqual(new Set(await states(ids)), new Set(['accepted']))
      assert.deepEqual(lanes.at(-1), { error: undefined, failures: 0 })
      assert.equal(clock.timers, 0)
    })

    it('is not burnt through: a silent carrier leaves few in doubt', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      const send = () => never<object>()
      outbox.attach('p', fakeCarrier({ pace: { concurrency: 5 }, send }))
      const ids = await submit(Array.from({ length: 500 }, (_, i) => String(i)))
      await clock.advance(3_600_000)
      const unknown = (await states(ids)).filter(state => state.startsWith('unknown'))
      assert.ok(unknown.length <= 55, String(unknown.length))
    })

    it('rests as long as a 429 asks for, whatever was taken before', async () => {
      const { outbox, clock, submit } = createOutboxUnderTest()
      const startMs = clock.now()
      const calls: number[] = []
      const send = async () => {
        const nth = calls.push(clock.now() - startMs)
        await new Promise<void>(resolve => clock.after(nth === 1 ? 100 : 10, resolve))
        if (nth === 2) throw new SmsError('SMS_LIMITS', 'slow down', { retryAfterMs: 20_000 })
        return {}
      }
      outbox.attach('p', fakeCarrier({ pace: { concurrency: 2 }, send }))
      await submit(['a', 'b', 'c', 'd'])
      await clock.advance(20_009)
      assert.deepEqual(calls, [0, 0])
      await clock.advance(1_000)
      assert.deepEqual(calls, [0, 0, 20_010, 20_020, 20_020])
    })

    it('keeps the order at one at a time, however long it lasts and whatever comes meanwhile', async () => {
      const steps = fc.array(fc.record({ waitMs: fc.nat(40_000), down: fc.boolean(), submits: fc.nat(2) }), {
        minLength: 1,
        maxLength: 12,
      })
      await fc.assert(
        fc.asyncProperty(steps, fc.nat(2), async (steps, takesMs) => {
          const { outbox, clock, submit } = createOutboxUnderTest()
          let isDown = false
          const taken: number[] = []
          const send: Provider['send'] = async ({ text }) => {
            // A carrier that is out of reach says so at once: then no answer falls into the moment it comes back.
            if (isDown) throw down
            await new Promise<void>(resolve => clock.after(takesMs, resolve))
            taken.push(Number(text))
            return {}
          }
          outbox.attach('p', fakeCarrier({ send }))
          let submitted = 0
          for (const step of steps) {
            isDown = step.down
            for (let i = 0; i < step.submits; i++) await submit([String(submitted++)])
            await clock.advance(step.waitMs)
          }
          isDown = false
          await clock.advance(3_600_000)
          assert.deepEqual(
            taken,
            Array.from({ length: submitted }, (_, i) => i),
          )
        }),
        { numRuns: 60 },
      )
    })

    it('keeps the order over a redeploy that brings the carrier back', async () => {
      const { outbox, clock, submit } = createOutboxUnderTest()
      const attachment = outbox.attach('p', fakeCarrier({ send: async () => Promise.reject(down) }))
      await submit(['a', 'b', 'c'])
      await clock.advance(120_000)
      void attachment.close()
      await clock.advance(1_000)
      const carrier = fakeCarrier()
      outbox.attach('p', carrier)
      await clock.advance(0)
      assert.deepEqual(
        carrier.calls.map(({ text }) => text),
        ['a', 'b', 'c'],
      )
    })
  })

  describe('with a message that always fails as if the carrier did', () => {
    for (const [code, endsAs, hours] of [
      ['SMS_CONNECTION', 'expired SMS_EXPIRED', 24],
      ['SMS_SERVER', 'failed SMS_SERVER', 1],
      ['SMS_LIMITS', 'failed SMS_LIMITS', 1],
    ] as const) {
      it(`${code}: the others pass within seconds, and it ends as ${endsAs}`, async () => {
        const { outbox, clock, submit, states } = createOutboxUnderTest()
        const send: Provider['send'] = async ({ text }) => {
          if (text === 'poison') throw new SmsError(code, 'always')
          return {}
        }
        const carrier = fakeCarrier({ send })
        outbox.attach('p', carrier)
        const [poison] = await submit(['poison'])
        const others = await submit(Array.from({ length: 50 }, (_, i) => String(i)))
        await clock.advance(4_000)
        assert.deepEqual(new Set(await states(others)), new Set(['accepted']))
        // Nor does it hold up what comes later: once it was tried again, all is well at once.
        for (let i = 0; i < 20; i++) {
          const later = await submit(['x', 'y'])
          await clock.advance(10_000)
          assert.deepEqual(await states(later), ['accepted', 'accepted'], String(i))
        }
        await clock.advance(hours * 3_600_000 + 600_000)
        assert.deepEqual(await states([poison!]), [endsAs])
        assert.ok(carrier.calls.length < 1_600, String(carrier.calls.length))
        assert.equal(clock.timers, 0)
      })
    }

    it('a 429 that asks for ten minutes each time: the others pass all the same', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      const send: Provider['send'] = async ({ text }) => {
        if (text === 'poison') throw new SmsError('SMS_LIMITS', 'always', { retryAfterMs: 1e12 })
        return {}
      }
      outbox.attach('p', fakeCarrier({ send }))
      await submit(['poison'])
      const others = await submit(['a', 'b'])
      await clock.advance(20 * 60_000)
      assert.deepEqual(await states(others), ['accepted', 'accepted'])
    })
  })

  it('lets one that was refused for itself wait alone', async () => {
    const { outbox, clock, submit, states } = createOutboxUnderTest()
    const send: Provider['send'] = async ({ text }) => {
      if (text === 'a') throw new SmsError('SMS_SEND', 'handset full', { retryable: true })
      return {}
    }
    const carrier = fakeCarrier({ send })
    outbox.attach('p', carrier)
    const ids = await submit(['a', 'b'])
    await clock.advance(0)
    assert.deepEqual(await states(ids), ['queued SMS_SEND', 'accepted'])
    await clock.advance(60_000)
    assert.deepEqual([carrier.calls.length, await states(ids)], [6, ['failed SMS_SEND', 'accepted']])
  })

  describe('with a store that fails', () => {
    it('tells it, tries again, and tells when all is well', async () => {
      const { outbox, clock, submit, states, faults, lanes } = createOutboxUnderTest()
      faults.fails = method => method === 'take'
      const ids = await submit(['a'])
      outbox.attach('p', fakeCarrier())
      await clock.advance(3_500)
      assert.deepEqual(await states(ids), ['queued'])
      assert.equal(lanes.at(-1)?.error?.code, 'SMS_STORE')
      faults.fails = () => false
      await clock.advance(1_000)
      assert.deepEqual(await states(ids), ['accepted'])
      assert.equal(lanes.at(-1)?.error, undefined)
    })

    for (const method of ['take', 'nextDue', 'retryNow', 'change'] as const) {
      it(`in ${method} sends each message once, when it works again`, async () => {
        const { outbox, clock, submit, states, faults, log } = createOutboxUnderTest()
        const carrier = fakeCarrier({ pace: { concurrency: 3 } })
        outbox.attach('p', carrier)
        let failures = 20
        faults.fails = called => called === method && failures-- > 0
        const ids = await submit(Array.from({ length: 10 }, (_, i) => String(i)))
        await clock.advance(60_000)
        assert.deepEqual(new Set(await states(ids)), new Set(['accepted']))
        assert.equal(carrier.calls.length, 10)
        assert.ok(log.length <= 2, log.join('\n'))
        assert.equal(clock.timers, 0)
      })
    }
  })

  it('is quiet where there is nothing to do', async () => {
    const clock = createManualClock()
    const { outbox } = createOutboxUnderTest(clock)
    outbox.attach('p', fakeCarrier())
    await clock.advance(3_600_000)
    assert.equal(clock.timers, 0)
  })
})
