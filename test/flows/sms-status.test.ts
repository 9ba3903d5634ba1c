import assert from 'node:assert/strict'
import type { SmsRecord } from '../../lib/message.ts'
import type { Message } from '../../nodes/shared/red.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

const ME = '+380501112233'

function watching(settings: object, carrier: object = {}): Promise<Flow> {
  return loadFlow([
    { id: 'carrier', type: 'sms-test', name: 'Simulated', mode: 'loopback', ...carrier },
    { id: 'phone', type: 'sms phone', provider: 'carrier', number: ME },
    { id: 'out', type: 'sms out', provider: 'carrier', wires: [['sent']] },
    { id: 'status', type: 'sms status', provider: 'carrier', wires: [['told']], ...settings },
    { id: 'catcher', type: 'catch', scope: ['status'], wires: [['caught']] },
    ...['sent', 'told', 'caught'].map(id => ({ id, type: 'helper' })),
  ])
}

const error = (msg: Message) => msg['error'] as { code: string; message: string }

describe('sms status', () => {
  afterEach(unloadFlow)

  it('tells what became of a message, with its reference', async () => {
    const flow = await watching({ listen: 'deliveries' })
    flow.inject('out', { payload: 'x', to: ME, smsOptions: { ref: 42 } })
    const msg = await flow.next('told')
    assert.deepEqual([msg.payload, msg.topic, (msg.sms as SmsRecord).ref], ['delivered', 'Simulated', 42])
  })

  it('tells only the states that are chosen, steps on the way too', async () => {
    const flow = await watching({ listen: 'deliveries', states: ['queued', 'sending'] })
    flow.inject('out', { payload: 'x', to: ME })
    assert.deepEqual([(await flow.next('told')).payload, (await flow.next('told')).payload], ['queued', 'sending'])
    await flow.next('sent')
    assert.equal(flow.pending('told').length, 0)
  })

  it('tells a failure with its reason', async () => {
    const flow = await watching({ listen: 'deliveries' }, { faults: { refusals: 100 } })
    flow.inject('out', { payload: 'x', to: ME })
    const msg = await flow.next('told')
    assert.deepEqual([msg.payload, (msg.sms as SmsRecord).error?.code], ['failed', 'SMS_SEND'])
  })

  it('tells how its provider fares', async () => {
    const flow = await watching({ listen: 'providers' })
    const msg = await flow.next('told')
    const { name, type, health, reason, queued } = msg['provider'] as Record<string, unknown>
    assert.deepEqual(
      [msg.payload, name, type, health, reason, queued],
      ['ready', 'Simulated', 'sms-test', 'ready', '', 0],
    )
  })

  it('asks about a message, by record or by id, and for the balance', async () => {
    const flow = await watching({ listen: 'deliveries', states: ['cancelled'] })
    flow.inject('out', { payload: 'x', to: ME })
    const sent = await flow.next('sent')
    flow.inject('status', { sms: sent.sms, kept: 1 })
    const told = await flow.next('told')
    assert.deepEqual([told.payload, told['kept']], ['delivered', 1])
    flow.inject('status', { payload: (sent.sms as SmsRecord).id })
    assert.equal((await flow.next('told')).payload, 'delivered')
    flow.inject('status', { payload: 'balance' })
    assert.deepEqual(Object.keys((await flow.next('told')).payload as object).sort(), ['amount', 'currency', 'text'])
  })

  it('refuses a question it cannot answer', async () => {
    const flow = await watching({})
    flow.inject('status', { payload: 'no such id' })
    assert.deepEqual(error(await flow.next('caught')).code, 'SMS_REQUEST')
    flow.inject('status', { payload: { a: 1 } })
    assert.match(error(await flow.next('caught')).message, /ask with a message id/)
  })

  describe('takes commands', () => {
    const LATER = { sendAt: Date.now() + 3_600_000 }
    const shown = (msg: Message) => {
      const { health, reason, queued } = msg['provider'] as Record<string, unknown>
      return [msg.payload, health, reason, queued]
    }

    it('cancel: calls a message off, by record or by id, and hands no command on', async () => {
      const flow = await watching({ listen: 'providers' })
      for (const ask of [(sms: SmsRecord) => ({ sms }), (sms: SmsRecord) => ({ payload: sms.id })]) {
        flow.inject('out', { payload: 'x', to: ME, smsOptions: LATER })
        const { sms } = await flow.next('sent')
        flow.inject('status', { ...ask(sms as SmsRecord), command: 'cancel', kept: 1 })
        let told = await flow.next('told')
        while (told['kept'] !== 1) told = await flow.next('told')
        const { state, error: why } = told.sms as SmsRecord
        assert.deepEqual([told.payload, state, why?.code], ['cancelled', 'cancelled', 'SMS_CANCELLED'])
        assert.ok(!('command' in told))
      }
    })

    it('cancel: says why it cannot', async () => {
      const flow = await watching({ listen: 'deliveries' })
      flow.inject('out', { payload: 'x', to: ME })
      assert.equal((await flow.next('told')).payload, 'delivered')
      flow.inject('status', { sms: (await flow.next('sent')).sms, command: 'cancel' })
      const { code, message } = error(await flow.next('caught'))
      assert.equal(code, 'SMS_REQUEST')
      assert.match(message, /it is over: it was delivered/)
    })

    it('pause and resume: hold back what its provider has to send, and say how it fares', async () => {
      const flow = await watching({ listen: 'deliveries', states: ['queued', 'delivered'] })
      flow.inject('status', { command: 'pause' })
      assert.deepEqual(shown(await flow.next('told')), ['degraded', 'degraded', 'paused by the user', 0])
      assert.equal(flow.statuses('out').at(-1), 'status.paused')
      flow.inject('out', { payload: 'x', to: ME })
      assert.equal((await flow.next('told')).payload, 'queued')
      flow.inject('status', { command: 'pause' })
      assert.deepEqual(shown(await flow.next('told')), ['degraded', 'degraded', 'paused by the user', 1])
      flow.inject('status', { command: 'resume' })
      assert.deepEqual(shown(await flow.next('told')).slice(0, 3), ['ready', 'ready', ''])
      assert.equal((await flow.next('told')).payload, 'delivered')
    })

    it('query and balance: as without a command', async () => {
      const flow = await watching({ listen: 'deliveries', states: ['cancelled'] })
      flow.inject('out', { payload: 'x', to: ME })
      const { sms } = await flow.next('sent')
      flow.inject('status', { sms, command: 'query' })
      assert.equal((await flow.next('told')).payload, 'delivered')
      flow.inject('status', { command: 'balance', payload: 1 })
      assert.ok('amount' in ((await flow.next('told')).payload as object))
    })

    const refused: [name: string, settings: object, msg: Message, message: RegExp][] = [
      ['one that is unknown', {}, { command: 'AT+CSQ' }, /one of query, cancel, balance, pause, resume/],
      ['one that is no word', {}, { command: ['cancel'] }, /msg\.command is one of/],
      ['to pause, without a provider', { provider: '' }, { command: 'pause' }, /choose a provider/],
      ['to resume, without a provider', { provider: '' }, { command: 'resume' }, /choose a provider/],
      ['to cancel nothing', {}, { command: 'cancel' }, /message id/],
    ]
    for (const [name, settings, msg, message] of refused) {
      it(`and refuses ${name}`, async () => {
        const flow = await watching(settings)
        flow.inject('status', msg)
        const caught = error(await flow.next('caught'))
        assert.equal(caught.code, 'SMS_REQUEST')
        assert.match(caught.message, message)
      })
    }
  })
})
