import type { IncomingMessage, ProviderHost, StatusReport, WebhookReply, WebhookRequest } from '../../provider.ts'
import type { Account } from './account.ts'
import type { Claims } from './claims.ts'
import { deliveryError, readCode } from './error-codes.ts'
import { stateOf } from './message-resource.ts'
import { isSigned } from './signature.ts'

const EMPTY_TWIML: WebhookReply = {
  status: 200,
  contentType: 'text/xml',
  body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
}
const DONE: WebhookReply = { status: 204 }
const MALFORMED: WebhookReply = { status: 400 }
const FORBIDDEN: WebhookReply = { status: 403 }
const TRY_AGAIN: WebhookReply = { status: 503 }

/** One line an hour about strangers is enough. */
const WARN_EVERY_MS = 3_600_000

/** Answers Twilio's calls; `host` gives undefined while the provider is not in use. Never throws. */
export function createWebhook(
  account: Account,
  claims: Claims,
  host: () => ProviderHost | undefined,
): (request: WebhookRequest) => Promise<WebhookReply> {
  let warnedAtMs = -Infinity

  function refuse(running: ProviderHost, request: WebhookRequest, reason: string): WebhookReply {
    const nowMs = running.clock.now()
    if (nowMs - warnedAtMs < WARN_EVERY_MS) return FORBIDDEN
    warnedAtMs = nowMs
    const address = URL.canParse(request.url) ? new URL(request.url).origin : 'an address that is not a URL'
    running.log(
      'warn',
      `a call to the webhook was refused: ${reason}. If it came from Twilio: the auth token must be that of this ` +
        `account, and the public URL must begin as the one Twilio calls; here it begins with ${address}`,
    )
    return FORBIDDEN
  }

  return async request => {
    const running = host()
    if (!running) return TRY_AGAIN
    const signature = request.headers['x-twilio-signature']
    // Whoever scans the web comes by here: not worth a line.
    if (!account.authToken || !signature) return FORBIDDEN
    const { form, body, fields } = readRequest(request)
    if (!isSigned(account.authToken, signature, { url: request.url, form, body })) {
      return refuse(running, request, 'its signature is wrong')
    }
    if (fields.get('AccountSid') !== account.sid) return refuse(running, request, 'it is of another account')

    const isReport = fields.has('MessageStatus')
    if (request.kind !== 'any' && (request.kind === 'status') !== isReport) {
      running.log('warn', `Twilio sent a ${isReport ? 'report' : 'message'} to …/${request.kind}: check its settings`)
      return MALFORMED
    }
    try {
      return isReport ? await report(running, claims, request.url, fields) : await receive(running, fields)
    } catch {
      // It was not stored, for whatever reason: only Twilio has it now.
      running.log('warn', 'what Twilio brought could not be stored; it was asked to bring it again')
      return TRY_AGAIN
    }
  }
}

async function receive(host: ProviderHost, fields: URLSearchParams): Promise<WebhookReply> {
  const message = toIncoming(fields)
  if (!message) return MALFORMED
  await host.received(message)
  return EMPTY_TWIML
}

async function report(host: ProviderHost, claims: Claims, url: string, fields: URLSearchParams): Promise<WebhookReply> {
  const sid = fields.get('MessageSid') ?? fields.get('SmsSid')
  if (!sid) return MALFORMED
  const status = fields.get('MessageStatus') ?? ''
  const errorCode = readCode(fields.get('ErrorCode'))
  const state = stateOf(status, errorCode)
  if (state === undefined) {
    host.log('warn', `Twilio reported a status that is not known here: ${status.replaceAll(/\W/g, '').slice(0, 40)}`)
    return DONE
  }
  const id = new URL(url).searchParams.get('id') || undefined
  const said: StatusReport = {
    ...(id !== undefined && { id }),
    providerMessageId: sid,
    state,
    ...((state === 'failed' || state === 'expired') && { error: deliveryError(errorCode, status) }),
  }
  await host.reported(said)
  // Only now: until it is stored, settling must find this message free.
  if (id !== undefined) claims.claim(sid, id)
  return DONE
}

function toIncoming(fields: URLSearchParams): IncomingMessage | undefined {
  const sid = fields.get('MessageSid') ?? fields.get('SmsSid') ?? fields.get('SmsMessageSid')
  const from = fields.get('From')
  if (!sid || !from) return undefined
  const to = fields.get('To')
  const parts = readCode(fields.get('NumSegments'))
  const mediaUrls = Array.from({ length: Math.min(readCode(fields.get('NumMedia')) ?? 0, MAX_MEDIA) })
    .map((_, index) => fields.get(`MediaUrl${index}`))
    .filter(url => url !== null)
  return {
    providerMessageId: sid,
    from,
    ...(to && { to }),
    text: fields.get('Body') ?? '',
    ...(parts !== undefined && { parts }),
    ...(mediaUrls.length > 0 && { mediaUrls }),
    ...optOutOf(fields.get('OptOutType')),
    // Also what appears here one day without notice.
    raw: Object.fromEntries(fields),
  }
}

const MAX_MEDIA = 100

/** Advanced Opt-Out knows the words of a country and those set by the account's owner: it says what they meant. */
function optOutOf(type: string | null): Pick<IncomingMessage, 'optOut'> {
  return type === 'STOP' ? { optOut: 'out' } : type === 'START' ? { optOut: 'in' } : {}
}

interface ReadRequest {
  /** Where all fields are, wherever they came. */
  readonly fields: URLSearchParams
  readonly form?: URLSearchParams
  readonly body?: Buffer
}

/** Twilio posts a form, or, as the webhook is set, JSON or a GET with everything in the query. */
function readRequest(request: WebhookRequest): ReadRequest {
  const query = URL.canParse(request.url) ? new URL(request.url).searchParams : new URLSearchParams()
  if (request.body.length === 0) return { fields: query }
  const type = request.headers['content-type'] ?? ''
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    const form = new URLSearchParams(request.body.toString('utf8'))
    return { fields: form, form }
  }
  return { fields: /^application\/json\b/i.test(type) ? readJson(request.body) : query, body: request.body }
}

function readJson(body: Buffer): URLSearchParams {
  try {
    const json: unknown = JSON.parse(body.toString('utf8'))
    const fields = new URLSearchParams()
    for (const [name, value] of Object.entries(json ?? {}) as [string, unknown][]) {
      if (typeof value === 'string' || typeof value === 'number') fields.append(name, String(value))
    }
    return fields
  } catch {
    return new URLSearchParams()
  }
}
