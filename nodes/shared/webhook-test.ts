import { SmsError } from '../../lib/errors.ts'
import { createHttpClient } from '../../lib/http.ts'
import type { HttpClient } from '../../lib/http.ts'
import { onPost } from './admin.ts'
import type { Given } from './admin.ts'
import { withEnvironment } from './environment.ts'
import { text } from './property.ts'
import type { Red } from './red.ts'
import { callbackUrl, checkPath, probeWebhook } from './webhooks.ts'

/** What was found at a webhook's address, as seen from here. */
type WebhookFinding =
  /** This Node-RED, where the node serves the path. */
  | { readonly is: 'reached' }
  /** This Node-RED, where it does not, or not for this node. */
  | { readonly is: 'undeployed' }
  /** Somebody else, who answers this status. */
  | { readonly is: 'elsewhere'; readonly status: number }
  | { readonly is: 'unreachable'; readonly reason: string }

const ANSWER_MS = 10_000
/** Our own answer has 32 characters; a web server's page is of no interest. */
const MOST_BYTES = 100_000

/** Lets dialogs find out where a webhook's address leads: `POST sms/webhook/test` with `{ id, publicUrl, path }`. */
export function offerWebhookTest(RED: Red): void {
  onPost(RED, '/sms/webhook/test', async given => {
    const http = createHttpClient({ connectTimeoutMs: ANSWER_MS / 2 })
    try {
      return await testWebhook(RED, given, http)
    } finally {
      await http.close()
    }
  })
}

async function testWebhook(RED: Red, given: Given, http: HttpClient): Promise<WebhookFinding> {
  const id = text(given['id'])
  const settings = withEnvironment(RED, given, RED.nodes.getNode(id) ?? undefined)
  const path = text(settings['path'])
  checkPath(path)
  const url = callbackUrl(text(settings['publicUrl']), path)
  if (url === undefined) throw new SmsError('SMS_CONFIG', 'the public address is missing')

  const probe = probeWebhook(RED, path)
  try {
    const { status, text: answered } = await http.request({
      method: 'GET',
      url: `${url}?probe=${probe.question}`,
      repeatable: true,
      timeoutMs: ANSWER_MS,
      maxBytes: MOST_BYTES,
    })
    if (status !== 200 || answered.trim() !== probe.answer) return { is: 'elsewhere', status }
    return { is: probe.servedBy === id ? 'reached' : 'undeployed' }
  } catch (thrown) {
    // Whatever is so long is no answer of ours.
    if (thrown instanceof SmsError && thrown.code === 'SMS_PROVIDER') return { is: 'elsewhere', status: 200 }
    if (thrown instanceof SmsError && thrown.code === 'SMS_CONNECTION')
      return { is: 'unreachable', reason: thrown.message }
    throw thrown
  } finally {
    probe.end()
  }
}
