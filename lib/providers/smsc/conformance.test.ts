import { testProvider } from '../../../test/support/provider-cases.ts'
import type { ProviderCase, ProviderFixture } from '../../../test/support/provider-cases.ts'
import { CALLBACK_SECRET, LOGIN, PASSWORD, smscSettings } from '../../../test/support/smsc-account.ts'
import { createSmsc } from './index.ts'
import type { SmscSettings } from './index.ts'
import { numberOf } from './message-id.ts'

const API_KEY = 'an-api-key-that-nobody-may-see'
const ID = '01930000-0000-7000-8000-000000000001'
const NUMBER = numberOf(ID)
const PHONE = '380501112233'

const taken = (more: object = {}) => ({
  body: JSON.stringify({
    id: NUMBER,
    cnt: 1,
    cost: '2.50',
    balance: '97.50',
    phones: [{ phone: PHONE, mccmnc: '25501', cost: '2.50', status: '', error: '0' }],
    ...more,
  }),
})
const refused = (code: number, error = 'no') => ({ body: JSON.stringify({ error, error_code: code }) })

const fixture = (secrets: readonly string[], more: Partial<SmscSettings> = {}): ProviderFixture => ({
  make: ({ url }) => createSmsc(smscSettings({ apiUrl: `${url}/sys/`, ...more })),
  secrets,
  http: {
    taken: taken(),
    refused: refused(7, 'invalid number'),
    echoing: ({ body }) => refused(1, `${body} ${secrets.join(' ')}`),
    textIn: ({ body }) => new URLSearchParams(body).get('mes'),
  },
})

const PLAIN = {
  login: LOGIN,
  psw: PASSWORD,
  phones: `+${PHONE}`,
  mes: 'The door is open',
  id: String(NUMBER),
  op: '1',
  cost: '3',
  fmt: '3',
  charset: 'utf-8',
}
const RECEIPT = { providerMessageId: `${NUMBER}:${PHONE}`, parts: 1 }
const inAnHourMs = Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000

const sends = (title: string, message: ProviderCase['message'] & object, form: object): ProviderCase => ({
  title,
  message,
  request: { form: { ...PLAIN, ...form } },
})

const cases: readonly ProviderCase[] = [
  {
    title: 'posts a form, with the credentials in the body',
    request: {
      method: 'POST',
      path: '/sys/send.php',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      form: PLAIN,
    },
    receipt: RECEIPT,
  },
  sends('sends from a name', { from: 'Home Alarm' }, { sender: 'Home Alarm' }),
  sends('switches the default sender off', { from: '.' }, { sender: '.' }),
  sends('sends a flash message', { flash: true }, { flash: '1' }),
  sends('limits the validity, in hours and minutes', { validityMinutes: 90 }, { valid: '01:30' }),
  sends('limits the validity to a minute at least', { validityMinutes: 0.1 }, { valid: '00:01' }),
  sends('asks for no longer validity than there is', { validityMinutes: 10_000 }, { valid: '24:00' }),
  sends('sends at once what was to be sent by now', { sendAtMs: Date.now() - 1_000 }, {}),
  {
    title: 'lets SMSC hold a message',
    message: { sendAtMs: inAnHourMs },
    request: { form: { ...PLAIN, time: `0${inAnHourMs / 1_000}` } },
    receipt: { ...RECEIPT, state: 'scheduled' },
  },
  sends(
    'passes parameters on, never in place of what the contract has words for',
    { params: { tinyurl: true, maxsms: 2, viber: 1, subj: null, valid: '02:00' }, validityMinutes: 60 },
    { tinyurl: '1', maxsms: '2', viber: '1', valid: '01:00' },
  ),
  ...['psw', 'login', 'apikey', 'phones', 'list', 'mes', 'id', 'cost', 'fmt', 'charset', 'Subj'].map(
    (name): ProviderCase => ({
      title: `never sends with a parameter ${name}`,
      message: { params: { [name]: 'x' } },
      error: { code: 'SMS_REQUEST', retryable: false },
    }),
  ),
  {
    title: 'reads numbers as text and as numbers',
    reply: taken({ id: String(NUMBER), cnt: '3', phones: [] }),
    receipt: { ...RECEIPT, parts: 3 },
  },
  {
    title: 'takes a message that SMSC put out at once for failed',
    reply: taken({ phones: [{ phone: PHONE, status: '23', error: '253', cost: '0' }] }),
    error: { code: 'SMS_SEND', providerCode: 253, retryable: false },
  },
  {
    title: 'takes a number that SMSC left out for refused',
    reply: taken({ phones: [{ phone: PHONE, status: '', error: '249' }] }),
    error: { code: 'SMS_SEND', providerCode: 249, retryable: false },
  },
  { title: 'has an id, or is in doubt', reply: taken({ id: 0 }), error: { code: 'SMS_UNKNOWN' } },
  ...(
    [
      [1, 'SMS_REQUEST'],
      [2, 'SMS_AUTH'],
      [3, 'SMS_CREDIT'],
      [5, 'SMS_REQUEST'],
      [6, 'SMS_SEND'],
      [7, 'SMS_REQUEST'],
      [8, 'SMS_SEND'],
      [77, 'SMS_SEND'],
    ] as const
  ).map(([code, expected]): ProviderCase => ({
    title: `ends with ${expected} for SMSC's ${code}`,
    reply: refused(code),
    error: { code: expected, providerCode: code, retryable: false },
  })),
  {
    title: 'rests when the address is blocked',
    reply: refused(4),
    error: { code: 'SMS_AUTH', providerCode: 4, retryable: true, retryAfterMs: 300_000 },
  },
  {
    title: 'tries again when too many requests were under way',
    reply: refused(9, 'too many concurrent requests'),
    error: { code: 'SMS_LIMITS', providerCode: 9, retryable: true },
  },
  {
    title: 'is in doubt when it was sent a moment ago and cannot be asked about',
    reply: refused(9, 'duplicate request, wait a minute'),
    error: { code: 'SMS_UNKNOWN', retryable: false },
  },
  { title: 'knows a refusal without JSON', reply: { status: 403, body: '<html>' }, error: { code: 'SMS_AUTH' } },
  { title: 'takes a request that took too long for doubtful', reply: { status: 408 }, error: { code: 'SMS_UNKNOWN' } },
  {
    title: 'believes no refusal of a server that has a fault',
    reply: { ...refused(7), status: 500 },
    error: { code: 'SMS_UNKNOWN' },
  },
]

testProvider('sms-smsc', fixture([PASSWORD, CALLBACK_SECRET]), cases)

const key = { login: undefined, password: undefined, apiKey: API_KEY }
const { login: _login, psw: _psw, ...UNSIGNED } = PLAIN

testProvider('sms-smsc with an API key', fixture([API_KEY, CALLBACK_SECRET], key), [
  { title: 'signs in with the key', request: { form: { apikey: API_KEY, ...UNSIGNED } } },
])

testProvider('sms-smsc with a sender and translit', fixture([PASSWORD], { sender: 'Home', translit: '1' }), [
  {
    title: 'sends from it',
    request: { form: { ...PLAIN, sender: 'Home', translit: '1' } },
    receipt: { ...RECEIPT, from: 'Home' },
  },
  sends('lets a message choose', { from: '.', params: { translit: 2 } }, { sender: '.', translit: '2' }),
])
