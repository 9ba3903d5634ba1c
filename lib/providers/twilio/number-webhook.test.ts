import assert from 'node:assert/strict'
import { newNumber, newService } from '../../../test/sim/twilio-senders.ts'
import { startTwilio } from '../../../test/sim/twilio.ts'
import type { Twilio } from '../../../test/sim/twilio.ts'
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  OWN_NUMBER,
  SERVICE_SID,
  twilioSettings,
} from '../../../test/support/twilio-account.ts'
import { createTwilio } from './index.ts'
import type { TwilioProvider, TwilioSettings } from './index.ts'
import { messagingOrigin } from './number-webhook.ts'

const { signal } = new AbortController()
const WEBHOOK = 'https://home.example.org/sms/abc'
const WANTED = `${WEBHOOK}#rc=3&rp=5xx,ct,rt`

describe('the webhook of a Twilio number', () => {
  let twilio: Twilio
  let provider: TwilioProvider

  beforeEach(async () => {
    twilio = await startTwilio({ accounts: { [ACCOUNT_SID]: { authToken: AUTH_TOKEN } } })
    use()
  })
  afterEach(async () => {
    await provider.stop?.()
    await twilio.stop()
  })

  function use(settings: Partial<TwilioSettings> = {}): void {
    provider = createTwilio(twilioSettings({ apiUrl: twilio.url, callbackUrl: WEBHOOK, ...settings }))
  }

  it('is that of the very number, and is changed with everything that would go before it', async () => {
    twilio.senders.set('PN1', newNumber('PN1', `${OWN_NUMBER}7`))
    const number = newNumber('PN2', OWN_NUMBER)
    Object.assign(number, { sms_application_sid: 'AP0', sms_method: 'GET' })
    twilio.senders.set('PN2', number)
    const seen = await provider.numberWebhooks.read(signal)
    assert.deepEqual(seen, { kind: 'number', sender: OWN_NUMBER, present: 'AP0', wanted: WANTED, isSet: false })
    const set = await provider.numberWebhooks.set('AP0', signal)
    assert.deepEqual([set.present, set.isSet], [WANTED, true])
    assert.deepEqual([number['sms_url'], number['sms_method'], number['sms_application_sid']], [WANTED, 'POST', ''])
    assert.match(String(twilio.senders.get('PN1')?.['sms_url']), /demo/)
  })

  it('counts as set with retries of another kind, and not where it is called by GET', async () => {
    const number = newNumber('PN2', OWN_NUMBER)
    twilio.senders.set('PN2', number)
    for (const [url, method, isSet] of [
      [`${WEBHOOK}#rc=1`, 'POST', true],
      [WEBHOOK, 'GET', false],
      [`${WEBHOOK}x`, 'POST', false],
      ['', 'POST', false],
    ] as const) {
      Object.assign(number, { sms_url: url, sms_method: method })
      assert.equal((await provider.numberWebhooks.read(signal)).isSet, isSet, url)
    }
  })

  it('is that of the messaging service, where one sends', async () => {
    use({ from: SERVICE_SID })
    const service = newService(SERVICE_SID, 'Alarms')
    twilio.senders.set(SERVICE_SID, service)
    const seen = await provider.numberWebhooks.read(signal)
    assert.deepEqual([seen.kind, seen.sender, seen.present, seen.perNumber], ['service', 'Alarms', '', true])
    assert.equal((await provider.numberWebhooks.set('', signal)).isSet, true)
    assert.deepEqual(
      [service['inbound_request_url'], service['inbound_method'], service['use_inbound_webhook_on_number']],
      [WANTED, 'POST', false],
    )
  })

  it('is left alone where somebody else has just changed it', async () => {
    const number = newNumber('PN2', OWN_NUMBER)
    twilio.senders.set('PN2', number)
    await assert.rejects(provider.numberWebhooks.set('https://old.example.org', signal), { code: 'SMS_REQUEST' })
    assert.match(String(number['sms_url']), /demo/)
  })

  it('is no doubt about a message when the answer is lost', async () => {
    twilio.senders.set('PN2', newNumber('PN2', OWN_NUMBER))
    const { present } = await provider.numberWebhooks.read(signal)
    const setting = provider.numberWebhooks.set(present, signal)
    // The first request of the two looks it up.
    twilio.inject('slow', { on: 'sender' })
    twilio.inject('html', { on: 'sender' })
    await assert.rejects(setting, { code: 'SMS_SERVER' })
  })

  for (const [what, settings, code] of [
    ['no sender', { from: undefined }, 'SMS_UNSUPPORTED'],
    ['a name', { from: 'Alarm' }, 'SMS_UNSUPPORTED'],
    ['a short code', { from: '12345' }, 'SMS_UNSUPPORTED'],
    ['another channel', { from: 'whatsapp:+15005550006' }, 'SMS_UNSUPPORTED'],
    ['a number of somebody else', { from: '+15005550099' }, 'SMS_REQUEST'],
    ['no public address', { callbackUrl: undefined }, 'SMS_CONFIG'],
    ['a wrong token', { authToken: 'wrong' }, 'SMS_AUTH'],
  ] as const) {
    it(`says what to do about ${what}`, async () => {
      use(settings)
      await assert.rejects(provider.numberWebhooks.read(signal), { code })
    })
  }

  it('is at the host of messaging, of the same region', () => {
    for (const [api, messaging] of [
      ['https://api.twilio.com', 'https://messaging.twilio.com'],
      ['https://api.dublin.ie1.twilio.com', 'https://messaging.dublin.ie1.twilio.com'],
      ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
      ['https://api.twilio.com.example.org', 'https://api.twilio.com.example.org'],
    ] as const)
      assert.equal(messagingOrigin(api), messaging)
  })
})
