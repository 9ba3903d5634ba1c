import assert from 'node:assert/strict'
import type { SmsRecord } from '../../lib/message.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

const ANN = '+12025550144'
const BOB = '+12025550178'

const NODES = [
  { id: 'carrier', type: 'sms-test', name: 'Simulated', mode: 'loopback' },
  { id: 'second', type: 'sms-test', name: 'Second', mode: 'loopback' },
  { id: 'ann', type: 'sms phone', provider: 'carrier', number: ANN, wires: [['annShows']] },
  { id: 'annElsewhere', type: 'sms phone', provider: 'second', number: ANN },
  { id: 'bob', type: 'sms phone', provider: 'carrier', number: BOB, wires: [['bobShows']] },
  { id: 'in', type: 'sms in', provider: '', wires: [['came']] },
  { id: 'catcher', type: 'catch', scope: ['ask'], wires: [['caught']] },
  { id: 'completer', type: 'complete', scope: ['ask'], wires: [['completed']] },
  ...['annShows', 'bobShows', 'answered', 'refused', 'timedOut', 'came', 'caught', 'completed'].map(id => ({
    id,
    type: 'helper',
  })),
]

const ask = (settings: object = {}) => ({
  id: 'ask',
  type: 'sms ask',
  provider: 'carrier',
  refuse: 'no, stop',
  wires: [['answered'], ['refused'], ['timedOut']],
  ...settings,
})

const asking = (settings: object = {}, others: readonly Record<string, unknown>[] = []): Promise<Flow> =>
  loadFlow([...NODES, ask(settings), ...others])

const record = (msg: object, field = 'sms') => (msg as Record<string, unknown>)[field] as SmsRecord

describe('sms ask', () => {
  afterEach(unloadFlow)

  it('sends on the answer, with what it answers and what came in', async () => {
    const flow = await asking({ matchType: 'regex', match: '(?<word>yes|ok)' })
    flow.inject('ask', { payload: 'Open the gate?', to: ANN, order: 17, match: 'of before' })
    assert.equal((await flow.next('annShows')).payload, 'Open the gate?')
    assert.ok(flow.statuses('ask').includes('status.asking'))
    assert.equal(flow.statuses('ask').at(-1), '? 1')
    assert.equal(flow.pending('completed').length, 0)
    flow.inject('ann', { payload: 'Yes please' })
    const { _msgid, sms, question, ...msg } = await flow.next('answered')
    assert.deepEqual(msg, { payload: 'Yes please', to: ANN, order: 17, from: ANN, match: { word: 'Yes' } })
    assert.deepEqual(
      [
        record({ sms }).direction,
        record({ sms }).text,
        record({ sms: question }).direction,
        record({ sms: question }).to,
      ],
      ['in', 'Yes please', 'out', ANN],
    )
    await flow.next('completed')
    assert.equal(flow.statuses('ask').at(-1), 'status.answered')
    assert.equal(flow.pending('came').length, 0, 'an answer is no command')
  })

  it('sends a refusal to the second output', async () => {
    const flow = await asking()
    flow.inject('ask', { payload: 'Come?', to: ANN })
    await flow.next('annShows')
    flow.inject('ann', { payload: 'No, thanks' })
    const msg = await flow.next('refused')
    assert.deepEqual([msg.payload, msg['match']], ['No, thanks', ['thanks']])
    await flow.next('completed')
    assert.equal(flow.pending('answered').length, 0)
  })

  it('leaves to others what is no answer, and waits on', async () => {
    const flow = await asking({ matchType: 'keyword', match: 'yes' })
    flow.inject('ask', { payload: 'Come?', to: ANN })
    await flow.next('annShows')
    flow.inject('ann', { payload: 'Who is this' })
    assert.equal((await flow.next('came')).payload, 'Who is this')
    flow.inject('bob', { payload: 'yes' })
    assert.equal((await flow.next('came')).payload, 'yes')
    flow.inject('annElsewhere', { payload: 'yes' })
    assert.equal(record(await flow.next('came')).provider, 'Second')
    flow.inject('ann', { payload: 'yes' })
    assert.equal(record(await flow.next('answered')).from, ANN)
    flow.inject('ann', { payload: 'yes' })
    assert.equal((await flow.next('came')).payload, 'yes')
  })

  it('repeats a question, in other words, before its time is out', async () => {
    const flow = await asking({ timeoutSeconds: '1', retries: '1', retryText: 'Please answer: come?' })
    flow.inject('ask', { payload: 'Come?', to: ANN })
    const texts = [await flow.next('annShows'), await flow.next('annShows')].map(({ payload }) => payload)
    assert.deepEqual(texts, ['Come?', 'Please answer: come?'])
    const msg = await flow.next('timedOut')
    assert.deepEqual([msg.payload, record(msg).text], ['Come?', 'Please answer: come?'])
    await flow.next('completed')
    assert.equal(flow.statuses('ask').at(-1), 'status.timedOut')
    flow.inject('ann', { payload: 'yes' })
    assert.equal((await flow.next('came')).payload, 'yes')
  })

  it('asks each recipient, and ends when all have', async () => {
    const flow = await asking()
    flow.inject('ask', { payload: 'Come?', to: [ANN, BOB] })
    await Promise.all([flow.next('annShows'), flow.next('bobShows')])
    flow.inject('bob', { payload: 'Sure' })
    assert.equal((await flow.next('answered'))['from'], BOB)
    assert.equal(flow.statuses('ask').at(-1), '? 1')
    assert.equal(flow.pending('completed').length, 0)
    flow.inject('ann', { payload: 'no' })
    assert.equal((await flow.next('refused'))['from'], ANN)
    await flow.next('completed')
  })

  it('the first question asked is the first answered', async () => {
    const flow = await asking()
    for (const payload of ['First?', 'Second?']) {
      flow.inject('ask', { payload, to: ANN })
      await flow.next('annShows')
    }
    for (const payload of ['one', 'two']) flow.inject('ann', { payload })
    const pairs = [await flow.next('answered'), await flow.next('answered')].map(
      msg => `${record(msg, 'question').text} ${String(msg.payload)}`,
    )
    assert.deepEqual(pairs, ['First? one', 'Second? two'])
  })

  it('takes an answer to any member of a router', async () => {
    const router = { id: 'router', type: 'sms-router', name: 'Both', p1: 'carrier', p2: 'second' }
    const flow = await asking({ provider: 'router' }, [router])
    flow.inject('ask', { payload: 'Come?', to: ANN })
    await flow.next('annShows')
    flow.inject('annElsewhere', { payload: 'yes' })
    assert.equal(record(await flow.next('answered')).provider, 'Second')
  })

  it('raises what could not be sent, and is not said to be out of time', async () => {
    const refusing = { id: 'refusing', type: 'sms-test', name: 'Refusing', mode: 'null', faults: { refusals: 100 } }
    const flow = await asking({ provider: 'refusing', timeoutSeconds: '1' }, [refusing])
    for (const [to, code] of [
      [ANN, 'SMS_SEND'],
      ['nobody', 'SMS_REQUEST'],
      ['', 'SMS_REQUEST'],
    ] as const) {
      flow.inject('ask', { payload: 'Come?', to })
      const caught = (await flow.next('caught')) as unknown as { error: { code?: string; message: string } }
      assert.equal(caught.error.code, code)
      assert.equal(flow.statuses('ask').at(-1), `errors.${code}`)
    }
    assert.equal(flow.pending('timedOut').length + flow.pending('completed').length, 0)
  })

  it('says what is wrong with settings that cannot work', async () => {
    for (const settings of [
      { matchType: 'regex', match: '(' },
      { refuse: '/(/' },
      { timeoutSeconds: '0' },
      { provider: 'gone' },
    ]) {
      const flow = await asking(settings)
      assert.equal(flow.statuses('ask').at(-1), 'errors.SMS_CONFIG')
      await unloadFlow()
    }
  })
})
