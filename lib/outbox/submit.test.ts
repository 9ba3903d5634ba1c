import assert from 'node:assert/strict'
import { SmsError } from '../errors.ts'
import { createOutboxUnderTest } from '../../test/support/outbox.ts'
import type { OutboxUnderTest } from '../../test/support/outbox.ts'
import { fakeCarrier, never } from '../../test/support/carrier.ts'
import type { FakeCarrier } from '../../test/support/carrier.ts'

/** An outbox whose lane has been open for a moment, so that it knows that nothing waits. */
async function open(carrier: FakeCarrier): Promise<OutboxUnderTest> {
  const test = createOutboxUnderTest()
  test.outbox.attach('p', carrier)
  await test.clock.advance(0)
  return test
}

const textsOf = ({ calls }: FakeCarrier) => calls.map(({ text }) => text)

describe('a message whose lane has room', () => {
  it('is stored as sending, and goes without being taken from the queue', async () => {
    const carrier = fakeCarrier()
    const test = await open(carrier)
    let taken = 0
    test.faults.fails = method => method === 'take' && ++taken > 0
    for (const text of ['a', 'b', 'c']) {
      const ids = await test.submit([text])
      await test.clock.advance(0)
      assert.deepEqual(await test.states(ids), ['accepted'])
    }
    assert.deepEqual([textsOf(carrier), taken], [['a', 'b', 'c'], 0])
    assert.deepEqual(
      test.changes.filter(change => change.startsWith('a')),
      ['a: sending', 'a: accepted'],
    )
  })

  it('is not read back by who waits for it at once', async () => {
    const test = await open(fakeCarrier())
    let reads = 0
    test.faults.fails = method => method === 'get' && ++reads > 0
    const [id] = await test.submit(['a'])
    const waiting = test.outbox.wait(id!, 'accepted', 1_000)
    await test.clock.advance(0)
    assert.deepEqual([(await waiting).state, reads], ['accepted', 0])
  })

  it('counts its attempt, which is in doubt after a crash', async () => {
    const carrier = fakeCarrier({ send: never })
    const test = await open(carrier)
    const ids = await test.submit(['a'])
    assert.equal((await test.outbox.get({ id: ids[0]! }))?.attempts, 1)
    const after = await test.restart()
    assert.deepEqual(await after.states(ids), ['unknown SMS_UNKNOWN'])
  })

  it('is not called for before it is stored', async () => {
    const carrier = fakeCarrier()
    const test = await open(carrier)
    test.faults.delayMs = method => (method === 'add' ? 100 : 0)
    void test.submit(['a'])
    await test.clock.advance(199)
    assert.equal(carrier.calls.length, 0)
    await test.clock.advance(1)
    assert.equal(carrier.calls.length, 1)
  })

  it('comes back to the queue, as not attempted, where the lane closes before it is stored', async () => {
    const carrier = fakeCarrier()
    const test = createOutboxUnderTest()
    const attachment = test.outbox.attach('p', carrier)
    await test.clock.advance(0)
    test.faults.delayMs = method => (method === 'add' ? 100 : 0)
    const submitting = test.submit(['a'])
    await test.clock.advance(50)
    const closing = attachment.close()
    await test.clock.advance(200)
    await closing
    const ids = await submitting
    assert.deepEqual([carrier.calls.length, await test.states(ids)], [0, ['queued']])
    assert.equal((await test.outbox.get({ id: ids[0]! }))?.attempts, 0)
  })

  it('is in nobody’s way where it could not be stored', async () => {
    const carrier = fakeCarrier()
    const test = await open(carrier)
    test.faults.fails = method => method === 'add'
    await assert.rejects(test.submit(['a']), { code: 'SMS_STORE' })
    test.faults.fails = () => false
    const ids = await test.submit(['b'])
    await test.clock.advance(0)
    assert.deepEqual([textsOf(carrier), await test.states(ids)], [['b'], ['accepted']])
  })

  it('is not sent again where its key is known, and leaves its room to the next', async () => {
    const carrier = fakeCarrier()
    const test = await open(carrier)
    const first = await test.submit(['a'], { idempotencyKey: 'k' })
    const again = await test.submit(['a'], { idempotencyKey: 'k' })
    await test.submit(['b'])
    await test.clock.advance(0)
    assert.deepEqual([textsOf(carrier), again], [['a', 'b'], first])
  })
})

describe('a message whose lane has no room', () => {
  it('waits for its turn, and none that comes later overtakes it', async () => {
    const answers: (() => void)[] = []
    const send = () => new Promise<object>(resolve => answers.push(() => resolve({})))
    const carrier = fakeCarrier({ pace: { concurrency: 2 }, send })
    const test = await open(carrier)
    const ids = await test.submit(['a', 'b', 'c', 'd'])
    assert.deepEqual(await test.states(ids), ['sending', 'sending', 'queued', 'queued'])
    const more = test.submit(['e', 'f'])
    for (let i = 0; i < 6; i++) {
      await test.clock.advance(0)
      answers[i]!()
    }
    await more
    await test.clock.advance(0)
    assert.deepEqual(textsOf(carrier), ['a', 'b', 'c', 'd', 'e', 'f'])
  })

  it('waits while the carrier rests after a failure', async () => {
    const send = async () => Promise.reject(new SmsError('SMS_CONNECTION', 'refused'))
    const carrier = fakeCarrier({ send })
    const test = await open(carrier)
    await test.submit(['a'])
    await test.clock.advance(0)
    const ids = await test.submit(['b'])
    await test.clock.advance(0)
    assert.deepEqual([textsOf(carrier), await test.states(ids)], [['a'], ['queued']])
  })

  it('waits for the rate, of which what goes at once takes its share', async () => {
    const carrier = fakeCarrier({ pace: { concurrency: 50, perSecond: 2 } })
    const test = await open(carrier)
    await test.submit(['a', 'b', 'c', 'd', 'e'])
    await test.clock.advance(0)
    assert.equal(carrier.calls.length, 2)
    await test.clock.advance(1_000)
    assert.equal(carrier.calls.length, 4)
  })

  it('waits while the lane is paused, or not known not to be', async () => {
    const carrier = fakeCarrier()
    const test = createOutboxUnderTest()
    const attachment = test.outbox.attach('p', carrier)
    const pausing = attachment.pause(true)
    const early = test.submit(['a'])
    await test.clock.advance(0)
    await pausing
    const ids = [...(await early), ...(await test.submit(['b']))]
    await test.clock.advance(0)
    assert.deepEqual([carrier.calls.length, await test.states(ids)], [0, ['queued', 'queued']])
  })

  it('goes as usual where no lane is open', async () => {
    const test = createOutboxUnderTest()
    assert.deepEqual(await test.states(await test.submit(['a'])), ['queued'])
  })
})
