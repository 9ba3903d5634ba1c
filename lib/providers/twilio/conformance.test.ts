import { testProvider } from '../../../test/support/provider-cases.ts'
import type { ProviderCase, ProviderFixture } from '../../../test/support/provider-cases.ts'
import { createTwilio } from './index.ts'
import type { TwilioSettings } from './index.ts'

const ACCOUNT = 'AC0123456789abcdef0123456789abcdef'
const SERVICE = 'MG0123456789abcdef0123456789abcdef'
const SID = 'SM00000000000000000000000000000001'
const TOKEN = 'the-auth-token-that-nobody-may-see'
const API_KEY = 'SK0123456789abcdef0123456789abcdef'
const API_SECRET = 'the-api-secret-that-nobody-may-see'
const basic = (user: string, password: string) => Buffer.from(`${user}:${password}`).toString('base64')

const settings = (url: string): TwilioSettings => ({
  name: 'Cloud',
  accountSid: ACCOUNT,
  authToken: TOKEN,
  from: '+15005550006',
  receive: 'poll',
  callbackUrl: 'https://home.example.org/sms/s3cr3tpath',
  apiUrl: url,
})

const created = (more: object = {}, status = 201) => ({
  status,
  body: JSON.stringify({ sid: SID, status: 'queued', direction: 'outbound-api', num_segments: '1', ...more }),
})
const refused = (code: number, status = 400) => ({
  status,
  body: JSON.stringify({ code, message: 'No.', more_info: `https://www.twilio.com/docs/errors/${code}`, status }),
})

/** A fixture whose carrier speaks as Twilio does, and quotes whatever it knows when it refuses. */
const fixture = (secrets: readonly string[], more: Partial<TwilioSettings>): ProviderFixture => ({
  make: ({ url }) => createTwilio({ ...settings(url), ...more }),
  secrets,
  http: {
    taken: created(),
    refused: refused(21211),
    echoing: ({ headers, body }) => ({
      status: 400,
      body: JSON.stringify({ code: 21211, message: JSON.stringify([secrets, headers, body]) }),
    }),
    textIn: ({ body }) => new URLSearchParams(body).get('Body'),
  },
})

const ID = '01930000-0000-7000-8000-000000000001'
const PLAIN = {
  To: '+380501112233',
  From: '+15005550006',
  Body: 'The door is open',
  StatusCallback: `https://home.example.org/sms/s3cr3tpath/status?id=${ID}#rc=3&rp=5xx,ct,rt`,
}
const inAnHourMs = Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000

const cases: readonly ProviderCase[] = [
  {
    title: 'posts a form with basic authentication',
    request: {
      method: 'POST',
      path: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
      headers: {
        authorization: `Basic ${basic(ACCOUNT, TOKEN)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      form: PLAIN,
    },
    receipt: { providerMessageId: SID, state: 'accepted', parts: 1 },
  },
  {
    title: 'asks for no report that nobody wants',
    message: { deliveryReport: false },
    request: { form: { To: PLAIN.To, From: PLAIN.From, Body: PLAIN.Body } },
  },
  {
    title: 'sends from a messaging service, and takes its silence about parts and sender for that',
    message: { from: SERVICE },
    reply: created({ status: 'accepted', num_segments: '0', from: null, messaging_service_sid: SERVICE }),
    request: {
      form: {
        To: PLAIN.To,
        MessagingServiceSid: SERVICE,
        Body: PLAIN.Body,
        StatusCallback: PLAIN.StatusCallback,
      },
    },
    receipt: { providerMessageId: SID, state: 'accepted' },
  },
  {
    title: 'sends from a name',
    message: { from: 'Home Alarm' },
    request: { form: { ...PLAIN, From: 'Home Alarm' } },
  },
  {
    title: 'sends media, with or without a text',
    message: { text: '', mediaUrls: ['https://example.org/a.jpg', 'https://example.org/b.jpg'] },
    reply: created({ sid: SID.replace('SM', 'MM') }),
    request: {
      form: {
        To: PLAIN.To,
        From: PLAIN.From,
        StatusCallback: PLAIN.StatusCallback,
        MediaUrl: ['https://example.org/a.jpg', 'https://example.org/b.jpg'],
      },
    },
    receipt: { providerMessageId: SID.replace('SM', 'MM'), state: 'accepted', parts: 1 },
  },
  {
    title: 'limits the validity, in seconds',
    message: { validityMinutes: 5 },
    request: { form: { ...PLAIN, ValidityPeriod: '300' } },
  },
  {
    title: 'asks for no longer validity than there is',
    message: { validityMinutes: 24 * 60 },
    request: { form: { ...PLAIN, ValidityPeriod: '36000' } },
  },
  {
    title: 'lets a messaging service hold a message',
    message: { from: SERVICE, sendAtMs: inAnHourMs, deliveryReport: false },
    reply: created({ status: 'scheduled' }),
    request: {
      form: {
        To: PLAIN.To,
        MessagingServiceSid: SERVICE,
        Body: PLAIN.Body,
        ScheduleType: 'fixed',
        SendAt: new Date(inAnHourMs).toISOString().replace('.000', ''),
      },
    },
    receipt: { providerMessageId: SID, state: 'scheduled', parts: 1 },
  },
  {
    title: 'sends at once what was to be sent by now',
    message: { from: SERVICE, sendAtMs: Date.now() - 1_000, deliveryReport: false },
    request: { form: { To: PLAIN.To, MessagingServiceSid: SERVICE, Body: PLAIN.Body } },
  },
  {
    title: 'passes parameters on, never in place of its own',
    message: {
      params: { To: '+1', Body: 'x', ProvideFeedback: true, Attempt: 2, PersistentAction: ['a', 'b'], Nothing: null },
    },
    request: {
      form: { ...PLAIN, ProvideFeedback: 'true', Attempt: '2', PersistentAction: ['a', 'b'] },
    },
  },
  {
    title: 'reads sender, parts and price',
    reply: created({ from: '+15005550006', num_segments: '3', price: '-0.02250', price_unit: 'usd' }),
    receipt: {
      providerMessageId: SID,
      state: 'accepted',
      from: '+15005550006',
      parts: 3,
      price: { amount: '0.02250', currency: 'USD' },
    },
  },
  ...(
    [
      [20003, 401, 'SMS_AUTH'],
      [21211, 400, 'SMS_REQUEST'],
      [21266, 400, 'SMS_REQUEST'],
      [21408, 403, 'SMS_UNSUPPORTED'],
      [21608, 400, 'SMS_UNSUPPORTED'],
      [21610, 400, 'SMS_OPTED_OUT'],
      [21999, 400, 'SMS_REQUEST'],
      [30034, 400, 'SMS_SEND'],
      [35114, 400, 'SMS_REQUEST'],
      [99999, 400, 'SMS_SEND'],
    ] as const
  ).map(([code, status, expected]): ProviderCase => ({
    title: `ends with ${expected} for Twilio's ${code}`,
    reply: refused(code, status),
    error: { code: expected, providerCode: code, retryable: false },
  })),
  {
    title: 'waits for a queue that is full',
    reply: refused(21611),
    error: { code: 'SMS_LIMITS', providerCode: 21611, retryable: true },
  },
  {
    title: 'does not wait for tomorrow',
    reply: refused(63038, 429),
    error: { code: 'SMS_LIMITS', providerCode: 63038, retryable: false },
  },
  { title: 'knows a refusal of the credentials without JSON', reply: { status: 401 }, error: { code: 'SMS_AUTH' } },
  {
    title: 'takes a request that took too long for doubtful',
    reply: { status: 408 },
    error: { code: 'SMS_UNKNOWN' },
  },
  {
    title: 'keeps the code of a fault',
    reply: refused(20500, 500),
    error: { code: 'SMS_UNKNOWN', providerCode: 20500 },
  },
  {
    title: 'takes a message that failed at once for failed',
    reply: created({ status: 'failed', error_code: 30034 }),
    error: { code: 'SMS_SEND', providerCode: 30034, retryable: false },
  },
]

testProvider('sms-twilio', fixture([TOKEN, basic(ACCOUNT, TOKEN)], {}), cases)

const key = { apiKeySid: API_KEY, apiKeySecret: API_SECRET }
const keySecrets = [API_SECRET, basic(API_KEY, API_SECRET)]

testProvider('sms-twilio with an API key', fixture([TOKEN, ...keySecrets], key), [
  {
    title: 'signs in with the key, to the account',
    request: {
      path: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
      headers: { authorization: `Basic ${basic(API_KEY, API_SECRET)}` },
    },
  },
])

testProvider('sms-twilio with an API key alone', fixture(keySecrets, { ...key, authToken: undefined }), [
  {
    title: 'asks for no callback, as it could not verify it',
    request: { form: { To: PLAIN.To, From: PLAIN.From, Body: PLAIN.Body } },
  },
])
