import { ERROR_CODES, fromSmsframework, SmsError } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'
import { isObject } from './jsonex.ts'

/**
 * An error as it travels: to smsframework the nearest of its exceptions, and beside that, where it does not look, what
 * it is here.
 */
export function writeError(error: SmsError, toOurs: boolean): object {
  const { code, message, retryable, providerCode, retryAfterMs } = error
  return {
    error: { '?E': [ERROR_CODES[code].smsframework ?? NEAREST[code], [message]] },
    ...(toOurs && { sms: { code, retryable, providerCode, retryAfterMs } }),
  }
}

/** The error an answer is, whatever its HTTP status; undefined where it is none. `conceal` takes secrets out of a text. */
export function readError(
  json: Readonly<Record<string, unknown>>,
  conceal: (text: string) => string,
): SmsError | undefined {
  const tag: unknown = isObject(json['error']) ? json['error']['?E'] : undefined
  // A proxy has errors of its own, which say nothing of what the server did.
  if (!Array.isArray(tag)) return undefined
  const [name, args] = tag as unknown[]
  const said = Array.isArray(args) ? args.find(arg => typeof arg === 'string') : undefined
  const className = typeof name === 'string' ? name : 'Exception'
  const message = conceal(typeof said === 'string' && said !== '' ? said : className)
    .replaceAll(/\p{C}+/gu, ' ')
    .slice(0, 300)
  const ours = readOurs(json['sms'])
  if (ours) return new SmsError(ours.code, message, ours.options)
  const code = fromSmsframework(className)
  return new SmsError(code, message, {
    // Of smsframework's own class all that tells more; a Python name such as KeyError does.
    ...(ERROR_CODES[code].smsframework !== className && { providerCode: conceal(className).slice(0, 60) }),
    // smsframework also raises ServerError where it cannot read what a server answered that may have sent the message.
    ...(code === 'SMS_SERVER' && { retryable: false }),
  })
}

function readOurs(
  sms: unknown,
): { code: SmsErrorCode; options: ConstructorParameters<typeof SmsError>[2] } | undefined {
  if (!isObject(sms) || !isCode(sms['code'])) return undefined
  const { code, retryable, providerCode, retryAfterMs } = sms
  const options = {
    ...(typeof retryable === 'boolean' && { retryable }),
    ...((typeof providerCode === 'string' || typeof providerCode === 'number') && { providerCode }),
    ...(typeof retryAfterMs === 'number' && retryAfterMs > 0 && { retryAfterMs }),
  }
  // The other side's store: had it taken the message, it would have said so. Here the code would tell of our own.
  return code === 'SMS_STORE' ? { code: 'SMS_SERVER', options: { ...options, retryable: true } } : { code, options }
}

const isCode = (code: unknown): code is SmsErrorCode => typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)

/** What smsframework has for the codes that are ours alone: a refusal, a fault, or just an error. */
const NEAREST: Partial<Record<SmsErrorCode, string>> = {
  SMS_OPTED_OUT: 'MessageSendError',
  SMS_BLOCKED: 'MessageSendError',
  SMS_EXPIRED: 'MessageSendError',
  SMS_CANCELLED: 'MessageSendError',
  SMS_STORE: 'ServerError',
  SMS_TIMEOUT: 'ProviderError',
  SMS_UNKNOWN: 'ProviderError',
  SMS_CONFIG: 'ProviderError',
}
