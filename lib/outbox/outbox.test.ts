import assert from 'node:assert/strict'
import { fakeCarrier, never } from '../../test/support/carrier.ts'
import { createOutboxUnderTest } from '../../test/support/outbox.ts'
import { SmsError } from '../errors.ts'
import type { Provider, Settlement } from '../provider.ts'

const MINUTE_MS = 60_000

describe('outbox', () => {
  it('commits, sends and tells each step of it', async () => {
    const { outbox, clock, submit, changes, lanes, record } = createOutboxUnderTest()
    const carrier = fakeCarrier({ send: async () => ({ providerMessageId: 'SM1', from: 'Shop' }) })
    outbox.attach('p', carrier)
    const [id] = await submit(['Hello'])
    await clock.advance(0)
    const { state, providerMessageId, from, sentAt } = await record(id!)
    assert.deepEqual([state, providerMessageId, from, sentAt], ['accepted', 'SM1', 'Shop', '2026-11-21T10:00:00.000Z'])
    assert.deepEqual(changes, ['Hello: queued', 'Hello: sending', 'Hello: accepted'])
    assert.deepEqual(lanes, [{ error: undefined, failures: 0 }])
  })

  it('tells the steps of a message in their order, however busy the lane is', async () => {
    const { outbox, clock, submit, changes } = createOutboxUnderTest()
    const send = () => new Promise<object>(resolve => clock.after(1, () => resolve({})))
    outbox.attach('p', fakeCarrier({ pace: { concurrency: 3 }, send }))
    const submitting = Array.from({ length: 100 }, async (_, i) => {
      await new Promise<void>(resolve => clock.after(i % 17, resolve))
      await submit([`${i}.`])
    })
    await clock.advance(1_000)
    await Promise.all(submitting)
    for (let i = 0; i < 100; i++) {
      const steps = changes.filter(change => change.startsWith(`${i}.`)).map(change => change.split(': ')[1])
      // Where there was room at once it was not queued.
      const queued = steps[0] === 'queued' ? ['queued'] : []
      assert.deepEqual(steps, [...queued, 'sending', 'accepted'])
    }
  })

  it('gives the carrier the id, when it was tried, and what is left of the validity where one was named', async () => {
    const { outbox, clock, submit } = createOutboxUnderTest()
    const carrier = fakeCarrier()
    const ids = await submit(['a'], { validityMs: 10 * MINUTE_MS })
    await clock.advance(3.5 * MINUTE_MS)
    outbox.attach('p', carrier)
    const more = await submit(['b'])
    await clock.advance(0)
    const [a, b] = carrier.calls
    assert.deepEqual([a?.id, b?.id], [...ids, ...more])
    assert.deepEqual([a?.validityMinutes, b?.validityMinutes], [7, undefined])
    assert.deepEqual([a?.createdAtMs, a?.attemptedAtMs], [clock.now() - 3.5 * MINUTE_MS, clock.now()])
  })

  it('sends what waited when its provider comes', async () => {
    const { outbox, clock, submit, states } = createOutboxUnderTest()
    const ids = await submit(['a', 'b'])
    await clock.advance(MINUTE_MS)
    assert.deepEqual([await outbox.waiting('p'), await states(ids)], [2, ['queued', 'queued']])
    outbox.attach('p', fakeCarrier())
    await clock.advance(0)
    assert.deepEqual([await outbox.waiting('p'), await states(ids)], [0, ['accepted', 'accepted']])
  })

  it('sends once for one idempotency key', async () => {
    const { outbox, clock, submit, states } = createOutboxUnderTest()
    const carrier = fakeCarrier()
    outbox.attach('p', carrier)
    const first = await submit(['a'], { idempotencyKey: 'k' })
    const again = await Promise.all([submit(['a'], { idempotencyKey: 'k' }), submit(['a'], { idempotencyKey: 'k' })])
    await clock.advance(0)
    assert.deepEqual(again, [first, first])
    assert.deepEqual([carrier.calls.length, await states(first)], [1, ['accepted']])
    assert.equal((await outbox.wait(first[0]!, 'accepted', 1_000)).id, first[0])
  })

  it('sends the urgent first, the scheduled in its time, the rest in order', async () => {
    const { outbox, clock, submit } = createOutboxUnderTest()
    const carrier = fakeCarrier()
    await submit(['a', 'b'])
    await submit(['later'], { notBeforeMs: clock.now() + MINUTE_MS })
    await submit(['alarm'], { priority: 10 })
    outbox.attach('p', carrier)
    await clock.advance(MINUTE_MS - 1)
    const texts = () => carrier.calls.map(({ text }) => text)
    assert.deepEqual(texts(), ['alarm', 'a', 'b'])
    await clock.advance(1)
    assert.deepEqual(texts(), ['alarm', 'a', 'b', 'later'])
  })

  it('looks at a schedule again when the clock is set forth meanwhile', async () => {
    const { outbox, clock, submit } = createOutboxUnderTest()
    const carrier = fakeCarrier()
    await submit(['later'], { notBeforeMs: clock.now() + 24 * 60 * MINUTE_MS })
    outbox.attach('p', carrier)
    await clock.advance(0)
    clock.setWall(clock.now() + 24 * 60 * MINUTE_MS)
    await clock.advance(MINUTE_MS)
    assert.equal(carrier.calls.length, 1)
  })

  it('goes on at once with all when the clock is set back meanwhile', async () => {
    const { outbox, clock, submit } = createOutboxUnderTest()
    const send = async () => Promise.reject(new SmsError('SMS_SEND', 'busy', { retryable: true }))
    const carrier = fakeCarrier({ send })
    outbox.attach('p', carrier)
    await submit(['a'])
    await clock.advance(0)
    clock.setWall(clock.now() - 3_600_000)
    await submit(['b'])
    await clock.advance(1_500)
    assert.deepEqual(
      carrier.calls.map(({ text }) => text),
      ['a', 'b', 'a', 'b'],
    )
  })

  it('ends what waited too long, at the latest when its turn comes, and does not call the carrier for it', async () => {
    const { outbox, clock, submit, states, lanes } = createOutboxUnderTest()
    const carrier = fakeCarrier()
    const ids = await submit(['a'], { validityMs: MINUTE_MS })
    await clock.advance(MINUTE_MS)
    outbox.attach('p', carrier)
    await clock.advance(0)
    assert.deepEqual([await states(ids), carrier.calls, lanes], [['expired SMS_EXPIRED'], [], []])
  })

  it('tells who waits that the validity is over, though the lane rests', async () => {
    const { outbox, clock, submit, states } = createOutboxUnderTest()
    const down = async () => Promise.reject(new SmsError('SMS_LIMITS', 'slow down', { retryAfterMs: 10 * MINUTE_MS }))
    outbox.attach('p', fakeCarrier({ send: down }))
    const ids = await submit(['a'], { validityMs: MINUTE_MS })
    const waiting = assert.rejects(outbox.wait(ids[0]!, 'accepted', 5 * MINUTE_MS), { code: 'SMS_EXPIRED' })
    await clock.advance(MINUTE_MS + 10)
    await waiting
    assert.deepEqual(await states(ids), ['expired SMS_EXPIRED'])
  })

  it('rejects with SMS_STORE what it could not store, and sends none of it', async () => {
    const { outbox, clock, submit, faults } = createOutboxUnderTest()
    const carrier = fakeCarrier()
    outbox.attach('p', carrier)
    faults.fails = method => method === 'add'
    await assert.rejects(submit(['a']), { code: 'SMS_STORE' })
    await clock.advance(MINUTE_MS)
    assert.equal(carrier.calls.length, 0)
  })

  it('hands out what a flow may change as it likes', async () => {
    const { outbox, clock, submit, record } = createOutboxUnderTest()
    outbox.attach('p', fakeCarrier())
    const [id] = await submit(['a'], { ref: { order: [7] } })
    const change = (given: object) => {
      const found = given as { state: string; ref: { order: number[] } }
      found.state = 'mine'
      found.ref.order.push(8)
    }
    change(await outbox.wait(id!, 'accepted', 1_000))
    change((await outbox.get({ id: id! }))!.record)
    await clock.advance(0)
    const { state, ref } = await record(id!)
    assert.deepEqual([state, ref], ['accepted', { order: [7] }])
  })

  describe('where a provider', () => {
    type Send = Provider['send']
    const ends: [does: string, send: Send, afterMs: number, states: string[]][] = [
      ['hangs, also when called off', () => never(), 30_200, ['unknown SMS_UNKNOWN']],
      [
        'throws at once',
        () => {
          throw new Error('Bearer s3cret')
        },
        0,
        ['unknown SMS_UNKNOWN'],
      ],
      ['throws what is no error', () => Promise.reject('s3cret'), 0, ['unknown SMS_UNKNOWN']],
      ['throws nothing', () => Promise.reject(undefined), 0, ['unknown SMS_UNKNOWN']],
      ['answers nothing', async () => undefined as never, 0, ['unknown SMS_UNKNOWN']],
      ['answers without a promise', () => ({ providerMessageId: 'x' }) as never, 0, ['accepted']],
      ['answers with a cycle', async () => cyclic(), 0, ['accepted']],
      [
        'is told that the store failed',
        async () => Promise.reject(new SmsError('SMS_STORE', 'full')),
        0,
        ['unknown SMS_UNKNOWN'],
      ],
      ['refuses for good', async () => Promise.reject(new SmsError('SMS_REQUEST', 'no')), 0, ['failed SMS_REQUEST']],
      [
        'has no credit',
        async () => Promise.reject(new SmsError('SMS_CREDIT', 'no', { providerCode: 3 })),
        0,
        ['failed SMS_CREDIT'],
      ],
    ]
    for (const [does, send, afterMs, expected] of ends) {
      it(`${does}, the message ends, and the lane goes on`, async () => {
        const { outbox, clock, submit, states, record } = createOutboxUnderTest()
        let isFirst = true
        const carrier = fakeCarrier({
          send(message, call) {
            if (!isFirst) return Promise.resolve({})
            isFirst = false
            return send(message, call)
          },
        })
        const attachment = outbox.attach('p', carrier)
        const ids = await submit(['a', 'b'])
        const waiting = outbox.wait(ids[0]!, 'accepted', MINUTE_MS).catch((error: unknown) => error)
        await clock.advance(afterMs)
        assert.deepEqual(await states(ids.slice(0, 1)), expected)
        assert.doesNotMatch(JSON.stringify(await record(ids[0]!)), /s3cret/)
        const answer = (await waiting) as { state?: string; code?: string }
        assert.equal(answer.state ?? answer.code, expected[0]!.split(' ').at(-1))
        await clock.advance(2_000)
        assert.deepEqual(await states(ids.slice(1)), ['accepted'])
        const closing = attachment.close()
        await clock.advance(1_000)
        await closing
        assert.equal(clock.timers, 0)
      })
    }

    it('answers after its deadline, the message is accepted after all', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      const send: Send = () => new Promise(resolve => clock.after(45_000, () => resolve({ providerMessageId: 'SM1' })))
      outbox.attach('p', fakeCarrier({ send }))
      const ids = await submit(['a'])
      await clock.advance(31_000)
      assert.deepEqual(await states(ids), ['unknown SMS_UNKNOWN'])
      await clock.advance(15_000)
      assert.deepEqual(await states(ids), ['accepted'])
      assert.equal((await outbox.get({ providerNode: 'p', providerMessageId: 'SM1' }))?.record.id, ids[0])
    })

    it('answers the first attempt while the second is made, nothing is mixed up', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      let calls = 0
      const send: Send = () =>
        ++calls === 1
          ? new Promise(resolve => clock.after(40_000, () => resolve({ providerMessageId: 'first' })))
          : new Promise(resolve => clock.after(20_000, () => resolve({ providerMessageId: 'second' })))
      outbox.attach('p', fakeCarrier({ send }))
      const ids = await submit(['a'], { onDoubt: 'resend' })
      await clock.advance(42_000)
      assert.deepEqual([calls, await states(ids)], [2, ['sending SMS_UNKNOWN']])
      await clock.advance(20_000)
      assert.deepEqual([calls, await states(ids)], [2, ['accepted']])
      assert.equal((await outbox.get({ id: ids[0]! }))?.record.providerMessageId, 'second')
    })

    it('answers late when the next attempt only waits, that is not made', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      const send: Send = () =>
        new Promise(resolve => clock.after(30_900, () => resolve({ providerMessageId: 'first' })))
      const carrier = fakeCarrier({ send })
      outbox.attach('p', carrier)
      const ids = await submit(['a'], { onDoubt: 'resend' })
      await clock.advance(60_000)
      assert.deepEqual([carrier.calls.length, await states(ids)], [1, ['accepted']])
    })

    it('says when called off that it had not begun, the message is tried again', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      let calls = 0
      const send: Send = (_message, { signal }) =>
        ++calls > 1
          ? Promise.resolve({})
          : new Promise((_resolve, reject) =>
              signal.addEventListener('abort', () => reject(new SmsError('SMS_CONNECTION', 'had not begun'))),
            )
      outbox.attach('p', fakeCarrier({ send }))
      const ids = await submit(['a'])
      await clock.advance(32_000)
      assert.deepEqual([calls, await states(ids)], [2, ['accepted']])
    })

    const timeouts: [timeoutMs: unknown, afterMs: number][] = [
      [5_000, 5_000],
      [0, 30_000],
      [Number.NaN, 30_000],
      [-1, 30_000],
      [Infinity, 600_000],
    ]
    for (const [timeoutMs, afterMs] of timeouts) {
      it(`asks for ${String(timeoutMs)} ms, it gets ${afterMs}`, async () => {
        const { outbox, clock, submit, states } = createOutboxUnderTest()
        outbox.attach(
          'p',
          fakeCarrier({ pace: { concurrency: 1, timeoutMs: timeoutMs as number }, send: () => never() }),
        )
        const ids = await submit(['a'])
        await clock.advance(afterMs + 199)
        assert.deepEqual(await states(ids), ['sending'])
        await clock.advance(1)
        assert.deepEqual(await states(ids), ['unknown SMS_UNKNOWN'])
      })
    }
  })

  describe('reports', () => {
    it('that come before the answer, twice and out of order end in the highest state', async () => {
      const { outbox, clock, submit, changes } = createOutboxUnderTest()
      const send: Provider['send'] = async ({ id }) => {
        assert.equal(await outbox.report('p', { id, state: 'delivered' }), true)
        return { providerMessageId: 'SM1' }
      }
      outbox.attach('p', fakeCarrier({ send }))
      const [id] = await submit(['a'])
      await clock.advance(0)
      for (const state of ['accepted', 'delivered', 'failed'] as const) {
        assert.equal(await outbox.report('p', { providerMessageId: 'SM1', state }), false)
      }
      assert.deepEqual(changes, ['a: queued', 'a: sending', 'a: delivered'])
      assert.equal((await outbox.wait(id!, 'delivered', 1_000)).state, 'delivered')
    })

    it('by the carrier id alone, ahead of the answer that tells it, are held until then', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      const send: Provider['send'] = () =>
        new Promise(answer => clock.after(500, () => answer({ providerMessageId: 'SM1' })))
      outbox.attach('p', fakeCarrier({ send }))
      const ids = await submit(['a'])
      await clock.advance(100)
      const reporting = outbox.report('p', { providerMessageId: 'SM1', state: 'delivered' })
      await clock.advance(400)
      assert.deepEqual([await reporting, await states(ids)], [true, ['delivered']])
    })

    it('of nobody are false, within a second whatever is in flight', async () => {
      const { outbox, clock, submit } = createOutboxUnderTest()
      outbox.attach('p', fakeCarrier({ send: () => never() }))
      await submit(['a'])
      await clock.advance(0)
      const reporting = outbox.report('p', { providerMessageId: 'nobody', state: 'delivered' })
      await clock.advance(1_000)
      assert.equal(await reporting, false)
      assert.equal(await outbox.report('q', { providerMessageId: 'nobody', state: 'delivered' }), false)
      assert.equal(await outbox.report('p', { id: 'nobody', state: 'delivered' }), false)
      assert.equal(await outbox.report('p', undefined as never), false)
      assert.equal(await outbox.report('p', { id: 'a', state: 'sent' as never }), false)
    })

    it('of another lane change nothing', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      outbox.attach('p', fakeCarrier({ send: async () => ({ providerMessageId: 'SM1' }) }))
      const ids = await submit(['a'])
      await clock.advance(0)
      assert.equal(await outbox.report('q', { id: ids[0]!, state: 'delivered' }), false)
      assert.equal(await outbox.report('q', { providerMessageId: 'SM1', state: 'delivered' }), false)
      assert.deepEqual(await states(ids), ['accepted'])
    })

    it('that come late still settle what ended as SMS_UNKNOWN', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      outbox.attach('p', fakeCarrier({ send: async () => Promise.reject(new SmsError('SMS_UNKNOWN', 'lost')) }))
      const ids = await submit(['a'])
      await assert.rejects(outbox.wait(ids[0]!, 'accepted', 1_000), { code: 'SMS_UNKNOWN' })
      assert.equal(await outbox.report('p', { id: ids[0]!, state: 'delivered' }), true)
      await clock.advance(0)
      assert.deepEqual(await states(ids), ['delivered'])
    })

    it('of a message that waits to be sent again keep it from being sent', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      const carrier = fakeCarrier({ send: async () => Promise.reject(new SmsError('SMS_CONNECTION', 'down')) })
      outbox.attach('p', carrier)
      const ids = await submit(['a'])
      await clock.advance(0)
      await outbox.report('p', { id: ids[0]!, state: 'accepted' })
      await clock.advance(60 * MINUTE_MS)
      assert.deepEqual([carrier.calls.length, await states(ids)], [1, ['accepted']])
    })

    it('are asked for where none are pushed, until the last one', async () => {
      const { outbox, clock, submit, states } = createOutboxUnderTest()
      const asked: number[] = []
      const startMs = clock.now()
      outbox.attach(
        'p',
        fakeCarrier({
          asksForReports: true,
          send: async () => ({ providerMessageId: 'SM1' }),
          async queryStatus({ id, providerMessageId }) {
            asked.push(clock.now() - startMs)
            assert.equal(providerMessageId, 'SM1')
            if (asked.length === 1) return undefined
            if (asked.length === 2) throw new SmsError('SMS_CONNECTION', 'down')
            return { id, state: asked.length === 5 ? 'delivered' : 'accepted' }
          },
        }),
      )
      const ids = await submit(['a'])
      await clock.advance(24 * 60 * MINUTE_MS)
      // One that had no answer keeps its place in the schedule, and comes again after five minutes.
      assert.deepEqual(asked, [5_000, 15_000, 315_000, 345_000, 405_000])
      assert.deepEqual(await states(ids), ['delivered'])
      assert.equal(clock.timers, 0)
    })

    it('are not asked for where the flow wants none', async () => {
      const { outbox, clock, submit } = createOutboxUnderTest()
      const queryStatus = () => assert.fail('it was asked')
      outbox.attach('p', fakeCarrier({ asksForReports: true, queryStatus }))
      await submit(['a'], { deliveryReport: false })
      await clock.advance(MINUTE_MS)
    })
  })

  describe('doubt', () => {
    const lost: Provider['send'] = async () => Promise.reject(new SmsError('SMS_UNKNOWN', 'lost'))
    const taken: Settlement = { outcome: 'taken', receipt: { providerMessageId: 'SM1' } }

    interface Case {
      readonly onDoubt?: 'resend'
      readonly settle?: (nth: number) => Settlement | Promise<Settlement>
      readonly calls: number
      readonly state: string
      /** From the first attempt to the last asking or sending. */
      readonly seconds: number
    }
    const fails = () => Promise.reject(new Error('x'))
    const down = () => Promise.reject(new SmsError('SMS_CONNECTION', 'down'))
    const cases: Record<string, Case> = {
      'that cannot be settled ends as SMS_UNKNOWN': { calls: 1, state: 'unknown SMS_UNKNOWN', seconds: 0 },
      'that cannot be settled is resent, three times in all': {
        onDoubt: 'resend',
        calls: 3,
        state: 'unknown SMS_UNKNOWN',
        seconds: 3,
      },
      'settled as taken': { settle: () => taken, calls: 1, state: 'accepted', seconds: 1 },
      'settled at the third question': {
        settle: nth => (nth < 3 ? { outcome: 'open' } : taken),
        calls: 1,
        state: 'accepted',
        seconds: 14,
      },
      'that stays open': { settle: () => ({ outcome: 'open' }), calls: 1, state: 'unknown SMS_UNKNOWN', seconds: 314 },
      'that stays open, of an alarm': {
        onDoubt: 'resend',
        settle: () => ({ outcome: 'open' }),
        calls: 3,
        state: 'unknown SMS_UNKNOWN',
        seconds: 945,
      },
      'whose settling throws': { settle: fails, calls: 1, state: 'unknown SMS_UNKNOWN', seconds: 314 },
      'whose settling throws, of an alarm': {
        onDoubt: 'resend',
        settle: fails,
        calls: 3,
        state: 'unknown SMS_UNKNOWN',
        seconds: 945,
      },
      'whose carrier is out of reach': { settle: down, calls: 1, state: 'unknown SMS_UNKNOWN', seconds: 86_370 },
      'whose settling hangs': { settle: () => never(), calls: 1, state: 'unknown SMS_UNKNOWN', seconds: 86_000 },
      'whose settling is garbage': {
        settle: () => 'yes' as never,
        calls: 1,
        state: 'unknown SMS_UNKNOWN',
        seconds: 314,
      },
      'settled as not taken, for ever': {
        settle: () => ({ outcome: 'notTaken' }),
        calls: 5,
        state: 'failed SMS_SERVER',
        seconds: 20,
      },
    }
    for (const [name, { onDoubt = 'fail', settle, calls, state, seconds }] of Object.entries(cases)) {
      it(name, async () => {
        const { outbox, clock, submit, states } = createOutboxUnderTest()
        let [asked, latestMs] = [0, 0]
        const startMs = clock.now()
        const carrier = fakeCarrier({
          pace: { concurrency: 1, timeoutMs: 20_000 },
          async send(message, call) {
            latestMs = clock.now()
            return lost(message, call)
          },
          ...(settle && {
            async settle() {
              latestMs = clock.now()
              return settle(++asked)
            },
          }),
        })
        outbox.attach('p', carrier)
        const ids = await submit(['a'], { onDoubt })
        await clock.advance(25 * 60 * MINUTE_MS)
        assert.deepEqual([carrier.calls.length, await states(ids)], [calls, [state]])
        assert.ok(Math.abs((latestMs - startMs) / 1000 - seconds) <= seconds / 100, `${(latestMs - startMs) / 1000} s`)
        assert.equal(clock.timers, 0)
      })
    }

    it('is asked about once at a time, however long the answer takes', async () => {
      const { outbox, clock, submit } = createOutboxUnderTest()
      let asked = 0
      const settle = () => {
        asked += 1
        return new Promise<Settlement>(resolve => clock.after(25_000, () => resolve(taken)))
      }
      const attachment = outbox.attach('p', fakeCarrier({ send: lost, settle }))
      await submit(['a'])
      await clock.advance(20_000)
      attachment.wake('ask')
      await clock.advance(10_000)
      assert.equal(asked, 1)
    })

    it('after a restart is settled, not sent again', async () => {
      const before = createOutboxUnderTest()
      before.outbox.attach('p', fakeCarrier({ send: () => never() }))
      const ids = await before.submit(['a', 'b'])
      await before.clock.advance(0)
      const { outbox, clock, states } = await before.restart()
      assert.deepEqual(await states(ids), ['unknown SMS_UNKNOWN', 'queued'])
      const carrier = fakeCarrier({ settle: async () => taken })
      outbox.attach('p', carrier)
      await clock.advance(0)
      assert.deepEqual(await states(ids), ['accepted', 'accepted'])
      assert.deepEqual(
        carrier.calls.map(({ text }) => text),
        ['b'],
      )
    })

    it('after a restart ends where the provider cannot settle', async () => {
      const before = createOutboxUnderTest()
      before.outbox.attach('p', fakeCarrier({ send: () => never() }))
      const fail = await before.submit(['a'])
      await before.clock.advance(0)
      const { outbox, clock, states } = await before.restart()
      outbox.attach('p', fakeCarrier())
      await assert.rejects(outbox.wait(fail[0]!, 'accepted', 1_000), { code: 'SMS_UNKNOWN' })
      await clock.advance(0)
      assert.deepEqual(await states(fail), ['unknown SMS_UNKNOWN'])
    })
  })
})

function cyclic(): object {
  const raw: Record<string, unknown> = {}
  raw['self'] = raw
  return { raw }
}
