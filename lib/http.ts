import type * as Undici from 'undici'
import type { Dispatcher, Pool } from 'undici'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { SmsError } from './errors.ts'
import { reasonOf, stale } from './http-reasons.ts'

/** Single HTTP exchanges with kept-alive connections; redirects are answers like any other. */
export interface HttpClient {
  /**
   * Resolves to the whole answer, whatever its status. Throws `SmsError`, never quoting path, headers or body:
   * `SMS_CONNECTION` when not a byte of the request was written, `SMS_UNKNOWN` when some may have been and no whole
   * answer came; for a `repeatable` request that is `SMS_CONNECTION` too, or `SMS_PROVIDER` if the answer is too long.
   */
  request(request: HttpRequest): Promise<HttpAnswer>
  /** Lets requests in flight end for a moment, then cuts them off; resolves within a second. */
  close(): Promise<void>
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute, http or https. */
  readonly url: string | URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Asking twice does no harm: a request whose kept-alive connection had died is made once more. */
  readonly repeatable?: boolean
  readonly signal?: AbortSignal | undefined
  /** From the call to the last byte of the answer; 25 s by default. */
  readonly timeoutMs?: number
  /** The longest body that is read; 1 MB by default. */
  readonly maxBytes?: number
}

export interface HttpAnswer {
  readonly status: number
  /** Lower-case names; a repeated header's values joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The body, read as UTF-8. */
  readonly text: string
}

export interface HttpClientOptions {
  readonly clock?: Clock
  /** Until a connection, TLS included, must stand; 10 s by default. */
  readonly connectTimeoutMs?: number
}

const TIMEOUT_MS = 25_000
const CONNECT_TIMEOUT_MS = 10_000
const MAX_BYTES = 1_000_000
/** A little longer than the outbox leaves its attempts, so that it is the one to call them off. */
const CLOSE_GRACE_MS = 600

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { clock = systemClock, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options
  const pools = new Map<string, Pool>()
  let undici: Promise<typeof Undici> | undefined
  const inFlight = new Set<Promise<unknown>>()
  let closed = false

  async function poolFor(url: URL): Promise<Pool> {
    // Loaded with the first request: it costs 60 ms and 20 MB, which a flow that only receives need not pay.
    const { Pool } = await (undici ??= import('undici'))
    if (closed) throw new SmsError('SMS_CONNECTION', `the connection to ${url.host} was closed`)
    const pool =
      pools.get(url.origin) ??
      // The deadline of a request is ours; undici's own two would only end it sooner.
      new Pool(url.origin, { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectTimeoutMs } })
    pools.set(url.origin, pool)
    return pool
  }

  async function run(request: HttpRequest): Promise<HttpAnswer> {
    const url = readUrl(request.url)
    const pool = await poolFor(url)
    const answer = await exchange(pool, url, request, clock, request.repeatable ?? false)
    return answer === 'stale' ? ((await exchange(pool, url, request, clock, false)) as HttpAnswer) : answer
  }

  return {
    async request(request) {
      const running = run(request)
      inFlight.add(running)
      try {
        return await running
      } finally {
        inFlight.delete(running)
      }
    },
    async close() {
      closed = true
      if (inFlight.size > 0) {
        await new Promise<void>(resolve => {
          const cancel = clock.after(CLOSE_GRACE_MS, resolve)
          void Promise.allSettled(inFlight).then(() => {
            cancel()
            resolve()
          })
        })
      }
      await Promise.all([...pools.values()].map(pool => pool.destroy()))
    },
  }
}

/** One attempt. `stale`, only where the caller would try again: the connection died before any answer came. */
function exchange(
  pool: Pool,
  url: URL,
  request: HttpRequest,
  clock: Clock,
  mayGoStale: boolean,
): Promise<HttpAnswer | 'stale'> {
  const { signal, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = request
  return new Promise((resolve, reject) => {
    let wire: Dispatcher.DispatchController | undefined
    let status: number | undefined
    let headers: HttpAnswer['headers'] = {}
    const chunks: Buffer[] = []
    let bytes = 0
    let ended = false

    function end(settle: () => void): void {
      if (ended) return
      ended = true
      cancelTimer()
      signal?.removeEventListener('abort', onAbort)
      settle()
    }
    const fail = (reason: string, answered = false) => end(() => reject(failure(url, request, wire, reason, answered)))
    const giveUp = (reason: string, answered = false) => {
      fail(reason, answered)
      // Destroys the connection, too: what is still to come on it would be no answer to the next request.
      wire?.abort(new Error('given up'))
    }
    const onAbort = () => giveUp('it was called off')
    const cancelTimer = clock.after(timeoutMs, () => giveUp(`no answer within ${timeoutMs / 1000} s`))
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) return onAbort()

    pool.dispatch(
      {
        method: request.method,
        path: url.pathname + url.search,
        headers: request.headers ?? {},
        body: request.body ?? null,
      },
      {
        // Called when a connection stands and nothing was written yet: until here, surely nothing was taken.
        onRequestStart(controller) {
          if (ended) controller.abort(new Error('given up'))
          else wire = controller
        },
        onResponseStart(_controller, statusCode, received) {
          if (statusCode < 200) return
          status = statusCode
          headers = readHeaders(received)
        },
        onResponseData(_controller, chunk) {
          bytes += chunk.length
          if (bytes > maxBytes) giveUp(`its answer is longer than ${maxBytes} bytes`, true)
          else chunks.push(chunk)
        },
        onResponseEnd() {
          end(() => resolve({ status: status ?? 0, headers, text: Buffer.concat(chunks).toString('utf8') }))
        },
        onResponseError(_controller, error) {
          if (mayGoStale && wire && status === undefined && stale(error)) end(() => resolve('stale'))
          else fail(reasonOf(error))
        },
      },
    )
  })
}

/** A header that was repeated comes as a list, which is rare. */
function readHeaders(received: Record<string, string | string[] | undefined>): HttpAnswer['headers'] {
  if (!Object.values(received).some(Array.isArray)) return received as HttpAnswer['headers']
  const joined = Object.entries(received).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ])
  return Object.fromEntries(joined) as HttpAnswer['headers']
}

/** Without a cause: undici's errors may quote headers and bodies, and a Catch node shows all of an error. */
function failure(
  url: URL,
  request: HttpRequest,
  wire: Dispatcher.DispatchController | undefined,
  reason: string,
  answered: boolean,
): SmsError {
  if (reason === 'UND_ERR_INVALID_ARG') {
    return new SmsError('SMS_REQUEST', `a request to ${url.host} with these settings is not valid HTTP`)
  }
  if (!wire) return new SmsError('SMS_CONNECTION', `cannot reach ${url.host}: ${reason}`)
  if (!request.repeatable) return new SmsError('SMS_UNKNOWN', `${url.host} may have taken the request: ${reason}`)
  if (answered) return new SmsError('SMS_PROVIDER', `cannot use what ${url.host} answered: ${reason}`)
  return new SmsError('SMS_CONNECTION', `no answer from ${url.host}: ${reason}`)
}

function readUrl(given: string | URL): URL {
  const url = typeof given !== 'string' ? given : URL.canParse(given) ? new URL(given) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw new SmsError('SMS_CONFIG', 'the address is not an http(s) URL')
  return url
}
