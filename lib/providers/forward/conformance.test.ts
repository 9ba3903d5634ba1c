import { testProvider } from '../../../test/support/provider-cases.ts'
import type { ProviderCase, ProviderFixture } from '../../../test/support/provider-cases.ts'
import { createForwardClient } from './index.ts'
import type { ForwardClientSettings } from './index.ts'

const PASSWORD = 'the-password-that-nobody-may-see'
const CALLBACK = 'the-callback-password-that-nobody-may-see'
const basic = (user: string, password: string) => Buffer.from(`${user}:${password}`).toString('base64')

const message = (more: object = {}) => ({
  '?': [
    'OutgoingMessage',
    {
      src: null,
      dst: '380501112233',
      body: 'The door is open',
      provider: 'lo',
      provider_options: { '?': ['OutgoingMessageOptions', {}] },
      provider_params: {},
      msgid: '1',
      ...more,
    },
  ],
})
const taken = (more: object = {}, sms?: object) => ({ body: JSON.stringify({ message: message(more), sms }) })
const error = (name: string, args: unknown[], sms?: object) => ({
  status: 500,
  body: JSON.stringify({ error: { '?E': [name, args] }, sms }),
})

const fixture = (
  secrets: readonly string[],
  more: (url: string) => Partial<ForwardClientSettings>,
): ProviderFixture => ({
  make: ({ url }) =>
    createForwardClient({
      name: 'Remote',
      serverUrl: `${url}/sms/fwd`,
      callbackUser: 'server',
      callbackPassword: CALLBACK,
      ...more(url),
    }),
  secrets: [CALLBACK, ...secrets],
  http: {
    taken: taken(),
    refused: error('RequestError', ['No.']),
    echoing: ({ headers, body }) => error('AuthError', [JSON.stringify([secrets, headers, body])]),
    textIn: ({ body }) => (JSON.parse(body) as { message: { '?': [string, { body: string }] } }).message['?'][1].body,
  },
})

const ID = '01930000-0000-7000-8000-000000000001'
const asked = (attributes: object, options: object, sms: object = {}) => ({
  message: {
    '?': [
      'OutgoingMessage',
      {
        src: null,
        dst: '380501112233',
        body: 'The door is open',
        provider: 'Remote',
        provider_options: { '?': ['OutgoingMessageOptions', options] },
        provider_params: {},
        ...attributes,
      },
    ],
  },
  sms: { id: ID, to: '+380501112233', ...sms },
})

const cases: readonly ProviderCase[] = [
  {
    title: 'posts the message as smsframework does, with basic authentication',
    request: {
      method: 'POST',
      path: '/sms/fwd/im',
      headers: { authorization: `Basic ${basic('client', PASSWORD)}`, 'content-type': 'application/json' },
      json: asked({}, { status_report: true }),
    },
    receipt: { providerMessageId: '1', state: 'accepted', raw: { provider: 'lo' } },
  },
  {
    title: 'says what smsframework has an option for, and the rest beside',
    message: {
      from: 'Alarm',
      deliveryReport: false,
      allowReply: false,
      validityMinutes: 5,
      flash: true,
      transliterate: true,
      encoding: 'ucs2',
      mediaUrls: ['https://example.org/a.jpg'],
      params: { a: 1 },
    },
    request: {
      json: asked(
        { src: 'Alarm', provider_params: { a: 1 } },
        { senderId: 'Alarm', expires: 5, allow_reply: false },
        { flash: true, transliterate: true, encoding: 'ucs2', mediaUrls: ['https://example.org/a.jpg'] },
      ),
    },
  },
  {
    title: "says the category as smsframework's values for routing",
    message: { category: 'users/notification' },
    request: { json: asked({ routing_values: ['users', 'notification'] }, { status_report: true }) },
  },
  {
    title: 'reads what a server of ours tells',
    reply: taken(
      { msgid: '0193', provider: 'Modem' },
      {
        state: 'delivered',
        from: '+12025550100',
        parts: 2,
        encoding: 'ucs2',
        price: { amount: '0.1', currency: 'EUR' },
      },
    ),
    receipt: {
      providerMessageId: '0193',
      state: 'delivered',
      from: '+12025550100',
      parts: 2,
      encoding: 'ucs2',
      price: { amount: '0.1', currency: 'EUR' },
      raw: { provider: 'Modem' },
    },
  },
  {
    title: 'takes what waits in the queue of the server for accepted',
    reply: taken({}, { state: 'queued' }),
    receipt: { providerMessageId: '1', state: 'accepted', raw: { provider: 'lo' } },
  },
  ...(
    [
      ['ConnectionError', 'SMS_CONNECTION', true],
      ['RequestError', 'SMS_REQUEST', false],
      ['UnsupportedError', 'SMS_UNSUPPORTED', false],
      // Also raised where smsframework cannot read what the server behind it answered.
      ['ServerError', 'SMS_SERVER', false],
      ['AuthError', 'SMS_AUTH', false],
      ['LimitsError', 'SMS_LIMITS', true],
      ['CreditError', 'SMS_CREDIT', false],
      ['MessageSendError', 'SMS_SEND', false],
      ['ProviderError', 'SMS_PROVIDER', false],
    ] as const
  ).map(([name, code, retryable]): ProviderCase => ({
    title: `ends with ${code} for a ${name}`,
    reply: error(name, ['No.']),
    error: { code, retryable },
  })),
  {
    title: 'tells the name of an exception that is none of smsframework',
    reply: error('OverflowError', []),
    error: { code: 'SMS_PROVIDER', providerCode: 'OverflowError', retryable: false },
  },
  {
    title: 'takes an error with 200 for an error',
    reply: { ...error('CreditError', ['No.']), status: 200 },
    error: { code: 'SMS_CREDIT' },
  },
  {
    title: 'takes the exact code of a server of ours',
    reply: error('MessageSendError', ['No.'], { code: 'SMS_OPTED_OUT', retryable: false, providerCode: 21610 }),
    error: { code: 'SMS_OPTED_OUT', providerCode: 21610, retryable: false },
  },
  {
    title: 'waits as long as a server of ours says',
    reply: error('LimitsError', ['No.'], { code: 'SMS_LIMITS', retryable: true, retryAfterMs: 5_000 }),
    error: { code: 'SMS_LIMITS', retryable: true, retryAfterMs: 5_000 },
  },
  {
    title: 'takes a fault of the remote store for one of the server: nothing was taken',
    reply: error('ServerError', ['No.'], { code: 'SMS_STORE', retryable: false }),
    error: { code: 'SMS_SERVER', retryable: true },
  },
  { title: 'knows a refused login', reply: { status: 401 }, error: { code: 'SMS_AUTH', retryable: false } },
  {
    title: 'waits where no server is yet',
    reply: { status: 404 },
    error: { code: 'SMS_CONNECTION', retryable: true },
  },
  {
    title: 'takes the error of a proxy for doubt',
    reply: { status: 502, body: '{"error":"bad gateway"}' },
    error: { code: 'SMS_UNKNOWN' },
  },
]

const login = { user: 'client', password: PASSWORD }
const secrets = [PASSWORD, basic('client', PASSWORD)]

testProvider(
  'sms-forward-client',
  fixture(secrets, () => login),
  cases,
)

const inUrl = (url: string) => ({
  serverUrl: `${url.replace('//', `//client:${encodeURIComponent(`${PASSWORD}@?`)}@`)}/sms/fwd/`,
})
testProvider(
  'sms-forward-client with the login in the address',
  fixture([`${PASSWORD}@?`, basic('client', `${PASSWORD}@?`)], inUrl),
  [
    {
      title: 'shows it, and keeps it out of the address',
      request: { path: '/sms/fwd/im', headers: { authorization: `Basic ${basic('client', `${PASSWORD}@?`)}` } },
    },
  ],
)
