import assert from 'node:assert/strict'
import { attributesIn, exchanges } from '../../../test/support/forward-exchanges.ts'
import type { Exchange } from '../../../test/support/forward-exchanges.ts'
import { startScriptedServer } from '../../../test/support/http-server.ts'
import type { ScriptedServer } from '../../../test/support/http-server.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import { systemClock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'
import type { SmsRecord } from '../../message.ts'
import type { OutgoingMessage, WebhookRequest } from '../../provider.ts'
import { writeIncoming } from './incoming.ts'
import { createForwardClient } from './index.ts'
import { readJson, readTagged, writeJson } from './jsonex.ts'
import { writeStatus } from './status.ts'

const titled = exchanges.map((exchange, index) => [`${index + 1}: ${exchange.direction}`, exchange] as const)
const toServer = titled.filter(([, { direction }]) => direction === 'client->server')
const toClient = titled.filter(([, { direction }]) => direction === 'server->client')

describe('the recorded exchanges of py-smsframework', () => {
  it('are all there', () => assert.deepEqual([toServer.length, toClient.length], [13, 5]))

  for (const [title, { requestBody, requestHeaders, responseBody, responseHeaders }] of titled) {
    it(`${title}: written to the byte as Python did`, () => {
      for (const [body, headers] of [
        [requestBody, requestHeaders],
        [responseBody, responseHeaders],
      ] as const) {
        const written = writeJson(body)
        assert.equal(String(Buffer.byteLength(written)), headers['Content-Length'])
        assert.deepEqual(readJson(written), body)
      }
    })
  }

  describe('as its client', () => {
    let server: ScriptedServer
    beforeEach(async () => {
      server = await startScriptedServer()
    })
    afterEach(() => server.close())

    /** What the code and the message of the error are; for a Python name, that too. */
    const ERRORS: Readonly<Record<string, string>> = {
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

    for (const [title, exchange] of toServer) {
      it(`${title}: asks and understands`, async () => {
        const { status, responseBody } = exchange
        const headers = { 'content-type': exchange.responseHeaders['Content-Type']! }
        server.reply({ status, headers, body: writeJson(responseBody) })
        const address = server.url.replace('//', '//a:b@')
        const client = createForwardClient({ name: 'fwd', serverUrl: `${address}/sms/fwd/` })
        try {
          const answer = await client.send(sent(exchange), { signal: new AbortController().signal }).then(
            ({ providerMessageId, raw }) => [providerMessageId, raw],
            (error: unknown) => error instanceof SmsError && [error.code, error.message],
          )
          assert.deepEqual(answer, expected(exchange))
        } finally {
          await client.stop?.()
        }
        const [{ method, path, headers: shown, body }] = server.requests as [(typeof server.requests)[0]]
        assert.deepEqual([method, path, shown['authorization']], ['POST', '/sms/fwd/im', 'Basic YTpi'])
        assert.equal(shown['content-type'], 'application/json')
        const { message } = readJson(body)!
        assert.equal(writeJson({ message }), writeJson({ message: asOurs(exchange) }))
      })
    }

    function expected({ responseBody }: Exchange): unknown[] {
      const error = responseBody['error'] as { '?E': [string, [string]] } | undefined
      if (error) return [ERRORS[error['?E'][0]], error['?E'][1][0]]
      const { msgid, provider } = attributesIn(responseBody)
      return [msgid, { provider }]
    }

    /** The message that was recorded, as the outbox would hand it over. */
    function sent({ requestBody }: Exchange): OutgoingMessage {
      const { src, dst, body, provider_options, provider_params, routing_values: routing } = attributesIn(requestBody)
      const options = readTagged(provider_options)!.attributes
      return outgoing({
        to: dst as string,
        text: body as string,
        deliveryReport: options['status_report'] === true,
        allowReply: options['allow_reply'] !== false,
        ...(src !== null && { from: (options['senderId'] ?? src) as string }),
        ...(options['expires'] !== undefined && { validityMinutes: options['expires'] as number }),
        params: provider_params as Record<string, unknown>,
        ...(routing !== undefined && { category: (routing as string[]).join('/') }),
      })
    }

    /** The recorded message with what has a counterpart here: one sender, no escalation. */
    function asOurs({ requestBody }: Exchange): unknown {
      const attributes = structuredClone(attributesIn(requestBody))
      const options = readTagged(attributes['provider_options'])!.attributes as Record<string, unknown>
      delete options['escalate']
      if (options['senderId'] !== undefined) attributes['src'] = options['senderId']
      return { '?': ['OutgoingMessage', attributes] }
    }
  })

  describe('as its server would call', () => {
    for (const [title, { path, requestBody, requestHeaders, status, responseBody }] of toClient) {
      it(`${title}: stores it and answers to the byte`, async () => {
        const host = createHost(systemClock)
        host.fail(status !== 200)
        const client = createForwardClient({
          name: 'fwd',
          serverUrl: 'http://127.0.0.1:9/sms/fwd',
          callbackUser: 'a',
          callbackPassword: 'b',
        })
        await client.start?.(host)
        const request: WebhookRequest = {
          method: 'POST',
          url: `http://127.0.0.1${path}`,
          kind: path.endsWith('status') ? 'status' : 'im',
          headers: { authorization: requestHeaders['Authorization'], 'content-type': 'application/json' },
          body: Buffer.from(writeJson(requestBody)),
        }
        const reply = await client.webhook!(request)
        await client.stop?.()
        assert.deepEqual([reply.status, reply.contentType], [status, 'application/json'])
        // What went wrong here is another thing than what went wrong there.
        if (status === 200) assert.equal(reply.body, writeJson(responseBody))
        else assert.match(reply.body ?? '', /^\{"error": \{"\?E": \["ServerError", \["[^"]+"\]\]\}\}$/)
        assert.deepEqual([...host.messages, ...host.reports], status === 200 ? [understood(requestBody)] : [])
      })
    }

    function understood(body: Exchange['requestBody']): object {
      const { msgid, src, body: text, rtime, provider } = attributesIn(body)
      const [, time] = (rtime as { '?': [string, string] })['?']
      if (body['status']) {
        const [name] = (body['status'] as { '?': [string] })['?']
        return { providerMessageId: msgid, state: name === 'MessageDelivered' ? 'delivered' : 'accepted' }
      }
      const id = [provider, msgid, time, src].join('/')
      return { providerMessageId: id, from: src, text, sentAtMs: Date.parse(`${time}Z`), raw: { provider, msgid } }
    }
  })

  describe('as its server', () => {
    for (const [title, { requestBody, path }] of toClient) {
      it(`${title}: writes the same to the byte, to the millisecond`, () => {
        const attributes = structuredClone(attributesIn(requestBody))
        const [, time] = (attributes['rtime'] as { '?': [string, string] })['?']
        const at = new Date(`${time}Z`).toISOString()
        attributes['rtime'] = { '?': ['datetime', at.slice(0, -1)] }
        const record = {
          id: String(attributes['msgid']),
          direction: 'in',
          type: 'message',
          provider: attributes['provider'],
          from: attributes['src'],
          text: attributes['body'],
          createdAt: at,
          updatedAt: at,
        } as SmsRecord
        const name = path.endsWith('status') ? 'status' : 'message'
        const recorded = requestBody[name] as { '?': [string, object] }
        const { sms: _ours, ...written } = (
          name === 'status'
            ? writeStatus(
                { ...record, state: recorded['?'][0] === 'MessageDelivered' ? 'delivered' : 'accepted' },
                undefined,
              )
            : writeIncoming(record, 'token')
        ) as { sms: object }
        // Where Python's simulated carrier numbers its messages, ours have texts; and its text for a status is always OK.
        const same: Record<string, unknown> = {
          ...attributes,
          ...(name === 'message' && { msgid: String(attributes['msgid']) }),
        }
        if (name === 'status') same['status'] = recorded['?'][0].replace('Message', '').toLowerCase()
        assert.equal(writeJson(written), writeJson({ [name]: { '?': [recorded['?'][0], same] } }))
      })
    }
  })
})
