import assert from 'node:assert/strict'
import type { Provider } from '../../lib/provider.ts'
import type { SmsRecord } from '../../lib/message.ts'
import { SmsError } from '../../lib/errors.ts'
import type { ProviderNode } from '../../nodes/shared/gateway.ts'
import type { Message, NodeConfig, Red } from '../../nodes/shared/red.ts'
import { fakeCarrier } from '../support/carrier.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'

const ME = '+380501112233'

const test = (id: string, fields: object = {}) => ({
  id,
  type: 'sms-test',
  name: `Carrier ${id}`,
  mode: 'null',
  ...fields,
})
const router = (id: string, slots: readonly string[], fields: object = {}) => ({
  id,
  type: 'sms-router',
  name: `Router ${id}`,
  ...Object.fromEntries(slots.map((slot, index) => [`p${index + 1}`, slot])),
  ...fields,
})
const out = (provider: string, fields: object = {}) => ({
  id: 'out',
  type: 'sms out',
  provider,
  to: 'to',
  toType: 'msg',
  text: 'payload',
  textType: 'msg',
  timeoutSeconds: 5,
  wires: [['sent'], ['failed']],
  failures: 'output',
  ...fields,
})
const ENDS = [
  { id: 'sent', type: 'helper' },
  { id: 'failed', type: 'helper' },
]

const record = (msg: Message) => msg.sms as SmsRecord
const failure = (msg: Message) => msg['error'] as { code: string; message: string }

/** A carrier of another package that refuses, or takes, by what a test says of it. */
const refusing = { error: undefined as SmsError | undefined }
function anotherPackage(RED: Red): void {
  function Carrier(this: ProviderNode, config: NodeConfig): void {
    RED.nodes.createNode(this, config)
    const send: Provider['send'] = async () => {
      if (refusing.error) throw refusing.error
      return {}
    }
    this.smsProvider = fakeCarrier({ type: 'sms-fake', name: String(config.name), send })
  }
  RED.nodes.registerType('sms-fake', Carrier)
}

describe('sms-router', () => {
  afterEach(async () => {
    refusing.error = undefined
    await unloadFlow()
  })

  it('sends through the first of its providers, and says so', async () => {
    const flow = await loadFlow([test('a'), test('b'), router('r', ['a', 'b']), out('r'), ...ENDS])
    flow.inject('out', { to: ME, payload: 'Hello' })
    const sms = record(await flow.next('sent'))
    assert.deepEqual(
      [sms.provider, sms.providerNode, sms.route],
      ['Carrier a', 'a', 'Router «Router r»: route 1, Carrier a'],
    )
  })

  it('goes on to the next when one cannot be reached', async () => {
    refusing.error = new SmsError('SMS_CONNECTION', 'no line')
    const flow = await loadFlow(
      [{ id: 'a', type: 'sms-fake', name: 'Cloud' }, test('b'), router('r', ['a', 'b']), out('r'), ...ENDS],
      { modules: [anotherPackage] },
    )
    flow.inject('out', { to: ME, payload: 'Hello' })
    const sms = record(await flow.next('sent'))
    assert.equal(sms.route, 'Router «Router r»: route 1, failover to Carrier b: Cloud SMS_CONNECTION')
    assert.equal(sms.providerNode, 'b')
  })

  it('picks by its routes, in order, with expressions too', async () => {
    const routes = [
      { name: 'alarms', when: { category: 'alarm' }, use: ['p2'] },
      { name: 'short', when: { expression: 'parts = 1 and $contains(text, "short")' }, use: ['p3'] },
      { use: ['p1'] },
    ]
    const flow = await loadFlow([
      test('a'),
      test('b'),
      test('c'),
      router('r', ['a', 'b', 'c'], { routes }),
      out('r'),
      ...ENDS,
    ])
    const by = async (msg: Message) => {
      flow.inject('out', { to: ME, ...msg })
      return record(await flow.next('sent')).providerNode
    }
    assert.equal(await by({ payload: 'x', smsOptions: { category: 'alarm' } }), 'b')
    assert.equal(await by({ payload: 'a short one' }), 'c')
    assert.equal(await by({ payload: 'x' }), 'a')
    assert.equal(await by({ payload: 'x', smsOptions: { provider: 'Carrier c' } }), 'c')
  })

  it('sends through each of its providers, nested routers too', async () => {
    const flow = await loadFlow([
      test('a'),
      test('b'),
      router('inner', ['b'], {}),
      router('r', ['a', 'inner'], { routes: [{ strategy: 'all' }] }),
      out('r'),
      ...ENDS,
    ])
    flow.inject('out', { to: ME, payload: 'Hello', smsOptions: { idempotencyKey: 'k' } })
    const through = [record(await flow.next('sent')), record(await flow.next('sent'))].map(sms => sms.providerNode)
    assert.deepEqual(through.sort(), ['a', 'b'])
  })

  it('hears what comes in through any of its providers, and how they fare', async () => {
    const flow = await loadFlow([
      test('a', { mode: 'loopback' }),
      test('b', { mode: 'loopback' }),
      router('r', ['a', 'b']),
      { id: 'in', type: 'sms in', provider: 'r', wires: [['sent']] },
      { id: 'phone', type: 'sms phone', provider: 'b', number: ME },
      ...ENDS,
    ])
    flow.inject('phone', { payload: 'Hi' })
    const msg = await flow.next('sent')
    assert.deepEqual([msg.payload, record(msg).providerNode], ['Hi', 'b'])
  })

  it('names the chain of routers that list each other', async () => {
    // By name: by id Node-RED itself does not start them.
    const flow = await loadFlow([router('r', ['Router s']), router('s', ['Router r']), out('r'), ...ENDS])
    flow.inject('out', { to: ME, payload: 'Hello' })
    const error = failure(await flow.next('failed'))
    assert.equal(error.code, 'SMS_CONFIG')
    assert.match(error.message, /list each other: «Router r» → «Router s» → «Router r»/)
  })

  it('says what is wrong with a route', async () => {
    const flow = await loadFlow([test('a'), router('r', ['a'], { routes: [{ use: ['p7'] }] }), out('r'), ...ENDS])
    flow.inject('out', { to: ME, payload: 'Hello' })
    assert.deepEqual(failure(await flow.next('failed')), {
      code: 'SMS_CONFIG',
      message: 'route 1: there is no provider in «p7»',
    })
  })

  it('lets no two messages take the last place of a budget, and tells the other', async () => {
    const flow = await loadFlow([
      test('a'),
      router('r', ['a'], { guards: { perRecipient: '1', exempt: 'alarm' } }),
      out('r'),
      ...ENDS,
    ])
    for (const payload of ['one', 'two']) flow.inject('out', { to: ME, payload })
    await flow.next('sent')
    assert.equal(failure(await flow.next('failed')).code, 'SMS_BLOCKED')
    flow.inject('out', { to: ME, payload: 'three', smsOptions: { category: 'alarm' } })
    await flow.next('sent')
  })
})
