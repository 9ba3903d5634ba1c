import { SmsError } from '../../errors.ts'

export interface SmscSettings {
  readonly name: string
  /** Empty where an API key stands in for login and password. */
  readonly login?: string | undefined
  /** The password or its MD5; without a login it is taken for the API key, as SMSC's own libraries do. */
  readonly password?: string | undefined
  readonly apiKey?: string | undefined
  /** The secret word of the account's settings, by which callbacks are known for SMSC's. */
  readonly callbackSecret?: string | undefined
  /** A sender name of the account; `.` for none, not even the account's default. */
  readonly sender?: string | undefined
  /** How SMSC rewrites texts in Latin letters: its parameter `translit`. */
  readonly translit?: '0' | '1' | '2' | undefined
  /** `webhook` also reads the list at start and every ten minutes, for what was missed. */
  readonly receive: 'webhook' | 'poll' | 'off'
  /** Between two polls; 30 by default, 20 at least. */
  readonly pollSeconds?: number | undefined
  /** `https://smsc.ru/sys/` by default; the same API is at smsc.kz, smsc.ua, smsc.tj, smscentre.com and others. */
  readonly apiUrl?: string | undefined
  readonly ratePerSecond?: number | undefined
  readonly defaultCountry?: string | undefined
  /** Whether who texts STOP or the like is not texted any more; off by default. */
  readonly optOut?: boolean | undefined
}

/** Settings that were checked and read. */
export interface Account {
  /** The fields that sign a request in. */
  readonly credentials: Readonly<Record<string, string>>
  /** What must never be shown. */
  readonly secrets: readonly string[]
  readonly callbackSecret: string | undefined
  readonly sender: string | undefined
  readonly translit: '0' | '1' | '2'
  /** Where the scripts are, each ending with a slash: the main host, then those to turn to when it is out of reach. */
  readonly hosts: readonly string[]
}

const API_URL = 'https://smsc.ru/sys/'
/** SMSC's own libraries turn to these. */
const SPARE_HOSTS = ['www2', 'www3', 'www4', 'www5'].map(host => `https://${host}.smsc.ru/sys/`)

/** Throws `SMS_CONFIG` saying which setting is missing or wrong, never what it is: a secret may be in the wrong field. */
export function readAccount(settings: SmscSettings): Account {
  const login = clean(settings.login)
  // Whatever else it may begin or end with, nobody means a line break in a password.
  const password = settings.password?.replace(/[\r\n]+$/, '') || undefined
  const apiKey = clean(settings.apiKey) ?? (login === undefined ? clean(password) : undefined)
  const callbackSecret = clean(settings.callbackSecret)
  const sender = clean(settings.sender)
  const apiUrl = clean(settings.apiUrl)
  if (apiKey === undefined && password === undefined) throw wrong('the password or the API key is missing')
  if (sender !== undefined) checkSender(sender, 'SMS_CONFIG')
  const main = readApiUrl(apiUrl ?? API_URL)
  return {
    credentials: apiKey === undefined ? { login: login!, psw: password! } : { apikey: apiKey },
    secrets: [password, apiKey, callbackSecret].filter(secret => secret !== undefined),
    callbackSecret,
    sender,
    translit: settings.translit ?? '0',
    hosts: main === API_URL ? [main, ...SPARE_HOSTS] : [main],
  }
}

/** A number of up to 15 digits, a name of up to 11 characters, or `.`. Throws `code` for what no phone can show. */
export function checkSender(sender: string, code: 'SMS_CONFIG' | 'SMS_REQUEST'): void {
  if (/^(\+?\d{1,15}|[ -~]{1,11})$/.test(sender)) return
  throw new SmsError(
    code,
    'the sender must be a name of up to 11 Latin letters, digits and signs, a number of up to 15 digits, or a dot for none',
  )
}

function readApiUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw wrong('the API address is not an http(s) URL')
  if (url.username || url.password) throw wrong('the API address must not hold credentials')
  if (url.search || url.hash) throw wrong('the API address must have no query and no fragment')
  const isLoopback = /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !isLoopback) throw wrong('the API address must begin with https')
  const path = url.pathname === '/' ? '/sys/' : url.pathname.replace(/\/*$/, '/')
  return url.origin + path
}

const clean = (setting: string | undefined): string | undefined => setting?.trim() || undefined

const wrong = (sentence: string): SmsError => new SmsError('SMS_CONFIG', sentence)
