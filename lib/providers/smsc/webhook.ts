import type { IncomingMessage, ProviderHost, WebhookReply, WebhookRequest } from '../../provider.ts'
import { readForm, readJsonFields } from './form-fields.ts'
import type { FormFields } from './form-fields.ts'
import { printOf, readCall, readMessage } from './incoming.ts'
import { digitsOf, readKey } from './message-id.ts'
import type { MessageKey } from './message-id.ts'
import type { Prices } from './prices.ts'
import { isSigned } from './signature.ts'
import type { CallbackKind } from './signature.ts'
import { readStanding, toReport } from './standing.ts'
import type { Unlisted } from './unlisted.ts'

export interface WebhookOptions {
  readonly secret: string | undefined
  readonly prices: Prices
  /** Undefined while the provider is not in use. */
  readonly running: () => { readonly host: ProviderHost; readonly unlisted: Unlisted } | undefined
  /** Our id behind a number and phone, as far as this process has handed it over. */
  readonly ownerOf: (key: MessageKey) => string | undefined
}

/** Anything but 200 makes SMSC come again. */
const DONE: WebhookReply = { status: 200 }
const MALFORMED: WebhookReply = { status: 400 }
const FORBIDDEN: WebhookReply = { status: 403 }
const TRY_AGAIN: WebhookReply = { status: 503 }

/** One line an hour about strangers is enough. */
const WARN_EVERY_MS = 3_600_000

/** Answers SMSC's calls: reports, messages and calls, all to one address. Never throws. */
export function createWebhook(options: WebhookOptions): (request: WebhookRequest) => Promise<WebhookReply> {
  const { secret } = options
  let warnedAtMs = -Infinity

  function refuse(host: ProviderHost): WebhookReply {
    const nowMs = host.clock.now()
    if (nowMs - warnedAtMs < WARN_EVERY_MS) return FORBIDDEN
    warnedAtMs = nowMs
    host.log(
      'warn',
      secret === undefined
        ? 'a call to the webhook was refused: the account has no callback secret here. If SMSC called: enter the one of its settings'
        : 'a call to the webhook was refused: its hash is wrong. If SMSC called: the callback secret must be the one of its settings',
    )
    return FORBIDDEN
  }

  return async request => {
    const running = options.running()
    if (!running) return TRY_AGAIN
    const fields = readFields(request)
    const kind = kindOf(fields)
    // Whoever scans the web comes by here: not worth a line.
    if (!kind || !(fields.has('md5') || fields.has('sha1'))) return FORBIDDEN
    if (secret === undefined || !isSigned(secret, kind, fields)) return refuse(running.host)
    if (request.kind !== 'any' && (request.kind === 'status') !== (kind === 'report')) {
      running.host.log('warn', `SMSC sent a ${kind} to …/${request.kind}; its address must be the one without that`)
      return MALFORMED
    }
    try {
      return kind === 'report' ? await report(running.host, fields, options) : await receive(running, kind, fields)
    } catch {
      // It was not stored, for whatever reason: only SMSC has it now.
      running.host.log('warn', 'what SMSC brought could not be stored; it was asked to bring it again')
      return TRY_AGAIN
    }
  }
}

function kindOf(fields: FormFields): CallbackKind | undefined {
  if (fields.has('waitcall')) return 'call'
  if (fields.has('mes')) return 'message'
  return fields.has('status') && fields.has('id') ? 'report' : undefined
}

async function receive(
  { host, unlisted }: { host: ProviderHost; unlisted: Unlisted },
  kind: 'message' | 'call',
  fields: FormFields,
): Promise<WebhookReply> {
  const message = kind === 'call' ? readCall(fields) : readMessage(fields)
  if (!message) return MALFORMED
  // Only messages are listed, and those with an id are known by it.
  const print = kind === 'message' && !hasId(message) ? printOf(message) : undefined
  if (print !== undefined && unlisted.wasListed(print)) return DONE
  const isNew = await host.received(message)
  if (print !== undefined && isNew) await unlisted.called(print).catch(() => {})
  return DONE
}

const hasId = ({ providerMessageId }: IncomingMessage): boolean => /^\d+$/.test(providerMessageId ?? '')

async function report(host: ProviderHost, fields: FormFields, { prices, ownerOf }: WebhookOptions) {
  const key = readKey(`${fields.text('id').trim()}:${digitsOf(fields.text('phone'))}`)
  const plain = Object.fromEntries(['status', 'err', 'cost'].map(name => [name, fields.text(name)]))
  const standing = readStanding(plain)
  if (!key || !standing) return MALFORMED
  const said = toReport(key, standing, prices)
  if (!said) {
    host.log('warn', `SMSC reported a status that is not known here: ${standing.status}`)
    return DONE
  }
  const id = ownerOf(key)
  // Also for a number that is not ours: another program sends through the same account, and SMSC would ask for ever.
  await host.reported({ ...said, ...(id !== undefined && { id }) })
  return DONE
}

/** SMSC posts a form, or JSON with `fmt=3`; or, as the account is set, calls with everything in the query. */
function readFields(request: WebhookRequest): FormFields {
  const query = () => readForm(/\?([^#]*)/.exec(request.url)?.[1] ?? '')
  if (request.body.length === 0) return query()
  const type = request.headers['content-type'] ?? ''
  const isJson = /^application\/json\b/i.test(type) || request.body[0] === 0x7b
  return isJson ? (readJsonFields(request.body) ?? query()) : readForm(request.body.toString('latin1'))
}
