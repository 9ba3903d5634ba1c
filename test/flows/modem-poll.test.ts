import assert from 'node:assert/strict'
import type { CheckFailure } from '../../lib/modem-poll/ask.ts'
import type { Provider } from '../../lib/provider.ts'
import type { ModemFacade, Readings } from '../../lib/providers/modem/checks.ts'
import modemNode from '../../nodes/sms-modem.ts'
import pollNode from '../../nodes/modem-poll.ts'
import type { ProviderNode } from '../../nodes/shared/gateway.ts'
import type { Message, NodeConfig, Red } from '../../nodes/shared/red.ts'
import { createVirtualModem } from '../sim/modem/modem.ts'
import type { VirtualModem } from '../sim/modem/modem.ts'
import { serveTcp } from '../sim/modem/serve.ts'
import type { Served } from '../sim/modem/serve.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

type Told = Message & { readonly payload: Readings; readonly failures?: readonly CheckFailure[] }

/** What another package may bring: it says nothing of how it fares, which counts as ready. */
function otherModem(RED: Red): void {
  RED.nodes.registerType('other-modem', function (this: ProviderNode, config: NodeConfig) {
    RED.nodes.createNode(this, config)
    const provider: Provider & { readonly modem: Pick<ModemFacade, 'check'> } = {
      type: 'other-modem',
      name: 'Other',
      pace: { concurrency: 1 },
      numbers: {},
      maxCharacters: 160,
      send: async () => ({}),
      modem: { check: async () => ({ signal: { rssi: 31 } }) },
    }
    this.smsProvider = provider
  })
}

const error = (msg: Message) => msg['error'] as { code: string; message: string }

describe('modem poll', () => {
  let modem: VirtualModem
  let served: Served

  beforeEach(async () => {
    modem = createVirtualModem()
    served = await serveTcp(modem)
  })
  afterEach(async () => {
    await unloadFlow()
    await served.stop()
    modem.stop()
  })

  const polling = (settings: object, config: object = {}): Promise<Flow> =>
    loadFlow(
      [
        { id: 'm', type: 'sms-modem', name: 'Home modem', port: served.address, balanceUssd: '*100#', ...config },
        { id: 'simulated', type: 'sms-test', name: 'Simulated', mode: 'loopback' },
        { id: 'router', type: 'sms-router', name: 'Router', p1: 'm', routes: [{ strategy: 'failover', use: [1] }] },
        { id: 'poll', type: 'modem poll', modem: 'm', checks: [], intervalSeconds: '', ...settings, wires: [['told']] },
        { id: 'catcher', type: 'catch', scope: ['poll'], wires: [['caught']] },
        ...['told', 'caught'].map(id => ({ id, type: 'helper' })),
      ],
      { modules: [modemNode, pollNode] },
    )

  async function shows(flow: Flow, is: (statuses: readonly string[]) => boolean): Promise<void> {
    while (!is(flow.statuses('poll'))) await new Promise(setImmediate)
  }

  /** A provider that has said nothing yet counts as ready; this one says first that it is being opened. */
  const ready = (flow: Flow) =>
    shows(flow, texts => texts.includes('status.modemUnready') && texts.at(-1) === 'status.ready')

  it('asks as soon as the modem is ready, and shows operator and signal', async () => {
    const flow = await polling({ intervalSeconds: '3600', checks: ['signal', 'network'] })
    const { payload, topic, failures } = (await flow.next('told')) as Told
    assert.equal(topic, 'Home modem')
    assert.equal(failures, undefined)
    assert.deepEqual(Object.keys(payload), ['signal', 'network'])
    assert.deepEqual([payload.network?.state, payload.network?.roaming], ['registered', false])
    const { signal, network } = payload
    assert.equal(flow.statuses('poll').at(-1), `${network?.operator} ${signal?.percent} %`)
  })

  it('leaves out nothing in its first answer, which a modem that starts delays', async () => {
    const flow = await polling({ intervalSeconds: '3600', checks: ['signal', 'network', 'balance', 'storage'] })
    const { payload, failures } = (await flow.next('told')) as Told
    assert.deepEqual([Object.keys(payload), failures], [['signal', 'network', 'balance', 'storage'], undefined])
  })

  it('answers with each of its checks, and keeps the rest of the message', async () => {
    const checks = ['signal', 'network', 'balance', 'storage', 'identity', 'battery', 'messages']
    const flow = await polling({ checks })
    await ready(flow)
    flow.inject('poll', { kept: 1, topic: 'mine' })
    const { payload, kept, topic } = (await flow.next('told')) as Told
    assert.deepEqual([kept, topic], [1, 'mine'])
    assert.deepEqual(payload.balance, { amount: '42.17', currency: 'UAH', text: 'Balance: 42.17 UAH' })
    assert.deepEqual([payload.messages, payload.storage?.used], [0, 0])
    assert.equal(payload.identity?.manufacturer, modem.profile.manufacturer)
    assert.match(payload.identity?.imsi ?? '', /^\d{15}$/)
  })

  it('asks a modem of another package, which was ready before', async () => {
    const flow = await loadFlow(
      [
        { id: 'other', type: 'other-modem' },
        {
          id: 'poll',
          type: 'modem poll',
          modem: 'other',
          checks: ['signal'],
          intervalSeconds: 3600,
          wires: [['told']],
        },
        { id: 'told', type: 'helper' },
      ],
      { modules: [otherModem, pollNode] },
    )
    assert.deepEqual((await flow.next('told')).payload, { signal: { rssi: 31 } })
  })

  it('tells what it got where one check fails, and what failed', async () => {
    const flow = await polling({ checks: ['signal', 'balance'] }, { balanceUssd: '' })
    await ready(flow)
    flow.inject('poll', {})
    const { payload, failures } = (await flow.next('told')) as Told
    assert.deepEqual(Object.keys(payload), ['signal'])
    assert.deepEqual(
      failures?.map(({ check, code }) => [check, code]),
      [['balance', 'SMS_UNSUPPORTED']],
    )
    assert.equal(flow.pending('caught').length, 0)
  })

  it('tells Catch where all fail', async () => {
    const flow = await polling({ checks: ['balance'] }, { balanceUssd: '' })
    await ready(flow)
    flow.inject('poll', {})
    assert.equal(error(await flow.next('caught')).code, 'SMS_UNSUPPORTED')
    assert.match(flow.statuses('poll').at(-1)!, /SMS_UNSUPPORTED/)
  })

  it('tells Catch of a scheduled question that failed', async () => {
    const flow = await polling({ checks: ['balance'], intervalSeconds: 1 }, { balanceUssd: '' })
    assert.equal(error(await flow.next('caught')).code, 'SMS_UNSUPPORTED')
    assert.equal(flow.pending('told').length, 0)
  })

  it('sends AT commands and USSD codes, and hands neither on', async () => {
    const flow = await polling({}, { allowAt: true })
    await ready(flow)
    flow.inject('poll', { command: 'AT+CGMI', kept: 1 })
    const answered = await flow.next('told')
    assert.deepEqual(answered.payload, [modem.profile.manufacturer, 'OK'])
    assert.deepEqual([answered['kept'], 'command' in answered], [1, false])
    flow.inject('poll', { ussd: '*101#' })
    const told = await flow.next('told')
    assert.deepEqual([told.payload, 'ussd' in told], ['Баланс: 42,17 грн', false])
  })

  it('skips the schedule while the modem is away, says why, and asks when it is back', async () => {
    modem.unplug()
    const flow = await polling({ intervalSeconds: 3600, checks: ['signal'] })
    await shows(flow, texts => texts.at(-1) === 'status.modemUnready')
    assert.deepEqual([flow.pending('told').length, flow.pending('caught').length], [0, 0])
    flow.inject('poll', {})
    assert.equal(error(await flow.next('caught')).code, 'SMS_CONNECTION')
    modem.plug()
    assert.ok('signal' in ((await flow.next('told')).payload as object))
  })

  const refused: [name: string, settings: object, config: object, msg: Message, code: string, message: RegExp][] = [
    ['AT commands that are not allowed', {}, {}, { command: 'AT+CSQ' }, 'SMS_CONFIG', /do not allow AT commands/],
    ['what is no code', {}, {}, { ussd: 'hello' }, 'SMS_REQUEST', /written like \*100#/],
    ['a command and a code at once', {}, {}, { command: 'AT', ussd: '*1#' }, 'SMS_REQUEST', /not by both/],
    ['a command that is no text', {}, {}, { command: 17 }, 'SMS_REQUEST', /must be a text/],
    ['to ask for nothing', {}, {}, {}, 'SMS_CONFIG', /nothing is chosen/],
    ['a check there is not', { checks: ['weather'] }, {}, {}, 'SMS_CONFIG', /one of signal, network/],
    ['an interval too short', { intervalSeconds: 0.5 }, {}, {}, 'SMS_CONFIG', /at least a second/],
    ['no modem', { modem: '' }, {}, {}, 'SMS_CONFIG', /no SMS provider is chosen/],
    ['a provider that is no modem', { modem: 'simulated' }, {}, {}, 'SMS_CONFIG', /«Simulated» is no modem.*sms-test/],
    ['a router', { modem: 'router' }, {}, {}, 'SMS_CONFIG', /«Router» is no modem.*sms-router/],
    ['a modem whose settings are wrong', { checks: ['signal'] }, { port: '' }, {}, 'SMS_CONFIG', /no port is entered/],
  ]
  for (const [name, settings, config, msg, code, message] of refused) {
    it(`refuses ${name}`, async () => {
      const flow = await polling(settings, config)
      flow.inject('poll', msg)
      let caught = await flow.next('caught')
      // Settings are told of at start too.
      while (!('_msgid' in caught)) caught = await flow.next('caught')
      assert.equal(error(caught).code, code)
      assert.match(error(caught).message, message)
    })
  }
})
