import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { createManualClock } from '../../../test/support/clock.ts'
import { httpSettings } from '../../../test/support/http-account.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import type { RecordingHost } from '../../../test/support/provider-host.ts'
import type { Provider, WebhookRequest } from '../../provider.ts'
import { createHttp } from './index.ts'
import type { HttpSettings } from './index.ts'

const URL_CALLED = 'https://home.example.org/sms/abcdefghijklmnop'
const SECRET = 'a-webhook-secret'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

const request = (more: Partial<Omit<WebhookRequest, 'body'>> & { body?: string | Buffer } = {}): WebhookRequest => ({
  method: 'POST',
  url: URL_CALLED,
  kind: 'any',
  headers: { 'content-type': 'application/json' },
  ...more,
  body: Buffer.from(more.body ?? '{"from":"+1555","text":"Hi","id":"i1"}'),
})

describe('the webhook of an HTTP API', () => {
  const clock = createManualClock()
  let host: RecordingHost
  let provider: Provider | undefined

  async function use(settings: Partial<HttpSettings> = {}): Promise<void> {
    host = createHost(clock)
    provider = createHttp(
      httpSettings({ receive: 'webhook', path: 'abcdefghijklmnop', webhookSecret: SECRET, ...settings }),
      { clock },
    )
    await provider.start?.(host)
  }
  const call = (more: Parameters<typeof request>[0] = {}) => provider!.webhook!(request(more))
  const status = async (more: Parameters<typeof request>[0] = {}) => (await call(more)).status

  afterEach(() => provider?.stop?.())

  it('is none where nothing is received', () => {
    assert.equal(createHttp(httpSettings()).webhook, undefined)
  })

  describe('brings messages', () => {
    const EXPECTED = { from: '+1555', text: 'Hi & <bye>', providerMessageId: 'i1', to: '+1666' }
    const fields = { from: '+1555', text: 'Hi & <bye>', id: 'i1', to: '+1666' }
    const query = new URLSearchParams(fields).toString()
    for (const [how, given] of [
      ['as JSON', { body: JSON.stringify(fields) }],
      ['as JSON that calls itself text', { body: JSON.stringify(fields), headers: { 'content-type': 'text/plain' } }],
      ['as a form', { body: query, headers: FORM }],
      ['as a form with a part in the query', { body: query, headers: FORM, url: `${URL_CALLED}?provider=7` }],
      ['by GET', { method: 'GET', body: '', headers: {}, url: `${URL_CALLED}?${query}` }],
    ] as const)
      it(how, async () => {
        await use()
        assert.deepEqual(await call(given), { status: 200, contentType: 'text/plain', body: 'OK' })
        const [{ raw, ...message } = {}] = host.messages
        assert.deepEqual(message, EXPECTED)
        assert.ok(raw)
      })

    it('with its time, its part and the plus its sender lacks', async () => {
      await use({ inTime: 'at', inPart: 'ref, part, total', inPlus: true })
      await call({
        body: '{"from":"380501112233","to":"12345","text":"a","at":1795255200,"ref":9,"part":"2","total":"3"}',
      })
      await call({ body: '{"from":"Bank","text":"b","ref":9,"part":1,"total":1}' })
      const [first, second] = host.messages
      assert.deepEqual(
        [first?.from, first?.to, first?.sentAtMs, first?.part],
        ['+380501112233', '12345', Date.UTC(2026, 10, 21, 10), { reference: '9', index: 2, total: 3 }],
      )
      assert.deepEqual([second?.from, second?.part], ['Bank', undefined])
    })

    it('of no text at all', async () => {
      await use()
      assert.equal(await status({ body: '{"from":"+1555","text":""}' }), 200)
      assert.equal(host.messages[0]?.text, '')
    })

    it('in a character set of the past', async () => {
      await use({ inCharset: 'charset' })
      const text = '%04%1F%04%40%048%042%045%04B%00%2C+%00%21'.replace('+', '%00%20')
      await call({ method: 'GET', headers: {}, body: '', url: `${URL_CALLED}?from=1&text=${text}&charset=UTF-16BE` })
      await call({ headers: FORM, body: 'from=1&text=caf%E9+ol%E9&charset=ISO-8859-1' })
      await call({ headers: FORM, body: 'from=1&text=plain&charset=none-such' })
      assert.deepEqual(
        host.messages.map(({ text }) => text),
        ['Привет, !', 'café olé', 'plain'],
      )
    })

    it('once: the rest is of the inbox, but nothing is acknowledged that is not stored', async () => {
      await use()
      host.fail(true)
      assert.deepEqual(await call(), { status: 503 })
      host.fail(false)
      assert.equal(await status(), 200)
      await provider?.stop?.()
      assert.deepEqual(await call(), { status: 503 })
    })

    it('and is answered as the carrier wants', async () => {
      await use({ reply: '<ack refno="{{id}}" errorcode="0" />', replyType: 'text/xml' })
      const { contentType, body } = await call({ body: '{"from":"1","text":"","id":"a\\"b&"}' })
      assert.deepEqual([contentType, body], ['text/xml', '<ack refno="a&#34;b&#38;" errorcode="0" />'])
      await use({ reply: '' })
      assert.deepEqual(await call(), { status: 200 })
    })
  })

  describe('brings reports', () => {
    const body = (fields: object) => ({ body: JSON.stringify(fields) })

    it('by the id of the carrier, ours, or both', async () => {
      await use({ reportRef: 'ref' })
      await call(body({ id: 'm1', status: 'Delivered' }))
      await call(body({ ref: 'ours', status: 'sent' }))
      await call(body({ id: 'm1', ref: 'ours', status: 'expired' }))
      assert.deepEqual(host.reports, [
        { providerMessageId: 'm1', state: 'delivered' },
        { id: 'ours', state: 'accepted' },
        {
          id: 'ours',
          providerMessageId: 'm1',
          state: 'expired',
          error: { code: 'SMS_EXPIRED', message: 'the carrier reports it expired' },
        },
      ])
    })

    it('with the reason of a failure', async () => {
      await use({ reportError: 'why' })
      await call(body({ id: 'm1', status: 'failed', why: '17' }))
      await call(body({ id: 'm2', status: 'failed', why: 'Not a mobile' }))
      assert.deepEqual(
        host.reports.map(({ error }) => error),
        [
          { code: 'SMS_SEND', message: 'the carrier reports it failed: 17', providerCode: '17' },
          { code: 'SMS_SEND', message: 'the carrier reports it failed: Not a mobile' },
        ],
      )
    })

    it('before messages, where a request could be either', async () => {
      await use()
      const both = { from: '+1555', text: 'Hi', id: 'x1' }
      await call(body({ ...both, status: 'delivered' }))
      await call(body({ ...both, status: 'received' }))
      assert.deepEqual([host.reports.length, host.messages.length], [1, 1])
    })

    it('only where they belong, as messages', async () => {
      await use()
      const both = { from: '+1555', text: 'Hi', id: 'x1', status: 'delivered' }
      assert.equal(await status({ ...body({ id: 'x', status: 'delivered' }), kind: 'im' }), 400)
      assert.equal(await status({ kind: 'status' }), 400)
      await call({ ...body(both), kind: 'im' })
      await call({ ...body(both), kind: 'status' })
      assert.deepEqual([host.reports.length, host.messages.length], [1, 1])
    })

    it('in words it says it does not know', async () => {
      await use()
      assert.equal(await status(body({ id: 'm1', status: 'teleported\n' })), 200)
      assert.deepEqual(host.logs, ['warn: the carrier reported a state that is not in the list: teleported'])
    })
  })

  describe('is for the carrier alone', () => {
    it('by a path that is hard to guess', () => {
      const make = (path: string) => () => createHttp(httpSettings({ receive: 'webhook', path }))
      assert.throws(make('sms'), { code: 'SMS_CONFIG', message: /nothing but the path keeps strangers out/ })
      assert.throws(make(''), { code: 'SMS_CONFIG', message: /path of the webhook is missing/ })
      make('abcdefghijklmnop')()
    })

    it('so that a secret is needed where one is compared', () => {
      for (const verify of ['secret', 'hmac', 'jwt'] as const) {
        const settings = { receive: 'webhook', path: 'x', verify, verifyField: 'header:a' } as const
        assert.throws(() => createHttp(httpSettings(settings)), {
          code: 'SMS_CONFIG',
          message: /secret of the webhook/,
        })
      }
      const settings = { receive: 'webhook', path: 'x', verify: 'secret', webhookSecret: 's' } as const
      assert.throws(() => createHttp(httpSettings(settings)), { code: 'SMS_CONFIG', message: /where the secret/ })
    })

    for (const [where, settings, right, wrong] of [
      [
        'a header',
        { verifyField: 'header:X-Token' },
        { headers: { 'x-token': SECRET } },
        { headers: { 'x-token': 'a' } },
      ],
      [
        'a header with a scheme',
        { verifyField: 'header:Authorization', verifyPrefix: 'Bearer ' },
        { headers: { authorization: `bearer  ${SECRET}` } },
        { headers: { authorization: SECRET } },
      ],
      ['the query', { verifyField: 'query:token' }, { url: `${URL_CALLED}?token=${SECRET}` }, {}],
      [
        'a field',
        { verifyField: 'auth.token' },
        { body: JSON.stringify({ from: '1', text: '', auth: { token: SECRET } }) },
        { body: JSON.stringify({ from: '1', text: '', auth: { token: [SECRET] } }) },
      ],
    ] as const)
      it(`by a secret in ${where}`, async () => {
        await use({ verify: 'secret', ...settings })
        assert.equal(await status(right), 200)
        assert.deepEqual(await call(wrong), { status: 403 })
        assert.deepEqual(await call({}), { status: 403 })
        assert.equal(host.messages.length, 1)
        assert.deepEqual(host.logs, ['warn: a call to the webhook was refused: the secret is wrong'])
        await clock.advance(3_600_000)
        await call({})
        assert.equal(host.logs.length, 2)
      })

    const BODY = Buffer.from([...Buffer.from('{"from":"+1555","text":"caf'), 0xe9, ...Buffer.from('"}')])
    const sign = (hash: string, text: string | Buffer, encoding: 'hex' | 'base64') =>
      createHmac(hash, SECRET).update(text).digest(encoding)
    const now = () => String(Math.floor(clock.now() / 1_000))

    for (const [how, settings, headers] of [
      ['sha256 in hex', {}, () => ({ 'x-sig': sign('sha256', BODY, 'hex') })],
      ['capital letters', {}, () => ({ 'x-sig': sign('sha256', BODY, 'hex').toUpperCase() })],
      [
        'sha1 in base64, after a prefix',
        { hmacHash: 'sha1', hmacEncoding: 'base64', verifyPrefix: 'sha1=' },
        () => ({ 'x-sig': `sha1=${sign('sha1', BODY, 'base64')}` }),
      ],
      [
        'the time of signing with it',
        { signed: '{{timestamp}}.{{body}}', signedAt: 'header:X-Time' },
        () => ({ 'x-time': now(), 'x-sig': sign('sha256', Buffer.concat([Buffer.from(`${now()}.`), BODY]), 'hex') }),
      ],
      [
        'everything',
        { signed: String.raw`{{header.X-Nonce}}\n{{method}}\n{{url}}\n{{bodyMd5}}` },
        () => {
          const md5 = createHash('md5').update(BODY).digest('hex')
          return { 'x-nonce': 'n', 'x-sig': sign('sha256', `n\nPOST\n${URL_CALLED}\n${md5}`, 'hex') }
        },
      ],
    ] as const)
      it(`by a signature: ${how}`, async () => {
        await use({ verify: 'hmac', verifyField: 'header:X-Sig', ...settings })
        const right = { headers: headers(), body: BODY }
        assert.equal(await status(right), 200)
        assert.equal(await status({ ...right, body: Buffer.concat([BODY, Buffer.from(' ')]) }), 403)
        assert.equal(await status({ body: BODY }), 403)
        assert.equal(await status({ body: BODY, headers: { ...right.headers, 'x-sig': '' } }), 403)
        if ('signedAt' in settings) {
          await clock.advance(301_000)
          assert.equal(await status(right), 403)
        }
      })

    describe('by a token', () => {
      const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
      const token = (claims: object, head: object = { alg: 'HS256', typ: 'JWT' }, key = SECRET) => {
        const signed = `${part(head)}.${part(claims)}`
        return `Bearer ${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
      }
      const seconds = (delta: number) => Math.floor(clock.now() / 1_000) + delta

      for (const [what, make, expected] of [
        ['that is right', () => token({ exp: seconds(600), nbf: seconds(-600) }), 200],
        ['without a time', () => token({}), 200],
        ['of yesterday', () => token({ exp: seconds(-86_400) }), 403],
        ['of tomorrow', () => token({ nbf: seconds(86_400) }), 403],
        ['of another key', () => token({}, undefined, 'other'), 403],
        ['that names no algorithm', () => token({}, { alg: 'none' }), 403],
        ['without a signature', () => token({}).replace(/\.[^.]*$/, '.'), 403],
        ['of five parts', () => `${token({})}.x.y`, 403],
        ['that is none', () => 'Bearer x', 403],
      ] as const)
        it(what, async () => {
          await use({ verify: 'jwt' })
          assert.equal(await status({ headers: { authorization: make() } }), expected)
        })

      it('lets the carrier tell what is of no use here', async () => {
        await use({ verify: 'jwt' })
        const headers = { authorization: token({}) }
        assert.equal(await status({ headers, body: '{"event":"ping"}' }), 200)
        assert.deepEqual([host.messages, host.reports], [[], []])
      })
    })
  })
})
