/**
 * What each code means, whether trying again can help, and its name in smsframework
 * (py-smsframework `smsframework/exc.py`), which is also what travels between forwarding instances.
 *
 * `retryable` says that the carrier surely did not take the message. An error that leaves that open is
 * `SMS_UNKNOWN`, never a retryable one.
 */
export const ERROR_CODES = {
  SMS_CONNECTION: { retryable: true, smsframework: 'ConnectionError', means: 'the carrier could not be reached' },
  SMS_REQUEST: { retryable: false, smsframework: 'RequestError', means: 'the message or a setting is not valid' },
  SMS_UNSUPPORTED: { retryable: false, smsframework: 'UnsupportedError', means: 'the carrier does not offer this' },
  SMS_SERVER: { retryable: true, smsframework: 'ServerError', means: 'the carrier had a fault and took nothing' },
  SMS_AUTH: { retryable: false, smsframework: 'AuthError', means: 'the carrier refused the credentials' },
  SMS_LIMITS: { retryable: true, smsframework: 'LimitsError', means: 'a rate or volume limit was reached' },
  SMS_CREDIT: { retryable: false, smsframework: 'CreditError', means: 'the account has no credit left' },
  SMS_SEND: { retryable: false, smsframework: 'MessageSendError', means: 'the carrier refused the message' },
  SMS_PROVIDER: { retryable: false, smsframework: 'ProviderError', means: 'the provider failed in another way' },
  SMS_OPTED_OUT: { retryable: false, smsframework: undefined, means: 'the recipient asked not to be texted' },
  SMS_BLOCKED: { retryable: false, smsframework: undefined, means: 'a guard of this installation said no' },
  SMS_UNKNOWN: { retryable: false, smsframework: undefined, means: 'it may or may not have been sent' },
  SMS_EXPIRED: { retryable: false, smsframework: undefined, means: 'its validity ended while it waited here' },
  SMS_TIMEOUT: { retryable: false, smsframework: undefined, means: 'the awaited state did not come in time' },
  SMS_CANCELLED: { retryable: false, smsframework: undefined, means: 'it was cancelled before it was sent' },
  SMS_STORE: { retryable: false, smsframework: undefined, means: 'the message store failed' },
  SMS_CONFIG: { retryable: false, smsframework: undefined, means: 'a setting is missing or wrong' },
} as const satisfies Record<string, { retryable: boolean; smsframework: string | undefined; means: string }>

export type SmsErrorCode = keyof typeof ERROR_CODES

export interface SmsErrorOptions {
  /** The carrier's own code, e.g. Twilio's 21211 or a +CMS ERROR number. */
  readonly providerCode?: string | number | undefined
  /** Overrides the code's default, e.g. for a limit that will not lift today. */
  readonly retryable?: boolean | undefined
  /** How long the carrier asked us to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

/** The one error of this package. `code` is what a Catch node sees as `msg.error.code`. */
export class SmsError extends Error {
  override readonly name = 'SmsError'
  readonly code: SmsErrorCode
  readonly retryable: boolean
  // Declared only, so that an error without them has no such own properties in a flow message.
  declare readonly providerCode?: string | number
  declare readonly retryAfterMs?: number

  constructor(code: SmsErrorCode, message: string, options: SmsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? ERROR_CODES[code].retryable
    if (options.providerCode !== undefined) this.providerCode = options.providerCode
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs
  }

  /** The shape that is kept in a record and shown to flows. */
  toJSON(): ErrorInfo {
    return {
      code: this.code,
      message: this.message,
      ...(this.providerCode === undefined ? {} : { providerCode: this.providerCode }),
    }
  }
}

/** An error as data: `record.error` and the entries of `msg.failures`. */
export interface ErrorInfo {
  readonly code: SmsErrorCode
  readonly message: string
  readonly providerCode?: string | number
}

/** Whether it is an error as data, of whatever package. */
export function isErrorInfo(given: unknown): given is ErrorInfo {
  if (typeof given !== 'object' || given === null) return false
  const { code, message } = given as Partial<Record<keyof ErrorInfo, unknown>>
  return typeof message === 'string' && Object.hasOwn(ERROR_CODES, code as string)
}

/**
 * Whatever was thrown, as an `SmsError`. Of a stranger only the kind and the place are told: its message may quote
 * a URL or a header, and so a secret, and a Catch node shows the cause too.
 */
export function toSmsError(thrown: unknown, code: SmsErrorCode = 'SMS_PROVIDER'): SmsError {
  if (thrown instanceof SmsError) return thrown
  const kind = thrown instanceof Error ? thrown.name : typeof thrown
  const place = thrown instanceof Error ? /\n\s+at (.*)/.exec(thrown.stack ?? '')?.[1] : undefined
  return new SmsError(code, `unexpected ${kind}${place === undefined ? '' : ` at ${place}`}`)
}

/** The code for an exception name of smsframework; an unknown name is a plain provider error. */
export function fromSmsframework(name: string): SmsErrorCode {
  for (const code of Object.keys(ERROR_CODES) as SmsErrorCode[])
    if (ERROR_CODES[code].smsframework === name) return code
  return 'SMS_PROVIDER'
}
