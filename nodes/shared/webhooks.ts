import type { ServerResponse } from 'node:http'
import { systemClock } from '../../lib/clock.ts'
import { createCalls } from '../../lib/deadline.ts'
import { SmsError } from '../../lib/errors.ts'
import type { WebhookReply, WebhookRequest } from '../../lib/provider.ts'
import { readBody } from './body.ts'
import type { HttpRequest, NodeRedNode, Red } from './red.ts'

interface Webhook {
  readonly path: string
  /** The address of Node-RED's http nodes as seen from outside; empty: told from each request. */
  readonly publicUrl: string
  readonly answer: (request: WebhookRequest) => Promise<WebhookReply>
}

/** Routes cannot be taken off an express application, so one is put there once, with this map behind it. */
const mounts = new WeakMap<object, Map<string, Webhook>>()

/** Carriers give up after 15 s (Twilio) or less, and would come again while we still work. */
const ANSWER_WITHIN_MS = 10_000

const KINDS = { '': 'any', im: 'im', status: 'status' } as const

/** Where the carrier finds a webhook: `publicUrl` + `/sms/` + `path`. Throws `SMS_CONFIG` for what is no address. */
export function callbackUrl(publicUrl: string, path: string): string | undefined {
  if (!publicUrl || !path) return undefined
  if (!/^https?:\/\/[^\s/?#]+[^\s?#]*$/.test(publicUrl))
    throw new SmsError('SMS_CONFIG', 'the public address must be an http(s) address without ? or #')
  return `${publicUrl.replace(/\/+$/, '')}/sms/${path}`
}

/** Serves a webhook for as long as its node lives. Throws `SMS_CONFIG` for a bad path or one that is taken. */
export function serveWebhook(RED: Red, node: NodeRedNode, webhook: Webhook): void {
  const { path } = webhook
  if (!RED.httpNode)
    throw new SmsError('SMS_CONFIG', 'webhooks need http nodes, and httpNodeRoot is false in the settings of Node-RED')
  if (!/^[\w-]{1,64}$/.test(path))
    throw new SmsError('SMS_CONFIG', 'the webhook path may have letters, digits, - and _, up to 64')
  const webhooks = mount(RED.httpNode)
  if (webhooks.has(path)) throw new SmsError('SMS_CONFIG', `another provider has the webhook path «${path}» already`)
  webhooks.set(path, webhook)
  node.on('close', (_removed, done) => {
    webhooks.delete(path)
    done()
  })
}

function mount(app: Exclude<Red['httpNode'], false | undefined>): Map<string, Webhook> {
  const mounted = mounts.get(app)
  if (mounted) return mounted
  const webhooks = new Map<string, Webhook>()
  mounts.set(app, webhooks)
  const handle = (request: HttpRequest, response: ServerResponse) => {
    // Written once all requests of this turn are read: each write alone would wake its reader anew, which costs more
    // than all else in a burst.
    void answer(webhooks, request).then(reply => setImmediate(write, response, reply))
  }
  app.all('/sms/:path', handle)
  app.all('/sms/:path/:kind', handle)
  return webhooks
}

/** Never rejects; a stranger learns nothing but a status code. */
async function answer(webhooks: Map<string, Webhook>, request: HttpRequest): Promise<WebhookReply> {
  const webhook = webhooks.get(request.params['path'] ?? '')
  const kind = request.params['kind'] ?? ''
  if (!webhook || !Object.hasOwn(KINDS, kind)) return { status: 404 }
  if (request.method !== 'POST' && request.method !== 'GET') return { status: 405 }
  try {
    const body = await readBody(request)
    if (typeof body === 'number') return { status: body }
    return await createCalls(systemClock).run(ANSWER_WITHIN_MS, () =>
      webhook.answer({
        method: request.method ?? 'POST',
        url: publicAddress(webhook, request),
        kind: KINDS[kind as keyof typeof KINDS],
        headers: request.headers as Record<string, string | undefined>,
        body,
      }),
    )
  } catch {
    // Not stored: the carrier should come again.
    return { status: 503 }
  }
}

/** The URL the carrier called: what it signed. Behind a proxy only `publicUrl`, or what the proxy tells, is right. */
function publicAddress(webhook: Webhook, request: HttpRequest): string {
  if (webhook.publicUrl) return webhook.publicUrl.replace(/\/+$/, '') + (request.url ?? '')
  const first = (header: string) =>
    String(request.headers[header] ?? '')
      .split(',')[0]!
      .trim()
  const protocol = first('x-forwarded-proto') || request.protocol
  return `${protocol}://${first('x-forwarded-host') || first('host')}${request.originalUrl}`
}

function write(response: ServerResponse, { status, contentType, body = '' }: WebhookReply): void {
  response.statusCode = status
  if (contentType) response.setHeader('content-type', contentType)
  response.end(body)
}
