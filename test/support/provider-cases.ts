import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { SmsError } from '../../lib/errors.ts'
import type { SmsErrorCode } from '../../lib/errors.ts'
import type { OutgoingMessage, Provider, Receipt, WebhookRequest } from '../../lib/provider.ts'
import { systemClock } from '../../lib/clock.ts'
import { closedPortUrl, startScriptedServer } from './http-server.ts'
import type { Reply, ScriptedServer, SeenRequest } from './http-server.ts'
import { createHost } from './provider-host.ts'
import type { RecordingHost } from './provider-host.ts'

/** A provider under the suite that every provider must pass. */
export interface ProviderFixture {
  /** Makes it, with `secrets` in every setting that is one. `url` is that of a scripted server, for those that use HTTP. */
  make(at: { readonly url: string }): Provider
  /** Makes one whose `send` hangs, where that is not the server's doing. */
  makeHanging?(): Provider
  readonly secrets: readonly string[]
  /** Whether it sends only once it is started and ready, as what has a line to open does. */
  readonly sendsOnceReady?: true
  /** For providers over HTTP: how their carrier speaks. */
  readonly http?: CarrierWords
}

export interface CarrierWords {
  /** The carrier took the message. */
  readonly taken: Reply
  /** It refused this one message, for good. */
  readonly refused: Reply
  /** It refuses, and says what it was asked: must not be quoted where secrets are in it. */
  readonly echoing: (request: SeenRequest) => Reply
  /** The text as it travels in the request for a sending. */
  readonly textIn: (request: SeenRequest) => string | null | undefined
  /** What a 5xx means: `SMS_SERVER` only where the carrier documents that nothing was taken. */
  readonly serverFault?: SmsErrorCode
}

export interface ProviderCase {
  readonly title: string
  readonly message?: Partial<OutgoingMessage>
  /** What the carrier answers; that it took the message, if not given. */
  readonly reply?: Reply
  /** What must be in the one request that is made. */
  readonly request?: ExpectedRequest
  readonly receipt?: Receipt
  readonly error?: ExpectedError
}

export interface ExpectedRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  /** All fields of the form; a list for one that is repeated. */
  readonly form?: Readonly<Record<string, string | readonly string[]>>
  readonly json?: unknown
}

export interface ExpectedError {
  readonly code: SmsErrorCode
  readonly providerCode?: string | number
  readonly retryable?: boolean
  readonly retryAfterMs?: number
}

const TEXT = 'The door is open'
const UNICODE = 'Двері відчинено 🚪 «50 %» & 1+1=2; "a"\nb\\c <d> $& ’'
const STOP_WITHIN_MS = 1_000

export const outgoing = (message: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: '01930000-0000-7000-8000-000000000001',
  to: '+380501112233',
  text: TEXT,
  encoding: 'auto',
  transliterate: false,
  flash: false,
  deliveryReport: true,
  allowReply: true,
  createdAtMs: Date.now(),
  attemptedAtMs: Date.now(),
  ...message,
})

/** The conformance suite: what holds for every provider, and the given cases of this one. */
export function testProvider(title: string, fixture: ProviderFixture, cases: readonly ProviderCase[] = []): void {
  describe(`${title} as a provider`, () => {
    let server: ScriptedServer
    let provider: Provider
    let host: RecordingHost
    let isStopped: boolean
    let isStarted = false
    // Only to see what it offers; it is never started, and does nothing by itself.
    const offered = fixture.make({ url: 'http://127.0.0.1:9' })

    beforeEach(async () => {
      server = await startScriptedServer()
      if (fixture.http) server.reply(fixture.http.taken)
      use(fixture.make({ url: server.url }))
      if (fixture.sendsOnceReady) await begin()
    })
    afterEach(async () => {
      if (!isStopped) await provider.stop?.()
      await server.close()
      hidesSecrets({ logs: host.logs, healths: host.healths })
    })

    async function begin(): Promise<void> {
      if (provider.start && !isStarted) await provider.start(host)
      isStarted = true
      await host.fares('ready')
    }

    function use(made: Provider): void {
      provider = made
      host = createHost(systemClock)
      isStopped = false
      isStarted = false
    }

    /** The error of a sending, which must be ours and show no secret. */
    async function failure(message: OutgoingMessage = outgoing(), signal = new AbortController().signal) {
      const thrown = await provider.send(message, { signal }).then(
        receipt => assert.fail(`it was taken: ${inspect(receipt)}`),
        (error: unknown) => error,
      )
      return ours(thrown)
    }

    function ours(thrown: unknown): SmsError {
      assert.ok(thrown instanceof SmsError, `not an SmsError: ${inspect(thrown)}`)
      hidesSecrets(thrown)
      return thrown
    }

    function hidesSecrets(shown: unknown): void {
      const text = inspect(shown, { depth: null, showHidden: true, maxStringLength: null })
      for (const secret of fixture.secrets) assert.ok(!text.includes(secret), `a secret is in ${text}`)
    }

    it('says what it is', () => {
      assert.match(provider.type, /^[a-z]+(-[a-z]+)+$/)
      assert.notEqual(provider.name, '')
      assert.ok(provider.pace.concurrency >= 1)
      assert.ok(provider.maxCharacters >= 70)
      hidesSecrets(provider)
    })

    it('is ready soon after its start, without waiting for the carrier', async () => {
      server.reply({ fault: 'silent' })
      await begin()
    })

    for (const [kind, text] of [
      ['plain', TEXT],
      ['Unicode', UNICODE],
    ] as const) {
      it(`sends a ${kind} text`, async () => {
        const receipt = await provider.send(outgoing({ text }), { signal: new AbortController().signal })
        isReceipt(receipt)
        if (!fixture.http) return
        assert.equal(server.requests.length, 1)
        assert.equal(fixture.http.textIn(server.requests[0]!), text)
      })
    }

    it('ends within a second, whatever is in flight', async () => {
      if (fixture.makeHanging) {
        await provider.stop?.()
        use(fixture.makeHanging())
      } else server.reply({ fault: 'silent' })
      if (fixture.sendsOnceReady) await begin()
      else await provider.start?.(host)
      const controller = new AbortController()
      const failing = failure(outgoing(), controller.signal)
      if (fixture.http) await server.arrived(1)
      const startedMs = performance.now()
      const stopping = provider.stop?.()
      isStopped = true
      controller.abort()
      await Promise.all([failing, stopping])
      assert.ok(performance.now() - startedMs < STOP_WITHIN_MS)
    })

    if (offered.webhook) webhookRows()
    if (fixture.http) httpRows(fixture.http)
    else inProcessRows()

    for (const row of cases) {
      it(row.title, async () => {
        if (row.reply) server.reply(row.reply)
        const message = outgoing(row.message)
        if (row.error) assert.deepEqual(shownOf(await failure(message), row.error), row.error)
        else {
          provider.check?.(message)
          const receipt = await provider.send(message, { signal: new AbortController().signal })
          if (row.receipt) assert.deepEqual(receipt, row.receipt)
        }
        if (row.request) asks(server.requests, row.request)
      })
    }

    function webhookRows(): void {
      it('answers what strangers post to its webhook with a status and nothing else', async () => {
        await provider.start?.(host)
        for (const request of STRANGE_REQUESTS) {
          const reply = await provider.webhook!(request)
          assert.ok(reply.status >= 400 && reply.status < 500, `${reply.status}`)
          assert.equal(reply.body ?? '', '')
        }
        assert.deepEqual(host.messages, [])
        assert.deepEqual(host.reports, [])
      })
    }

    /** A carrier in this process knows at once what came of a message. */
    function inProcessRows(): void {
      const call = { signal: new AbortController().signal }

      if (offered.settle) {
        it('settles what it took, and takes nothing for taken that it never saw', async () => {
          const { providerMessageId } = await provider.send(outgoing(), call)
          const settled = await provider.settle!(outgoing(), call)
          assert.equal(settled.outcome, 'taken')
          assert.equal(settled.outcome === 'taken' && settled.receipt.providerMessageId, providerMessageId)
          const other = await provider.settle!(outgoing({ id: '01930000-0000-7000-8000-000000000002' }), call)
          assert.notEqual(other.outcome, 'taken')
        })
      }

      if (offered.queryStatus) {
        it('tells the state of what it took', async () => {
          const { providerMessageId } = await provider.send(outgoing(), call)
          const sent = { ...outgoing(), ...(providerMessageId !== undefined && { providerMessageId }) }
          const report = await provider.queryStatus!(sent, call)
          assert.ok(report && (report.id !== undefined || report.providerMessageId !== undefined))
        })
      }
    }

    function httpRows(words: CarrierWords): void {
      const rows: readonly { title: string; reply: Reply; error: ExpectedError }[] = [
        ...[500, 502, 503, 504].map(status => ({
          title: `the carrier answers ${status}`,
          reply: { status, body: '<html><h1>Sorry</h1></html>' },
          error: { code: words.serverFault ?? 'SMS_UNKNOWN' },
        })),
        ...[
          '',
          'OK?',
          '<html>Sign in to this network</html>',
          '{}',
          '[]',
          'null',
          '"',
          words.taken.body?.slice(0, -2),
        ].map((body = '') => ({
          title: `the carrier answers with garbage: ${body.slice(0, 20)}`,
          reply: { ...words.taken, body },
          error: { code: 'SMS_UNKNOWN' as const },
        })),
        {
          title: 'the answer points elsewhere',
          reply: { status: 302, headers: { location: '/elsewhere' } },
          error: DOUBT,
        },
        { title: 'the answer is cut short', reply: { ...words.taken, fault: 'truncated' }, error: DOUBT },
        { title: 'the answer has no end', reply: { ...words.taken, fault: 'huge' }, error: DOUBT },
        { title: 'the answer is lost', reply: { fault: 'cut' }, error: DOUBT },
        { title: 'too much was sent', reply: { status: 429 }, error: { code: 'SMS_LIMITS', retryable: true } },
        {
          title: 'too much was sent, and the carrier says until when',
          reply: { status: 429, headers: { 'retry-after': '7' } },
          error: { code: 'SMS_LIMITS', retryable: true, retryAfterMs: 7_000 },
        },
      ]
      for (const { title, reply, error } of rows) {
        it(`ends with ${error.code} when ${title}`, async () => {
          server.reply(reply)
          const thrown = await failure()
          assert.deepEqual(shownOf(thrown, error), error)
          if (error.code === 'SMS_UNKNOWN') assert.equal(thrown.retryable, false)
          assert.equal(server.requests.length, 1)
        })
      }

      it('does not try again what the carrier refused', async () => {
        server.reply(words.refused)
        const error = await failure()
        assert.equal(error.retryable, false)
        assert.notEqual(error.code, 'SMS_UNKNOWN')
      })

      it('quotes no secret, even if the carrier does', async () => {
        server.reply(words.echoing)
        await failure()
      })

      it('may try again when the carrier cannot be reached', async () => {
        await provider.stop?.()
        use(fixture.make({ url: await closedPortUrl() }))
        const error = await failure()
        assert.equal(error.code, 'SMS_CONNECTION')
        assert.equal(error.retryable, true)
      })

      it('takes nothing more after its end', async () => {
        await provider.stop?.()
        isStopped = true
        assert.equal((await failure()).code, 'SMS_CONNECTION')
        assert.equal(server.requests.length, 0)
      })

      it('ends with SMS_UNKNOWN when its time is up', async () => {
        server.reply({ fault: 'silent' })
        const controller = new AbortController()
        const failing = failure(outgoing(), controller.signal)
        await server.arrived(1)
        controller.abort()
        assert.equal((await failing).code, 'SMS_UNKNOWN')
      })

      if (offered.settle ?? offered.queryStatus) for (const [title, reply] of LIES) findsOutNothing(title, reply)
    }

    function findsOutNothing(title: string, reply: Reply): void {
      it(`finds out nothing about a message when ${title}`, async () => {
        server.reply(reply)
        // Long enough ago that an empty list would be proof.
        const message = outgoing({ attemptedAtMs: Date.now() - 3_600_000 })
        const call = { signal: new AbortController().signal }
        const settled = await Promise.resolve(provider.settle?.(message, call)).catch(ours)
        if (settled && !(settled instanceof SmsError)) assert.equal(settled.outcome, 'open')
        const sent = { id: message.id, to: message.to, providerMessageId: 'SM00000000000000000000000000000001' }
        const report = await Promise.resolve(provider.queryStatus?.(sent, call)).catch(ours)
        assert.ok(report === undefined || report instanceof SmsError)
      })
    }
  })
}

const LIES: readonly (readonly [title: string, reply: Reply])[] = [
  ['the carrier has a fault', { status: 503, body: 'no' }],
  ['the answer is garbage', { body: '<html>' }],
  ['the answer is JSON about something else', { body: '{}' }],
  ['the answer is cut short', { body: '{"messages":[', fault: 'truncated' }],
  ['the answer has no end', { fault: 'huge' }],
  ['the answer is lost', { fault: 'cut' }],
]

const DOUBT: ExpectedError = { code: 'SMS_UNKNOWN' }

const STRANGE_REQUESTS: readonly WebhookRequest[] = [
  strange({}),
  strange({ method: 'GET', url: 'http://127.0.0.1/sms/x?From=%2B1&Body=open&MessageSid=SM1' }),
  strange({
    url: 'no url',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from('a=%'),
  }),
  strange({ headers: { 'content-type': 'application/json' }, body: Buffer.from('{"message":') }),
  strange({ headers: { 'content-type': 'application/json' }, body: Buffer.from('null') }),
  strange({ headers: { authorization: 'Basic Og==' }, body: Buffer.alloc(100_000, 0xff) }),
]

function strange(request: Partial<WebhookRequest>): WebhookRequest {
  const url = 'http://127.0.0.1/sms/x'
  return { method: 'POST', url, kind: 'any', headers: {}, body: Buffer.alloc(0), ...request }
}

/** Of an error, as much as is expected of it. */
function shownOf(error: SmsError, expected: ExpectedError): object {
  return Object.fromEntries(Object.keys(expected).map(key => [key, error[key as keyof SmsError]]))
}

function isReceipt({ providerMessageId, state = 'accepted', parts = 1 }: Receipt): void {
  if (providerMessageId !== undefined) assert.match(providerMessageId, /^\S+$/)
  assert.ok(['accepted', 'scheduled', 'delivered'].includes(state))
  assert.ok(Number.isSafeInteger(parts) && parts >= 1)
}

function asks(requests: readonly SeenRequest[], expected: ExpectedRequest): void {
  assert.equal(requests.length, 1)
  const [{ method, path, headers, body }] = requests as [SeenRequest]
  if (expected.method !== undefined) assert.equal(method, expected.method)
  if (expected.path !== undefined) assert.equal(path, expected.path)
  for (const [name, value] of Object.entries(expected.headers ?? {})) assert.equal(headers[name], value)
  if (expected.json !== undefined) assert.deepEqual(JSON.parse(body), expected.json)
  if (expected.form === undefined) return
  const form = new URLSearchParams(body)
  const fields = [...new Set(form.keys())].map(name => [name, form.getAll(name)] as const)
  assert.deepEqual(
    Object.fromEntries(fields.map(([name, values]) => [name, values.length === 1 ? values[0] : values])),
    expected.form,
  )
}
