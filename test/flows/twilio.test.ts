import assert from 'node:assert/strict'
import type { Failure } from '../../lib/compose.ts'
import type { SmsRecord } from '../../lib/message.ts'
import type { Message } from '../../nodes/shared/red.ts'
import { startTwilio } from '../sim/twilio.ts'
import type { Fault, Twilio } from '../sim/twilio.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

const ME = '+380501112233'
const OTHER = '+380671112233'
const SECRET = 'hunter2hunter2hunter2hunter2'
const account = (digit: string) => `AC${digit.repeat(32)}`

interface Caught extends Message {
  error: { code: string; message: string; providerCode?: number }
  failures?: Failure[]
}

describe('flows through Twilio', () => {
  let twilio: Twilio
  beforeEach(async () => {
    twilio = await startTwilio({ behaviour: { statuses: ['sent'] } })
  })
  afterEach(async () => {
    await unloadFlow()
    await twilio.stop()
  })

  function sending(settings: object = {}, out: object = {}): Promise<Flow> {
    const nodes = [
      {
        id: 'account',
        type: 'sms-twilio',
        name: 'Account',
        accountSid: account('a'),
        from: '+15550006666',
        receive: 'off',
        apiUrl: twilio.url,
        ...settings,
      },
      { id: 'out', type: 'sms out', provider: 'account', timeoutSeconds: 5, wires: [['sent']], ...out },
      { id: 'catcher', type: 'catch', scope: null, wires: [['caught']] },
      ...['sent', 'caught'].map(id => ({ id, type: 'helper' })),
    ]
    return loadFlow(nodes, { credentials: { account: { authToken: SECRET } } })
  }

  it('several accounts text their own phones: who is texted stands in the account', async () => {
    const accounts = { receive: 'off', apiUrl: twilio.url }
    const flow = await loadFlow(
      [
        {
          id: 'a',
          type: 'sms-twilio',
          name: 'First',
          accountSid: account('a'),
          from: '+15550006666',
          to: `${ME}, ${OTHER}`,
          ...accounts,
        },
        {
          id: 'b',
          type: 'sms-twilio',
          name: 'Second',
          accountSid: account('b'),
          from: '+15550007777',
          to: '+15550008888',
          ...accounts,
        },
        { id: 'outA', type: 'sms out', provider: 'a', wires: [['sent']] },
        { id: 'outB', type: 'sms out', provider: 'b', wires: [['sent']] },
        { id: 'sent', type: 'helper' },
      ],
      { credentials: { a: { authToken: SECRET }, b: { authToken: `${SECRET}b` } } },
    )
    flow.inject('outA', { payload: 'Door: Open' })
    flow.inject('outB', { payload: 'Door: Open' })
    for (let i = 0; i < 3; i++) await flow.next('sent')
    assert.deepEqual(
      twilio.messages.map(({ from, to }) => `${from} ${to}`).sort(),
      [`+15550006666 ${ME}`, `+15550006666 ${OTHER}`, '+15550007777 +15550008888'].sort(),
    )
  })

  it('gives the record what Twilio told', async () => {
    const flow = await sending()
    flow.inject('out', { payload: 'Hello', to: ME })
    const sms = (await flow.next('sent')).sms as SmsRecord
    assert.deepEqual(
      [sms.state, sms.from, sms.providerMessageId],
      ['accepted', '+15550006666', twilio.messages[0]?.sid],
    )
  })

  const unsure: [string, Fault][] = [
    ['an answer that is HTML', 'takenHtml'],
    ['a truncated answer', 'truncated'],
    ['a huge answer', 'huge'],
    ['a lost answer', 'lostAnswer'],
  ]
  for (const [what, fault] of unsure) {
    it(`${what} is doubt, and is settled without sending twice`, async () => {
      const flow = await sending()
      twilio.inject(fault)
      flow.inject('out', { payload: 'Once', to: ME })
      const sms = (await flow.next('sent')).sms as SmsRecord
      assert.equal(sms.providerMessageId, twilio.messages[0]?.sid)
      assert.equal(twilio.messages.length, 1)
    })
  }

  it('sends again what surely was not taken: 429', async () => {
    const flow = await sending()
    twilio.inject('limited', { times: 2 })
    flow.inject('out', { payload: 'Later', to: ME })
    await flow.next('sent')
    assert.deepEqual([twilio.messages.length, twilio.requests.create], [1, 3])
  })

  const refused: [string, object, Message, string, RegExp, number?][] = [
    ['a number Twilio does not take', {}, { to: '+15005550001' }, 'SMS_REQUEST', /./, 21211],
    ['missing credentials', { accountSid: '' }, { to: ME }, 'SMS_CONFIG', /Account SID/i],
    ['no sender', { from: '' }, { to: ME }, 'SMS_CONFIG', /from/i],
    ['an account that is out of reach', { apiUrl: 'http://127.0.0.1:9' }, { to: ME }, 'SMS_TIMEOUT', /127\.0\.0\.1/],
  ]
  for (const [what, settings, msg, code, message, providerCode] of refused) {
    it(`${what} is ${code} at Catch, with a reason and no secret`, async () => {
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
      assert.match(flow.statuses('out').at(-1) ?? '', /^errors\./)
      assert.equal(twilio.messages.length, 0)
    })
  }

  it('tells refused credentials, and that the account does not work', async () => {
    const flow = await sending()
    twilio.accounts.set(account('a'), { authToken: 'another' })
    flow.inject('out', { payload: 'x', to: ME })
    const { error } = (await flow.next('caught')) as Caught
    assert.equal(error.code, 'SMS_AUTH')
    assert.equal(flow.statuses('out').at(-1), 'errors.SMS_AUTH')
    assert.doesNotMatch(JSON.stringify(error), /hunter2/)
  })

  it('does not ask Twilio again for who has opted out, unless the account shall not care', async () => {
    for (const optOut of [true, false]) {
      const before = twilio.requests.create
      const flow = await sending({ optOut })
      twilio.optedOut.add(ME)
      for (let i = 0; i < 2; i++) {
        flow.inject('out', { payload: 'x', to: ME })
        const { error } = (await flow.next('caught')) as Caught
        assert.equal(error.code, 'SMS_OPTED_OUT')
      }
      assert.equal(flow.statuses('out').at(-1), 'errors.SMS_OPTED_OUT')
      assert.equal(twilio.requests.create - before, optOut ? 1 : 2)
      await unloadFlow()
    }
  })

  it('receives by polling where there is no public address, each message once', async () => {
    const flow = await loadFlow(
      [
        {
          id: 'account',
          type: 'sms-twilio',
          name: 'Account',
          accountSid: account('a'),
          from: '+15550006666',
          receive: 'poll',
          pollSeconds: 5,
          apiUrl: twilio.url,
        },
        { id: 'in', type: 'sms in', provider: 'account', wires: [['came']] },
        { id: 'came', type: 'helper' },
      ],
      { credentials: { account: { authToken: SECRET } } },
    )
    await twilio.receive({ accountSid: account('a'), from: ME, to: '+15550006666', body: 'Hello', silent: true })
    const came = await flow.next('came')
    assert.deepEqual([came.payload, came['from']], ['Hello', ME])
    assert.equal(flow.pending('came').length, 0)
  }).timeout(15_000)
})
