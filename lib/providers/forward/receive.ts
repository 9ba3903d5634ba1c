import { SmsError } from '../../errors.ts'
import type { ProviderHost, WebhookReply, WebhookRequest } from '../../provider.ts'
import { createGate } from './basic-auth.ts'
import type { Login } from './basic-auth.ts'
import type { EarlyReports } from './early.ts'
import { readIncoming } from './incoming.ts'
import { readJson, writeJson } from './jsonex.ts'
import { readStatus } from './status.ts'
import { writeError } from './wire-errors.ts'

/** One line an hour about a wrong login is enough. */
const WARN_EVERY_MS = 3_600_000

/**
 * Answers the server's calls: messages at `…/im`, statuses at `…/status`, each answered with itself when it is stored.
 * `host` gives undefined while the provider is not in use. Never rejects.
 */
export function createReceiver(
  login: Login | undefined,
  host: () => ProviderHost | undefined,
  report: EarlyReports['report'],
): (request: WebhookRequest) => Promise<WebhookReply> {
  const gate = createGate(login ? [[login, true as const]] : [])
  let warnedAtMs = -Infinity

  function refuse(running: ProviderHost | undefined, authorization: string | undefined): WebhookReply {
    const nowMs = running?.clock.steadyMs() ?? 0
    if (running && authorization !== undefined && nowMs - warnedAtMs >= WARN_EVERY_MS) {
      warnedAtMs = nowMs
      const reason = login ? 'its user or password is not the one entered here' : 'no user and password is entered here'
      running.log('warn', `a call of the server was refused: ${reason}`)
    }
    return { status: 401 }
  }

  return async request => {
    const running = host()
    const { authorization } = request.headers
    if (!gate(authorization)) return refuse(running, authorization)
    if (request.method !== 'POST') return { status: 405 }
    if (!running) return { status: 503 }
    const json = readJson(request.body.toString('utf8'))
    const name = json && Object.hasOwn(json, 'status') ? 'status' : 'message'
    if (!json || (request.kind !== 'any' && (request.kind === 'status') !== (name === 'status'))) return MALFORMED
    try {
      return await (name === 'status' ? takeStatus(running, report, json) : takeMessage(running, json))
    } catch {
      // Not stored, for whatever reason: the server keeps it.
      return reply(500, writeError(new SmsError('SMS_SERVER', 'it could not be stored; bring it again'), false))
    }
  }
}

async function takeMessage(host: ProviderHost, json: Readonly<Record<string, unknown>>): Promise<WebhookReply> {
  const message = readIncoming(json)
  if (!message) return MALFORMED
  await host.received(message)
  return reply(200, { message: json['message'] })
}

async function takeStatus(
  host: ProviderHost,
  report: EarlyReports['report'],
  json: Readonly<Record<string, unknown>>,
): Promise<WebhookReply> {
  const status = readStatus(json)
  if (status === undefined) return MALFORMED
  if (status === 'unknown') host.log('info', 'the server brought a status that says nothing known here')
  else await report(status)
  return reply(200, { status: json['status'] })
}

/** smsframework reads an error only if the type is exactly this, without a charset. */
export const reply = (status: number, body: object): WebhookReply => ({
  status,
  contentType: 'application/json',
  body: writeJson(body),
})

const MALFORMED = reply(400, writeError(new SmsError('SMS_REQUEST', 'the request is not understood'), false))
