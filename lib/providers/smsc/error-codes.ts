import { SmsError } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'

/** What SMSC said instead of carrying a request out: its `error_code` and its own words, without secrets. */
export interface Refusal {
  readonly number: number
  readonly says: string
}

/** How long a blocked address asks nothing: each further error would prolong that. SMSC documents no time. */
export const COOL_DOWN_MS = 5 * 60_000

/** The numbers SMSC documents, with 3, 5 to 8 for `send.php` alone. */
export const ERRORS = {
  1: ['SMS_REQUEST', 'the parameters are not valid'],
  2: ['SMS_AUTH', 'login, password or API key are wrong, or the account does not allow this IP address'],
  3: ['SMS_CREDIT', 'the account has too little money'],
  4: ['SMS_AUTH', 'this IP address is blocked for a while, after too many errors'],
  5: ['SMS_REQUEST', 'the date is not valid'],
  6: ['SMS_SEND', 'the text or the sender name is not allowed'],
  7: ['SMS_REQUEST', 'the phone number is not valid'],
  8: ['SMS_SEND', 'this number cannot be reached'],
  9: ['SMS_LIMITS', 'the same request was made a moment ago, or too many were made at once'],
} as const satisfies Record<number, readonly [code: SmsErrorCode, words: string]>

/** A refusal as an error. Nothing was taken; whether an earlier attempt was is another question. */
export function refusalError({ number, says }: Refusal): SmsError {
  const [code, words] = ERRORS[number as keyof typeof ERRORS] ?? ['SMS_SEND', 'for a reason that is not known here']
  const message = `SMSC refused it (${number}): ${words}${says === '' ? '' : ` – «${says}»`}`
  if (number !== 4) return new SmsError(code, message, { providerCode: number })
  return new SmsError(code, message, { providerCode: number, retryable: true, retryAfterMs: COOL_DOWN_MS })
}

/** Of the two meanings of 9, whether it is this: too many requests at once, of which this one was not looked at. */
export function isCrowded({ number, says }: Refusal): boolean {
  return number === 9 && /concurrent/i.test(says)
}

/** A number as SMSC's JSON and forms carry it, as number or text. */
export function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}
