import type { ServerResponse } from 'node:http'
import { systemClock } from '../../lib/clock.ts'
import { createCalls } from '../../lib/deadline.ts'
import { SmsError } from '../../lib/errors.ts'
import type { WebhookReply, WebhookRequest } from '../../lib/provider.ts'
import { pathFault } from '../../lib/webhook-path.ts'
import type { PathFault } from '../../lib/webhook-path.ts'
import { readBody } from './body.ts'
import type { HttpRequest, NodeRedNode, Red } from './red.ts'
import { createProbes } from './webhook-probes.ts'
import type { Probe, Probes } from './webhook-probes.ts'

interface Webhook {
  readonly path: string
  /** The address of Node-RED's http nodes as seen from outside; empty: told from each request. */
  readonly publicUrl: string
  readonly answer: (request: WebhookRequest) => Promise<WebhookReply>
}

interface Mount {
  readonly webhooks: Map<string, Webhook & { readonly nodeId: string }>
  readonly probes: Probes
}

/** Routes cannot be taken off an express application, so one is put there once, with this behind it. */
const mounts = new WeakMap<object, Mount>()

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
  const { webhooks } = mountOf(RED)
  checkPath(path)
  if (webhooks.has(path)) throw new SmsError('SMS_CONFIG', `another provider has the webhook path «${path}» already`)
  webhooks.set(path, { ...webhook, nodeId: node.id })
  node.on('close', (_removed, done) => {
    webhooks.delete(path)
    done()
  })
}

/** Throws `SMS_CONFIG` for what can be no path of a webhook. */
export function checkPath(path: string): void {
  const fault = pathFault(path)
  if (fault) throw new SmsError('SMS_CONFIG', `the webhook path ${PATH_FAULTS[fault]}`)
}

const PATH_FAULTS = {
  path: 'may have letters, digits, - and _, up to 64',
  pathReserved: 'is that of a page of this package: choose another',
} as const satisfies Record<PathFault, string>

/** Begins a question to this path that only the mount answers; `servedBy` is the node that serves it, if any does. */
export function probeWebhook(RED: Red, path: string): Probe & { readonly servedBy: string | undefined } {
  const { webhooks, probes } = mountOf(RED)
  return { ...probes.begin(path), servedBy: webhooks.get(path)?.nodeId }
}

function mountOf({ httpNode: app }: Red): Mount {
  if (!app)
    throw new SmsError('SMS_CONFIG', 'webhooks need http nodes, and httpNodeRoot is false in the settings of Node-RED')
  const mounted = mounts.get(app)
  if (mounted) return mounted
  const mount: Mount = { webhooks: new Map(), probes: createProbes() }
  mounts.set(app, mount)
  const handle = (request: HttpRequest, response: ServerResponse) => {
    // Written once all requests of this turn are read: each write alone would wake its reader anew, which costs more
    // than all else in a burst.
    void answer(mount, request).then(reply => setImmediate(write, response, reply))
  }
  app.all('/sms/:path', handle)
  app.all('/sms/:path/:kind', handle)
  return mount
}

/** Never rejects; a stranger learns nothing but a status code. */
async function answer({ webhooks, probes }: Mount, request: HttpRequest): Promise<WebhookReply> {
  const proof =
    request.method === 'GET' ? probes.answer(request.params['path'] ?? '', request.query['probe']) : undefined
  if (proof !== undefined) return { status: 200, contentType: 'text/plain', body: proof }
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
