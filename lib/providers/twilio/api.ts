import { SmsError } from '../../errors.ts'
import type { HttpAnswer, HttpClient } from '../../http.ts'
import { parseRetryAfter } from '../../retry-after.ts'
import type { Account } from './account.ts'
import { codeOf, liftsSoon, readCode } from './error-codes.ts'

/**
 * Twilio's REST API for one account. Throws `SmsError`: what Twilio refuses by its code; for a POST whose answer does
 * not tell what came of it, `SMS_UNKNOWN`, as nothing documents that a 5xx was not processed.
 */
export interface Api {
  /** `path` is below the account's own, or, beginning with a slash, as Twilio gives it in `next_page_uri`. */
  get(path: string, signal?: AbortSignal): Promise<Reply>
  post(path: string, form: URLSearchParams, signal?: AbortSignal): Promise<Reply>
  /** An address for a path Twilio gave. */
  urlOf(path: string): string
}

export interface Reply {
  readonly body: Readonly<Record<string, unknown>>
  /** How much Twilio's clock is ahead of ours, in milliseconds; 0 where it does not tell, and for a POST. */
  readonly aheadMs: number
}

/** `base`, where the paths begin, is the account's own place by default. */
export function createApi(
  account: Account,
  http: HttpClient,
  nowMs: () => number,
  base = `${account.origin}/2010-04-01/Accounts/${account.sid}/`,
): Api {
  // Nearly all requests go to one address.
  let latest: { readonly path: string; readonly url: URL } | undefined

  function addressOf(path: string): URL {
    if (path === latest?.path) return latest.url
    const url = URL.canParse(path, base) ? new URL(path, base) : undefined
    // The credentials go along: never to another host, nor beyond this account.
    if (!url?.href.startsWith(base))
      throw new SmsError('SMS_PROVIDER', 'Twilio pointed to an address that is not its own')
    latest = { path, url }
    return url
  }

  async function call(
    method: 'GET' | 'POST',
    path: string,
    form: URLSearchParams | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Reply> {
    const answer = await http.request({
      method,
      url: addressOf(path),
      headers: {
        authorization: account.authorization,
        accept: 'application/json',
        'user-agent': '@sms-flows/node-red-sms',
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { body: form.toString() }),
      repeatable: method === 'GET',
      signal,
      ...(method === 'GET' && { maxBytes: LIST_MAX_BYTES }),
    })
    const body = readJson(answer.text)
    if (answer.status >= 200 && answer.status < 300 && body)
      return { body, aheadMs: method === 'GET' ? aheadOf(answer, nowMs()) : 0 }
    throw failure(method, answer, body)
  }

  function failure(method: 'GET' | 'POST', answer: HttpAnswer, body: Reply['body'] | undefined): SmsError {
    const { status } = answer
    const code = readCode(body?.['code'])
    const says = `Twilio answered ${status}${code === undefined ? '' : ` (${code})`}${said(body)}`
    const options = { providerCode: code, retryAfterMs: parseRetryAfter(answer.headers['retry-after'], nowMs()) }
    // «Too many requests» is documented as never processed.
    if (status === 429 || code === 20429) {
      return new SmsError('SMS_LIMITS', says, { ...options, retryable: code === undefined || liftsSoon(code) })
    }
    // 408: the server lost patience with the request, of which it may have read enough.
    if (status >= 400 && status < 500 && status !== 408) {
      const kind = code === undefined ? (STATUSES[status] ?? 'SMS_SEND') : codeOf(code)
      return new SmsError(kind, says, { ...options, retryable: kind === 'SMS_LIMITS' && liftsSoon(code ?? 0) })
    }
    if (method === 'POST')
      return new SmsError('SMS_UNKNOWN', `${says}: it may or may not have taken the message`, options)
    return new SmsError(status >= 500 || status === 408 ? 'SMS_SERVER' : 'SMS_PROVIDER', says, options)
  }

  /** Twilio's own words, one line of them, without what they might quote of ours. */
  function said(body: Reply['body'] | undefined): string {
    const message = body?.['message']
    if (typeof message !== 'string') return body ? '' : ' with something that is not JSON'
    const shown = account.secrets.reduce((text, secret) => text.replaceAll(secret, '…'), message)
    return `: ${shown.replaceAll(/\p{C}+/gu, ' ').slice(0, 300)}`
  }

  return {
    get: (path, signal) => call('GET', path, undefined, signal),
    post: (path, form, signal) => call('POST', path, form, signal),
    urlOf: path => addressOf(path).href,
  }
}

/** A hundred messages of 1600 characters, each of which JSON may write as six bytes, and the rest of each. */
const LIST_MAX_BYTES = 4_000_000

const STATUSES: Readonly<Record<number, 'SMS_AUTH' | 'SMS_REQUEST'>> = {
  400: 'SMS_REQUEST',
  401: 'SMS_AUTH',
  403: 'SMS_AUTH',
  404: 'SMS_REQUEST',
}

function readJson(text: string): Reply['body'] | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Reply['body']) : undefined
  } catch {
    return undefined
  }
}

function aheadOf(answer: HttpAnswer, nowMs: number): number {
  const dateMs = Date.parse(answer.headers['date'] ?? '')
  return Number.isFinite(dateMs) ? dateMs - nowMs : 0
}
