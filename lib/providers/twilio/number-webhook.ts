import { SmsError } from '../../errors.ts'
import type { HttpClient } from '../../http.ts'
import type { Account } from './account.ts'
import { createApi } from './api.ts'
import type { Api, Reply } from './api.ts'

/** What Twilio does with a message that comes in for the account's sender. */
export interface NumberWebhook {
  /** The number as Twilio writes it, or the name of the messaging service. */
  readonly sender: string
  readonly kind: 'number' | 'service'
  /** What it calls at present; empty: nothing. An application (`AP…`) has addresses of its own, and goes before. */
  readonly present: string
  /** What it would have to call. */
  readonly wanted: string
  readonly isSet: boolean
  /** The service leaves it to each of its numbers, and calls nothing itself. */
  readonly perNumber?: true
}

/** Reads and sets where Twilio takes messages for the account's sender. Both throw `SmsError`. */
export interface NumberWebhooks {
  read(signal: AbortSignal): Promise<NumberWebhook>
  /** Sets it, unless what is called is not `present` any more: then somebody else has just changed it. */
  set(present: string, signal: AbortSignal): Promise<NumberWebhook>
}

/**
 * By default Twilio tries once, and again only if nothing answers in time; so it tries three times, also when Node-RED
 * or what stands before it answers with a fault. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
const RETRIES = '#rc=3&rp=5xx,ct,rt'

export function createNumberWebhooks(
  account: Account,
  http: HttpClient,
  api: Api,
  nowMs: () => number,
): NumberWebhooks {
  const services = createApi(account, http, nowMs, `${messagingOrigin(account.origin)}/v1/Services/`)

  async function find(signal: AbortSignal): Promise<Found> {
    const { callbackUrl } = account
    if (callbackUrl === undefined)
      throw new SmsError('SMS_CONFIG', 'the address of the webhook is not known: enter the public URL')
    const wanted = callbackUrl + RETRIES
    const { kind, value } = account.from ?? { kind: undefined, value: '' }
    if (kind === 'service') return { api: services, wanted, ...SERVICE, ...(await service(services, value, signal)) }
    if (kind === 'number' && /^\+\d+$/.test(value))
      return { api, wanted, ...NUMBER, ...(await number(api, value, signal)) }
    throw new SmsError('SMS_UNSUPPORTED', kind === undefined ? NO_SENDER : NO_NUMBER)
  }

  return {
    async read(signal) {
      return shown(await find(signal))
    },
    async set(present, signal) {
      const found = await find(signal)
      if (shown(found).present !== present)
        throw new SmsError('SMS_REQUEST', 'the webhook was changed at Twilio meanwhile: look at it again')
      const { body } = await changing(() =>
        found.api.post(found.path, new URLSearchParams(found.form(found.wanted)), signal),
      )
      const changed = shown({ ...found, body })
      if (!changed.isSet) throw new SmsError('SMS_PROVIDER', 'Twilio took the webhook and does not show it')
      return changed
    },
  }
}

/** One of Twilio's two kinds of resource that have a webhook for messages. */
interface Resource {
  readonly kind: NumberWebhook['kind']
  /** What of it is called. */
  present(body: Reply['body']): string
  form(wanted: string): Record<string, string>
}

interface Found extends Resource {
  readonly api: Api
  readonly wanted: string
  readonly path: string
  readonly body: Reply['body']
}

// https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
const NUMBER: Resource = {
  kind: 'number',
  // With an application, Twilio ignores the number's own addresses.
  present: body => textOf(body['sms_application_sid']) || textOf(body['sms_url']),
  form: wanted => ({ SmsUrl: wanted, SmsMethod: 'POST', SmsApplicationSid: '' }),
}

// https://www.twilio.com/docs/messaging/api/service-resource
const SERVICE: Resource = {
  kind: 'service',
  present: body => textOf(body['inbound_request_url']),
  form: wanted => ({ InboundRequestUrl: wanted, InboundMethod: 'POST', UseInboundWebhookOnNumber: 'false' }),
}

async function number(api: Api, value: string, signal: AbortSignal): Promise<Pick<Found, 'path' | 'body'>> {
  const { body } = await api.get(`IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(value)}`, signal)
  const all = body['incoming_phone_numbers']
  // Twilio takes the parameter for a pattern too.
  const found = (Array.isArray(all) ? all : []).find((each: Reply['body']) => each?.['phone_number'] === value) as
    | Reply['body']
    | undefined
  const sid = textOf(found?.['sid'])
  if (!found || sid === '') throw new SmsError('SMS_REQUEST', `the account has no number ${value}`)
  return { path: `IncomingPhoneNumbers/${encodeURIComponent(sid)}.json`, body: found }
}

async function service(api: Api, sid: string, signal: AbortSignal): Promise<Pick<Found, 'path' | 'body'>> {
  const { body } = await api.get(sid, signal)
  return { path: sid, body }
}

function shown({ kind, body, wanted, present }: Found): NumberWebhook {
  const called = present(body)
  const perNumber = kind === 'service' && body['use_inbound_webhook_on_number'] === true
  const method = textOf(body[kind === 'number' ? 'sms_method' : 'inbound_method'])
  return {
    kind,
    sender: textOf(body[kind === 'number' ? 'phone_number' : 'friendly_name']) || textOf(body['sid']),
    present: called,
    wanted,
    // Other retries are the user's own choice.
    isSet: !perNumber && withoutRetries(called) === withoutRetries(wanted) && method.toUpperCase() !== 'GET',
    ...(perNumber && { perNumber }),
  }
}

/** An API call whose answer is lost may have been done; nothing is texted by it, so that is no doubt about a message. */
async function changing<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof SmsError) || error.code !== 'SMS_UNKNOWN') throw error
    throw new SmsError('SMS_SERVER', 'Twilio did not say whether it set the webhook: look at it again')
  }
}

/** Each of Twilio's products has a host of its own; anything else, as a simulation, is one for all: an origin for an origin. */
export function messagingOrigin(origin: string): string {
  return origin.replace(/^https:\/\/api\.((?:[a-z0-9-]+\.)*twilio\.com)$/, 'https://messaging.$1')
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const withoutRetries = (url: string): string => url.replace(/#.*$/, '')

const NO_SENDER =
  'enter a number or a messaging service as the sender: it is what people text, and what the webhook belongs to'
const NO_NUMBER =
  'only the webhook of a phone number or of a messaging service can be set from here: set that of this sender at Twilio'
