import assert from 'node:assert/strict'
import { createModemRig, ME, OTHER } from '../../../test/support/modem.ts'
import type { ModemRig } from '../../../test/support/modem.ts'

const LONG = 'Довге повідомлення 🚪 '.repeat(8)
const HELLO = '07918346050501F0040C9183050521436500004211210100002101B4'

const LOST = { on: '+CMGS', acts: true, answer: 'silence' } as const
const NOT_TAKEN = { on: '+CMGS', answer: 'silence' } as const

describe('while the answer to a part is awaited', () => {
  let rig: ModemRig
  beforeEach(async () => {
    rig = await createModemRig()
  })
  afterEach(async () => {
    await rig.end()
    rig.modem.stop()
  })
  const pass = (ms: number) => rig.clock.advance(ms)
  const texts = () => rig.modem.network.texts()
  const sent = () => rig.modem.network.sent
  const noReports = () => void (rig.modem.network.behaviour.reports = [])
  const fares = () => rig.fares.at(-1)
  const wasUnknown = () => rig.changes.some(change => change.endsWith('unknown'))

  describe('its report', () => {
    it('ends the wait, and settles it', async () => {
      rig.modem.inject(LOST)
      const ids = [await rig.send('One'), await rig.send('Two')]
      await pass(6_000)
      assert.deepEqual(await Promise.all(ids.map(rig.state)), ['delivered', 'delivered'])
      assert.deepEqual([texts(), wasUnknown()], [['One', 'Two'], false])
    })

    it('lets the next part go', async () => {
      rig.modem.inject({ ...LOST, times: 2 })
      const id = await rig.send(LONG)
      await pass(12_000)
      assert.equal(await rig.state(id), 'delivered')
      assert.deepEqual([texts(), sent().length, wasUnknown()], [[LONG], 3, false])
      assert.match((await rig.record(id)).providerMessageId ?? '', /^\d+\+\d+\+\d+$/)
    })

    it('is no haste where the answer follows', async () => {
      rig.modem.inject({ on: '+CMGS', acts: true, lateMs: 2_000 })
      const id = await rig.send('One')
      await pass(2_500)
      assert.equal(await rig.state(id), 'delivered')
      assert.ok(!rig.log.some(line => line.includes('no answer in')))
    })

    it('is believed, not the modem that did not hear of it', async () => {
      rig.modem.inject({ on: '+CMGS', acts: true, answer: ['+CMS ERROR: 332'], lateMs: 2_000 })
      const id = await rig.send('One')
      await pass(120_000)
      assert.equal(await rig.state(id), 'delivered')
      assert.deepEqual(texts(), ['One'])
    })
  })

  describe('another report does not end the wait:', () => {
    // By the first message's report it is known how far the centre's clock is off.
    const others: readonly (readonly [which: string, report: () => void])[] = [
      ['on an earlier message to the same phone', () => rig.modem.network.report(sent()[0]!)],
      [
        'on one of minutes ago that nobody remembers',
        () => rig.modem.network.report({ ...sent()[0]!, reference: 77, atMs: rig.clock.now() - 300_000 }),
      ],
      [
        'on one to another phone',
        () => {
          const [first] = sent() as [ReturnType<typeof sent>[number]]
          rig.modem.network.report({
            ...first,
            reference: 77,
            submit: { ...first.submit, to: { ...first.submit.to, number: OTHER } },
          })
        },
      ],
    ]
    for (const [which, report] of others) {
      it(which, async () => {
        await rig.send('One')
        await pass(1_000)
        rig.modem.inject(NOT_TAKEN)
        const id = await rig.send('Two')
        await pass(1_000)
        report()
        await pass(50_000)
        assert.equal(await rig.state(id), 'sending')
      })
    }

    it('on an earlier message to the same phone, none until now', async () => {
      noReports()
      const first = await rig.send('One')
      await pass(1_000)
      rig.modem.inject(NOT_TAKEN)
      const second = await rig.send('Two')
      await pass(1_000)
      rig.modem.network.report(sent()[0]!)
      await pass(50_000)
      assert.equal(await rig.state(second), 'sending')
      await pass(15_000)
      assert.deepEqual([await rig.state(first), await rig.state(second)], ['delivered', 'unknown'])
    })

    it('on one of two in doubt to the same phone', async () => {
      noReports()
      rig.modem.inject({ ...LOST, times: 2 })
      await rig.send('One')
      await pass(70_000)
      const second = await rig.send('Two')
      await pass(2_000)
      rig.modem.network.report({ ...sent()[0]!, atMs: rig.clock.now() })
      await pass(20_000)
      assert.equal(await rig.state(second), 'sending')
    })
  })

  it('what the network took is known where only the end of the answer is lost', async () => {
    noReports()
    rig.modem.inject({ ...LOST, times: 1 })
    const id = await rig.send('One')
    await pass(1_000)
    rig.modem.say('+CMGS: 200')
    await pass(5_000)
    const { state, providerMessageId } = await rig.record(id)
    assert.deepEqual([state, providerMessageId, wasUnknown()], ['accepted', '200', false])
  })

  for (const [what, say, state] of [
    ['a modem that says it has restarted', 'RDY', 'unknown'],
    ['an error', '+CMS ERROR: 38', 'queued'],
  ] as const) {
    it(`${what} ends it at once`, async () => {
      noReports()
      rig.modem.inject(NOT_TAKEN)
      const id = await rig.send('One')
      await pass(1_000)
      assert.equal(await rig.state(id), 'sending')
      rig.modem.say(say)
      await pass(50)
      assert.equal(await rig.state(id), state)
      const next = await rig.send('Two', OTHER)
      await pass(6_000)
      assert.equal(await rig.state(next), 'accepted')
    })
  }

  it('nothing is written to the modem, and its provider says after a while what it waits for', async () => {
    rig.modem.inject(NOT_TAKEN)
    await rig.send('One')
    await pass(1_000)
    const { length } = rig.modem.heard
    await pass(18_000)
    assert.equal(fares()?.health, 'ready')
    await pass(2_000)
    assert.deepEqual([fares()?.health, fares()?.error?.code], ['degraded', 'SMS_TIMEOUT'])
    assert.match(fares()?.error?.message ?? '', /has not taken a message yet/)
    await pass(38_000)
    assert.equal(rig.modem.heard.length, length)
    await pass(6_000)
    assert.notEqual(fares()?.error?.code, 'SMS_TIMEOUT')
  })

  it('what comes in is kept: calls and texts at once, what the modem has stored right after', async () => {
    rig.modem.inject(NOT_TAKEN)
    await rig.send('One')
    await pass(1_000)
    rig.modem.network.call(ME)
    rig.modem.say(`+CMT: ,${HELLO.length / 2 - 8}`, HELLO)
    rig.modem.network.deliver({ from: OTHER, text: 'stored' })
    await pass(1_000)
    assert.deepEqual(rig.heard.map(({ type, state }) => `${type} ${state}`).toSorted(), [
      'call ringing',
      'message received',
    ])
    await pass(64_000)
    assert.equal(rig.heard.filter(({ text }) => text === 'stored').length, 1)
  })
})
