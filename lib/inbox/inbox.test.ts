import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createManualClock } from '../../test/support/clock.ts'
import { createFaultyStore } from '../../test/support/faulty-store.ts'
import type { SmsRecord } from '../message.ts'
import type { IncomingMessage } from '../provider.ts'
import { createMemoryStore } from '../store/memory.ts'
import { createInbox } from './inbox.ts'

const source = { id: 'p', name: 'Carrier' }

function create(clock = createManualClock(), kept = createMemoryStore()) {
  const { store, faults } = createFaultyStore(kept, clock)
  const log: string[] = []
  const inbox = createInbox({ store, clock, log: (_level, text) => log.push(text) })
  const heard: SmsRecord[] = []
  return {
    inbox,
    clock,
    faults,
    log,
    heard,
    texts: () => heard.map(record => record.text),
    hear: (record: SmsRecord) => void heard.push(record),
    receive: (text: string, fields: Partial<IncomingMessage> = {}, from = source) =>
      inbox.received(from, { from: '+380671112233', text, ...fields }),
    async restart() {
      faults.fails = () => true
      inbox.end()
      await kept.open(clock.now())
      return create(clock, kept)
    },
  }
}

describe('inbox', () => {
  it('hands what comes to all who listen, in order, each a copy', async () => {
    const { inbox, clock, heard, hear, receive } = create()
    inbox.open()
    const others: SmsRecord[] = []
    inbox.listen('p', record => {
      ;(record as { text: string }).text = 'changed'
      others.push(record)
    })
    inbox.listen(undefined, hear)
    inbox.listen('q', () => assert.fail('not its provider'))
    for (const text of ['a', 'b']) assert.equal(await receive(text, { to: '+1', sentAtMs: 0, raw: 'PDU' }), true)
    await clock.advance(0)
    assert.deepEqual([heard.map(({ text }) => text), others.length], [['a', 'b'], 2])
    const { id, ...record } = heard[0]!
    assert.match(id, /^[0-9a-f-]{36}$/)
    const at = '2026-11-21T10:00:00.000Z'
    assert.deepEqual(record, {
      type: 'message',
      direction: 'in',
      provider: 'Carrier',
      providerNode: 'p',
      from: '+380671112233',
      to: '+1',
      text: 'a',
      state: 'received',
      sentAt: '1970-01-01T00:00:00.000Z',
      receivedAt: at,
      createdAt: at,
      updatedAt: at,
      raw: 'PDU',
    })
  })

  it('drops a repeat, and says so', async () => {
    const { inbox, clock, texts, hear, receive } = create()
    inbox.open()
    inbox.listen(undefined, hear)
    const received = await Promise.all([1, 2, 3].map(() => receive('a', { providerMessageId: 'SM1' })))
    await clock.advance(0)
    assert.deepEqual(received, [true, false, false])
    assert.deepEqual(texts(), ['a'])
  })

  it('keeps what comes before the flow is there, and while it is not', async () => {
    const { inbox, clock, texts, hear, receive } = create()
    const stop = inbox.listen('p', hear)
    await receive('early')
    await clock.advance(60_000)
    assert.deepEqual(texts(), [])
    inbox.open()
    await clock.advance(0)
    assert.deepEqual(texts(), ['early'])
    inbox.close()
    stop()
    await receive('between')
    inbox.open()
    await clock.advance(0)
    assert.deepEqual(texts(), ['early'])
    inbox.listen('p', hear)
    await clock.advance(0)
    assert.deepEqual(texts(), ['early', 'between'])
  })

  it('keeps what nobody listens for, up to a day', async () => {
    const { inbox, clock, texts, hear, receive } = create()
    inbox.open()
    await receive('old')
    await clock.advance(12 * 3_600_000)
    await receive('young')
    await clock.advance(12 * 3_600_000 + 1)
    inbox.listen(undefined, hear)
    await clock.advance(0)
    assert.deepEqual(texts(), ['young'])
  })

  it('does not take for old what came before the clock was set', async () => {
    const { inbox, clock, texts, hear, receive } = create()
    await receive('at start')
    clock.setWall(clock.now() + 72 * 3_600_000)
    inbox.open()
    inbox.listen('p', hear)
    await clock.advance(0)
    assert.deepEqual(texts(), ['at start'])
  })

  it('after a restart hands over what waited, to one who listens to all, as soon as its provider is there', async () => {
    const before = create()
    await before.receive('waited')
    const { inbox, clock, heard, hear } = await before.restart()
    inbox.listen(undefined, hear)
    inbox.open()
    await clock.advance(0)
    assert.deepEqual(heard, [])
    inbox.join('p')
    await clock.advance(0)
    assert.deepEqual(
      heard.map(({ text, redelivered }) => [text, redelivered]),
      [['waited', undefined]],
    )
  })

  it('hands over again, as redelivered, what it could not mark before a crash', async () => {
    const before = create()
    before.inbox.open()
    before.inbox.listen('p', before.hear)
    before.faults.fails = method => method === 'finishReceived'
    await before.receive('a')
    await before.clock.advance(0)
    const after = await before.restart()
    after.inbox.open()
    after.inbox.listen('p', after.hear)
    await after.clock.advance(0)
    const [first, second] = [before.heard[0]!, after.heard[0]!]
    assert.deepEqual([first.redelivered, second.redelivered], [undefined, true])
    assert.equal(first.id, second.id)
  })

  it('hands over again, as redelivered, what a listener had not yet heard to its end before a crash', async () => {
    const before = create()
    let end = (): void => {}
    before.inbox.open()
    before.inbox.listen('p', async record => {
      before.hear(record)
      if (record.text === 'b') await new Promise<void>(resolve => (end = resolve))
    })
    for (const text of ['a', 'b']) {
      await before.receive(text)
      await before.clock.advance(0)
    }
    const after = await before.restart()
    after.inbox.open()
    after.inbox.listen('p', after.hear)
    await after.clock.advance(0)
    assert.deepEqual([before.texts(), after.texts()], [['a', 'b'], ['b']])
    assert.equal(after.heard[0]?.redelivered, true)
    end()
  })

  it('hands over more than a batch, once each', async () => {
    const { inbox, clock, texts, hear, receive } = create()
    const all = Array.from({ length: 230 }, (_, i) => String(i))
    for (const text of all) await receive(text)
    inbox.open()
    inbox.listen('p', hear)
    await clock.advance(0)
    assert.deepEqual(texts(), all)
  })

  it('goes on where a flow throws: what it heard is done with', async () => {
    const { inbox, clock, texts, hear, receive, log } = create()
    inbox.open()
    inbox.listen('p', () => assert.fail('s3cret'))
    inbox.listen('p', hear)
    for (const text of ['a', 'b']) await receive(text)
    await clock.advance(0)
    assert.deepEqual(texts(), ['a', 'b'])
    assert.doesNotMatch(log.join(), /s3cret/)
  })

  it('puts back what the flow stopped in the midst of', async () => {
    const { inbox, clock, texts, hear, receive } = create()
    for (const text of ['a', 'b', 'c']) await receive(text)
    const stop = inbox.listen('p', record => {
      hear(record)
      inbox.close()
    })
    inbox.open()
    await clock.advance(0)
    assert.deepEqual(texts(), ['a'])
    stop()
    inbox.open()
    inbox.listen('p', hear)
    await clock.advance(0)
    assert.deepEqual(texts(), ['a', 'b', 'c'])
  })

  it('refuses what it could not store, so that the carrier comes again', async () => {
    const { faults, receive } = create()
    faults.fails = method => method === 'receive'
    await assert.rejects(receive('a'), { code: 'SMS_STORE' })
  })

  for (const method of ['takeReceived', 'finishReceived'] as const) {
    it(`hands over each once where the store fails in ${method} for a while`, async () => {
      const { inbox, clock, texts, hear, receive, faults } = create()
      let failures = 3
      faults.fails = called => called === method && failures-- > 0
      inbox.open()
      inbox.listen('p', hear)
      const all = Array.from({ length: 120 }, (_, i) => String(i))
      for (const text of all) await receive(text)
      await clock.advance(10_000)
      assert.deepEqual(texts(), all)
      assert.equal(clock.timers, 0)
    })
  }

  it('leaves no timer behind when it ends, whatever the store does', async () => {
    const { inbox, clock, faults, receive, hear } = create()
    inbox.open()
    inbox.listen('p', hear)
    faults.fails = method => method !== 'receive'
    await receive('a')
    await clock.advance(500)
    inbox.end()
    assert.equal(clock.timers, 0)
  })

  it('hands over each once, and none never, whatever happens in between', async () => {
    const steps = fc.array(
      fc.constantFrom('receive', 'receive', 'open', 'close', 'listen', 'unlisten', 'fail', 'heal', 'slow', 'wait'),
      { maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async steps => {
        const { inbox, clock, texts, hear, receive, faults } = create()
        const stops: (() => void)[] = []
        const received: string[] = []
        const pending: Promise<void>[] = []
        const act = {
          receive() {
            const text = String(received.length + pending.length)
            const done = receive(text).then(
              () => void received.push(text),
              () => {},
            )
            pending.push(done)
          },
          open: inbox.open,
          close: inbox.close,
          listen: () => void (stops.length === 0 && stops.push(inbox.listen('p', hear))),
          unlisten: () => stops.pop()?.(),
          fail: () => void (faults.fails = () => true),
          heal: () => void (faults.fails = () => false),
          slow: () => void (faults.delayMs = () => 300),
          wait: () => {},
        }
        for (const step of steps) {
          act[step]()
          await clock.advance(step === 'wait' ? 700 : 10)
        }
        act.heal()
        inbox.open()
        act.listen()
        await clock.advance(60_000)
        await Promise.all(pending)
        assert.deepEqual(texts(), received)
        assert.equal(clock.timers, 0)
      }),
      { numRuns: 200 },
    )
  })
})
