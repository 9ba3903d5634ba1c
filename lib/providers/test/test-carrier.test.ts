import assert from 'node:assert/strict'
import { createManualClock } from '../../../test/support/clock.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import { sending } from '../../../test/support/message.ts'
import type { OutgoingMessage } from '../../provider.ts'
import { createTestCarrier } from './index.ts'
import type { TestSettings, Texted } from './index.ts'

const ME = '+380501112233'
const call = { signal: new AbortController().signal }

function create(settings: Partial<TestSettings> = {}, random = () => 0.5) {
  const clock = createManualClock()
  const host = createHost(clock)
  const carrier = createTestCarrier({ name: 'Simulated', mode: 'loopback', ...settings }, { clock, random })
  void carrier.start?.(host)
  return { clock, host, carrier }
}

let lastId = 0
const message = (fields: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...sending().draft,
  id: `m${++lastId}`,
  to: ME,
  createdAtMs: 0,
  attemptedAtMs: 0,
  ...fields,
})

// What smsframework's LoopbackProvider, LogProvider and NullProvider do (py-smsframework, `smsframework/providers`).
describe('simulated carrier', () => {
  describe('as loopback', () => {
    it('brings a message to the phone with its number, and reports it delivered', async () => {
      const { carrier, host } = create()
      const rung: Texted[] = []
      carrier.subscribe(ME, texted => void rung.push(texted))
      carrier.subscribe('+1', () => assert.fail('not its number'))
      const sent = message({ from: 'Shop', text: 'Hello' })
      const { providerMessageId } = await carrier.send(sent, call)
      const [{ reply: _reply, ...texted } = {}] = rung
      assert.deepEqual(texted, { providerMessageId, from: 'Shop', to: ME, text: 'Hello', allowReply: true })
      assert.deepEqual(host.reports, [{ id: sent.id, providerMessageId, state: 'delivered' }])
    })

    it('reports a message to nobody as accepted', async () => {
      const { carrier, host } = create()
      carrier.subscribe(ME, () => {})()
      await carrier.send(message(), call)
      assert.deepEqual(
        host.reports.map(({ state }) => state),
        ['accepted'],
      )
    })

    it('reports nothing where no report is wanted', async () => {
      const { carrier, host } = create()
      await carrier.send(message({ deliveryReport: false }), call)
      assert.deepEqual(host.reports, [])
    })

    it('rings every phone with the number, until it is taken off', async () => {
      const { carrier } = create()
      const rung: string[] = []
      const stops = ['a', 'b'].map(phone => carrier.subscribe(ME, () => void rung.push(phone)))
      await carrier.send(message(), call)
      stops[0]!()
      await carrier.send(message(), call)
      stops[1]!()
      stops[1]!()
      await carrier.send(message(), call)
      assert.deepEqual(rung, ['a', 'b', 'b'])
    })

    it('takes the phone’s answer before the report, and before the sending is answered', async () => {
      const { carrier, host } = create()
      const order: string[] = []
      host.received = async ({ text }) => {
        order.push(`received ${text}`)
        return true
      }
      carrier.subscribe(ME, async ({ reply }) => {
        await reply('Yes')
        order.push('rung')
      })
      await carrier.send(message({ from: 'Shop' }), call)
      order.push(`answered after ${host.reports.length} report`)
      assert.deepEqual(order, ['received Yes', 'rung', 'answered after 1 report'])
    })

    it('brings an answer from the phone to who sent', async () => {
      const { carrier, host, clock } = create()
      carrier.subscribe(ME, ({ reply }) => reply('Yes'))
      const { providerMessageId } = await carrier.send(message({ from: '102' }), call)
      const [{ providerMessageId: own, ...answer } = {}] = host.messages
      assert.deepEqual(answer, { from: ME, to: '102', text: 'Yes', sentAtMs: clock.now() })
      assert.notEqual(own, providerMessageId)
    })

    it('drops an answer where none is wanted', async () => {
      const { carrier, host } = create()
      carrier.subscribe(ME, ({ reply }) => reply('Yes'))
      await carrier.send(message({ allowReply: false }), call)
      assert.deepEqual(host.messages, [])
    })

    it('where a phone fails so does the sending, without a report; it is taken all the same', async () => {
      const { carrier, host } = create()
      carrier.subscribe(ME, () => {
        throw new Error('flat battery')
      })
      const sent = message()
      await assert.rejects(carrier.send(sent, call), /flat battery/)
      assert.deepEqual(host.reports, [])
      assert.equal((await carrier.settle!(sent, call)).outcome, 'taken')
    })

    it('brings in what anybody texts', async () => {
      const { carrier, host } = create()
      await carrier.text('+1', 'Hi', '102')
      await carrier.text('+2', 'Hi')
      assert.deepEqual(
        host.messages.map(({ from, to, text }) => [from, to, text]),
        [
          ['+1', '102', 'Hi'],
          ['+2', undefined, 'Hi'],
        ],
      )
    })

    it('keeps all traffic in both directions, until it is read', async () => {
      const { carrier } = create()
      carrier.subscribe(ME, ({ reply }) => reply('Yes'))
      await carrier.send(message({ text: 'Come?' }), call)
      await carrier.text('+1', 'Hi')
      assert.deepEqual(
        carrier.traffic().map(({ text }) => text),
        ['Come?', 'Yes', 'Hi'],
      )
      assert.deepEqual(carrier.traffic(), [])
    })

    it('never gives an id twice, nor one that an earlier carrier of the same name gave', async () => {
      const { carrier, clock } = create()
      const ids = []
      for (let i = 0; i < 3; i++) ids.push((await carrier.send(message(), call)).providerMessageId)
      await clock.advance(1_000)
      const next = createTestCarrier({ name: 'Simulated', mode: 'loopback' }, { clock })
      ids.push((await next.send(message(), call)).providerMessageId)
      assert.equal(new Set(ids).size, 4)
    })
  })

  it('as log writes who is sent what', async () => {
    const { carrier, host } = create({ mode: 'log' })
    carrier.subscribe(ME, () => assert.fail('there is no network'))
    await carrier.send(message({ text: 'Hello' }), call)
    assert.deepEqual([host.logs, host.reports], [[`info: Sent SMS to ${ME}: Hello`], []])
  })

  it('as null takes everything, and that is all', async () => {
    const { carrier, host } = create({ mode: 'null' })
    carrier.subscribe(ME, () => assert.fail('there is no network'))
    assert.match((await carrier.send(message(), call)).providerMessageId!, /^\d+$/)
    assert.deepEqual([host.logs, host.reports, host.messages], [[], [], []])
  })

  describe('with faults', () => {
    it('refuses some', async () => {
      let dice = 0
      const { carrier } = create({ faults: { refusals: 30 } }, () => dice)
      const sent = message()
      dice = 0.29
      await assert.rejects(carrier.send(sent, call), { code: 'SMS_SEND', providerCode: 'SIMULATED', retryable: false })
      assert.equal((await carrier.settle!(sent, call)).outcome, 'notTaken')
      dice = 0.3
      await carrier.send(sent, call)
    })

    it('loses answers to what it took', async () => {
      const { carrier } = create({ faults: { lostAnswers: 100 } })
      let rung = 0
      carrier.subscribe(ME, () => void (rung += 1))
      const sent = message()
      await assert.rejects(carrier.send(sent, call), { code: 'SMS_UNKNOWN' })
      assert.equal(rung, 1)
      const settlement = await carrier.settle!(sent, call)
      assert.match(settlement.outcome === 'taken' ? settlement.receipt.providerMessageId! : '', /^\d+$/)
    })

    it('loses reports, and tells them when asked', async () => {
      const { carrier, host } = create({ faults: { lostReports: 100 } })
      const stop = carrier.subscribe(ME, () => {})
      const sent = message()
      await carrier.send(sent, call)
      assert.deepEqual(host.reports, [])
      assert.equal((await carrier.queryStatus!(sent, call))?.state, 'delivered')
      stop()
      assert.equal((await carrier.queryStatus!(sent, call))?.state, 'accepted')
      assert.equal(await carrier.queryStatus!(message(), call), undefined)
    })

    it('takes its time, and when called off has taken nothing', async () => {
      const { carrier, clock } = create({ faults: { delayMs: 5_000 } })
      let answered = 0
      void carrier.send(message(), call).then(() => (answered += 1))
      await clock.advance(4_999)
      assert.equal(answered, 0)
      await clock.advance(1)
      assert.equal(answered, 1)
      const controller = new AbortController()
      const called = message()
      const failing = assert.rejects(carrier.send(called, { signal: controller.signal }), { code: 'SMS_CONNECTION' })
      controller.abort()
      await failing
      assert.equal((await carrier.settle!(called, call)).outcome, 'notTaken')
      assert.equal(clock.timers, 0)
    })

    it('none happen by chance where none are asked for', async () => {
      const { carrier } = create({ faults: { refusals: 0, lostAnswers: 0, lostReports: 0 } }, () => 0)
      for (let i = 0; i < 100; i++) await carrier.send(message(), call)
    })
  })

  it('hears nothing any more once it is stopped', async () => {
    const { carrier, host } = create()
    await carrier.stop?.()
    await carrier.text('+1', 'Hi')
    assert.deepEqual(host.messages, [])
  })

  it('costs nothing, and reads numbers by the country it is given', async () => {
    const { carrier } = create({ defaultCountry: 'UA' })
    assert.deepEqual(carrier.numbers, { shortCodes: true, defaultCountry: 'UA' })
    assert.equal((await carrier.balance!(call)).amount, '0')
  })
})
