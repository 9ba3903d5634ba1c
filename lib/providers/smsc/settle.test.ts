import assert from 'node:assert/strict'
import { createManualClock } from '../../../test/support/clock.ts'
import type { ManualClock } from '../../../test/support/clock.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import type { RecordingHost } from '../../../test/support/provider-host.ts'
import { smscSettings } from '../../../test/support/smsc-account.ts'
import { startSmsc } from '../../../test/sim/smsc.ts'
import type { Smsc } from '../../../test/sim/smsc.ts'
import type { OutgoingMessage } from '../../provider.ts'
import { createSmsc } from './index.ts'
import type { SmscProvider } from './index.ts'
import { numberOf } from './message-id.ts'

const call = { signal: new AbortController().signal }
const PHONE = '380501112233'

describe('what became of a message at SMSC', () => {
  let clock: ManualClock
  let smsc: Smsc
  let provider: SmscProvider
  let host: RecordingHost

  beforeEach(async () => {
    clock = createManualClock()
    smsc = await startSmsc({ clock, behaviour: { statuses: [] } })
    await use()
  })
  afterEach(async () => {
    await provider.stop?.()
    await smsc.stop()
  })

  async function use(): Promise<void> {
    provider = createSmsc(smscSettings({ apiUrl: smsc.url }), { clock })
    host = createHost(clock)
    await provider.start?.(host)
    await provider.balance!(call)
  }

  const message = (more: Partial<OutgoingMessage> = {}): OutgoingMessage =>
    outgoing({ createdAtMs: clock.now(), attemptedAtMs: clock.now(), ...more })

  async function lose(fault: 'lostAnswer' | 'cut' | 'takenHtml', sent = message()): Promise<OutgoingMessage> {
    smsc.inject(fault)
    await assert.rejects(provider.send(sent, call), { code: 'SMS_UNKNOWN' })
    return sent
  }

  const settle = (sent: OutgoingMessage) => provider.settle!(sent, call)
  const id = `${numberOf(outgoing().id)}:${PHONE}`
  const price = { amount: '2.50', currency: 'RUB' }

  for (const fault of ['lostAnswer', 'takenHtml'] as const) {
    it(`is found by number and phone, also in the next life: ${fault}`, async () => {
      const sent = await lose(fault)
      await provider.stop?.()
      await use()
      assert.deepEqual(await settle(sent), { outcome: 'taken', receipt: { providerMessageId: id, price } })
    })
  }

  it('is open at first, and not taken when it is still missing after a minute', async () => {
    const sent = await lose('cut')
    assert.equal((await settle(sent)).outcome, 'open')
    await clock.advance(59_999)
    assert.equal((await settle(sent)).outcome, 'open')
    await clock.advance(1)
    assert.equal((await settle(sent)).outcome, 'notTaken')
  })

  it('is open while SMSC is slow to know it', async () => {
    const sent = await lose('lostAnswer')
    smsc.behaviour.knows = false
    assert.equal((await settle(sent)).outcome, 'open')
    smsc.behaviour.knows = true
    assert.equal((await settle(sent)).outcome, 'taken')
  })

  it('is not confused with that of another phone or another message', async () => {
    await lose('lostAnswer', message({ to: '+380671112233' }))
    await lose('lostAnswer', message({ id: 'another', text: 'Another' }))
    await clock.advance(60_000)
    assert.equal((await settle(message({ attemptedAtMs: clock.now() - 60_000 }))).outcome, 'notTaken')
  })

  it('tells what it has come to meanwhile', async () => {
    const sent = await lose('lostAnswer')
    await smsc.report(smsc.messages[0]!, 1)
    const settled = await settle(sent)
    assert.equal(settled.outcome === 'taken' && settled.receipt.state, 'delivered')
    assert.equal(host.reports.length, 0)
    await smsc.report(smsc.messages[0]!, 20, 6)
    assert.equal((await settle(sent)).outcome, 'taken')
    const [report] = host.reports
    assert.deepEqual([report?.id, report?.state, report?.error?.providerCode], [sent.id, 'failed', 6])
  })

  it('knows that SMSC holds it', async () => {
    const sent = await lose('lostAnswer', message({ sendAtMs: clock.now() + 3_600_000 }))
    const settled = await settle(sent)
    assert.equal(settled.outcome === 'taken' && settled.receipt.state, 'scheduled')
  })

  it('ends with the error of the question where that fails', async () => {
    const sent = await lose('lostAnswer')
    for (const [fault, code] of [
      [9, 'SMS_LIMITS'],
      [2, 'SMS_AUTH'],
      ['unavailable', 'SMS_SERVER'],
      ['html', 'SMS_PROVIDER'],
    ] as const) {
      smsc.inject(fault, { on: 'status' })
      await assert.rejects(settle(sent), { code })
    }
  })

  const statuses: readonly (readonly [status: number, err: number, expected: object | undefined])[] = [
    [-2, 0, { state: 'accepted' }],
    [-1, 0, { state: 'accepted' }],
    [0, 0, { state: 'accepted' }],
    [1, 0, { state: 'delivered' }],
    [2, 0, { state: 'delivered' }],
    [4, 0, { state: 'delivered' }],
    [3, 6, { state: 'expired', code: 'SMS_EXPIRED', providerCode: 6 }],
    [20, 0, { state: 'failed', code: 'SMS_SEND', providerCode: 20 }],
    [20, 1, { state: 'failed', code: 'SMS_SEND', providerCode: 1 }],
    [20, 9999, { state: 'failed', code: 'SMS_SEND', providerCode: 9999 }],
    [22, 249, { state: 'failed', code: 'SMS_REQUEST', providerCode: 249 }],
    [23, 247, { state: 'failed', code: 'SMS_LIMITS', providerCode: 247 }],
    [24, 0, { state: 'failed', code: 'SMS_CREDIT', providerCode: 24 }],
    [25, 248, { state: 'failed', code: 'SMS_UNSUPPORTED', providerCode: 248 }],
    [-3, 0, undefined],
    [77, 0, undefined],
  ]
  for (const [status, err, expected] of statuses) {
    it(`tells status ${status}, error ${err} as ${JSON.stringify(expected)}`, async () => {
      const sent = message()
      const { providerMessageId = '' } = await provider.send(sent, call)
      await smsc.report(smsc.messages[0]!, status, err)
      const report = await provider.queryStatus!({ id: sent.id, to: sent.to, providerMessageId }, call)
      assert.deepEqual(await provider.queryStatus!({ id: sent.id, to: sent.to }, call), report)
      if (expected === undefined) return assert.equal(report, undefined)
      const { state, error } = report!
      assert.deepEqual({ state, ...(error && { code: error.code, providerCode: error.providerCode }) }, expected)
      assert.deepEqual([report?.id, report?.providerMessageId, report?.price], [sent.id, id, price])
    })
  }

  it('has a number that spreads, from 1 to the most SMSC takes', () => {
    const numbers = new Set(Array.from({ length: 20_000 }, (_, at) => numberOf(`message-${at}`)))
    assert.ok(numbers.size >= 19_995)
    for (const number of numbers) assert.ok(Number.isInteger(number) && number >= 1 && number <= 2 ** 31 - 1)
  })
})
