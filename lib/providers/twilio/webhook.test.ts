import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { sign } from '../../../test/sim/twilio-calls.ts'
import { createManualClock } from '../../../test/support/clock.ts'
import type { ManualClock } from '../../../test/support/clock.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import type { RecordingHost } from '../../../test/support/provider-host.ts'
import { ACCOUNT_SID, AUTH_TOKEN, OWN_NUMBER, twilioSettings } from '../../../test/support/twilio-account.ts'
import type { IncomingMessage, StatusReport, WebhookReply, WebhookRequest } from '../../provider.ts'
import { readAccount } from './account.ts'
import { createClaims } from './claims.ts'
import { createWebhook } from './webhook.ts'

const BASE = 'https://home.example.org:1880/endpoint/sms/s3cr3tpath'
const SID = 'SM00000000000000000000000000000001'

const INCOMING = {
  AccountSid: ACCOUNT_SID,
  ApiVersion: '2010-04-01',
  Body: 'open',
  From: '+380501112233',
  FromCountry: 'UA',
  MessageSid: SID,
  NumMedia: '0',
  NumSegments: '1',
  SmsMessageSid: SID,
  SmsSid: SID,
  SmsStatus: 'received',
  To: OWN_NUMBER,
}
const REPORT = {
  AccountSid: ACCOUNT_SID,
  ApiVersion: '2010-04-01',
  From: OWN_NUMBER,
  MessageSid: SID,
  MessageStatus: 'delivered',
  SmsSid: SID,
  SmsStatus: 'delivered',
  To: '+380501112233',
}
const message = (more: Partial<IncomingMessage> = {}, fields: object = {}): IncomingMessage => ({
  providerMessageId: SID,
  from: '+380501112233',
  to: OWN_NUMBER,
  text: 'open',
  parts: 1,
  raw: { ...INCOMING, ...fields },
  ...more,
})

describe("Twilio's webhook", () => {
  let clock: ManualClock
  let host: RecordingHost
  let running: RecordingHost | undefined
  let webhook: (request: WebhookRequest) => Promise<WebhookReply>

  beforeEach(() => {
    clock = createManualClock()
    host = createHost(clock)
    running = host
    webhook = createWebhook(
      readAccount(twilioSettings({ receive: 'webhook', callbackUrl: BASE })),
      createClaims(),
      () => running,
    )
  })

  function request(fields: Record<string, string>, more: Partial<WebhookRequest> & { token?: string } = {}) {
    const { token = AUTH_TOKEN, url = BASE, headers, ...rest } = more
    return {
      method: 'POST',
      kind: 'any' as const,
      url,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'x-twilio-signature': sign(url, fields, token),
        ...headers,
      },
      body: Buffer.from(new URLSearchParams(fields).toString()),
      ...rest,
    }
  }
  const post = (...args: Parameters<typeof request>) => webhook(request(...args))

  const incoming: readonly (readonly [title: string, fields: Record<string, string>, event: IncomingMessage])[] = [
    ['a message', {}, message()],
    [
      'a long text',
      { Body: 'Тривога! '.repeat(20), NumSegments: '3' },
      message({ text: 'Тривога! '.repeat(20), parts: 3 }),
    ],
    ['blanks, which are part of the text', { Body: ' a  b \n' }, message({ text: ' a  b \n' })],
    ['an empty text', { Body: '' }, message({ text: '' })],
    [
      'a word by which its sender opts out, in a language of their own',
      { Body: 'ARRÊT', OptOutType: 'STOP' },
      message({ text: 'ARRÊT', optOut: 'out' }),
    ],
    [
      'a word by which its sender opts in',
      { Body: 'YES', OptOutType: 'START' },
      message({ text: 'YES', optOut: 'in' }),
    ],
    ['a call for help, which is no wish', { Body: 'HELP', OptOutType: 'HELP' }, message({ text: 'HELP' })],
    ['a name as sender', { From: 'Bank' }, message({ from: 'Bank' })],
    [
      'another channel',
      { From: 'whatsapp:+380501112233', WaId: '380501112233' },
      message({ from: 'whatsapp:+380501112233' }),
    ],
    [
      'pictures',
      { Body: '', NumMedia: '2', MediaUrl0: 'https://api.twilio.com/a', MediaUrl1: 'https://api.twilio.com/b' },
      message({ text: '', mediaUrls: ['https://api.twilio.com/a', 'https://api.twilio.com/b'] }),
    ],
    ['pictures that are not there', { NumMedia: '999999999' }, message()],
    ['a field that did not exist yesterday', { Brand_New: '1' }, message()],
  ]
  for (const [title, fields, event] of incoming) {
    it(`brings ${title}`, async () => {
      const reply = await post({ ...INCOMING, ...fields })
      assert.equal(reply.status, 200)
      assert.equal(reply.contentType, 'text/xml')
      assert.match(reply.body ?? '', /<Response\/>$/)
      assert.deepEqual(host.messages, [{ ...event, raw: { ...INCOMING, ...fields } }])
    })
  }

  const failed = (code: StatusReport['error'], state: StatusReport['state'] = 'failed') => ({ state, error: code! })
  const reports: readonly (readonly [
    fields: Record<string, string>,
    event: Omit<StatusReport, 'providerMessageId'>,
  ])[] = [
    ...['queued', 'sending', 'sent', 'accepted', 'scheduled'].map(
      status => [{ MessageStatus: status }, { state: 'accepted' }] as const,
    ),
    [{ MessageStatus: 'delivered' }, { state: 'delivered' }],
    [{ MessageStatus: 'read' }, { state: 'delivered' }],
    [{ MessageStatus: 'canceled' }, { state: 'cancelled' }],
    [
      { MessageStatus: 'undelivered', ErrorCode: '30003' },
      failed({
        code: 'SMS_SEND',
        message: 'Twilio reports it undelivered: the phone is off or out of reach',
        providerCode: 30003,
      }),
    ],
    [
      { MessageStatus: 'failed', ErrorCode: '21610' },
      failed({
        code: 'SMS_OPTED_OUT',
        message: 'Twilio reports it failed: the recipient asked not to be texted',
        providerCode: 21610,
      }),
    ],
    [
      { MessageStatus: 'failed', ErrorCode: '30036' },
      failed(
        {
          code: 'SMS_EXPIRED',
          message: 'Twilio reports it failed: its validity ended before it was sent',
          providerCode: 30036,
        },
        'expired',
      ),
    ],
    [
      { MessageStatus: 'failed', ErrorCode: '30999' },
      failed({
        code: 'SMS_SEND',
        message: 'Twilio reports it failed: see https://www.twilio.com/docs/api/errors/30999',
        providerCode: 30999,
      }),
    ],
    [{ MessageStatus: 'undelivered' }, failed({ code: 'SMS_SEND', message: 'Twilio reports it undelivered' })],
  ]
  for (const [fields, event] of reports) {
    it(`reports ${Object.values(fields).join(' ')} as ${event.state}`, async () => {
      const url = `${BASE}/status?id=our-id`
      const reply = await post({ ...REPORT, ...fields }, { url, kind: 'status' })
      assert.deepEqual(reply, { status: 204 })
      assert.deepEqual(host.reports, [{ id: 'our-id', providerMessageId: SID, ...event }])
    })
  }

  it('reports by Twilio’s id alone where ours did not ride along', async () => {
    assert.equal((await post(REPORT)).status, 204)
    assert.deepEqual(host.reports, [{ providerMessageId: SID, state: 'delivered' }])
  })

  it('says so, and guesses nothing, when a status is not known', async () => {
    assert.equal((await post({ ...REPORT, MessageStatus: 'teleported' })).status, 204)
    assert.deepEqual(host.reports, [])
    assert.match(host.logs.join(), /teleported/)
  })

  it('answers a repeat as it did the first', async () => {
    assert.deepEqual(await post(INCOMING), await post(INCOMING))
    assert.equal(host.messages.length, 1)
    assert.deepEqual(await post(REPORT), await post(REPORT))
  })

  it('asks to be called again when the store fails', async () => {
    host.fail(true)
    assert.deepEqual(await post(INCOMING), { status: 503 })
    assert.deepEqual(await post(REPORT), { status: 503 })
    host.fail(false)
    assert.equal((await post(INCOMING)).status, 200)
    assert.equal(host.messages.length, 1)
  })

  it('asks to be called again when the provider is not in use', async () => {
    running = undefined
    assert.deepEqual(await post(INCOMING), { status: 503 })
  })

  it('takes a GET, with everything in the query', async () => {
    const url = `${BASE}?${new URLSearchParams(INCOMING).toString()}`
    const reply = await post({}, { method: 'GET', url, body: Buffer.alloc(0) })
    assert.equal(reply.status, 200)
    assert.deepEqual(host.messages, [message()])
  })

  it('takes JSON, signed by its hash', async () => {
    const body = Buffer.from(JSON.stringify({ ...INCOMING, Extra: { a: 1 } }))
    const url = `${BASE}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`
    const json = (more: object = {}) =>
      post({}, { url, body, headers: { 'content-type': 'application/json' }, ...more })
    assert.equal((await json()).status, 200)
    assert.deepEqual(host.messages, [message()])
    assert.deepEqual(await json({ body: Buffer.from(body.toString().replace('open', 'shut')) }), { status: 403 })
  })

  it('takes only its own kind where it was called for one', async () => {
    assert.equal((await post(INCOMING, { kind: 'im' })).status, 200)
    assert.equal((await post(REPORT, { kind: 'status' })).status, 204)
    assert.deepEqual(await post(INCOMING, { kind: 'status' }), { status: 400 })
    assert.deepEqual(await post(REPORT, { kind: 'im' }), { status: 400 })
    assert.equal(host.messages.length + host.reports.length, 2)
  })

  it('refuses what has no sender or no id', async () => {
    for (const field of ['From', 'MessageSid'] as const) {
      const { [field]: _, SmsSid: _1, SmsMessageSid: _2, ...fields } = INCOMING
      assert.deepEqual(await post(fields), { status: 400 })
    }
    assert.deepEqual(host.messages, [])
  })

  describe('refuses, with a status and nothing else,', () => {
    const strangers: readonly (readonly [title: string, make: () => WebhookRequest])[] = [
      ['what is not signed', () => ({ ...request(INCOMING), headers: {} })],
      ['another token', () => request(INCOMING, { token: 'guess' })],
      [
        'a text that was changed',
        () => ({ ...request(INCOMING), body: Buffer.from('Body=close&From=%2B1&MessageSid=1') }),
      ],
      ['another address', () => ({ ...request(INCOMING), url: 'https://evil.example/sms/s3cr3tpath' })],
      ['another account', () => request({ ...INCOMING, AccountSid: ACCOUNT_SID.replace('0', '1') })],
      ['no account', () => request({ ...INCOMING, AccountSid: '' })],
    ]
    for (const [title, make] of strangers) {
      it(title, async () => {
        assert.deepEqual(await webhook(make()), { status: 403 })
        assert.deepEqual(host.messages, [])
      })
    }

    it('and says once an hour what may be the reason', async () => {
      for (let i = 0; i < 10; i++) await post(INCOMING, { token: 'guess' })
      assert.equal(host.logs.length, 1)
      assert.match(host.logs[0]!, /signature is wrong.*https:\/\/home\.example\.org:1880$/)
      assert.ok(!host.logs[0]!.includes('s3cr3tpath'))
      await clock.advance(3_600_000)
      await post(INCOMING, { token: 'guess' })
      assert.equal(host.logs.length, 2)
    })
  })
})
