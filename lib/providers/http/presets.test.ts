import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { createManualClock } from '../../../test/support/clock.ts'
import { startScriptedServer } from '../../../test/support/http-server.ts'
import type { Reply, ScriptedServer } from '../../../test/support/http-server.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import type { SmsErrorCode } from '../../errors.ts'
import type { IncomingMessage, OutgoingMessage, Provider, StatusReport, WebhookRequest } from '../../provider.ts'
import { createHttp } from './index.ts'
import { PRESETS, presetSettings } from './presets.ts'

// From the documentation and the sources of the carriers, not run live. Where a table says so, from the tests of
// smsframework, which saw the real ones.

const ID = '01930000-0000-7000-8000-000000000001'
const WEBHOOK_SECRET = 'signing key'
const CALLED = 'https://home.example.org/sms/abcdefghijklmnop'
const NOW_S = 1_795_255_200 // what the manual clock says at first

interface Exchange {
  readonly message?: Partial<OutgoingMessage>
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly reply: Reply
  readonly id: string
}

interface Refusal {
  readonly reply: Reply
  readonly code: SmsErrorCode
  readonly providerCode?: string
}

interface Called {
  readonly query?: string
  readonly json?: unknown
  /** Fields of a message, or the report. */
  readonly brings: Partial<IncomingMessage> | StatusReport | undefined
  readonly answer?: string
}

interface Carrier {
  readonly sends: readonly Exchange[]
  readonly refuses: readonly Refusal[]
  readonly calls: readonly Called[]
  readonly asks?: { readonly path: string; readonly body: string; readonly state: string; readonly settles: boolean }
  readonly signs?: (body: string) => Record<string, string>
}

const hmac = (text: string): string => createHmac('sha256', WEBHOOK_SECRET).update(text).digest('hex')
const base64url = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')

const SMS_GATE: Carrier = {
  sends: [
    {
      message: { validityMinutes: 60 },
      path: '/messages',
      headers: { authorization: `Basic ${Buffer.from('user value:password value').toString('base64')}` },
      json: {
        id: ID,
        textMessage: { text: 'The door is open' },
        phoneNumbers: ['+380501112233'],
        ttl: 3600,
        withDeliveryReport: true,
      },
      reply: { status: 202, body: JSON.stringify({ id: ID, deviceId: 'd', state: 'Pending', recipients: [] }) },
      id: ID,
    },
  ],
  refuses: [
    { reply: { status: 400, body: '{"message":"invalid phone number"}' }, code: 'SMS_REQUEST' },
    { reply: { status: 401, body: '{"message":"Unauthorized"}' }, code: 'SMS_AUTH' },
    // Its queue is full; that nothing was taken is found out by the id.
    { reply: { status: 503, body: '{"message":"queue limit exceeded"}' }, code: 'SMS_UNKNOWN' },
  ],
  asks: { path: `/messages/${ID}`, body: `{"id":"${ID}","state":"Sent"}`, state: 'accepted', settles: true },
  signs: body => ({ 'x-timestamp': String(NOW_S), 'x-signature': hmac(body + String(NOW_S)) }),
  calls: [
    {
      json: {
        deviceId: 'ffffffffceb0b1db0000018e937c815b',
        event: 'sms:received',
        id: 'Ey6ECgOkVVFjz3CL48B8C',
        payload: {
          messageId: 'abc123',
          message: 'Android is always a sweet treat!',
          sender: '6505551212',
          recipient: '+1234567890',
          simNumber: 1,
          receivedAt: '2024-06-22T15:46:11.000+07:00',
        },
        webhookId: 'LreFUt-Z3sSq0JufY9uWB',
      },
      brings: {
        providerMessageId: 'Ey6ECgOkVVFjz3CL48B8C',
        from: '6505551212',
        to: '+1234567890',
        text: 'Android is always a sweet treat!',
        sentAtMs: Date.UTC(2024, 5, 22, 8, 46, 11),
      },
    },
    {
      // As it was before `sender` was there.
      json: {
        event: 'sms:received',
        id: 'e2',
        payload: { messageId: 'm', message: 'Hi', phoneNumber: '+15550001111' },
      },
      brings: { providerMessageId: 'e2', from: '+15550001111', text: 'Hi' },
    },
    {
      json: { event: 'sms:delivered', id: 'e3', payload: { messageId: ID, recipient: '+9998887777' } },
      brings: { id: ID, state: 'delivered' },
    },
    {
      json: { event: 'sms:failed', id: 'e4', payload: { messageId: ID, reason: 'Network error' } },
      brings: {
        id: ID,
        state: 'failed',
        error: { code: 'SMS_SEND', message: 'the carrier reports it sms:failed: Network error' },
      },
    },
    { json: { event: 'system:ping', id: 'e5', payload: { health: {} } }, brings: undefined },
  ],
}

const CARRIERS: Readonly<Record<string, Carrier>> = {
  'sms-gate': {
    ...SMS_GATE,
    sends: SMS_GATE.sends.map(exchange => ({ ...exchange, path: `/3rdparty/v1${exchange.path}` })),
    asks: { ...SMS_GATE.asks!, path: `/3rdparty/v1${SMS_GATE.asks!.path}` },
  },
  'sms-gate-local': SMS_GATE,

  httpsms: {
    sends: [
      {
        message: { from: '+18005550199' },
        path: '/v1/messages/send',
        headers: { 'x-api-key': 'apiKey value' },
        json: { from: '+18005550199', to: '+380501112233', content: 'The door is open', request_id: ID },
        reply: {
          body: JSON.stringify({
            status: 'success',
            message: 'message added to queue',
            data: { id: '32343a19-da5e-4b1b-a767-3298a73703cb', status: 'pending', request_id: ID },
          }),
        },
        id: '32343a19-da5e-4b1b-a767-3298a73703cb',
      },
    ],
    refuses: [
      { reply: { status: 422, body: '{"status":"error","message":"validation errors"}' }, code: 'SMS_REQUEST' },
      { reply: { status: 402, body: '{"status":"error","message":"upgrade"}' }, code: 'SMS_CREDIT' },
    ],
    asks: {
      path: '/v1/messages/their-id',
      body: '{"status":"success","data":{"id":"their-id","status":"delivered"}}',
      state: 'delivered',
      settles: false,
    },
    signs() {
      const claims = { aud: [CALLED], exp: NOW_S + 600, iat: NOW_S, iss: 'api.httpsms.com', nbf: NOW_S - 600, sub: 'u' }
      const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}`
      const signature = createHmac('sha256', WEBHOOK_SECRET).update(signed).digest('base64url')
      return { authorization: `Bearer ${signed}.${signature}` }
    },
    calls: [
      {
        json: {
          data: {
            contact: '+18005550100',
            content: 'This is a test incoming message',
            message_id: '0b0123bb-ef2e-468f-908a-c026d51636aa',
            owner: '+18005550199',
            sim: 'SIM1',
            timestamp: '2023-06-29T03:21:19.814Z',
            user_id: 'XtABz6zdeFMoBLoltz6SREDvRSh2',
          },
          datacontenttype: 'application/json',
          id: 'f4aed1d3-ab4f-42b9-b9dd-9fc7182f7197',
          source: '/v1/messages/receive',
          specversion: '1.0',
          time: '2023-06-29T03:21:19.524331882Z',
          type: 'message.phone.received',
        },
        brings: {
          providerMessageId: '0b0123bb-ef2e-468f-908a-c026d51636aa',
          from: '+18005550100',
          to: '+18005550199',
          text: 'This is a test incoming message',
          sentAtMs: Date.UTC(2023, 5, 29, 3, 21, 19, 814),
        },
      },
      {
        json: { type: 'message.phone.delivered', data: { id: 'm1', request_id: ID, contact: '+1', content: 'x' } },
        brings: { id: ID, providerMessageId: 'm1', state: 'delivered' },
      },
      {
        json: { type: 'message.send.expired', data: { message_id: 'm1', request_id: null, is_final: false } },
        brings: { providerMessageId: 'm1', state: 'accepted' },
      },
      {
        json: { type: 'message.send.expired', data: { message_id: 'm1', request_id: ID, is_final: true } },
        brings: {
          id: ID,
          providerMessageId: 'm1',
          state: 'expired',
          error: { code: 'SMS_EXPIRED', message: 'the carrier reports it message.send.expired true' },
        },
      },
      {
        json: { type: 'message.call.missed', data: { message_id: 'm2', contact: '+1', owner: '+2' } },
        brings: undefined,
      },
    ],
  },

  vonage: {
    sends: [
      {
        message: { from: '+447700900001', validityMinutes: 15 },
        path: '/sms/json',
        form: {
          api_key: 'apiKey value',
          api_secret: 'apiSecret value',
          from: '447700900001',
          to: '380501112233',
          text: 'The door is open',
          type: 'text',
          ttl: '900000',
          'client-ref': ID,
          'status-report-req': 'true',
          callback: CALLED,
        },
        reply: {
          body: '{"message-count":"1","messages":[{"to":"447700900000","message-id":"0A0000000123ABCD1","status":"0","remaining-balance":"3.14159265","message-price":"0.03330000","network":"12345"}]}',
        },
        id: '0A0000000123ABCD1',
      },
      {
        message: { from: 'AcmeInc', text: 'Двері 🚪', flash: true, deliveryReport: false },
        path: '/sms/json',
        form: {
          api_key: 'apiKey value',
          api_secret: 'apiSecret value',
          from: 'AcmeInc',
          to: '380501112233',
          text: 'Двері 🚪',
          type: 'unicode',
          'message-class': '0',
          'client-ref': ID,
          'status-report-req': 'false',
          callback: CALLED,
        },
        reply: { body: '{"message-count":"1","messages":[{"message-id":"0B","status":"0"}]}' },
        id: '0B',
      },
    ],
    refuses: (
      [
        ['1', 'SMS_LIMITS'],
        ['2', 'SMS_REQUEST'],
        ['4', 'SMS_AUTH'],
        ['5', 'SMS_UNKNOWN'],
        ['7', 'SMS_SEND'],
        ['9', 'SMS_CREDIT'],
      ] as const
    ).map(([status, code]) => ({
      reply: { body: JSON.stringify({ 'message-count': '1', messages: [{ status, 'error-text': 'No.' }] }) },
      code,
      providerCode: status,
    })),
    calls: [
      {
        query:
          'msisdn=447700900001&to=447700900000&messageId=0A0000000123ABCD1&text=Hello+world&type=text&keyword=HELLO&message-timestamp=2020-01-01+12%3A00%3A00&api-key=abcd1234',
        brings: {
          providerMessageId: '0A0000000123ABCD1',
          from: '+447700900001',
          to: '+447700900000',
          text: 'Hello world',
          sentAtMs: Date.UTC(2020, 0, 1, 12),
        },
      },
      {
        json: {
          msisdn: '447700900001',
          to: '447700900000',
          messageId: '0A2',
          text: 'second half',
          type: 'text',
          'message-timestamp': '2020-01-01 12:00:00',
          concat: 'true',
          'concat-ref': '1',
          'concat-total': '3',
          'concat-part': '2',
        },
        brings: {
          providerMessageId: '0A2',
          from: '+447700900001',
          to: '+447700900000',
          text: 'second half',
          sentAtMs: Date.UTC(2020, 0, 1, 12),
          part: { reference: '1', index: 2, total: 3 },
        },
      },
      {
        json: {
          msisdn: '447700900000',
          to: 'AcmeInc',
          'network-code': '12345',
          messageId: '0A0000001234567B',
          price: '0.03330000',
          status: 'delivered',
          scts: '2001011400',
          'err-code': '0',
          'api-key': 'abcd1234',
          'client-ref': ID,
          'message-timestamp': '2020-01-01 12:00:00',
        },
        brings: { id: ID, providerMessageId: '0A0000001234567B', state: 'delivered' },
      },
      {
        query: 'msisdn=1&to=A&messageId=0A1&status=rejected&err-code=6',
        brings: {
          providerMessageId: '0A1',
          state: 'failed',
          error: { code: 'SMS_SEND', message: 'the carrier reports it rejected: 6', providerCode: '6' },
        },
      },
    ],
  },

  seven: {
    sends: [
      {
        message: { from: 'seven', validityMinutes: 60 },
        path: '/api/sms',
        headers: { 'x-api-key': 'apiKey value', accept: 'application/json' },
        json: {
          to: '+380501112233',
          from: 'seven',
          text: 'The door is open',
          flash: false,
          ttl: 60,
          foreign_id: ID,
        },
        reply: {
          body: '{"success":"100","total_price":0.075,"balance":46.748,"debug":"false","sms_type":"direct","messages":[{"id":"77233308519","sender":"seven","recipient":"380501112233","text":"The door is open","encoding":"gsm","parts":1,"price":0.075,"success":true,"error":null,"error_text":null}]}',
        },
        id: '77233308519',
      },
    ],
    refuses: [
      { reply: { body: '"900"' }, code: 'SMS_AUTH', providerCode: '900' },
      { reply: { body: '500' }, code: 'SMS_CREDIT', providerCode: '500' },
      { reply: { body: '{"success":"202","messages":[]}' }, code: 'SMS_REQUEST', providerCode: '202' },
      { reply: { body: '{"success":"402","messages":[]}' }, code: 'SMS_SEND', providerCode: '402' },
    ],
    asks: {
      path: '/api/status?msg_id=their-id',
      body: '[{"id":"their-id","status":"DELIVERED","status_time":"2026-11-21 10:00:00"}]',
      state: 'delivered',
      settles: false,
    },
    signs(body) {
      const md5 = createHash('md5').update(body).digest('hex')
      const nonce = 'fpPRhAd1s8GXacfR39mWqKPynmmXfJnc'
      const signature = hmac([NOW_S, nonce, 'POST', CALLED, md5].join('\n'))
      return { 'x-timestamp': String(NOW_S), 'x-nonce': nonce, 'x-signature': signature }
    },
    calls: [
      {
        json: {
          data: {
            id: '681590',
            sender: '491771783131',
            system: '491771783130',
            text: 'Hello World',
            time: '1605878104',
            message_type: 'SMS',
          },
          webhook_event: 'sms_mo',
          webhook_timestamp: '2020-12-02 11:55:44',
        },
        brings: {
          providerMessageId: '681590',
          from: '+491771783131',
          to: '+491771783130',
          text: 'Hello World',
          sentAtMs: 1_605_878_104_000,
        },
      },
      {
        json: {
          data: { msg_id: '77149843739', status: 'TRANSMITTED', timestamp: '2021-08-24 08:08:00.000000' },
          webhook_event: 'dlr',
          webhook_timestamp: '2021-08-24T08:08:00+02:00',
        },
        brings: { providerMessageId: '77149843739', state: 'accepted' },
      },
    ],
  },

  clickatell: {
    sends: [
      {
        path: '/messages',
        headers: { authorization: 'apiKey value' },
        json: { content: 'The door is open', to: ['380501112233'], clientMessageId: ID },
        reply: {
          status: 202,
          body: '{"messages":[{"apiMessageId":"77fb29998253415fa5d66971d519d362","accepted":true,"to":"380501112233","error":null}],"error":null}',
        },
        id: '77fb29998253415fa5d66971d519d362',
      },
    ],
    refuses: [
      {
        reply: {
          status: 202,
          body: '{"messages":[{"apiMessageId":null,"accepted":false,"to":"27111111111","error":"Invalid destination address."}],"error":null}',
        },
        code: 'SMS_SEND',
      },
      { reply: { status: 401, body: '{"messages":[],"error":"Invalid API key"}' }, code: 'SMS_AUTH' },
    ],
    calls: [
      {
        json: {
          integrationId: 'i',
          messageId: '7c1e9c3d0b5d4c2f',
          replyMessageId: null,
          apiKey: 'k',
          fromNumber: '27999123456',
          toNumber: '27711234567',
          timestamp: 1_484_051_904_000,
          text: 'Here is the message content',
          charset: 'UTF-8',
          udh: '',
          network: '',
          keyword: null,
        },
        brings: {
          providerMessageId: '7c1e9c3d0b5d4c2f',
          from: '+27999123456',
          to: '+27711234567',
          text: 'Here is the message content',
          sentAtMs: 1_484_051_904_000,
        },
      },
      {
        json: {
          apiKey: 'k',
          messageId: 'm1',
          requestId: null,
          clientMessageId: ID,
          to: '27999123456',
          from: '27711234567',
          status: 'RECEIVED_BY_RECIPIENT',
          statusDescription: 'Message received by recipient',
          timestamp: 1_484_051_904_000,
        },
        brings: { id: ID, providerMessageId: 'm1', state: 'delivered' },
      },
    ],
  },

  // As the tests of smsframework-clickatell have it.
  'clickatell-http': {
    sends: [
      {
        message: { from: '+15550001111', validityMinutes: 30 },
        path: '/http/sendmsg',
        form: {
          api_id: 'apiId value',
          user: 'user value',
          password: 'password value',
          to: '380501112233',
          from: '15550001111',
          text: 'The door is open',
          deliv_ack: '1',
          mo: '1',
          validity: '30',
        },
        reply: { body: 'ID: 11111111' },
        id: '11111111',
      },
      {
        message: { text: 'Щ'.repeat(71), deliveryReport: false, allowReply: false },
        path: '/http/sendmsg',
        form: {
          api_id: 'apiId value',
          user: 'user value',
          password: 'password value',
          to: '380501112233',
          text: '0429'.repeat(71),
          unicode: '1',
          concat: '2',
        },
        reply: { body: 'ID: 2' },
        id: '2',
      },
    ],
    refuses: [
      { reply: { body: 'ERR: 001, Auth fail' }, code: 'SMS_AUTH', providerCode: '1' },
      { reply: { body: 'ERR: 301, No credit left' }, code: 'SMS_CREDIT', providerCode: '301' },
      { reply: { body: 'ERR: 130, Maximum MT limit exceeded' }, code: 'SMS_LIMITS', providerCode: '130' },
      { reply: { body: 'ERR: 999, Strange' }, code: 'SMS_SEND', providerCode: '999' },
    ],
    calls: [
      {
        query:
          'api_id=3460000&from=380660000000&to=491700000000&timestamp=2014-01-29+02%3A08%3A30&text=Hi%2C+man&charset=ISO-8859-1&udh=&moMsgId=c6b1e0eb9d6b8d549621235aaf089a26',
        brings: {
          providerMessageId: 'c6b1e0eb9d6b8d549621235aaf089a26',
          from: '+380660000000',
          to: '+491700000000',
          text: 'Hi, man',
        },
        answer: 'OK',
      },
      {
        query: 'api_id=3460000&from=380660000000&to=491700000000&text=%04%1F%04%40%048&charset=UTF-16BE&udh=&moMsgId=2',
        brings: { providerMessageId: '2', from: '+380660000000', to: '+491700000000', text: 'При' },
      },
      {
        query: 'from=123&to=456&status=4&api_id=100&moMsgId=1&charge=0.32',
        brings: { providerMessageId: '1', state: 'delivered' },
      },
      {
        query: 'from=123&to=456&status=2&api_id=100&apiMsgId=1&charge=0.32',
        brings: { providerMessageId: '1', state: 'accepted' },
      },
    ],
  },

  // As the tests of smsframework-vianett have it.
  vianett: {
    sends: [
      {
        message: { from: 'Alarm' },
        path: '/V3/CPA/MT/MT.ashx',
        form: {
          username: 'user value',
          password: 'password value',
          msgid: '1730871820288768',
          tel: '380501112233',
          msg: 'The door is open',
          SenderAddress: 'Alarm',
          SenderAddressType: '5',
        },
        reply: { body: '<?xml version="1.0"?><ack refno="11111111" errorcode="200">OK</ack>' },
        id: '11111111',
      },
    ],
    refuses: [
      {
        reply: { body: '<?xml version="1.0"?><ack refno="2" errorcode="400">FAIL</ack>' },
        code: 'SMS_SEND',
        providerCode: '400',
      },
    ],
    calls: [
      {
        query:
          'refno=19194091&now=20140623122057&requesttype=mo&sourceaddr=47580008000626&destinationaddr=4794041334&replypathid=0&prefix=TEST&message=Hi,%20man&retrycount=0&operator=435&referenceid=&username=&password=',
        brings: { providerMessageId: '19194091', from: '+47580008000626', to: '+4794041334', text: 'TEST Hi, man' },
        answer: '<ack refno="19194091" errorcode="0" />',
      },
      {
        query:
          'password=&username=&refno=1234&Status=ACCEPTD&requesttype=notificationstatus&StatusDescription=Absent+subscriber&StatusCode=107&now=06%2E10%2E2005+11%3A24%3A07&',
        brings: { providerMessageId: '1234', state: 'accepted' },
      },
      {
        query: 'refno=1234&Status=DELIVRD&requesttype=notificationstatus&StatusDescription=&StatusCode=0',
        brings: { providerMessageId: '1234', state: 'delivered' },
      },
      {
        query: 'refno=1&requesttype=mtstatus&msgok=-1&errorcode=0',
        brings: { providerMessageId: '1', state: 'delivered' },
      },
      {
        query: 'refno=1234&requesttype=mtstatus&msgok=True&ErrorDescription=OK&ErrorCode=200&Status=&OperatorID=1',
        brings: { providerMessageId: '1234', state: 'delivered' },
      },
      {
        query: 'refno=1234&requesttype=mtstatus&ErrorDescription=Unknown+subscriber&ErrorCode=103&Status=',
        brings: {
          providerMessageId: '1234',
          state: 'failed',
          error: { code: 'SMS_SEND', message: 'the carrier reports it mtstatus 103: Unknown subscriber' },
        },
      },
    ],
  },
}

describe('presets of HTTP APIs, from documentation, not run live', () => {
  it('are all tested here', () => assert.deepEqual(Object.keys(PRESETS).sort(), Object.keys(CARRIERS).sort()))

  for (const [name, carrier] of Object.entries(CARRIERS)) {
    describe(name, () => {
      const preset = PRESETS[name]!
      const clock = createManualClock()
      let server: ScriptedServer
      let provider: Provider
      let host: ReturnType<typeof createHost>

      beforeEach(async () => {
        server = await startScriptedServer()
        const settings = presetSettings(name)
        const here = (url: string) => url.replace(/^https?:\/\/[^/]+/, server.url)
        provider = createHttp(
          {
            ...settings,
            name,
            url: here(settings.url),
            statusUrl: here(settings.statusUrl),
            secrets: Object.fromEntries(preset.secrets.map(secret => [secret, `${secret} value`])),
            receive: 'webhook',
            path: 'abcdefghijklmnop',
            callbackUrl: CALLED,
            webhookSecret: WEBHOOK_SECRET,
          },
          { clock },
        )
        host = createHost(clock)
        await provider.start?.(host)
      })
      afterEach(async () => {
        await provider.stop?.()
        await server.close()
      })

      const send = (message: Partial<OutgoingMessage> = {}) =>
        provider.send(outgoing(message), { signal: new AbortController().signal })

      for (const { message, path, headers = {}, form, json, reply, id } of carrier.sends) {
        it(`sends ${form ? 'a form' : 'JSON'} to ${path}`, async () => {
          server.reply(reply)
          provider.check?.(outgoing(message))
          assert.deepEqual(await send(message), { providerMessageId: id })
          const [request] = server.requests
          assert.deepEqual([request?.method, request?.path], ['POST', path])
          for (const [header, value] of Object.entries(headers)) assert.equal(request?.headers[header], value)
          if (form) assert.deepEqual(Object.fromEntries(new URLSearchParams(request?.body)), form)
          else assert.deepEqual(JSON.parse(request?.body ?? ''), json)
        })
      }

      for (const { reply, code, providerCode } of carrier.refuses) {
        it(`understands ${reply.status ?? 200} ${reply.body} as ${code}`, async () => {
          server.reply(reply)
          await assert.rejects(send(), (error: { code: string; providerCode?: string }) => {
            assert.deepEqual([error.code, error.providerCode], [code, providerCode])
            return true
          })
        })
      }

      for (const { query, json, brings, answer } of carrier.calls) {
        it(`understands ${query ?? JSON.stringify(json)}`.slice(0, 100), async () => {
          const body = json === undefined ? '' : JSON.stringify(json)
          const request: WebhookRequest = {
            method: query === undefined ? 'POST' : 'GET',
            url: query === undefined ? CALLED : `${CALLED}?${query}`,
            kind: 'any',
            headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...carrier.signs?.(body) },
            body: Buffer.from(body),
          }
          const reply = await provider.webhook!(request)
          assert.equal(reply.status, 200)
          if (answer !== undefined) assert.equal(reply.body, answer)
          const came = [...host.messages.map(({ raw: _raw, ...message }) => message), ...host.reports]
          assert.deepEqual(came, brings === undefined ? [] : [brings])
          if (carrier.signs) assert.equal((await provider.webhook!({ ...request, headers: {} })).status, 403)
        })
      }

      it(carrier.asks ? 'can be asked about a message' : 'cannot be asked about a message', async () => {
        assert.equal(provider.queryStatus !== undefined, carrier.asks !== undefined)
        assert.equal(provider.settle !== undefined, carrier.asks?.settles ?? false)
        if (!carrier.asks) return
        server.reply({ body: carrier.asks.body })
        const sent = { id: ID, to: '+380501112233', providerMessageId: 'their-id' }
        const report = await provider.queryStatus!(sent, { signal: new AbortController().signal })
        assert.deepEqual(report, { id: ID, state: carrier.asks.state })
        assert.equal(server.requests[0]?.path, carrier.asks.path)
      })
    })
  }

  it('of SMSGate takes a second attempt of the same message for the first', async () => {
    const server = await startScriptedServer()
    server.reply({ status: 409, body: '{"message":"message already exists"}' })
    const settings = { ...presetSettings('sms-gate'), name: 'x', webhookSecret: '', url: server.url, statusUrl: '' }
    const provider = createHttp({ ...settings, secrets: { user: 'u', password: 'p' } })
    assert.deepEqual(await provider.send(outgoing(), { signal: new AbortController().signal }), {})
    await provider.stop?.()
    await server.close()
  })
})
