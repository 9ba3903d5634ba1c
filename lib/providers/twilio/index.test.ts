import assert from 'node:assert/strict'
import { startTwilio } from '../../../test/sim/twilio.ts'
import type { Twilio } from '../../../test/sim/twilio.ts'
import { createManualClock } from '../../../test/support/clock.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import { ACCOUNT_SID, AUTH_TOKEN, SERVICE_SID, twilioSettings } from '../../../test/support/twilio-account.ts'
import type { MessageDraft, Provider } from '../../provider.ts'
import { createTwilio } from './index.ts'
import type { TwilioSettings } from './index.ts'

const call = { signal: new AbortController().signal }
const HOUR_MS = 3_600_000

describe('a Twilio account', () => {
  const clock = createManualClock()
  let twilio: Twilio
  let provider: Provider

  beforeEach(async () => {
    twilio = await startTwilio({ clock, accounts: { [ACCOUNT_SID]: { authToken: AUTH_TOKEN } } })
    await use()
  })
  afterEach(async () => {
    await provider.stop?.()
    await twilio.stop()
  })

  async function use(settings: Partial<TwilioSettings> = {}): Promise<void> {
    provider = createTwilio(twilioSettings({ apiUrl: twilio.url, ...settings }))
    await provider.start?.(createHost(clock))
  }

  it('says how it may be used', async () => {
    await use({ ratePerSecond: 3, to: '+380501112233', defaultCountry: 'UA' })
    assert.deepEqual(provider.pace, { concurrency: 50, perSecond: 3 })
    assert.deepEqual(provider.numbers, { defaultCountry: 'UA', defaultRecipients: '+380501112233' })
    assert.equal(provider.maxCharacters, 1600)
  })

  it('asks for reports only where none can come', async () => {
    const callbackUrl = 'https://home.example.org/sms/x'
    assert.equal(provider.asksForReports, true)
    await use({ callbackUrl })
    assert.equal(provider.asksForReports, false)
    await use({ callbackUrl, authToken: undefined, apiKeySid: `SK${'0'.repeat(32)}`, apiKeySecret: 'secret' })
    assert.equal(provider.asksForReports, true)
  })

  const drafts: readonly (readonly [draft: Partial<MessageDraft>, code: string | undefined])[] = [
    [{}, undefined],
    [{ text: 'x'.repeat(1600) }, undefined],
    [{ text: 'x'.repeat(1601) }, 'SMS_REQUEST'],
    [{ text: '', mediaUrls: Array.from({ length: 10 }, () => 'https://example.org/a.jpg') }, undefined],
    [{ mediaUrls: Array.from({ length: 11 }, () => 'https://example.org/a.jpg') }, 'SMS_REQUEST'],
    [{ text: '' }, 'SMS_REQUEST'],
    [{ text: '', params: { ContentSid: 'HX1' } }, undefined],
    [{ flash: true }, 'SMS_UNSUPPORTED'],
    [{ from: '050 111' }, undefined],
    [{ from: '?' }, 'SMS_REQUEST'],
    [{ encoding: 'ucs2' }, undefined],
  ]
  for (const [draft, code] of drafts) {
    it(`${code ? `refuses (${code})` : 'takes'} ${JSON.stringify(draft).slice(0, 60)}`, () => {
      const check = () => provider.check!(outgoing(draft))
      if (code) assert.throws(check, { code })
      else check()
    })
  }

  it('wants a sender, of the account or of the message', async () => {
    await use({ from: undefined })
    assert.throws(() => provider.check!(outgoing()), { code: 'SMS_CONFIG' })
    provider.check!(outgoing({ from: '+15005550006' }))
  })

  const holds: readonly (readonly [from: string | undefined, aheadMs: number, holds: boolean])[] = [
    [SERVICE_SID, 300_000, true],
    [SERVICE_SID, 299_999, false],
    [SERVICE_SID, 35 * 24 * HOUR_MS, true],
    [SERVICE_SID, 35 * 24 * HOUR_MS + 1, false],
    [undefined, HOUR_MS, false],
  ]
  for (const [from, aheadMs, expected] of holds) {
    it(`${expected ? 'holds' : 'does not hold'} a message for ${aheadMs} ms, from ${from ?? 'a number'}`, () => {
      const draft = outgoing(from === undefined ? {} : { from })
      assert.equal(provider.holdsUntil!(draft, clock.now() + aheadMs, clock.now()), expected)
    })
  }

  it('has a message sent a little late that comes too late to be held', async () => {
    await provider.send(outgoing({ from: SERVICE_SID, sendAtMs: clock.now() + 60_000 }), call)
    assert.equal(twilio.messages[0]?.status, 'scheduled')
  })

  it('tells what became of a message', async () => {
    twilio.behaviour.statuses = []
    const { providerMessageId = '' } = await provider.send(outgoing(), call)
    await twilio.settled()
    const ask = () => provider.queryStatus!({ id: 'our-id', providerMessageId, to: '+380501112233' }, call)
    assert.deepEqual(await ask(), { id: 'our-id', providerMessageId, state: 'accepted', parts: 1 })
    await twilio.report(providerMessageId, 'delivered')
    assert.deepEqual(await ask(), {
      id: 'our-id',
      providerMessageId,
      state: 'delivered',
      parts: 1,
      price: { amount: '0.00750', currency: 'USD' },
    })
    await twilio.report(providerMessageId, 'undelivered', 30005)
    const failed = await ask()
    assert.equal(failed?.state, 'failed')
    assert.equal(failed?.error?.providerCode, 30005)
  })

  it('tells nothing about a message that Twilio does not know, or has no id', async () => {
    const sent = { id: 'our-id', to: '+380501112233' }
    assert.equal(await provider.queryStatus!(sent, call), undefined)
    assert.equal(await provider.queryStatus!({ ...sent, providerMessageId: 'SM1/../../x' }, call), undefined)
    assert.equal(twilio.requests.fetch, 1)
  })

  it('takes back what Twilio still holds, and nothing else', async () => {
    const sent = async (more: Parameters<typeof outgoing>[0]) => {
      const { providerMessageId = '' } = await provider.send(outgoing(more), call)
      return { id: 'our-id', to: '+380501112233', providerMessageId }
    }
    const held = await sent({ from: SERVICE_SID, sendAtMs: clock.now() + HOUR_MS })
    assert.equal(await provider.cancel!(held, call), true)
    assert.equal(twilio.messages[0]?.status, 'canceled')
    const gone = await sent({})
    await twilio.settled()
    assert.equal(await provider.cancel!(gone, call), false)
    assert.equal(await provider.cancel!({ id: 'our-id', to: '+380501112233' }, call), false)
  })

  it('tells the balance', async () => {
    assert.deepEqual(await provider.balance!(call), { amount: '12.34', currency: 'USD', text: '12.34 USD' })
  })

  it('has every report arrive that it asked for, in whatever order', async () => {
    const { listen, readBody } = await import('../../../test/support/http-server.ts')
    const seen: string[] = []
    const receiver = await listen(async (request, response) => {
      const form = new URLSearchParams(await readBody(request))
      seen.push(`${request.url} ${form.get('MessageStatus')}`)
      response.writeHead(204).end()
    })
    await use({ callbackUrl: `${receiver.url}/sms/x` })
    const orders = { inOrder: 'sent delivered', reversed: 'delivered sent', twice: 'sent sent delivered delivered' }
    for (const [callbacks, expected] of Object.entries(orders)) {
      twilio.behaviour.callbacks = callbacks as keyof typeof orders
      await provider.send(outgoing({ id: callbacks }), call)
      await twilio.settled()
      assert.deepEqual(
        seen.splice(0),
        expected.split(' ').map(status => `/sms/x/status?id=${callbacks} ${status}`),
      )
    }
    twilio.behaviour.callbacks = 'beforeAnswer'
    await provider.send(outgoing(), call)
    assert.equal(seen.length, 2)
    await receiver.close()
  })
})
