import assert from 'node:assert/strict'
import { startTwilio } from '../../../test/sim/twilio.ts'
import type { Twilio } from '../../../test/sim/twilio.ts'
import { createManualClock } from '../../../test/support/clock.ts'
import type { ManualClock } from '../../../test/support/clock.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import type { RecordingHost } from '../../../test/support/provider-host.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  OWN_NUMBER,
  SERVICE_SID,
  twilioSettings,
} from '../../../test/support/twilio-account.ts'
import type { OutgoingMessage, Provider, Settlement } from '../../provider.ts'
import { createTwilio } from './index.ts'
import type { TwilioSettings } from './index.ts'

const call = { signal: new AbortController().signal }

describe('a doubtful message at Twilio', () => {
  let clock: ManualClock
  let twilio: Twilio
  let provider: Provider
  let lastId = 0

  beforeEach(async () => {
    clock = createManualClock(Date.UTC(2026, 10, 21, 10, 0, 0, 400))
    twilio = await startTwilio({ clock, accounts: { [ACCOUNT_SID]: { authToken: AUTH_TOKEN } } })
    await use({})
  })
  afterEach(async () => {
    await provider.stop?.()
    await twilio.stop()
  })

  async function use(settings: Partial<TwilioSettings>, ownClock = clock): Promise<RecordingHost> {
    provider = createTwilio(twilioSettings({ apiUrl: twilio.url, ...settings }))
    const host = createHost(ownClock)
    await provider.start?.(host)
    return host
  }

  const message = (more: Partial<OutgoingMessage> = {}): OutgoingMessage =>
    outgoing({ id: `message-${++lastId}`, createdAtMs: clock.now(), attemptedAtMs: clock.now(), ...more })

  async function loseAnswer(more: Partial<OutgoingMessage> = {}): Promise<OutgoingMessage> {
    const sent = message(more)
    twilio.inject('lostAnswer')
    await assert.rejects(provider.send(sent, call), { code: 'SMS_UNKNOWN' })
    await twilio.settled()
    return sent
  }

  const settle = (sent: OutgoingMessage): Promise<Settlement> => provider.settle!(sent, call)

  const sidOf = (settlement: Settlement) =>
    settlement.outcome === 'taken' ? settlement.receipt.providerMessageId : settlement.outcome

  it('is found by recipient and text', async () => {
    const sent = await loseAnswer()
    const settlement = await settle(sent)
    assert.equal(sidOf(settlement), twilio.messages[0]?.sid)
    assert.equal(settlement.outcome === 'taken' && settlement.receipt.from, OWN_NUMBER)
    assert.deepEqual(await settle(sent), settlement)
  })

  it('is found when Twilio has not sent it on yet', async () => {
    twilio.behaviour.statuses = []
    const sent = await loseAnswer()
    assert.equal(twilio.messages[0]?.sentAtMs, null)
    assert.equal(sidOf(await settle(sent)), twilio.messages[0]?.sid)
  })

  it('is found behind the words of a trial account', async () => {
    twilio.behaviour.trial = true
    assert.equal(sidOf(await settle(await loseAnswer())), twilio.messages[0]?.sid)
  })

  it('is found with a scheduled time', async () => {
    await use({ from: SERVICE_SID })
    const settlement = await settle(await loseAnswer({ sendAtMs: clock.now() + 3_600_000 }))
    assert.equal(settlement.outcome === 'taken' && settlement.receipt.state, 'scheduled')
  })

  it('is open at first, and not taken when it is still missing after a while', async () => {
    const sent = message()
    twilio.inject('cut')
    await assert.rejects(provider.send(sent, call), { code: 'SMS_UNKNOWN' })
    assert.equal((await settle(sent)).outcome, 'open')
    await clock.advance(59_999)
    assert.equal((await settle(sent)).outcome, 'open')
    await clock.advance(1)
    assert.equal((await settle(sent)).outcome, 'notTaken')
  })

  it('is not confused with one that was sent before, or taken for another', async () => {
    const earlier = message()
    const receipt = await provider.send(earlier, call)
    await twilio.settled()
    const sent = message()
    await clock.advance(60_000)
    // The same text to the same phone, within the same second: but we know whose it is.
    assert.equal((await settle(sent)).outcome, 'notTaken')
    assert.equal(sidOf(await settle(earlier)), receipt.providerMessageId)
  })

  it('is not confused with one of an earlier life, of which nothing is known any more', async () => {
    await provider.send(message(), call)
    await twilio.settled()
    await provider.stop?.()
    await use({})
    await clock.advance(6_000)
    const sent = message()
    await clock.advance(60_000)
    assert.equal((await settle(sent)).outcome, 'notTaken')
  })

  it('is not confused with its double of an earlier life, whose it is the store knows', async () => {
    const double = message()
    const receipt = await provider.send(double, call)
    await twilio.settled()
    await provider.stop?.()
    const host = await use({})
    host.owners.set(receipt.providerMessageId!, double.id)
    const [lost, sent] = [message(), await loseAnswer()]
    await clock.advance(60_000)
    const settled = await Promise.all([lost, sent].map(settle))
    assert.deepEqual(new Set(settled.map(sidOf)), new Set([twilio.messages[1]?.sid, 'notTaken']))
  })

  for (const [title, more] of [
    ['another text', { text: 'The window is open' }],
    ['another recipient', { to: '+380501112244' }],
    ['another sender', { from: '+15005550010' }],
  ] as const) {
    it(`is not confused with one with ${title}`, async () => {
      await loseAnswer(more)
      const sent = message()
      await clock.advance(60_000)
      assert.equal((await settle(sent)).outcome, 'notTaken')
    })
  }

  it('is not confused with its double whose answer is still to come', async () => {
    const sent = message()
    twilio.inject('cut')
    await assert.rejects(provider.send(sent, call), { code: 'SMS_UNKNOWN' })
    const double = message()
    twilio.inject('slow', { afterMs: 61_000 })
    const answered = provider.send(double, call)
    while (twilio.messages.length === 0) await new Promise(setImmediate)
    await clock.advance(60_000)
    assert.equal((await settle(sent)).outcome, 'open')
    await clock.advance(1_000)
    assert.equal((await answered).providerMessageId, twilio.messages[0]?.sid)
    assert.equal((await settle(sent)).outcome, 'notTaken')
  })

  it('never shares a message with its double', async () => {
    const [first, second, third] = [await loseAnswer(), await loseAnswer(), message()]
    await clock.advance(60_000)
    const settled = await Promise.all([first, second, third].map(settle))
    assert.deepEqual(new Set(settled.map(sidOf)), new Set([...twilio.messages.map(({ sid }) => sid), 'notTaken']))
    // Asked again, each has its own.
    assert.deepEqual(await Promise.all([first, second].map(settle)), settled.slice(0, 2))
  })

  it('is known from a report, that came for it or for its double', async () => {
    await use({ callbackUrl: 'https://home.example.org/sms/x' })
    const reported = await loseAnswer()
    const [taken] = twilio.messages
    const { sign } = await import('../../../test/sim/twilio-calls.ts')
    const url = `https://home.example.org/sms/x/status?id=${reported.id}`
    const fields = { AccountSid: ACCOUNT_SID, MessageSid: taken!.sid, MessageStatus: 'delivered' }
    const reply = await provider.webhook!({
      method: 'POST',
      url,
      kind: 'status',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': sign(url, fields, AUTH_TOKEN),
      },
      body: Buffer.from(new URLSearchParams(fields).toString()),
    })
    assert.equal(reply.status, 204)
    const double = message({ attemptedAtMs: reported.attemptedAtMs })
    await clock.advance(60_000)
    assert.equal((await settle(double)).outcome, 'notTaken')
    assert.equal(sidOf(await settle(reported)), taken?.sid)
  })

  it('is found though our clock is wrong', async () => {
    const fast = createManualClock(clock.now() + 10 * 60_000)
    await provider.stop?.()
    await use({}, fast)
    const sent = await loseAnswer({ attemptedAtMs: fast.now() })
    await fast.advance(60_000)
    await clock.advance(60_000)
    assert.equal(sidOf(await settle(sent)), twilio.messages[0]?.sid)
  })

  it('stays open where the text may be another by now', async () => {
    for (const [settings, more] of [
      [{ from: SERVICE_SID }, {}],
      [{}, { params: { ShortenUrls: true } }],
    ] as const) {
      await use(settings)
      const sent = await loseAnswer({ ...more, to: `+38050111223${lastId % 10}` })
      for (const taken of twilio.messages) taken.body = 'Rewritten'
      await clock.advance(60_000)
      assert.equal((await settle(sent)).outcome, 'open')
      const lost = message({ ...more, to: '+380509999999' })
      await clock.advance(60_000)
      assert.equal((await settle(lost)).outcome, 'notTaken')
    }
  })

  it('is looked for on every page, as far as they tell something', async () => {
    const sent = await loseAnswer()
    for (let i = 0; i < 450; i++) {
      await provider.send(message({ text: `More ${i}` }), call)
    }
    await clock.advance(60_000)
    assert.equal(sidOf(await settle(sent)), twilio.messages[0]?.sid)
    assert.equal(twilio.requests.list, 5)
    for (let i = 0; i < 100; i++) await provider.send(message({ text: `More ${i}` }), call)
    // Beyond what is read: nothing is proved.
    assert.equal((await settle(message({ id: 'other', attemptedAtMs: sent.attemptedAtMs }))).outcome, 'open')
  })

  it('ends with the error of the question where that fails', async () => {
    const sent = await loseAnswer()
    for (const [fault, code] of [
      ['limitedFor7s', 'SMS_LIMITS'],
      ['unauthorized', 'SMS_AUTH'],
      ['error', 'SMS_SERVER'],
      ['cut', 'SMS_CONNECTION'],
    ] as const) {
      twilio.inject(fault, { on: 'list', times: 2 })
      await assert.rejects(settle(sent), { code })
      await settle(sent).catch(() => {})
    }
  })
})
