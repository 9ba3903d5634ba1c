import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { inspect } from 'node:util'
import { createManualClock } from '../test/support/clock.ts'
import { closedPortUrl, startScriptedServer } from '../test/support/http-server.ts'
import type { Reply, ScriptedServer } from '../test/support/http-server.ts'
import { SmsError } from './errors.ts'
import type { SmsErrorCode } from './errors.ts'
import { createHttpClient } from './http.ts'
import type { HttpClient, HttpRequest } from './http.ts'

const SECRET = 'p4ssw0rd-that-nobody-may-see'

describe('http', () => {
  let server: ScriptedServer
  let http: HttpClient
  let timeoutMs: number | undefined

  beforeEach(async () => {
    server = await startScriptedServer()
    http = createHttpClient()
    timeoutMs = undefined
  })
  afterEach(async () => {
    await http.close()
    await server.close()
  })

  const post = (more: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'POST',
    url: `${server.url}/take?key=${SECRET}`,
    headers: { authorization: `Basic ${SECRET}`, 'content-type': 'text/plain' },
    body: `the body with ${SECRET}`,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...more,
  })
  const get = (more: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'GET',
    url: `${server.url}/ask?key=${SECRET}`,
    headers: { authorization: `Basic ${SECRET}` },
    repeatable: true,
    ...more,
  })

  async function failure(request: HttpRequest, client = http): Promise<SmsError> {
    const error = await client.request(request).then(
      () => assert.fail('it should have failed'),
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof SmsError, inspect(error))
    assert.ok(!inspect(error, { depth: null, showHidden: true }).includes(SECRET), inspect(error, { depth: null }))
    return error
  }

  it('sends what it is given and reads the answer', async () => {
    server.reply({ status: 201, headers: { 'X-Own': 'a' }, body: 'прийнято' })
    const answer = await http.request(post())
    assert.equal(answer.status, 201)
    assert.equal(answer.headers['x-own'], 'a')
    assert.equal(answer.text, 'прийнято')
    const [request] = server.requests
    assert.equal(request?.method, 'POST')
    assert.equal(request?.path, `/take?key=${SECRET}`)
    assert.equal(request?.headers.authorization, `Basic ${SECRET}`)
    assert.equal(request?.body, `the body with ${SECRET}`)
  })

  it('gives back any status, and follows no redirect', async () => {
    for (const status of [204, 302, 404, 429, 500]) {
      server.reply({ status, headers: status === 302 ? { location: `${server.url}/elsewhere` } : {} })
      assert.equal((await http.request(post())).status, status)
    }
    assert.equal(server.requests.length, 5)
  })

  it('keeps its connections, and opens more where requests overlap', async () => {
    for (let i = 0; i < 10; i++) await http.request(post())
    // Two, as a connection is free again only in the turn after its answer ended.
    assert.ok(server.connections() <= 2)
    await Promise.all(Array.from({ length: 8 }, () => http.request(post())))
    assert.ok(server.connections() > 2)
  })

  it('lets no request wait for another that hangs', async () => {
    server.reply({ fault: 'silent' })
    const controller = new AbortController()
    const hanging = Array.from({ length: 60 }, () => failure(post({ signal: controller.signal })))
    await server.arrived(60)
    controller.abort()
    for (const error of await Promise.all(hanging)) assert.equal(error.code, 'SMS_UNKNOWN')
  })

  const faults: readonly { title: string; reply: Reply; post: SmsErrorCode; get: SmsErrorCode; words: RegExp }[] = [
    {
      title: 'the connection is reset',
      reply: { fault: 'cut' },
      post: 'SMS_UNKNOWN',
      get: 'SMS_CONNECTION',
      words: /cut/,
    },
    {
      title: 'the body is cut short',
      reply: { fault: 'truncated' },
      post: 'SMS_UNKNOWN',
      get: 'SMS_CONNECTION',
      words: /cut/,
    },
    {
      title: 'the body has no end',
      reply: { fault: 'huge' },
      post: 'SMS_UNKNOWN',
      get: 'SMS_PROVIDER',
      words: /longer than 1000000 bytes/,
    },
  ]
  for (const { title, reply, post: postCode, get: getCode, words } of faults) {
    it(`fails with ${postCode}, or ${getCode} for a repeatable request, when ${title}`, async () => {
      server.reply(reply)
      const doubt = await failure(post())
      assert.equal(doubt.code, postCode)
      assert.match(doubt.message, words)
      assert.equal((await failure(get())).code, getCode)
    })
  }

  for (const fault of ['silent', 'stalled'] as const) {
    it(`ends by its deadline when the server is ${fault}`, async () => {
      const clock = createManualClock()
      const timed = createHttpClient({ clock })
      server.reply({ fault })
      const failing = failure(post({ timeoutMs: 3_000 }), timed)
      await server.arrived(1)
      await clock.advance(2_999)
      await clock.advance(1)
      const error = await failing
      assert.equal(error.code, 'SMS_UNKNOWN')
      assert.match(error.message, /no answer within 3 s/)
      await timed.close()
    })

    it(`ends at once when it is called off while the server is ${fault}`, async () => {
      server.reply({ fault })
      const controller = new AbortController()
      const failing = failure(post({ signal: controller.signal }))
      await server.arrived(1)
      controller.abort()
      assert.equal((await failing).code, 'SMS_UNKNOWN')
    })
  }

  it('writes nothing when it is called off before, or after it was closed', async () => {
    const controller = new AbortController()
    controller.abort()
    assert.equal((await failure(post({ signal: controller.signal }))).code, 'SMS_CONNECTION')
    await http.close()
    assert.equal((await failure(post())).code, 'SMS_CONNECTION')
    assert.equal(server.requests.length, 0)
  })

  it('knows that nothing was taken when it is called off before a connection stands', async () => {
    // Accepts TCP and is silent, so that TLS never comes about.
    const silent = createTcpServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/`
    const controller = new AbortController()
    const connected = once(silent, 'connection') as Promise<[Socket]>
    const failing = failure(post({ url, signal: controller.signal }))
    const [socket] = await connected
    controller.abort()
    assert.equal((await failing).code, 'SMS_CONNECTION')

    const hasty = createHttpClient({ connectTimeoutMs: 20 })
    const error = await failure(post({ url }), hasty)
    assert.equal(error.code, 'SMS_CONNECTION')
    assert.match(error.message, /no connection came about in time/)
    await hasty.close()
    await http.close()
    socket.destroy()
    silent.close()
  })

  it('says which host could not be reached, and why', async () => {
    const refused = await closedPortUrl()
    const tls = createTlsServer({ key: KEY, cert: CERTIFICATE })
    tls.listen(0, '127.0.0.1')
    await once(tls, 'listening')
    const tlsPort = (tls.address() as AddressInfo).port
    const cases: readonly [url: string, words: RegExp][] = [
      [refused, /^cannot reach 127\.0\.0\.1:\d+: the connection was refused \(ECONNREFUSED\)$/],
      [`https://127.0.0.1:${tlsPort}`, /^cannot reach 127\.0\.0\.1:\d+: its certificate .+ \([A-Z_]+\)$/],
      [server.url.replace('http:', 'https:'), /^cannot reach 127\.0\.0\.1:\d+: it does not speak TLS as we do/],
    ]
    for (const [url, words] of cases) {
      for (const request of [post({ url }), get({ url })]) {
        const error = await failure(request)
        assert.equal(error.code, 'SMS_CONNECTION')
        assert.equal(error.retryable, true)
        assert.match(error.message, words)
      }
    }
    tls.close()
  })

  it('refuses what is not HTTP', async () => {
    assert.equal((await failure(post({ url: 'ftp://127.0.0.1/' }))).code, 'SMS_CONFIG')
    assert.equal((await failure(post({ url: SECRET }))).code, 'SMS_CONFIG')
    assert.equal((await failure(post({ headers: { authorization: `${SECRET}\n` } }))).code, 'SMS_REQUEST')
    assert.equal(server.requests.length, 0)
  })

  it('says so when the answer is not HTTP', async () => {
    const talker = createTcpServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end('220 mail.example ESMTP\r\n'))
    })
    talker.listen(0, '127.0.0.1')
    await once(talker, 'listening')
    const error = await failure(post({ url: `http://127.0.0.1:${(talker.address() as AddressInfo).port}/` }))
    assert.equal(error.code, 'SMS_UNKNOWN')
    assert.match(error.message, /its answer is not HTTP/)
    talker.close()
  })

  describe('on a kept connection that the server drops as the request comes', () => {
    let dropper: ReturnType<typeof createTcpServer>
    let url: string
    let seen: number

    beforeEach(async () => {
      seen = 0
      dropper = createTcpServer(socket => {
        let first = true
        socket.on('error', () => {})
        socket.on('data', () => {
          seen += 1
          if (first) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
          else socket.resetAndDestroy()
          first = false
        })
      })
      dropper.listen(0, '127.0.0.1')
      await once(dropper, 'listening')
      url = `http://127.0.0.1:${(dropper.address() as AddressInfo).port}/`
    })
    afterEach(async () => {
      await http.close()
      dropper.close()
    })

    it('asks once more where that does no harm', async () => {
      assert.equal((await http.request(get({ url }))).text, 'ok')
      await turn()
      assert.equal((await http.request(get({ url }))).text, 'ok')
      assert.equal(seen, 3)
    })

    it('is in doubt where it might', async () => {
      await http.request(get({ url }))
      await turn()
      assert.equal((await failure({ ...post({ url }), body: '' })).code, 'SMS_UNKNOWN')
      assert.equal(seen, 2)
    })
  })

  it('lets requests in flight end while it closes', async () => {
    let proceed = () => {}
    const held = new Promise<void>(resolve => (proceed = resolve))
    const slow = createTcpServer(socket => {
      socket.on('data', () => void held.then(() => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')))
    })
    slow.listen(0, '127.0.0.1')
    await once(slow, 'listening')
    const asked = once(slow, 'connection')
    const answer = http.request(post({ url: `http://127.0.0.1:${(slow.address() as AddressInfo).port}/` }))
    await asked
    const closing = http.close()
    proceed()
    assert.equal((await answer).text, 'ok')
    await closing
    slow.close()
  })

  it('closes within a second whatever is in flight', async () => {
    server.reply({ fault: 'silent' })
    const failing = failure(post())
    await server.arrived(1)
    const startedMs = performance.now()
    await http.close()
    assert.ok(performance.now() - startedMs < 1_000)
    assert.equal((await failing).code, 'SMS_UNKNOWN')
  })
})

// Signed by itself for localhost, made for this test; it protects nothing.
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9COApXiYpXDowHQF
3u1uZCPQp9MQGPULOmamm2FGiJShRANCAAT4wtu7x0gSL1sWMsYyqZRRo+9Vs60j
ymZBopL2+JLAJd9JlWZag2Ok9qNbyH3fHi9UQxSyx+fR9pbkZXCubv7o
-----END PRIVATE KEY-----`
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUDH2mrolZmFNxsAUi3xS+N9p0mUIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEwMDExOFoYDzIxMjYxMDI4
MTAwMTE4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAT4wtu7x0gSL1sWMsYyqZRRo+9Vs60jymZBopL2+JLAJd9JlWZag2Ok
9qNbyH3fHi9UQxSyx+fR9pbkZXCubv7oo28wbTAdBgNVHQ4EFgQUlFRguaQTRfNR
FOY3cfz/y/Z5DyUwHwYDVR0jBBgwFoAUlFRguaQTRfNRFOY3cfz/y/Z5DyUwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgbqe34tsHUcr6ICp1k5Fcb5r1gEXHBUqWrEvsZ5IID00CIHqh
CAhtV1WJhr3IumOwyTct5iWiMd6qyQIq33WLELAt
-----END CERTIFICATE-----`
