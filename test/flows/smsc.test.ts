import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Failure } from '../../lib/compose.ts'
import type { SmsRecord } from '../../lib/message.ts'
import smscNode from '../../nodes/sms-smsc.ts'
import type { Message } from '../../nodes/shared/red.ts'
import { startSmsc } from '../sim/smsc.ts'
import type { Fault, Smsc } from '../sim/smsc.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

const ME = '+380501112233'
const OTHER = '+380671112233'
const SECRET = 'hunter2hunter2'

interface Caught extends Message {
  error: { code: string; message: string; providerCode?: number }
  failures?: Failure[]
}

describe('flows through SMSC', () => {
  let smsc: Smsc
  let server: Server | undefined
  beforeEach(async () => {
    smsc = await startSmsc({ behaviour: { statuses: [0], login: 'me', password: SECRET, secret: SECRET } })
  })
  afterEach(async () => {
    await unloadFlow()
    server?.closeAllConnections()
    server?.close()
    await smsc.stop()
  })

  const modules = [smscNode]
  const account = (more: object = {}) => ({
    id: 'account',
    type: 'sms-smsc',
    name: 'SMSC',
    login: 'me',
    receive: 'off',
    apiUrl: smsc.url,
    ...more,
  })
  const credentials = { account: { password: SECRET, callbackSecret: SECRET } }

  function sending(settings: object = {}, out: object = {}): Promise<Flow> {
    const nodes = [
      account(settings),
      { id: 'out', type: 'sms out', provider: 'account', timeoutSeconds: 5, wires: [['sent']], ...out },
      { id: 'catcher', type: 'catch', scope: null, wires: [['caught']] },
      ...['sent', 'caught'].map(id => ({ id, type: 'helper' })),
    ]
    return loadFlow(nodes, { credentials, modules })
  }

  /** Serves the flow's webhooks, and has SMSC call one. */
  async function serve(flow: Flow, path: string): Promise<void> {
    server = createServer(flow.RED.httpNode as unknown as RequestListener).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    smsc.behaviour.webhookUrl = `http://127.0.0.1:${port}/sms/${path}?charset=utf-8`
  }

  it('the same flow sends by a dummy while it is built, and by SMSC when it is used', async () => {
    const flowOf = () => [
      { id: 'dummy', type: 'sms-test', name: 'Dummy', mode: 'null' },
      account(),
      { id: 'out', type: 'sms out', provider: '${SMS_PROVIDER}', timeoutSeconds: 5, wires: [['sent']] },
      { id: 'sent', type: 'helper' },
    ]
    try {
      for (const [name, taken] of [
        ['Dummy', 0],
        ['SMSC', 1],
      ] as const) {
        process.env['SMS_PROVIDER'] = name
        const flow = await loadFlow(flowOf(), { credentials, modules })
        flow.inject('out', { payload: 'Your code is 1234', to: ME })
        const sms = (await flow.next('sent')).sms as SmsRecord
        assert.deepEqual([sms.provider, smsc.messages.length], [name, taken])
        await unloadFlow()
      }
    } finally {
      delete process.env['SMS_PROVIDER']
    }
  })

  it('gives the record what SMSC told, and tells balance and state when asked', async () => {
    smsc.behaviour.statuses = [1]
    const flow = await loadFlow(
      [
        account({ sender: 'Home' }),
        { id: 'out', type: 'sms out', provider: 'account', timeoutSeconds: 5, wires: [['sent']] },
        {
          id: 'status',
          type: 'sms status',
          provider: 'account',
          listen: 'deliveries',
          states: ['failed'],
          wires: [['told']],
        },
        ...['sent', 'told'].map(id => ({ id, type: 'helper' })),
      ],
      { credentials, modules },
    )
    flow.inject('status', { payload: 'balance' })
    const balance = { amount: '100.00', currency: 'RUB', text: '100.00 RUB' }
    assert.deepEqual((await flow.next('told')).payload, balance)
    flow.inject('out', { payload: 'Двері відчинено', to: ME })
    const sms = (await flow.next('sent')).sms as SmsRecord
    const [message] = smsc.messages
    assert.deepEqual(
      [sms.state, sms.from, sms.providerMessageId, sms.price],
      ['accepted', 'Home', `${message?.id}:380501112233`, { amount: '2.50', currency: 'RUB' }],
    )
    assert.equal(message?.text, 'Двері відчинено')
    await smsc.settled()
    flow.inject('status', { sms })
    assert.equal((await flow.next('told')).payload, 'delivered')
  })

  const unsure: [string, Fault][] = [
    ['an answer that is HTML', 'takenHtml'],
    ['a truncated answer', 'truncated'],
    ['a lost answer', 'lostAnswer'],
  ]
  for (const [what, fault] of unsure) {
    it(`${what} is doubt, and is settled without sending twice`, async () => {
      const flow = await sending()
      smsc.inject(fault)
      flow.inject('out', { payload: 'Once', to: ME })
      const sms = (await flow.next('sent')).sms as SmsRecord
      assert.equal(sms.providerMessageId, `${smsc.messages[0]?.id}:380501112233`)
      assert.deepEqual([smsc.messages.length, smsc.requests.send], [1, 1])
    })
  }

  it('sends again what surely was not taken', async () => {
    const flow = await sending()
    smsc.inject(9, { times: 2, says: 'too many concurrent requests' })
    flow.inject('out', { payload: 'Later', to: ME })
    await flow.next('sent')
    assert.deepEqual([smsc.messages.length, smsc.requests.send], [1, 3])
  })

  const refused: [string, object, Message, string, RegExp, number?][] = [
    ['a text SMSC does not take', {}, { to: ME, payload: 'spam' }, 'SMS_SEND', /text or the sender/, 6],
    ['no money', {}, { to: ME }, 'SMS_CREDIT', /money/, 3],
    ['a wrong login', { login: 'you' }, { to: ME }, 'SMS_AUTH', /login/, 2],
    ['a parameter that is not to be set', {}, { to: ME, smsOptions: { params: { psw: 'x' } } }, 'SMS_REQUEST', /psw/],
    ['a sender no phone can show', { sender: 'Дім' }, { to: ME }, 'SMS_CONFIG', /sender/],
    ['an account that is out of reach', { apiUrl: 'http://127.0.0.1:9' }, { to: ME }, 'SMS_TIMEOUT', /127\.0\.0\.1/],
  ]
  for (const [what, settings, msg, code, message, providerCode] of refused) {
    it(`${what} is ${code} at Catch, with a reason and no secret`, async () => {
      if (code === 'SMS_CREDIT') smsc.behaviour.money = 0
      const flow = await sending(settings, { timeoutSeconds: 0.5 })
      flow.inject('out', { payload: 'x', ...msg })
      let caught = (await flow.next('caught')) as Caught
      // A setting is told when the node starts, too.
      if (caught['sms'] === undefined && flow.pending('caught').length > 0)
        caught = (await flow.next('caught')) as Caught
      assert.equal(caught.error.code, code)
      assert.match(caught.error.message, message)
      if (providerCode !== undefined) assert.equal(caught.failures?.[0]?.providerCode, providerCode)
      assert.doesNotMatch(JSON.stringify(caught), /hunter2/)
      assert.equal(smsc.messages.length, 0)
    })
  }

  it('receives messages, calls and reports at one address', async () => {
    smsc.behaviour.statuses = [0, 1]
    const flow = await loadFlow(
      [
        account({ receive: 'webhook', path: 'secret-path', publicUrl: 'https://home.example.org' }),
        { id: 'in', type: 'sms in', provider: 'account', listen: 'both', wires: [['came', 'back']] },
        { id: 'back', type: 'sms out', provider: 'account', toType: 'reply', finishOn: 'delivered', wires: [['sent']] },
        { id: 'status', type: 'sms status', provider: 'account', listen: 'deliveries', wires: [['told']] },
        ...['came', 'sent', 'told'].map(id => ({ id, type: 'helper' })),
      ],
      { credentials, modules },
    )
    await serve(flow, 'secret-path')
    assert.equal(await smsc.receive({ from: '380671112233', text: 'Стан?' }), 200)
    const came = await flow.next('came')
    assert.deepEqual([came.payload, came['from'], came.topic], ['Стан?', OTHER, 'SMSC'])
    const sms = (await flow.next('sent')).sms as SmsRecord
    assert.deepEqual([sms.to, sms.state, smsc.requests.status], [OTHER, 'delivered', 0])
    let told = await flow.next('told')
    while (told.payload !== 'delivered') told = await flow.next('told')
    assert.equal((told.sms as SmsRecord).id, sms.id)
    assert.equal(await smsc.ring('380501112233', 1_795_255_200), 200)
    const rang = await flow.next('came')
    assert.deepEqual([rang.payload, (rang.sms as SmsRecord).type], [ME, 'call'])
  })

  it('lets nobody in without the secret word, and says that it is missing', async () => {
    const flow = await loadFlow(
      [
        account({ receive: 'webhook', path: 'secret-path' }),
        { id: 'in', type: 'sms in', provider: 'account', wires: [['came']] },
        { id: 'status', type: 'sms status', provider: 'account', listen: 'providers', wires: [['told']] },
        ...['came', 'told'].map(id => ({ id, type: 'helper' })),
      ],
      { credentials: { account: { password: SECRET } }, modules },
    )
    await serve(flow, 'secret-path')
    assert.equal(await smsc.receive({ from: '380671112233', text: 'open' }), 403)
    assert.equal(flow.pending('came').length, 0)
    let told = await flow.next('told')
    while (told.payload !== 'degraded') told = await flow.next('told')
    assert.match((told['provider'] as { reason: string }).reason, /callback secret is missing/)
  })
})
