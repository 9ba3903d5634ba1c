import assert from 'node:assert/strict'
import type { SmsRecord } from '../../lib/message.ts'
import type { Provider } from '../../lib/provider.ts'
import type { ProviderNode } from '../../nodes/shared/gateway.ts'
import type { Message, NodeConfig, Red } from '../../nodes/shared/red.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

// The store outlives flows, so nobody else may use these numbers.
const ME = '+380931112233'
const OTHER = '+380941112233'
const CALLER = '+380951112233'

const asking = (history: object = {}): Promise<Flow> =>
  loadFlow(
    [
      { id: 'carrier', type: 'sms-test', name: 'Simulated', mode: 'loopback' },
      { id: 'board', type: 'switchboard', name: 'Switchboard' },
      { id: 'mine', type: 'sms phone', provider: 'carrier', number: ME },
      { id: 'others', type: 'sms phone', provider: 'carrier', number: OTHER },
      { id: 'out', type: 'sms out', provider: 'carrier', finishOn: 'delivered', wires: [['sent']] },
      { id: 'in', type: 'sms in', provider: '', listen: 'both', wires: [['came']] },
      { id: 'history', type: 'sms history', wires: [['found']], ...history },
      { id: 'catcher', type: 'catch', scope: ['history'], wires: [['caught']] },
      ...['sent', 'came', 'found', 'caught'].map(id => ({ id, type: 'helper' })),
    ],
    { modules: [switchboard] },
  )

/** What another package may bring: a carrier that is called as soon as it is there. */
function switchboard(RED: Red): void {
  RED.nodes.registerType('switchboard', function (this: ProviderNode, config: NodeConfig) {
    RED.nodes.createNode(this, config)
    const provider: Provider = {
      type: 'switchboard',
      name: 'Switchboard',
      pace: { concurrency: 1 },
      numbers: {},
      maxCharacters: 160,
      send: async () => ({}),
      start: async host => void (await host.received({ type: 'call', from: CALLER, text: '' })),
    }
    this.smsProvider = provider
  })
}

/** Texts me `1`, hears from me `2` and from somebody else `3`, after the call that every flow here begins with. */
async function talk(flow: Flow): Promise<void> {
  assert.equal((await flow.next('came')).payload, CALLER)
  flow.inject('out', { payload: '1', to: ME })
  await flow.next('sent')
  for (const [phone, payload] of [
    ['mine', '2'],
    ['others', '3'],
  ] as const) {
    flow.inject(phone, { payload })
    await flow.next('came')
  }
}

async function ask(flow: Flow, msg: Message = {}): Promise<readonly SmsRecord[]> {
  flow.inject('history', msg)
  return (await flow.next('found')).payload as readonly SmsRecord[]
}

const texts = (records: readonly SmsRecord[]) => records.map(({ text }) => text).join('')

describe('sms history', () => {
  afterEach(unloadFlow)

  it('finds messages in both directions, newest first, with the rest of the message kept', async () => {
    const flow = await asking({ since: '1h' })
    await talk(flow)
    flow.inject('history', { payload: 'anything', topic: 'kept', limit: 3 })
    const { payload, topic } = await flow.next('found')
    const records = payload as readonly SmsRecord[]
    assert.deepEqual([texts(records), topic], ['321', 'kept'])
    assert.deepEqual(
      records.map(({ direction, state }) => `${direction} ${state}`),
      ['in received', 'in received', 'out delivered'],
    )
    assert.equal(flow.statuses('history').at(-1), '3')
  })

  it('asks what its settings say, and what a message says instead', async () => {
    const flow = await asking({ number: '00 380 (93) 111-22-33', direction: 'in', limit: '1' })
    await talk(flow)
    assert.equal(texts(await ask(flow)), '2')
    assert.equal(texts(await ask(flow, { direction: 'out' })), '1')
    assert.equal(texts(await ask(flow, { direction: '', limit: 2 })), '21')
    assert.equal(texts(await ask(flow, { number: '+380 94 111 22 33' })), '3')
    assert.equal(texts(await ask(flow, { state: 'received', direction: null })), '2')
    assert.equal(texts(await ask(flow, { state: 'failed', direction: '' })), '')
    assert.equal(flow.statuses('history').at(-1), '0')
  })

  it('finds what came since a time, and not before', async () => {
    const flow = await asking({ number: ME, limit: 1, direction: 'in' })
    await talk(flow)
    const [{ createdAt } = { createdAt: '' }] = await ask(flow)
    assert.equal(texts(await ask(flow, { since: createdAt })), '2')
    assert.equal(texts(await ask(flow, { since: Date.parse(createdAt) + 1 })), '')
    assert.equal(texts(await ask(flow, { since: '7d' })), '2')
  })

  it('finds calls', async () => {
    const flow = await asking({ recordType: 'call', limit: 1 })
    await flow.next('came')
    const [call] = await ask(flow)
    assert.deepEqual([call?.type, call?.from, call?.state, call?.provider], ['call', CALLER, 'ringing', 'Switchboard'])
    assert.deepEqual(await ask(flow, { type: 'message', number: CALLER }), [])
  })

  it('gives records that a flow may write into', async () => {
    const flow = await asking({ number: ME, limit: 1 })
    await talk(flow)
    const [first] = await ask(flow)
    Object.assign(first ?? {}, { text: 'changed' })
    assert.equal(texts(await ask(flow)), '2')
  })

  const refused: [Message, RegExp][] = [
    [{ type: 'sms' }, /type must be one of message, call, not «sms»/],
    [{ direction: 'up' }, /direction must be/],
    [{ number: ['+1'] }, /number must be/],
    [{ since: '2026-02-31' }, /since must be an ISO 8601 time/],
    [{ state: 'lost' }, /state must be one of/],
    [{ limit: 1001 }, /limit must be a whole number from 1 to 1000/],
  ]
  it('refuses a question that cannot be meant, in words', async () => {
    const flow = await asking()
    for (const [msg, message] of refused) {
      flow.inject('history', msg)
      const { code, message: told } = (await flow.next('caught'))['error'] as { code: string; message: string }
      assert.equal(code, 'SMS_REQUEST')
      assert.match(told, message)
    }
    assert.equal(flow.statuses('history').at(-1), 'errors.SMS_REQUEST')
    assert.equal(flow.pending('found').length, 0)
  })

  it('tells settings that cannot work at the start, and with every message', async () => {
    const flow = await asking({ since: 'yesterday' })
    assert.equal(flow.statuses('history').at(-1), 'errors.SMS_CONFIG')
    flow.inject('history', { since: '24h' })
    const { code, message } = (await flow.next('caught'))['error'] as { code: string; message: string }
    assert.equal(code, 'SMS_CONFIG')
    assert.match(message, /since must be .* not «yesterday»/)
    assert.equal(flow.pending('found').length, 0)
  })
})
