import assert from 'node:assert/strict'
import { fakeCarrier } from '../../test/support/carrier.ts'
import { CALLBACK, CLIENT, startPair } from '../../test/support/forward.ts'
import type { Pair } from '../../test/support/forward.ts'
import { attributesIn, exchanges } from '../../test/support/forward-exchanges.ts'
import { SmsError } from '../errors.ts'
import type { SmsErrorCode } from '../errors.ts'
import type { WebhookReply } from '../provider.ts'
import { basicAuthorization } from '../providers/forward/basic-auth.ts'
import { readJson, writeJson } from '../providers/forward/jsonex.ts'
import { toRef } from './owner.ts'

/** A number that could be one, in place of a recorded one that could not. */
const POSSIBLE: Readonly<Record<string, string>> = {
  '1234567': '12025550123',
  '1234': '12025550124',
  '777': '12025550125',
  '888': '12025550126',
}
const possible = (dst: unknown) => POSSIBLE[String(dst)] ?? '12025550127'

describe('a forward server', () => {
  let pair: Pair
  afterEach(() => pair.close())

  const call = (
    body: string | object,
    more: { kind?: 'im' | 'status'; method?: string; authorization?: string } = {},
  ) => {
    const { kind = 'im', method = 'POST', authorization = basicAuthorization(CLIENT) } = more
    return pair.server.forward.answer({
      method,
      url: `http://127.0.0.1/sms/path/${kind}`,
      kind,
      headers: { authorization },
      body: Buffer.from(typeof body === 'string' ? body : writeJson(body)),
    })
  }
  const message = (attributes: object = {}, options: object = {}) => ({
    message: {
      '?': [
        'OutgoingMessage',
        {
          src: null,
          dst: '12025550123',
          body: 'Hi',
          provider: 'fwd',
          provider_options: { '?': ['OutgoingMessageOptions', options] },
          provider_params: {},
          ...attributes,
        },
      ],
    },
  })
  const bodyOf = ({ body }: WebhookReply) => readJson(body ?? '')!

  describe('answers smsframework as smsframework does', () => {
    for (const [index, exchange] of exchanges.entries()) {
      if (exchange.direction !== 'client->server') continue
      it(`exchange ${index + 1}`, async () => {
        const failed = exchange.responseBody['error'] as { '?E': [string, [string]] } | undefined
        pair = await startPair(
          fakeCarrier({
            name: 'lo',
            async send() {
              if (failed) throw new SmsError(CODES[failed['?E'][0]]!, failed['?E'][1][0], { retryable: false })
              return {}
            },
          }),
        )
        const request = structuredClone(exchange.requestBody)
        const answer = structuredClone(exchange.responseBody)
        for (const body of failed ? [request] : [request, answer]) {
          const attributes = attributesIn(body)
          attributes['dst'] = possible(attributes['dst'])
          // A method of its simulated carrier.
          delete attributes['reply']
        }
        const reply = await call(request)
        if (!failed) attributesIn(answer)['msgid'] = attributesIn(bodyOf(reply))['msgid']
        // An exception of Python's own is one of the provider's to others.
        else if (failed['?E'][0] === 'OverflowError') (answer['error'] as typeof failed)['?E'][0] = 'ProviderError'
        assert.deepEqual(
          [reply.status, reply.contentType, reply.body],
          [exchange.status, exchange.responseHeaders['Content-Type'], writeJson(answer)],
        )
      })
    }
    const CODES: Readonly<Record<string, SmsErrorCode>> = {
      ServerError: 'SMS_SERVER',
      AuthError: 'SMS_AUTH',
      LimitsError: 'SMS_LIMITS',
      CreditError: 'SMS_CREDIT',
      RequestError: 'SMS_REQUEST',
      UnsupportedError: 'SMS_UNSUPPORTED',
      ConnectionError: 'SMS_CONNECTION',
      ProviderError: 'SMS_PROVIDER',
      OverflowError: 'SMS_PROVIDER',
    }
  })

  it('gives the carrier what smsframework has options for', async () => {
    pair = await startPair()
    const options = { status_report: true, senderId: 'me', expires: 60, allow_reply: false, escalate: true }
    const attributes = { src: '+987', provider_params: { a: 1 }, routing_values: ['users', 'notification'], more: {} }
    const reply = await call(message(attributes, options))
    const record = await pair.server.becomes(attributesIn(bodyOf(reply))['msgid'] as string, 'accepted')
    const [sent] = pair.carrier.calls
    assert.deepEqual(
      [sent?.to, sent?.from, sent?.deliveryReport, sent?.allowReply, sent?.validityMinutes, sent?.params],
      ['+12025550123', 'me', true, false, 60, { a: 1 }],
    )
    assert.equal(record.category, 'users/notification')
  })

  for (const [title, authorization] of [
    ['nothing', ''],
    ['an empty login', 'Basic Og=='],
    ['a wrong password', basicAuthorization({ ...CLIENT, password: 'x' })],
    ['an unknown user', basicAuthorization({ ...CLIENT, user: 'x' })],
    [
      'the login for the way back',
      basicAuthorization({ user: CALLBACK.callbackUser, password: CALLBACK.callbackPassword }),
    ],
    ['another scheme', basicAuthorization(CLIENT).replace('Basic', 'Bearer')],
  ] as const) {
    it(`refuses ${title}, with a status and nothing else`, async () => {
      pair = await startPair()
      for (const method of ['GET', 'POST'])
        assert.deepEqual(await call(message(), { method, authorization }), { status: 401 })
      assert.equal(pair.carrier.calls.length, 0)
    })
  }

  const malformed: readonly (readonly [title: string, body: string | object, status: number])[] = [
    ['no JSON', '{"message":', 400],
    ['no message', {}, 500],
    ['a message of another class', { message: { '?': ['IncomingMessage', {}] } }, 500],
    ['no recipient', message({ dst: null }), 500],
    ['a recipient that is none', message({ dst: '0' }), 500],
    ['several recipients', message({ dst: '12025550123,12025550124' }), 500],
    ['no text', message({ body: '' }), 500],
    ['an option that cannot be meant', message({}, { expires: 'soon' }), 500],
  ]
  for (const [title, body, status] of malformed) {
    it(`answers ${title} with a RequestError`, async () => {
      pair = await startPair()
      const reply = await call(body)
      assert.equal(reply.status, status)
      assert.match(reply.body ?? '', /^\{"error": \{"\?E": \["RequestError", \["[^"]+"\]\]\}\}$/)
      assert.equal(pair.carrier.calls.length, 0)
    })
  }

  it('takes a message with a known id once, and answers with the record that is there', async () => {
    pair = await startPair()
    const asked = { ...message(), sms: { id: 'one' } }
    const [first, second] = [bodyOf(await call(asked)), bodyOf(await call(asked))]
    assert.deepEqual(first, second)
    assert.equal(pair.carrier.calls.length, 1)
  })

  it('answers that a message waits, when its carrier is out of reach', async () => {
    const down = new SmsError('SMS_CONNECTION', 'no network')
    pair = await startPair(fakeCarrier({ send: () => Promise.reject(down) }))
    pair.server.host.health({ health: 'degraded', error: down.toJSON() })
    const reply = await call({ ...message(), sms: { id: 'one' } })
    assert.deepEqual([reply.status, (bodyOf(reply)['sms'] as { state: string }).state], [200, 'queued'])
  })

  it('answers at once when it stops, and keeps the message', async () => {
    pair = await startPair(fakeCarrier({ pace: { concurrency: 0 } }))
    const answering = call({ ...message(), sms: { id: 'one' } })
    await pair.server.becomes(await waiting(), 'queued')
    await pair.server.forward.stop()
    assert.deepEqual((bodyOf(await answering)['sms'] as { state: string }).state, 'queued')
  })

  async function waiting(): Promise<string> {
    for (;;) {
      const [record] = await pair.server.store.history({ direction: 'out', limit: 1 })
      if (record) return record.id
      await new Promise(setImmediate)
    }
  }

  it('takes nothing while it is not running, and says that it may be tried again', async () => {
    pair = await startPair()
    await pair.server.forward.stop()
    const { sms } = bodyOf(await call({ ...message(), sms: { id: 'one' } }))
    assert.deepEqual(sms, { code: 'SMS_CONNECTION', retryable: true })
    assert.equal(pair.carrier.calls.length, 0)
  })

  for (const [title, ref] of [
    ['that it has not sent', undefined],
    ['of another client', toRef({ server: 'server', client: 'Boat', id: '1' })],
    ['of its namesake at another server', toRef({ server: 'other', client: 'Cabin', id: '1' })],
  ] as const) {
    it(`tells a client nothing of a message ${title}`, async () => {
      pair = await startPair()
      const id = await pair.server.send('not its own', {}, ref)
      const ask = { status: { '?': ['MessageStatus', { msgid: id, rtime: null, meta: null }] } }
      const reply = await call(ask, { kind: 'status' })
      assert.match(reply.body ?? '', /RequestError/)
      await pair.server.becomes(id, 'accepted')
      const theirs = await pair.client.send('theirs')
      await pair.client.becomes(theirs, 'accepted')
      assert.ok(pair.at.client.requests.every(({ body }) => !body.includes(id)))
    })
  }
})
