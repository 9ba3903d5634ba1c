import assert from 'node:assert/strict'
import type { SmsRecord } from '../../lib/message.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

const ME = '+380501112233'
const STRANGER = '+380671112233'

function receiving(settings: object, others: readonly Record<string, unknown>[] = []): Promise<Flow> {
  return loadFlow([
    { id: 'carrier', type: 'sms-test', name: 'Simulated', mode: 'loopback' },
    { id: 'second', type: 'sms-test', name: 'Second', mode: 'loopback' },
    { id: 'phone', type: 'sms phone', provider: 'carrier', number: ME },
    { id: 'strange', type: 'sms phone', provider: 'second', number: STRANGER },
    { id: 'in', type: 'sms in', provider: '', wires: [['came']], ...settings },
    { id: 'came', type: 'helper' },
    ...others,
  ])
}

describe('sms in', () => {
  afterEach(unloadFlow)

  it('emits text, sender, carrier and record', async () => {
    const flow = await receiving({})
    flow.inject('phone', { payload: 'Hello', to: '+15550009999' })
    const { _msgid, sms, ...msg } = await flow.next('came')
    assert.deepEqual(msg, { payload: 'Hello', from: ME, topic: 'Simulated' })
    const record = sms as SmsRecord
    assert.deepEqual(
      [record.direction, record.state, record.provider, record.providerNode, record.to, record.type],
      ['in', 'received', 'Simulated', 'carrier', '+15550009999', 'message'],
    )
    assert.ok(!('to' in msg), 'our own number must not become a recipient')
  })

  it('hears one provider where one is chosen, by id or by name', async () => {
    for (const provider of ['carrier', 'Simulated']) {
      const flow = await receiving({ provider })
      flow.inject('strange', { payload: 'not for it' })
      flow.inject('phone', { payload: 'for it' })
      assert.equal((await flow.next('came')).payload, 'for it')
      assert.equal(flow.pending('came').length, 0)
      await unloadFlow()
    }
  })

  it('lets only allowed senders pass, and shows that it dropped one', async () => {
    const flow = await receiving({ allowFrom: '+38 050 *, +15550001111' })
    flow.inject('strange', { payload: 'no' })
    flow.inject('phone', { payload: 'yes' })
    assert.equal((await flow.next('came')).payload, 'yes')
    assert.ok(flow.statuses('in').includes('status.filtered'))
  })

  it('gives what a pattern found', async () => {
    const flow = await receiving({ matchType: 'regex', match: '(?<account>\\d{4})\\s+(?<value>[\\d.]+)' })
    flow.inject('phone', { payload: 'nothing here' })
    flow.inject('phone', { payload: 'meter 1234 567.8' })
    assert.deepEqual((await flow.next('came'))['match'], { account: '1234', value: '567.8' })
  })

  it('every node hears a message once', async () => {
    const flow = await receiving({}, [
      { id: 'in2', type: 'sms in', provider: 'carrier', wires: [['came2']] },
      { id: 'came2', type: 'helper' },
    ])
    flow.inject('phone', { payload: 'both' })
    assert.deepEqual([(await flow.next('came')).payload, (await flow.next('came2')).payload], ['both', 'both'])
    assert.equal(flow.pending('came').length + flow.pending('came2').length, 0)
  })

  it('says what is wrong with a provider or a pattern that cannot work', async () => {
    const rows: [object, string][] = [
      [{ provider: 'gone' }, 'errors.SMS_CONFIG'],
      [{ matchType: 'regex', match: '(' }, 'errors.SMS_CONFIG'],
    ]
    for (const [settings, status] of rows) {
      const flow = await receiving(settings)
      assert.equal(flow.statuses('in').at(-1), status)
      await unloadFlow()
    }
  })
})
