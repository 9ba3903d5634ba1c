import { httpSettings } from '../../../test/support/http-account.ts'
import { testProvider } from '../../../test/support/provider-cases.ts'
import type { ProviderCase, ProviderFixture } from '../../../test/support/provider-cases.ts'
import { createHttp } from './index.ts'
import type { HttpSettings } from './index.ts'

const KEY = 'the-key-that-nobody-may-see'
const PASSWORD = 'the password & that "nobody" may see'
const SECRETS = { key: KEY, user: 'anna', password: PASSWORD }
const BASIC = Buffer.from(`anna:${PASSWORD}`).toString('base64')
const WEBHOOK_SECRET = 'the-webhook-secret-that-nobody-may-see'

const taken = { status: 200, body: '{ "ok": true, "id": "m1" }' }

/** A fixture whose carrier quotes whatever it knows when it refuses. */
const fixture = (
  more: Partial<HttpSettings>,
  textIn: NonNullable<ProviderFixture['http']>['textIn'],
  serverFault?: 'SMS_SERVER',
): ProviderFixture => ({
  make: ({ url }) =>
    createHttp(
      httpSettings({
        url: `${url}/send`,
        secrets: SECRETS,
        webhookSecret: WEBHOOK_SECRET,
        statusUrl: `${url}/{{id}}`,
        statusPath: 'state',
        ...more,
      }),
    ),
  secrets: [KEY, PASSWORD, BASIC, WEBHOOK_SECRET],
  http: {
    taken,
    refused: { body: '{ "ok": false, "error": { "code": 17 } }' },
    echoing: ({ headers, body, path }) => ({
      body: JSON.stringify({
        ok: false,
        error: { code: KEY },
        echo: JSON.stringify([SECRETS, WEBHOOK_SECRET, headers, body, path]),
      }),
    }),
    textIn,
    ...(serverFault && { serverFault }),
  },
})

const ID = '01930000-0000-7000-8000-000000000001'
const isRefused = (status: number, code: 'SMS_REQUEST' | 'SMS_AUTH' | 'SMS_CREDIT'): ProviderCase => ({
  title: `takes ${status} for ${code}`,
  reply: { status, body: 'no' },
  error: { code, retryable: false },
})

testProvider(
  'sms-http with JSON',
  fixture(
    {
      headers: 'X-Key: {{secret.key}}\nAuthorization: Basic {{basic}}',
      body: '{ "to": "{{to}}", "text": "{{text}}", "id": "{{id}}", "ttl": {{validityMinutes}}, "unicode": {{encoding|gsm7=false|ucs2=true}} }',
      errorCodes: '21 = SMS_LIMITS\n22 = SMS_SERVER\n23 = SMS_OPTED_OUT',
      receive: 'webhook',
      path: 'abcdefghijklmnop',
    },
    ({ body }) => (JSON.parse(body) as { text: string }).text,
  ),
  [
    {
      title: 'sends what the template says',
      message: { validityMinutes: 4.6, text: 'ß' },
      request: {
        method: 'POST',
        path: '/send',
        headers: { 'x-key': KEY, authorization: `Basic ${BASIC}`, 'content-type': 'application/json' },
        json: { to: '+380501112233', text: 'ß', id: ID, ttl: 5, unicode: false },
      },
      receipt: { providerMessageId: 'm1' },
    },
    isRefused(400, 'SMS_REQUEST'),
    isRefused(404, 'SMS_REQUEST'),
    isRefused(422, 'SMS_REQUEST'),
    isRefused(401, 'SMS_AUTH'),
    isRefused(403, 'SMS_AUTH'),
    isRefused(402, 'SMS_CREDIT'),
    { title: 'takes 408 for doubtful', reply: { status: 408 }, error: { code: 'SMS_UNKNOWN' } },
    {
      title: 'takes what does not meet the condition for a refusal, with the words of the carrier as reason',
      reply: { body: '{ "ok": false, "error": { "code": 17 } }' },
      error: { code: 'SMS_SEND', providerCode: '17', retryable: false },
    },
    {
      title: 'understands a limit the carrier tells of in its own way',
      reply: { body: '{ "ok": false, "error": { "code": 21 } }', headers: { 'retry-after': '3' } },
      error: { code: 'SMS_LIMITS', providerCode: '21', retryable: true, retryAfterMs: 3_000 },
    },
    {
      title: 'understands that nothing was taken, also with a 500',
      reply: { status: 500, body: '{ "error": { "code": "22" } }' },
      error: { code: 'SMS_SERVER', providerCode: '22', retryable: true },
    },
    {
      title: 'understands that somebody opted out',
      reply: { status: 400, body: '{ "error": { "code": "23" } }' },
      error: { code: 'SMS_OPTED_OUT', providerCode: '23', retryable: false },
    },
    {
      title: 'doubts an answer without the id',
      reply: { body: '{ "ok": true }' },
      error: { code: 'SMS_UNKNOWN' },
    },
  ],
)

testProvider(
  'sms-http with a form',
  fixture(
    {
      contentType: 'form',
      body: 'key={{secret.key}}&password={{secret.password}}&to={{toNoPlus}}&from={{from}}&text={{text}}',
      from: 'Alarm',
      serverErrors: 'retry',
    },
    ({ body }) => new URLSearchParams(body).get('text'),
    'SMS_SERVER',
  ),
  [
    {
      title: 'sends a form, from the sender of the account',
      request: {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        form: { key: KEY, password: PASSWORD, to: '380501112233', from: 'Alarm', text: 'The door is open' },
      },
    },
    {
      title: 'sends from the sender of the message',
      message: { from: '+15550001111' },
      request: {
        form: { key: KEY, password: PASSWORD, to: '380501112233', from: '+15550001111', text: 'The door is open' },
      },
    },
  ],
)

testProvider(
  'sms-http with everything in the URL',
  {
    ...fixture({}, ({ path }) => new URL(path, 'http://h').searchParams.get('text')),
    make: ({ url }) =>
      createHttp(
        httpSettings({
          method: 'get',
          url: `${url}/sms?user={{secret.user}}&key={{secret.key}}&to={{to}}&text={{text}}`,
          secrets: SECRETS,
        }),
      ),
  },
  [
    {
      title: 'sends a GET without a body',
      request: { method: 'GET', path: `/sms?user=anna&key=${KEY}&to=%2B380501112233&text=The%20door%20is%20open` },
    },
  ],
)
