import type { Clock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'
import type { HttpAnswer, HttpClient } from '../../http.ts'
import { parseRetryAfter } from '../../retry-after.ts'
import type { Account } from './account.ts'
import { COOL_DOWN_MS, readNumber, refusalError } from './error-codes.ts'
import type { Refusal } from './error-codes.ts'
import { createGate } from './gate.ts'
import { createHosts } from './hosts.ts'

/** SMSC's scripts for one account, which answer in JSON (`fmt=3`). Both throw `SmsError`. */
export interface Api {
  /**
   * Has `send.php` take messages; resolves to what it answers, or to what it refuses them for. Where the answer does not
   * tell what came of it, throws `SMS_UNKNOWN`.
   */
  hand(fields: Fields, signal: AbortSignal): Promise<Handed>
  /** Asks what may be asked twice; a refusal is thrown. */
  ask(script: Script, fields: Fields, signal: AbortSignal, maxBytes?: number): Promise<unknown>
}

export type Script = 'send' | 'status' | 'balance' | 'get'
export type Fields = Readonly<Record<string, string>>
export type Handed = { readonly json: unknown } | { readonly refusal: Refusal }

export interface ApiOptions {
  readonly account: Account
  readonly http: HttpClient
  readonly clock: Clock
  /** Told after each answer whether SMSC lets us in. */
  readonly onAnswer: (error: SmsError | undefined) => void
}

/** SMSC refuses five requests at once under one login (9, «too many concurrent requests»). */
const AT_ONCE = 4

export function createApi({ account, http, clock, onAnswer }: ApiOptions): Api {
  const gate = createGate(AT_ONCE)
  const hosts = createHosts(account.hosts, clock)
  const hidden = account.secrets.flatMap(formsOf)
  let blockedUntilMs = -Infinity

  async function request(script: Script, fields: Fields, isQuestion: boolean, signal: AbortSignal, maxBytes?: number) {
    const coolsMs = blockedUntilMs - clock.steadyMs()
    if (coolsMs > 0) throw blocked(coolsMs)
    // In the body, never in the address, which proxies and servers log.
    const body = new URLSearchParams({ ...account.credentials, ...fields, fmt: '3', charset: 'utf-8' }).toString()
    const answer = await gate.through(
      () =>
        hosts.reach(
          host =>
            http.request({
              method: 'POST',
              url: `${host}${script}.php`,
              headers: {
                'content-type': 'application/x-www-form-urlencoded',
                accept: 'application/json',
                'user-agent': '@sms-flows/node-red-sms',
              },
              body,
              repeatable: isQuestion,
              signal,
              ...(maxBytes !== undefined && { maxBytes }),
            }),
          signal,
        ),
      signal,
    )
    return read(answer, isQuestion)
  }

  function read(answer: HttpAnswer, isQuestion: boolean): Handed {
    const json = readJson(answer.text)
    const refusal = answer.status < 500 ? readRefusal(json) : undefined
    if (refusal) {
      const error = refusalError(refusal)
      if (refusal.number === 4) blockedUntilMs = clock.steadyMs() + COOL_DOWN_MS
      onAnswer(error.code === 'SMS_AUTH' ? error : undefined)
      return { refusal }
    }
    if (answer.status >= 200 && answer.status < 300 && json !== undefined) {
      onAnswer(undefined)
      return { json }
    }
    throw failure(answer, isQuestion, json !== undefined)
  }

  function readRefusal(json: unknown): Refusal | undefined {
    if (typeof json !== 'object' || json === null) return undefined
    const { error, error_code: code } = json as Record<string, unknown>
    const number = readNumber(code)
    return number === undefined ? undefined : { number, says: typeof error === 'string' ? shown(error) : '' }
  }

  function failure({ status, headers }: HttpAnswer, isQuestion: boolean, isJson: boolean): SmsError {
    const says = `SMSC answered ${status}${isJson ? '' : ' with something that is not JSON'}`
    if (status === 429) {
      const retryAfterMs = parseRetryAfter(headers['retry-after'], clock.now())
      return new SmsError('SMS_LIMITS', says, { retryAfterMs })
    }
    // 408: the server lost patience with the request, of which it may have read enough.
    if (status >= 400 && status < 500 && status !== 408) return new SmsError(STATUSES[status] ?? 'SMS_SEND', says)
    if (!isQuestion) return new SmsError('SMS_UNKNOWN', `${says}: it may or may not have taken the message`)
    return new SmsError(status >= 500 || status === 408 ? 'SMS_SERVER' : 'SMS_PROVIDER', says)
  }

  /** SMSC's own words, one line of them, without what they might quote of ours. */
  function shown(text: string): string {
    const safe = hidden.reduce((words, secret) => words.replaceAll(secret, '…'), text)
    return safe.replaceAll(/\p{C}+/gu, ' ').slice(0, 200)
  }

  return {
    hand: (fields, signal) => request('send', fields, false, signal),
    async ask(script, fields, signal, maxBytes) {
      const answer = await request(script, fields, true, signal, maxBytes)
      if ('refusal' in answer) throw refusalError(answer.refusal)
      return answer.json
    },
  }
}

const STATUSES: Readonly<Record<number, 'SMS_AUTH' | 'SMS_REQUEST'>> = {
  400: 'SMS_REQUEST',
  401: 'SMS_AUTH',
  403: 'SMS_AUTH',
  404: 'SMS_REQUEST',
}

const blocked = (coolsMs: number): SmsError =>
  new SmsError('SMS_AUTH', 'SMSC has blocked this IP address for a while, after too many errors; it rests', {
    providerCode: 4,
    retryable: true,
    retryAfterMs: Math.ceil(coolsMs),
  })

/** A secret as text, and as forms, addresses and JSON write it; longest first, so that none hides a part of another. */
function formsOf(secret: string): string[] {
  const form = new URLSearchParams({ '': secret }).toString().slice(1)
  const forms = new Set([secret, form, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
  return [...forms].sort((a, b) => b.length - a.length)
}

function readJson(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? json : undefined
  } catch {
    return undefined
  }
}
