import assert from 'node:assert/strict'
import { fakeCarrier, never } from '../../test/support/carrier.ts'
import { createOutboxUnderTest } from '../../test/support/outbox.ts'
import type { OutboxUnderTest } from '../../test/support/outbox.ts'
import { SmsError } from '../errors.ts'
import type { Provider, Receipt } from '../provider.ts'
import type { Attachment } from './attach.ts'

describe('closing a lane', () => {
  /** How long it took, in milliseconds; fails beyond a second. */
  async function close({ clock }: OutboxUnderTest, attachment: Attachment): Promise<number> {
    const startMs = clock.steadyMs()
    let endMs: number | undefined
    void attachment.close().then(() => (endMs = clock.steadyMs()))
    await clock.advance(1_000)
    assert.ok(endMs !== undefined, 'closing took longer than a second')
    return endMs - startMs
  }

  it('takes no time where nothing is in flight, and leaves what waits as it is', async () => {
    const test = createOutboxUnderTest()
    const attachment = test.outbox.attach('p', fakeCarrier())
    await test.clock.advance(0)
    const ids = await test.submit(['a'], { notBeforeMs: test.clock.now() + 5_000 })
    await test.clock.advance(0)
    assert.equal(await close(test, attachment), 0)
    assert.equal(test.clock.timers, 0)
    await test.clock.advance(60_000)
    assert.deepEqual(await test.states(ids), ['scheduled'])
  })

  it('lets an attempt end well that is about to', async () => {
    const test = createOutboxUnderTest()
    const send = () => new Promise<Receipt>(resolve => test.clock.after(300, () => resolve({})))
    const attachment = test.outbox.attach('p', fakeCarrier({ send }))
    const ids = await test.submit(['a', 'b'])
    await test.clock.advance(0)
    assert.equal(await close(test, attachment), 300)
    assert.deepEqual(await test.states(ids), ['accepted', 'queued'])
  })

  it('calls off what hangs, and has committed its doubt when it ends', async () => {
    const test = createOutboxUnderTest()
    let aborted = false
    const send: Provider['send'] = (_message, { signal }) => {
      signal.addEventListener('abort', () => (aborted = true))
      return never()
    }
    const attachment = test.outbox.attach('p', fakeCarrier({ send, settle: () => never() }))
    const ids = await test.submit(['a', 'b'])
    await test.clock.advance(0)
    test.faults.delayMs = method => (method === 'change' ? 100 : 0)
    const ms = await close(test, attachment)
    assert.ok(ms >= 800, String(ms))
    assert.ok(aborted)
    assert.deepEqual(await test.states(ids), ['unknown SMS_UNKNOWN', 'queued'])
    assert.match((await test.record(ids[0]!)).error!.message, /Node-RED stopped/)
    assert.equal(test.clock.timers, 0)
  })

  it('puts back what says, called off, that it had not begun', async () => {
    const test = createOutboxUnderTest()
    const send: Provider['send'] = (_message, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new SmsError('SMS_CONNECTION', 'not begun'))),
      )
    const attachment = test.outbox.attach('p', fakeCarrier({ send }))
    const ids = await test.submit(['a'])
    await test.clock.advance(0)
    assert.equal(await close(test, attachment), 400)
    assert.deepEqual(await test.states(ids), ['queued SMS_CONNECTION'])
  })

  it('gives back what was taken in that moment, as not attempted', async () => {
    const test = createOutboxUnderTest()
    const carrier = fakeCarrier({ pace: { concurrency: 5 } })
    test.faults.delayMs = method => (method === 'take' ? 200 : 0)
    const ids = await test.submit(['a', 'b'])
    const attachment = test.outbox.attach('p', carrier)
    // The question what there is to ask comes first, and takes 400 ms.
    await test.clock.advance(650)
    assert.deepEqual(await test.states(ids), ['sending', 'sending'])
    assert.equal(await close(test, attachment), 150)
    assert.deepEqual([carrier.calls.length, await test.states(ids)], [0, ['queued', 'queued']])
    assert.equal((await test.outbox.get({ id: ids[0]! }))?.attempts, 0)
  })

  it('does not forget what it could not commit: that is done when the store works again', async () => {
    const test = createOutboxUnderTest()
    const attachment = test.outbox.attach('p', fakeCarrier())
    await test.clock.advance(0)
    test.faults.fails = method => method === 'change'
    const ids = await test.submit(['a'])
    await test.clock.advance(0)
    assert.equal(await close(test, attachment), 900)
    assert.deepEqual(await test.states(ids), ['sending'])
    test.faults.fails = () => false
    await test.clock.advance(1_000)
    assert.deepEqual(await test.states(ids), ['accepted'])
    assert.equal(test.clock.timers, 0)
  })

  it('does not go on trying once the outbox is closed too', async () => {
    const test = createOutboxUnderTest()
    const attachment = test.outbox.attach('p', fakeCarrier())
    await test.clock.advance(0)
    test.faults.fails = method => method === 'change'
    await test.submit(['a'])
    await test.clock.advance(0)
    await close(test, attachment)
    test.outbox.close()
    await test.clock.advance(0)
    assert.equal(test.clock.timers, 0)
  })

  it('ends in time with a store that hangs', async () => {
    const test = createOutboxUnderTest()
    const attachment = test.outbox.attach('p', fakeCarrier())
    await test.clock.advance(0)
    test.faults.delayMs = () => 1e9
    void test.outbox.submit([])
    attachment.wake('send')
    assert.equal(await close(test, attachment), 900)
  })

  it('does not count a question it called off', async () => {
    const test = createOutboxUnderTest()
    const lost: Provider['send'] = async () => Promise.reject(new SmsError('SMS_UNKNOWN', 'lost'))
    let asked = 0
    const settle = () => {
      asked += 1
      return never<never>()
    }
    const attachment = test.outbox.attach('p', fakeCarrier({ send: lost, settle }))
    const ids = await test.submit(['a'], { onDoubt: 'resend' })
    await test.clock.advance(1_000)
    assert.equal(asked, 1)
    await close(test, attachment)
    assert.equal((await test.outbox.get({ id: ids[0]! }))?.asked, 0)
    // Whoever opens the lane next asks at once, and not when the lease of the last one ends.
    test.outbox.attach('p', fakeCarrier({ settle: async () => ({ outcome: 'taken', receipt: {} }) }))
    await test.clock.advance(0)
    assert.deepEqual(await test.states(ids), ['accepted'])
  })

  it('refuses further calls', async () => {
    const test = createOutboxUnderTest()
    const attachment = test.outbox.attach('p', fakeCarrier())
    assert.equal(await attachment.call(async () => 7), 7)
    await close(test, attachment)
    await assert.rejects(
      attachment.call(async () => 7),
      { code: 'SMS_CANCELLED' },
    )
  })

  it('leaves no timer behind from what it was about to look up', async () => {
    const test = createOutboxUnderTest()
    await test.submit(['a'], { notBeforeMs: test.clock.now() + 30_000 })
    test.faults.delayMs = method => (method === 'nextDue' ? 100 : 0)
    const attachment = test.outbox.attach('p', fakeCarrier())
    await test.clock.advance(50)
    await close(test, attachment)
    assert.equal(test.clock.timers, 0)
  })

  it('can be asked for twice, and by two at once', async () => {
    const test = createOutboxUnderTest()
    const attachment = test.outbox.attach('p', fakeCarrier({ send: () => never() }))
    await test.submit(['a'])
    await test.clock.advance(0)
    void attachment.drain()
    void attachment.close()
    assert.equal(await close(test, attachment), 600)
    assert.equal(await close(test, attachment), 0)
    assert.equal(test.clock.timers, 0)
  })
})

describe('a redeploy', () => {
  it('sends on what was queued, and what was in doubt is settled by the new one', async () => {
    const test = createOutboxUnderTest()
    const old = test.outbox.attach('p', fakeCarrier({ send: () => never(), settle: () => never() }))
    const ids = await test.submit(['a', 'b'])
    await test.clock.advance(0)
    void old.close()
    await test.clock.advance(1_000)
    const more = await test.submit(['c'])
    const carrier = fakeCarrier({ settle: async () => ({ outcome: 'notTaken' }) })
    test.outbox.attach('p', carrier)
    await test.clock.advance(2_000)
    assert.deepEqual(await test.states([...ids, ...more]), ['accepted', 'accepted', 'accepted'])
    assert.deepEqual(
      carrier.calls.map(({ text }) => text),
      ['b', 'c', 'a'],
    )
  })

  it('sends each message once also where the old lane is still there, and wakes the new one', async () => {
    const test = createOutboxUnderTest()
    const send = () => new Promise<Receipt>(resolve => test.clock.after(10, () => resolve({})))
    const carriers = [fakeCarrier({ send }), fakeCarrier({ send })]
    const attachments = carriers.map(carrier => test.outbox.attach('p', carrier))
    const ids = await test.submit(Array.from({ length: 20 }, (_, i) => String(i)))
    await test.clock.advance(50)
    const closing = attachments[0]!.close()
    await test.submit(['last'])
    await test.clock.advance(1_000)
    await closing
    assert.deepEqual(new Set(await test.states(ids)), new Set(['accepted']))
    const sent = carriers.flatMap(carrier => carrier.calls.map(({ text }) => text))
    assert.equal(new Set(sent).size, 21)
    assert.equal(sent.length, 21)
    assert.equal(carriers[1]!.calls.at(-1)?.text, 'last')
  })

  it('is woken also where the old one is closed after it was opened', async () => {
    const test = createOutboxUnderTest()
    const [old, carrier] = [test.outbox.attach('p', fakeCarrier()), fakeCarrier()]
    test.outbox.attach('p', carrier)
    await test.clock.advance(0)
    void old.close()
    await test.clock.advance(1_000)
    await test.submit(['a'])
    await test.clock.advance(0)
    assert.equal(carrier.calls.length, 1)
  })

  it('does not take what was found out about an earlier attempt for news of a later one', async () => {
    const test = createOutboxUnderTest()
    const lost: Provider['send'] = async () => Promise.reject(new SmsError('SMS_UNKNOWN', 'lost'))
    const notTaken = { outcome: 'notTaken' } as const
    const slowly = () => new Promise<typeof notTaken>(resolve => test.clock.after(10_000, () => resolve(notTaken)))
    test.outbox.attach('p', fakeCarrier({ send: lost, settle: slowly }))
    const ids = await test.submit(['a'])
    await test.clock.advance(1_000)
    let asked = 0
    const settle = async () => (++asked === 1 ? notTaken : ({ outcome: 'open' } as const))
    const carrier = fakeCarrier({ send: lost, settle })
    test.outbox.attach('p', carrier)
    await test.clock.advance(30_000)
    // The second attempt may have been taken, whatever became of the first.
    assert.deepEqual([carrier.calls.length, await test.states(ids)], [1, ['unknown SMS_UNKNOWN']])
  })

  it('brings back to life what the old lane gave back late', async () => {
    const test = createOutboxUnderTest()
    test.faults.delayMs = method => (method === 'take' ? 2_000 : 0)
    const ids = await test.submit(['a'])
    const old = test.outbox.attach('p', fakeCarrier())
    // The question what there is to ask comes first, and takes 4 s.
    await test.clock.advance(5_000)
    void old.close()
    await test.clock.advance(1_000)
    test.faults.delayMs = () => 0
    test.outbox.attach('p', fakeCarrier())
    await test.clock.advance(0)
    assert.deepEqual(await test.states(ids), ['sending'])
    await test.clock.advance(3_000)
    assert.deepEqual(await test.states(ids), ['accepted'])
  })
})
