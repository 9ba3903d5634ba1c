import assert from 'node:assert/strict'
import type { Failure } from '../../lib/compose.ts'
import type { SmsRecord } from '../../lib/message.ts'
import type { Message } from '../../nodes/shared/red.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

const ME = '+380501112233'
const OTHER = '+380671112233'

/** A flow with one `sms out` and all that can come of it. */
function sending(out: object = {}, carrier: object = {}): Promise<Flow> {
  return loadFlow([
    { id: 'carrier', type: 'sms-test', name: 'Simulated', mode: 'loopback', ...carrier },
    { id: 'out', type: 'sms out', provider: 'carrier', wires: [['sent'], ['failed']], ...out },
    { id: 'phone', type: 'sms phone', provider: 'carrier', number: ME, wires: [['ring']] },
    { id: 'catcher', type: 'catch', scope: null, wires: [['caught']] },
    { id: 'completer', type: 'complete', scope: ['out'], wires: [['done']] },
    ...['sent', 'failed', 'ring', 'caught', 'done'].map(id => ({ id, type: 'helper' })),
  ])
}

interface Caught extends Message {
  error: { code: string; message: string }
  failures?: Failure[]
}

const caught = async (flow: Flow) => (await flow.next('caught')) as Caught
const record = (msg: Message) => msg.sms as SmsRecord

describe('sms out', () => {
  afterEach(unloadFlow)

  it('sends to every recipient, one message out for each, done once', async () => {
    const flow = await sending()
    flow.inject('out', { payload: 'Hello', to: `${ME}; ${OTHER}`, kept: 1 })
    const sent = [await flow.next('sent'), await flow.next('sent')]
    assert.deepEqual(sent.map(msg => String(record(msg).to)).sort(), [ME, OTHER].sort())
    assert.ok(sent.every(msg => msg.payload === 'Hello' && msg['kept'] === 1))
    await flow.next('done')
    assert.equal(flow.pending('done').length, 0)
    assert.deepEqual(flow.statuses('out').slice(-2), ['status.sending', 'status.accepted'])
  })

  it('sends to the good ones of a list, and names the bad one', async () => {
    const flow = await sending()
    flow.inject('out', { payload: 'Hello', to: [ME, 'nobody', OTHER] })
    const msg = await caught(flow)
    assert.equal(msg.error.code, 'SMS_REQUEST')
    assert.match(msg.error.message, /1 of 3 recipients failed: nobody/)
    assert.deepEqual(
      msg.failures?.map(failure => failure.to),
      ['nobody'],
    )
    assert.equal(flow.pending('sent').length, 2)
    assert.equal(flow.pending('done').length, 0)
    assert.equal(flow.statuses('out').at(-1), 'errors.SMS_REQUEST')
  })

  const refused: [string, Message, object, string, RegExp][] = [
    ['no recipient', { payload: 'x' }, {}, 'SMS_REQUEST', /no recipient/],
    ['an impossible number', { payload: 'x', to: '+3801' }, {}, 'SMS_REQUEST', /\+3801/],
    ['a list that is an object', { payload: 'x', to: { a: 1 } }, {}, 'SMS_REQUEST', /recipient/],
    ['no text', { payload: '', to: ME }, {}, 'SMS_REQUEST', /text is empty/],
    ['no payload at all', { to: ME }, {}, 'SMS_REQUEST', /text is empty/],
    ['an object as text', { payload: { a: 1 }, to: ME }, {}, 'SMS_REQUEST', /an object, not a text/],
    [
      '2 000 characters',
      { payload: 'a'.repeat(2000), to: ME },
      {},
      'SMS_REQUEST',
      /2000 characters; Simulated takes 1600/,
    ],
    ['a lone surrogate', { payload: 'x\ud800', to: ME }, {}, 'SMS_REQUEST', /lone surrogate\) at position 1/],
    [
      'a provider that is not there',
      { payload: 'x', to: ME, smsOptions: { provider: 'Nowhere' } },
      {},
      'SMS_CONFIG',
      /«Nowhere»/,
    ],
    ['no provider', { payload: 'x', to: ME }, { provider: '' }, 'SMS_CONFIG', /no SMS provider is chosen/],
    ['a misspelt option', { payload: 'x', to: ME, smsOptions: { priorty: 1 } }, {}, 'SMS_REQUEST', /«priorty»/],
    [
      'an option out of range',
      { payload: 'x', to: ME, smsOptions: { validityMinutes: -1 } },
      {},
      'SMS_REQUEST',
      /validityMinutes/,
    ],
    ['a reply to nothing', { payload: 'x' }, { toType: 'reply' }, 'SMS_REQUEST', /msg\.sms is none/],
    ['a broken expression', { payload: 'x' }, { toType: 'jsonata', to: '$boom(' }, 'SMS_REQUEST', /expression/],
    ['a time limit that is no number', { payload: 'x', to: ME }, { timeoutSeconds: 'soon' }, 'SMS_CONFIG', /«soon»/],
  ]
  for (const [what, msg, out, code, message] of refused) {
    it(`refuses ${what} with ${code}, at Catch, with a red status`, async () => {
      const flow = await sending(out)
      flow.inject('out', msg)
      const { error } = await caught(flow)
      assert.equal(error.code, code)
      assert.match(error.message, message)
      assert.equal(flow.statuses('out').at(-1), `errors.${code}`)
      assert.equal(flow.pending('sent').length + flow.pending('done').length + flow.pending('ring').length, 0)
    })
  }

  it('tells failures at its second output where that is chosen, and completes', async () => {
    const flow = await sending({ failures: 'output' }, { faults: { refusals: 100 } })
    flow.inject('out', { payload: 'Hello', to: [ME, 'nobody'], kept: 1 })
    const failed = [await flow.next('failed'), await flow.next('failed')]
    await flow.next('done')
    const codes = Object.fromEntries(failed.map(msg => [String(msg.to), (msg as Caught).error.code]))
    assert.deepEqual(codes, { nobody: 'SMS_REQUEST', [ME]: 'SMS_SEND' })
    assert.equal(record(failed.find(msg => msg.to === ME)!).state, 'failed')
    assert.ok(failed.every(msg => msg['kept'] === 1))
    assert.equal(flow.pending('caught').length, 0)
  })

  it('tells at its second output also what failed as a whole', async () => {
    const flow = await sending({ failures: 'output' })
    flow.inject('out', { payload: 'Hello' })
    const msg = (await flow.next('failed')) as Caught
    assert.equal(msg.error.code, 'SMS_REQUEST')
    await flow.next('done')
  })

  it('waits for delivery where that is chosen; a phone that is off ends as SMS_TIMEOUT and stays accepted', async () => {
    const flow = await sending({ finishOn: 'delivered', timeoutSeconds: 0.05, deliveryReport: false })
    flow.inject('out', { payload: 'Hello', to: ME })
    assert.equal(record(await flow.next('sent')).state, 'delivered')
    flow.inject('out', { payload: 'Hello', to: OTHER })
    const { error } = await caught(flow)
    assert.equal(error.code, 'SMS_TIMEOUT')
    assert.match(error.message, /not delivered within 0.05 s; it is accepted/)
  })

  it('settles a lost answer without sending twice', async () => {
    const flow = await sending({}, { faults: { lostAnswers: 100 } })
    flow.inject('out', { payload: 'Once', to: ME })
    assert.equal((await flow.next('ring')).payload, 'Once')
    assert.ok(['accepted', 'delivered'].includes(record(await flow.next('sent')).state))
    assert.equal(flow.pending('ring').length, 0)
  })

  it('sends once for one idempotency key, and answers both', async () => {
    const flow = await sending()
    const msg = () => ({ payload: 'Once', to: ME, smsOptions: { idempotencyKey: 'alarm-1' } })
    flow.inject('out', msg())
    flow.inject('out', msg())
    const [first, second] = [record(await flow.next('sent')), record(await flow.next('sent'))]
    assert.equal(first.id, second.id)
    await flow.next('ring')
    assert.equal(flow.pending('ring').length, 0)
  })

  it('answers an incoming message through the carrier it came by, even where the node has none', async () => {
    const flow = await loadFlow([
      { id: 'carrier', type: 'sms-test', name: 'Simulated', mode: 'loopback' },
      { id: 'phone', type: 'sms phone', provider: 'carrier', number: ME, wires: [['ring']] },
      { id: 'in', type: 'sms in', provider: '', wires: [['out']] },
      { id: 'out', type: 'sms out', toType: 'reply', text: 'Thank you', textType: 'str', provider: '' },
      { id: 'ring', type: 'helper' },
    ])
    flow.inject('phone', { payload: 'Hi' })
    assert.equal((await flow.next('ring')).payload, 'Thank you')
  })

  it('takes its options from the message, and gives the reference back', async () => {
    const flow = await sending({ category: 'alarm' })
    const smsOptions = { ref: { order: 7 }, from: 'Shop', transliterate: true, priority: '5', sendAt: 0 }
    flow.inject('out', { payload: 'Привіт', to: ME, smsOptions })
    const sent = record(await flow.next('sent'))
    assert.deepEqual(
      [sent.ref, sent.from, sent.category, sent.encoding, sent.text],
      [{ order: 7 }, 'Shop', 'alarm', 'gsm7', 'Pryvit'],
    )
  })

  it('does not let the phone answer where replies are refused', async () => {
    const flow = await sending()
    flow.inject('out', { payload: 'No reply', to: ME, smsOptions: { allowReply: false } })
    const ring = await flow.next('ring')
    flow.inject('phone', { ...ring, payload: 'But I want to' })
    assert.equal((await caught(flow)).error.code, 'SMS_UNSUPPORTED')
  })

  it('closes within a second with a message in flight, which is no failure', async () => {
    const flow = await sending({}, { faults: { delayMs: 60_000 } })
    flow.inject('out', { payload: 'Slow', to: ME })
    while (flow.statuses('out').at(-1) !== 'status.sending') await new Promise(setImmediate)
    const startedAt = performance.now()
    await unloadFlow()
    assert.ok(performance.now() - startedAt < 1000)
    assert.equal(flow.pending('caught').length, 0)
  })
})
