import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { ACCOUNT_SID, AUTH_TOKEN, SERVICE_SID, twilioSettings } from '../../../test/support/twilio-account.ts'
import { SmsError } from '../../errors.ts'
import { readAccount, readSender } from './account.ts'
import type { TwilioSettings } from './account.ts'

const API_KEY = 'SK0123456789abcdef0123456789abcdef'

describe("a Twilio account's settings", () => {
  const wrong: readonly (readonly [settings: Partial<TwilioSettings>, sentence: RegExp])[] = [
    [{ accountSid: '' }, /the Account SID is missing/],
    [{ accountSid: '  ' }, /the Account SID is missing/],
    [{ accountSid: AUTH_TOKEN }, /the Account SID must be AC and 32 hexadecimal digits/],
    [{ authToken: undefined }, /the auth token or an API key is missing/],
    [{ authToken: '' }, /the auth token or an API key is missing/],
    [{ apiKeySid: API_KEY }, /the API key has no secret/],
    [{ apiKeySecret: AUTH_TOKEN }, /the API key secret has no API key SID/],
    [{ apiKeySid: AUTH_TOKEN, apiKeySecret: AUTH_TOKEN }, /the API key SID must be SK/],
    [
      { authToken: undefined, apiKeySid: API_KEY, apiKeySecret: AUTH_TOKEN, receive: 'webhook' },
      /only the auth token verifies signatures/,
    ],
    [{ from: '0501112233' }, /^the sender must be/],
    [{ from: 'A name that is too long' }, /^the sender must be/],
    [{ from: 'MG123'.repeat(4) }, /^the sender must be/],
    [{ apiUrl: 'api.twilio.com' }, /the API address is not an http\(s\) URL/],
    [{ apiUrl: 'http://api.twilio.com' }, /the API address must begin with https/],
    [{ apiUrl: 'https://api.twilio.com/2010-04-01' }, /a host without a path/],
    [{ apiUrl: `https://x:${AUTH_TOKEN}@api.twilio.com` }, /must not hold credentials/],
    [{ callbackUrl: 'home.example.org' }, /the public URL is not an http\(s\) URL/],
    [{ callbackUrl: 'https://my_home.example.org/sms/x' }, /underscore/],
  ]
  for (const [settings, sentence] of wrong) {
    it(`are refused: ${sentence.source}`, () => {
      assert.throws(
        () => readAccount(twilioSettings(settings)),
        (error: unknown) => {
          assert.ok(error instanceof SmsError)
          assert.equal(error.code, 'SMS_CONFIG')
          assert.match(error.message, sentence)
          assert.ok(!inspect(error, { depth: null }).includes(AUTH_TOKEN))
          return true
        },
      )
    })
  }

  it('have an API and an origin by default', () => {
    const account = readAccount(twilioSettings())
    assert.equal(account.origin, 'https://api.twilio.com')
    assert.equal(account.authorization, `Basic ${Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64')}`)
  })

  it('may name a region, and come with blanks around them', () => {
    const account = readAccount(
      twilioSettings({ accountSid: ` ${ACCOUNT_SID}\n`, apiUrl: ' https://api.dublin.ie1.twilio.com/ ', from: '' }),
    )
    assert.equal(account.sid, ACCOUNT_SID)
    assert.equal(account.origin, 'https://api.dublin.ie1.twilio.com')
    assert.equal(account.from, undefined)
  })

  const senders: readonly (readonly [from: string, kind: string, value?: string])[] = [
    ['+15005550006', 'number'],
    ['+1 (500) 555-0006', 'number', '+15005550006'],
    ['12345', 'number'],
    ['Home Alarm', 'name'],
    ['4ALARM', 'name'],
    ['whatsapp:+14155238886', 'number'],
    ['rcs:brand_agent', 'number'],
    [SERVICE_SID, 'service'],
  ]
  for (const [from, kind, value = from] of senders) {
    it(`take ${from} for a ${kind}`, () => assert.deepEqual(readSender(from, 'SMS_CONFIG'), { kind, value }))
  }
})
