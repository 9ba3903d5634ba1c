import { SmsError } from '../../errors.ts'

export interface TwilioSettings {
  readonly name: string
  readonly accountSid: string
  /** Signs in, and verifies webhooks, which an API key cannot. */
  readonly authToken?: string | undefined
  /** Signs in instead of the auth token where both parts are given. */
  readonly apiKeySid?: string | undefined
  readonly apiKeySecret?: string | undefined
  /** A number, a short code, an alphanumeric sender, or a messaging service (`MG…`). */
  readonly from?: string | undefined
  /** Recipients of a message that names none. */
  readonly to?: string | undefined
  /** `webhook` also reads the list at start and every ten minutes, for what was missed. */
  readonly receive: 'webhook' | 'poll' | 'off'
  /** Where Twilio reaches us, `…/sms/<path>`; without it, reports are asked for. */
  readonly callbackUrl?: string | undefined
  /** Between two polls; 30 by default, 5 at least. */
  readonly pollSeconds?: number | undefined
  /** The API's origin; a region's is e.g. `https://api.dublin.ie1.twilio.com`. */
  readonly apiUrl?: string | undefined
  readonly ratePerSecond?: number | undefined
  readonly defaultCountry?: string | undefined
  /** Whether a list of those who opted out is kept here, beside Twilio's own (21610); on by default. */
  readonly optOut?: boolean | undefined
}

/** Settings that were checked and read. */
export interface Account {
  readonly sid: string
  readonly authToken: string | undefined
  /** The value of the `Authorization` header. */
  readonly authorization: string
  /** What must never be shown. */
  readonly secrets: readonly string[]
  readonly origin: string
  readonly from: Sender | undefined
  /** Set only where a status callback could be verified. */
  readonly callbackUrl: string | undefined
}

export interface Sender {
  readonly kind: 'number' | 'service' | 'name'
  readonly value: string
}

const API_URL = 'https://api.twilio.com'

/** Throws `SMS_CONFIG` saying which setting is missing or wrong, never what it is: a token may be in the wrong field. */
export function readAccount(settings: TwilioSettings): Account {
  const sid = clean(settings.accountSid)
  if (!sid) throw wrong('the Account SID is missing')
  if (!/^AC[0-9a-f]{32}$/i.test(sid)) throw wrong('the Account SID must be AC and 32 hexadecimal digits')

  const authToken = clean(settings.authToken)
  const apiKeySid = clean(settings.apiKeySid)
  const apiKeySecret = clean(settings.apiKeySecret)
  if (apiKeySid && !/^SK[0-9a-f]{32}$/i.test(apiKeySid))
    throw wrong('the API key SID must be SK and 32 hexadecimal digits')
  if (apiKeySid && !apiKeySecret) throw wrong('the API key has no secret')
  if (apiKeySecret && !apiKeySid) throw wrong('the API key secret has no API key SID')
  const [user, password] = apiKeySid ? [apiKeySid, apiKeySecret] : [sid, authToken]
  if (!password) throw wrong('the auth token or an API key is missing')
  if (settings.receive === 'webhook' && !authToken)
    throw wrong('receiving by webhook needs the auth token: only the auth token verifies signatures')

  const authorization = basicOf(user, password)
  const from = clean(settings.from)
  const callbackUrl = readCallbackUrl(clean(settings.callbackUrl))
  return {
    sid,
    authToken,
    authorization,
    secrets: [authToken, apiKeySecret, authorization.slice('Basic '.length)].filter(secret => secret !== undefined),
    origin: readOrigin(clean(settings.apiUrl) ?? API_URL),
    from: from === undefined ? undefined : readSender(from, 'SMS_CONFIG'),
    callbackUrl: authToken ? callbackUrl : undefined,
  }
}

/** The value of the `Authorization` header (RFC 7617). */
export const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

/** What a message is sent from. Throws `code` for what Twilio knows no sender by. */
export function readSender(from: string, code: 'SMS_CONFIG' | 'SMS_REQUEST'): Sender {
  const value = from.trim()
  if (/^MG[0-9a-f]{32}$/i.test(value)) return { kind: 'service', value }
  const plain = value.replaceAll(/[\s().-]/g, '')
  if (/^\+[1-9]\d{6,14}$/.test(plain) || /^\d{3,8}$/.test(plain)) return { kind: 'number', value: plain }
  // Other channels of the same API: whatsapp:+…, rcs:….
  if (/^[a-z]+:\S+$/.test(value)) return { kind: 'number', value }
  if (/^(?=.*[a-z])[a-z0-9 &+_-]{1,11}$/i.test(value)) return { kind: 'name', value }
  throw new SmsError(
    code,
    'the sender must be a number with + and country code, a short code, a name of up to 11 letters and digits, ' +
      'or a messaging service (MG and 32 hexadecimal digits)',
  )
}

function readOrigin(apiUrl: string): string {
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw wrong('the API address is not an http(s) URL')
  if (url.username || url.password) throw wrong('the API address must not hold credentials')
  if (url.pathname !== '/' || url.search || url.hash) throw wrong('the API address must be a host without a path')
  const isLoopback = /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !isLoopback) throw wrong('the API address must begin with https')
  return url.origin
}

function readCallbackUrl(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw wrong('the public URL is not an http(s) URL')
  if (url.search || url.hash) throw wrong('the public URL must have no query and no fragment')
  // Twilio refuses such a StatusCallback, and with it every message.
  if (url.hostname.includes('_')) throw wrong('Twilio calls no host with an underscore in its name')
  return given.replace(/\/+$/, '')
}

const clean = (setting: string | undefined): string | undefined => setting?.trim() || undefined

const wrong = (sentence: string): SmsError => new SmsError('SMS_CONFIG', sentence)
