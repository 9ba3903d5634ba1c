import type { ErrorInfo, SmsErrorCode } from '../../errors.ts'

/** What one of Twilio's error codes means here. The texts Twilio gives them change; the numbers do not. */
export function codeOf(twilioCode: number): SmsErrorCode {
  return (
    CODES[twilioCode]?.[0] ?? RANGES.find(([from, to]) => from <= twilioCode && twilioCode <= to)?.[2] ?? 'SMS_SEND'
  )
}

/** Whether a limit lifts soon; a daily one does not. */
export function liftsSoon(twilioCode: number): boolean {
  return !DAILY_LIMITS.has(twilioCode)
}

/** The error of a message that was not delivered. */
export function deliveryError(twilioCode: number | undefined, status: string): ErrorInfo {
  if (twilioCode === undefined) return { code: 'SMS_SEND', message: `Twilio reports it ${status}` }
  const words = CODES[twilioCode]?.[1] ?? `see https://www.twilio.com/docs/api/errors/${twilioCode}`
  return { code: codeOf(twilioCode), message: `Twilio reports it ${status}: ${words}`, providerCode: twilioCode }
}

/** The code of a report that the validity ended: https://www.twilio.com/docs/api/errors/30036 */
export const VALIDITY_EXPIRED = 30036

/** A number as JSON and forms carry it; undefined for anything else. */
export function readCode(value: unknown): number | undefined {
  const code = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof code === 'number' && Number.isSafeInteger(code) && code > 0 ? code : undefined
}

const DAILY_LIMITS: ReadonlySet<number> = new Set([30023, 30027, 63038])

/** Codes whose range would say something else, and words for those that come with reports, which have no text. */
const CODES: Readonly<Record<number, readonly [code: SmsErrorCode, words: string]>> = {
  14107: ['SMS_LIMITS', 'the sending rate was exceeded'],
  20003: ['SMS_AUTH', 'the credentials are wrong'],
  20005: ['SMS_AUTH', 'the account is not active'],
  20006: ['SMS_AUTH', 'access denied'],
  20008: ['SMS_AUTH', 'test credentials cannot do this'],
  20404: ['SMS_REQUEST', 'there is no such thing'],
  20429: ['SMS_LIMITS', 'too many requests at once'],
  20500: ['SMS_SERVER', 'Twilio had a fault'],
  20503: ['SMS_SERVER', 'Twilio had a fault'],
  21408: ['SMS_UNSUPPORTED', 'the account may not text this country'],
  21608: ['SMS_UNSUPPORTED', 'a trial account texts only verified numbers'],
  21610: ['SMS_OPTED_OUT', 'the recipient asked not to be texted'],
  21611: ['SMS_LIMITS', 'the queue of the sender is full'],
  21618: ['SMS_SEND', 'this text cannot be sent'],
  30001: ['SMS_LIMITS', 'the queue of the account is full'],
  30002: ['SMS_AUTH', 'the account is suspended'],
  30003: ['SMS_SEND', 'the phone is off or out of reach'],
  30004: ['SMS_SEND', 'the message was blocked'],
  30005: ['SMS_SEND', 'the number is unknown or no longer in use'],
  30006: ['SMS_SEND', 'a landline, or a carrier out of reach'],
  30007: ['SMS_SEND', 'the carrier filtered the message'],
  30008: ['SMS_SEND', 'the carrier gave no reason'],
  30010: ['SMS_CREDIT', 'it would cost more than allowed'],
  30017: ['SMS_SERVER', 'the network of the carrier is congested'],
  30022: ['SMS_LIMITS', 'the rate allowed to this sender was exceeded'],
  30023: ['SMS_LIMITS', 'the daily limit of this sender was reached'],
  30027: ['SMS_LIMITS', 'the daily limit of the carrier was reached'],
  30032: ['SMS_SEND', 'the toll-free number is not verified'],
  30034: ['SMS_SEND', 'the number is not registered for A2P 10DLC'],
  [VALIDITY_EXPIRED]: ['SMS_EXPIRED', 'its validity ended before it was sent'],
  30410: ['SMS_SERVER', 'the carrier did not answer in time'],
  30450: ['SMS_SEND', 'it looked like SMS pumping'],
  63038: ['SMS_LIMITS', 'the daily limit of the account was reached'],
}

/** Twilio splits codes into finer ones as time goes by (21211 became also 21265, 21266): so, by range. */
const RANGES: readonly (readonly [from: number, to: number, code: SmsErrorCode])[] = [
  [20000, 20999, 'SMS_REQUEST'],
  [21000, 21999, 'SMS_REQUEST'],
  [30000, 34999, 'SMS_SEND'],
  [35000, 35999, 'SMS_REQUEST'],
]
