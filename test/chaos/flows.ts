/** The account that all messages of the chaos go through; made up. */
export const ACCOUNT_SID = `AC${'c'.repeat(32)}`
export const AUTH_TOKEN = 'a-token-of-the-chaos'
export const OWN_NUMBER = '+15550006666'
export const WEBHOOK_PATH = 'hook'

/** Where Node-RED is told what to send, and asked what it has. */
export const SEND_PATH = '/send'
export const HISTORY_PATH = '/history'

/** What is posted to `SEND_PATH`; answered 2xx when the message was accepted, or stored to be sent `sendInMs` later. */
export interface SendRequest {
  readonly key: string
  readonly to: string
  readonly text: string
  readonly sendInMs: number
}

/**
 * The flow under test: over HTTP to `sms out` and back, what `sms in` and `sms status` say into the book, and `sms
 * history` over HTTP. The books stand right behind their nodes, as a flow message on its way is in memory only.
 */
export const flows = (urls: { readonly apiUrl: string; readonly publicUrl: string }): readonly object[] => [
  { id: 'tab', type: 'tab', label: 'Chaos' },
  {
    id: 'account',
    type: 'sms-twilio',
    name: 'Cloud',
    accountSid: ACCOUNT_SID,
    from: OWN_NUMBER,
    receive: 'webhook',
    path: WEBHOOK_PATH,
    ...urls,
    credentials: { authToken: AUTH_TOKEN },
  },

  node('send', 'http in', { url: SEND_PATH, method: 'post' }, ['order']),
  code('order', ORDER, ['out']),
  node('out', 'sms out', { provider: 'account' }, ['answer']),
  node('failed', 'catch', { scope: ['order', 'out'] }, ['refuse']),
  code('refuse', 'return { ...msg, statusCode: 503, payload: msg.error }', ['answer']),

  node('ask', 'http in', { url: HISTORY_PATH, method: 'get' }, ['question']),
  code('question', 'return { ...msg, ...msg.payload }', ['history']),
  node('history', 'sms history', { limit: 1000 }, ['answer']),
  node('answer', 'http response', {}),

  node('in', 'sms in', { provider: 'account' }, ['came']),
  node('came', 'chaos book', { about: 'in' }),
  node('status', 'sms status', { provider: 'account', listen: 'deliveries' }, ['became']),
  node('became', 'chaos book', { about: 'status' }),
]

const ORDER = `
const { key, to, text, sendInMs } = msg.payload
const sendAt = sendInMs > 0 ? { sendAt: Date.now() + sendInMs } : {}
return { ...msg, to, payload: text, smsOptions: { idempotencyKey: key, ref: { key }, ...sendAt } }
`

function node(id: string, type: string, properties: object, next: readonly string[] = []): object {
  return { id, type, z: 'tab', x: 0, y: 0, wires: [next], ...properties }
}

function code(id: string, func: string, next: readonly string[]): object {
  return node(id, 'function', { func, outputs: 1, libs: [], initialize: '', finalize: '' }, next)
}
