import assert from 'node:assert/strict'
import { fakeCarrier, never } from '../test/support/carrier.ts'
import { createManualClock } from '../test/support/clock.ts'
import { incoming, sending } from '../test/support/message.ts'
import { SmsError } from './errors.ts'
import { createGateway } from './gateway.ts'
import type { ProviderReport } from './gateway.ts'
import type { SmsRecord } from './message.ts'
import type { Provider, ProviderHost } from './provider.ts'
import { createMemoryStore } from './store/memory.ts'

function create() {
  const clock = createManualClock()
  const log: string[] = []
  const store = createMemoryStore()
  const gateway = createGateway({ store, clock, random: () => 0, log: (level, text) => log.push(`${level} ${text}`) })
  const messages: SmsRecord[] = []
  const reports: ProviderReport[] = []
  gateway.on('message', record => messages.push(record))
  gateway.on('provider', report => reports.push(report))
  return { gateway, clock, log, store, messages, reports }
}

/** A provider that hands out its host when it starts. */
function hosted(fields: Partial<Provider> = {}) {
  let host: ProviderHost | undefined
  const provider = fakeCarrier({ start: given => void (host = given), ...fields })
  return { provider, host: () => host! }
}

describe('gateway', () => {
  it('finds a provider by id and by name while it is in use', async () => {
    const { gateway } = create()
    const stop = gateway.use('p', fakeCarrier({ name: 'Home modem' }))
    gateway.use('q', fakeCarrier({ name: 'p' }))
    assert.equal(gateway.find('Home modem')?.id, 'p')
    assert.equal(gateway.find('p')?.provider.name, 'Home modem')
    assert.equal(gateway.find('x'), undefined)
    assert.deepEqual(
      gateway.providers().map(({ id }) => id),
      ['p', 'q'],
    )
    await stop()
    assert.equal(gateway.find('p')?.id, 'q')
  })

  it('goes from submitting to hearing of it, when the flow is there', async () => {
    const { gateway, clock, messages } = create()
    gateway.use('p', fakeCarrier())
    await gateway.outbox.submit([sending({ text: 'a' })])
    await clock.advance(0)
    assert.equal(messages.length, 0)
    gateway.flowsStarted()
    assert.deepEqual(
      messages.map(({ state }) => state),
      ['queued', 'sending', 'accepted'],
    )
    gateway.flowsStopping()
    await gateway.outbox.report('p', { id: messages[0]!.id, state: 'delivered' })
    assert.equal(messages.length, 3)
    gateway.flowsStarted()
    assert.equal(messages.at(-1)?.state, 'delivered')
  })

  it('gives a provider what it may use: notes, a log, the inbox, the outbox', async () => {
    const { gateway, clock, log } = create()
    const { provider, host } = hosted()
    gateway.use('p', provider)
    await clock.advance(0)
    await host().notes.set('polled', 'SM1')
    assert.equal(await host().notes.get('polled'), 'SM1')
    host().log('warn', 'signal is weak')
    assert.deepEqual(log, ['warn Carrier: signal is weak'])

    const heard: SmsRecord[] = []
    gateway.inbox.listen('p', record => heard.push(record))
    gateway.flowsStarted()
    assert.equal(await host().received({ from: '+1', text: 'Hi', providerMessageId: '1' }), true)
    assert.equal(await host().received({ from: '+1', text: 'Hi', providerMessageId: '1' }), false)
    await clock.advance(0)
    assert.deepEqual(
      heard.map(({ provider, providerNode, text }) => [provider, providerNode, text]),
      [['Carrier', 'p', 'Hi']],
    )
    const [sent] = await gateway.outbox.submit([sending()])
    await clock.advance(0)
    assert.equal(await host().reported({ id: sent!.id, state: 'delivered' }), true)
    assert.equal(await host().reported({ id: sent!.id, state: 'delivered' }), false)
    await host().reported({ id: sent!.id, providerMessageId: 'SM1', state: 'delivered' })
    assert.deepEqual([await host().ownerOf('SM1'), await host().ownerOf('SM2')], [sent!.id, undefined])
  })

  it('hands over what a provider brought before a restart, to one who listens to all', async () => {
    const { gateway, clock, store } = create()
    await store.receive(incoming({ text: 'waited' }))
    const heard: string[] = []
    gateway.inbox.listen(undefined, record => heard.push(record.text))
    gateway.use('p', fakeCarrier())
    gateway.flowsStarted()
    await clock.advance(0)
    assert.deepEqual(heard, ['waited'])
  })

  describe('health', () => {
    it('is told to the flow, each change once, with the reason', async () => {
      const { gateway, clock, reports, log } = create()
      gateway.flowsStarted()
      const { provider, host } = hosted({ send: () => Promise.reject(new SmsError('SMS_AUTH', 'no')) })
      gateway.use('p', provider)
      await clock.advance(0)
      host().health({ health: 'connecting' })
      host().health({ health: 'connecting' })
      host().health({ health: 'ready' })
      await gateway.outbox.submit([sending()])
      await clock.advance(0)
      const plain = { id: 'p', name: 'Carrier', type: 'sms-fake' }
      const error = { code: 'SMS_AUTH', message: 'no' }
      assert.deepEqual(reports, [
        { ...plain, health: 'connecting' },
        { ...plain, health: 'ready' },
        { ...plain, health: 'failed', error },
      ])
      assert.deepEqual(gateway.find('p')?.report(), reports.at(-1))
      assert.deepEqual(log, ['warn Carrier: no'])
    })

    it('that is ready again lets what waits go at once', async () => {
      const { gateway, clock, messages } = create()
      gateway.flowsStarted()
      let isThere = false
      const { provider, host } = hosted({
        send: async () => {
          if (!isThere) throw new SmsError('SMS_CONNECTION', 'unplugged')
          return {}
        },
      })
      gateway.use('p', provider)
      await clock.advance(0)
      host().health({ health: 'failed' })
      const [first] = await gateway.outbox.submit(['a', 'b'].map(text => sending({ text })))
      await clock.advance(3_600_000)
      isThere = true
      // By itself it would be tried only in a minute.
      await clock.advance(100)
      assert.equal((await gateway.outbox.get({ id: first!.id }))?.record.state, 'queued')
      host().health({ health: 'ready' })
      await clock.advance(0)
      assert.deepEqual(
        messages.filter(({ state }) => state === 'accepted').map(({ text }) => text),
        ['a', 'b'],
      )
      assert.equal(gateway.find('p')?.report().health, 'ready')
    })

    const starts: [name: string, start: () => void | Promise<void>, code: string][] = [
      [
        'throws',
        () => {
          throw new SmsError('SMS_CONFIG', 'no port')
        },
        'SMS_CONFIG',
      ],
      ['rejects', () => Promise.reject(new SmsError('SMS_CONNECTION', 'no line')), 'SMS_CONNECTION'],
      [
        'throws what it must not',
        () => {
          throw new Error('s3cret')
        },
        'SMS_PROVIDER',
      ],
    ]
    for (const [name, start, code] of starts) {
      it(`of a provider whose start ${name} is failed`, async () => {
        const { gateway, clock } = create()
        gateway.use('p', fakeCarrier({ start }))
        await clock.advance(0)
        const { health, error } = gateway.find('p')!.report()
        assert.deepEqual([health, error?.code], ['failed', code])
        assert.doesNotMatch(JSON.stringify(error), /s3cret/)
      })
    }

    it('of a provider that is gone is told no more, also where another has its place', async () => {
      const { gateway, clock, reports } = create()
      gateway.flowsStarted()
      const [old, young] = [hosted(), hosted()]
      const stop = gateway.use('p', old.provider)
      await clock.advance(0)
      await stop()
      gateway.use('p', young.provider)
      await clock.advance(0)
      old.host().health({ health: 'failed' })
      assert.deepEqual([reports, gateway.find('p')?.report().health], [[], 'ready'])
      young.host().health({ health: 'degraded' })
      assert.equal(reports.length, 1)
    })
  })

  it('has what is no provider in use as one that says so, and keeps what waits for it', async () => {
    const { gateway, clock } = create()
    gateway.use('p', { ...fakeCarrier(), pace: undefined, send: 7 } as never)
    const [sent] = await gateway.outbox.submit([sending()])
    await clock.advance(60_000)
    const { health, error } = gateway.find('p')!.report()
    assert.deepEqual([health, error?.code], ['failed', 'SMS_CONFIG'])
    assert.match(error!.message, /pace, send missing/)
    assert.throws(() => gateway.find('p')?.provider.check?.(sending().draft), { code: 'SMS_CONFIG' })
    assert.equal((await gateway.outbox.get({ id: sent!.id }))?.record.state, 'queued')
    await assert.rejects(gateway.balance('p'), { code: 'SMS_CONFIG' })
  })

  describe('asking the carrier', () => {
    async function withSent(fields: Partial<Provider>) {
      const world = create()
      world.gateway.use('p', fakeCarrier({ send: async () => ({ providerMessageId: 'SM1' }), ...fields }))
      const [sent] = await world.gateway.outbox.submit([sending()])
      await world.clock.advance(0)
      return { ...world, id: sent!.id }
    }

    it('about a message settles it, and gives the record as it is then', async () => {
      const { gateway, id } = await withSent({ queryStatus: async () => ({ state: 'delivered' }) })
      assert.equal((await gateway.query(id)).state, 'delivered')
    })

    it('that knows nothing gives the record as it was', async () => {
      const { gateway, id } = await withSent({ queryStatus: async () => undefined })
      assert.equal((await gateway.query(id)).state, 'accepted')
    })

    it('for its balance', async () => {
      const balance = { amount: '5', currency: 'EUR', text: '5 EUR' }
      const { gateway } = await withSent({ balance: async () => balance })
      assert.equal(await gateway.balance('Carrier'), balance)
    })

    it('that does not answer ends', async () => {
      const { gateway, clock, id } = await withSent({ queryStatus: () => never(), balance: () => never() })
      const asked = [gateway.query(id), gateway.balance('p')].map(ask => assert.rejects(ask, { code: 'SMS_UNKNOWN' }))
      await clock.advance(30_200)
      await Promise.all(asked)
    })

    it('for what cannot be asked is refused in words', async () => {
      const { gateway, id } = await withSent({})
      await assert.rejects(gateway.query(id), { code: 'SMS_UNSUPPORTED' })
      await assert.rejects(gateway.query('nobody'.repeat(20)), { code: 'SMS_REQUEST', message: /«.{40}…»/ })
      await assert.rejects(gateway.balance('p'), { code: 'SMS_UNSUPPORTED' })
      await assert.rejects(gateway.balance('x'), { code: 'SMS_CONFIG' })
    })
  })

  describe('stopping a provider', () => {
    const stops: [name: string, stop: Provider['stop'], ms: number][] = [
      ['that has none', undefined, 0],
      ['that ends at once', () => {}, 0],
      ['that takes its time', () => new Promise(resolve => setImmediate(resolve)), 0],
      [
        'that throws',
        () => {
          throw new Error('x')
        },
        0,
      ],
      ['that rejects', () => Promise.reject(new Error('x')), 0],
      ['that hangs', () => never(), 550],
    ]
    for (const [name, stop, ms] of stops) {
      it(name, async () => {
        const { gateway, clock } = create()
        const end = gateway.use('p', fakeCarrier({ ...(stop && { stop }) }))
        await clock.advance(0)
        let ended = false
        void end().then(() => (ended = true))
        if (ms > 0) await clock.advance(ms - 1)
        assert.equal(ended, false)
        await clock.advance(1)
        assert.ok(ended)
        assert.equal(clock.timers, 0)
      })
    }

    it('that hangs in everything ends within a second', async () => {
      const { gateway, clock } = create()
      const end = gateway.use('p', fakeCarrier({ send: () => never(), stop: () => never() }))
      await gateway.outbox.submit([sending()])
      await clock.advance(0)
      let ended = false
      void end().then(() => (ended = true))
      await clock.advance(1_000)
      assert.ok(ended)
      assert.equal(clock.timers, 0)
    })

    it('lets a sending end before the provider is stopped', async () => {
      const { gateway, clock } = create()
      const order: string[] = []
      const send = async () => {
        await new Promise<void>(resolve => clock.after(200, resolve))
        order.push('sent')
        return {}
      }
      const end = gateway.use('p', fakeCarrier({ send, stop: () => void order.push('stopped') }))
      await gateway.outbox.submit([sending()])
      await clock.advance(0)
      const ended = end()
      await clock.advance(300)
      await ended
      assert.deepEqual(order, ['sent', 'stopped'])
    })

    it('before it was started never starts it', async () => {
      const { gateway, clock } = create()
      let started = false
      const end = gateway.use('p', fakeCarrier({ start: () => void (started = true), stop() {} }))
      const ended = end()
      await clock.advance(0)
      await ended
      assert.deepEqual([started, gateway.providers().length], [false, 0])
    })

    it('twice stops it once', async () => {
      const { gateway, clock } = create()
      let stopped = 0
      const end = gateway.use('p', fakeCarrier({ stop: () => void (stopped += 1) }))
      await clock.advance(0)
      await Promise.all([end(), end()])
      assert.equal(stopped, 1)
    })
  })

  it('closes all it has, the store last', async () => {
    const { gateway, clock, store } = create()
    let stopped = 0
    for (const id of ['p', 'q']) gateway.use(id, fakeCarrier({ send: () => never(), stop: () => void (stopped += 1) }))
    gateway.flowsStarted()
    const [sent] = await gateway.outbox.submit([sending()])
    await clock.advance(0)
    const closing = gateway.close()
    await clock.advance(1_000)
    await closing
    assert.deepEqual([stopped, gateway.providers().length, clock.timers], [2, 0, 0])
    await assert.rejects(store.waiting('p'), { code: 'SMS_STORE' })
    await store.open(clock.now())
    assert.equal((await store.get({ id: sent!.id }))?.record.state, 'unknown')
  })
})
