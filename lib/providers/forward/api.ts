import { SmsError } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'
import type { HttpAnswer, HttpClient } from '../../http.ts'
import type { OutgoingMessage, Receipt, SentMessage, StatusReport } from '../../provider.ts'
import { parseRetryAfter } from '../../retry-after.ts'
import { readJson, writeJson, writeTagged } from './jsonex.ts'
import { readTaken, writeOutgoing } from './outgoing.ts'
import { conceal } from './settings.ts'
import type { Peer } from './settings.ts'
import { readStatus } from './status.ts'
import { readError } from './wire-errors.ts'

/** The server as a client calls it. */
export interface Api {
  /** Throws `SmsError` where no answer tells what came of it; what the server says against it is an answer. */
  send(message: OutgoingMessage, signal?: AbortSignal): Promise<Answer>
  /** Asks who is there, without effect. Throws `SmsError` saying why nobody is. */
  greet(signal?: AbortSignal): Promise<PeerKind>
  /** The server's present word on a message; undefined where it has none, or is not asked so. */
  ask(message: SentMessage, signal?: AbortSignal): Promise<StatusReport | undefined>
  /** Who is there, as far as its answers have told. */
  readonly peer: PeerKind | undefined
}

/** `ours`: this package, which takes a message with a known id once. `smsframework`: py-smsframework, which does not. */
export type PeerKind = 'ours' | 'smsframework'

export type Answer = { readonly receipt: Receipt } | { readonly refusal: SmsError }

export function createApi(name: string, server: Peer, http: HttpClient, nowMs: () => number): Api {
  let peer: PeerKind | undefined
  const { host } = new URL(server.url)
  const common = { ...(server.authorization !== undefined && { authorization: server.authorization }) }

  function post(kind: 'im' | 'status', body: object, repeatable: boolean, signal?: AbortSignal): Promise<HttpAnswer> {
    return http.request({
      method: 'POST',
      url: `${server.url}/${kind}`,
      headers: { ...common, 'content-type': 'application/json', accept: 'application/json' },
      body: writeJson(body),
      repeatable,
      signal,
    })
  }

  /** What the server says against a request; undefined where it says no such thing. */
  function refusalIn(answer: HttpAnswer): SmsError | undefined {
    const { status, headers } = answer
    const json = readJson(answer.text)
    const error = json && readError(json, text => conceal(server.secrets, text))
    if (error) {
      peer = json && Object.hasOwn(json, 'sms') ? 'ours' : (peer ?? 'smsframework')
      return error
    }
    const [code, reason] = REFUSALS[status] ?? []
    if (code === undefined) return undefined
    return new SmsError(code, `${host} ${reason} (${status})`, {
      retryAfterMs: parseRetryAfter(headers['retry-after'], nowMs()),
    })
  }

  return {
    get peer() {
      return peer
    },

    async send(message, signal) {
      const answer = await post('im', writeOutgoing(message, name), false, signal)
      const refusal = refusalIn(answer)
      if (refusal) return { refusal }
      const json = answer.status >= 200 && answer.status < 300 ? readJson(answer.text) : undefined
      const receipt = json && readTaken(json)
      if (!receipt) {
        throw new SmsError('SMS_UNKNOWN', `${host} answered ${answer.status} with no message: it may have taken it`)
      }
      peer = Object.hasOwn(json, 'sms') ? 'ours' : 'smsframework'
      return { receipt }
    },

    async greet(signal) {
      const answer = await http.request({
        method: 'GET',
        url: `${server.url}/im`,
        headers: { ...common, accept: 'application/json' },
        repeatable: true,
        signal,
        timeoutMs: GREET_MS,
      })
      const json = readJson(answer.text)
      if (answer.status === 200 && json && Object.hasOwn(json, 'sms')) return (peer = 'ours')
      // Flask lets smsframework's address be posted to only.
      if (answer.status === 405) return (peer = 'smsframework')
      throw (
        refusalIn(answer) ??
        new SmsError(
          answer.status >= 500 ? 'SMS_SERVER' : 'SMS_PROVIDER',
          `${host} answered ${answer.status}, and not as a server that forwards messages`,
        )
      )
    },

    async ask({ id, providerMessageId }, signal) {
      if (providerMessageId === undefined || peer === 'smsframework') return undefined
      const attributes = { msgid: providerMessageId, rtime: null, meta: null }
      const answer = await post(
        'status',
        { status: writeTagged({ name: 'MessageStatus', attributes }), sms: {} },
        true,
        signal,
      )
      const json = readJson(answer.text)
      const report = json && readStatus(json)
      if (report !== undefined && report !== 'unknown') return { ...report, id }
      const refusal = refusalIn(answer)
      // The server answered, and knows no such message.
      if (report === 'unknown' || refusal?.code === 'SMS_REQUEST') return undefined
      throw refusal ?? new SmsError('SMS_PROVIDER', `${host} answered ${answer.status} with no status`)
    },
  }
}

/** Without a signal nobody would end it. */
const GREET_MS = 10_000

/** What a server, or what stands before it, says without a word of smsframework's: surely nothing was taken. */
const REFUSALS: Readonly<Record<number, readonly [code: SmsErrorCode, reason: string]>> = {
  400: ['SMS_REQUEST', 'did not understand the request'],
  401: ['SMS_AUTH', 'refused the user or the password'],
  403: ['SMS_AUTH', 'refused the user or the password'],
  // Also while the server starts: its address is served when its flows are.
  404: ['SMS_CONNECTION', 'has no server that forwards messages at this address'],
  405: ['SMS_CONNECTION', 'has no server that forwards messages at this address'],
  413: ['SMS_REQUEST', 'found the message too large'],
  429: ['SMS_LIMITS', 'limits the rate'],
}
