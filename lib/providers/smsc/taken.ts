import { SmsError } from '../../errors.ts'
import type { Receipt } from '../../provider.ts'
import { readNumber } from './error-codes.ts'
import { digitsOf, toText } from './message-id.ts'
import type { Prices } from './prices.ts'
import { errorOf, REASONS } from './statuses.ts'

/** What `send.php` answers with `op=1` and `cost=3` when it took something. */
export interface Taken {
  readonly number: number
  /** SMS in all, that is, parts of all recipients. */
  readonly parts: number | undefined
  readonly cost: unknown
  /** By phone, in digits. */
  readonly phones: ReadonlyMap<string, TakenPhone>
}

interface TakenPhone {
  readonly status: number | undefined
  readonly error: number | undefined
  readonly cost: unknown
}

/** Throws `SMS_UNKNOWN` for what does not say which message it took. */
export function readTaken(json: unknown): Taken {
  const { id, cnt, cost, phones } = (Array.isArray(json) ? {} : json) as Record<string, unknown>
  const number = readNumber(id)
  if (number === undefined || number < 1)
    throw new SmsError('SMS_UNKNOWN', 'SMSC answered without saying which message it took')
  const parts = readNumber(cnt)
  return {
    number,
    parts: parts !== undefined && parts > 0 ? parts : undefined,
    cost,
    phones: new Map((Array.isArray(phones) ? (phones as unknown[]) : []).flatMap(readPhone)),
  }
}

function readPhone(json: unknown): [string, TakenPhone][] {
  const { phone, status, error, cost } = (json ?? {}) as Record<string, unknown>
  if (typeof phone !== 'string' && typeof phone !== 'number') return []
  return [[digitsOf(String(phone)), { status: readNumber(status), error: readNumber(error), cost }]]
}

/**
 * The receipt of one of `of` recipients. Throws for one that SMSC left out: with its reason, or `SMS_UNKNOWN` where it
 * is not even named among several.
 */
export function receiptOf(taken: Taken, to: string, of: number, prices: Prices): Receipt {
  const phone = digitsOf(to)
  // SMSC may have put a number right, as 8 for 7 in Russia; the only one is ours all the same.
  const row = taken.phones.get(phone) ?? (of === 1 ? [...taken.phones.values()][0] : undefined)
  if (!row && of > 1) throw new SmsError('SMS_UNKNOWN', 'SMSC did not say whether it took the message for this number')
  const refusal = row && refusalOf(row)
  if (refusal) throw refusal
  const parts = taken.parts === undefined ? undefined : taken.parts / of
  const price = prices.money(row?.cost ?? (of === 1 ? taken.cost : undefined))
  return {
    providerMessageId: toText({ number: taken.number, phone }),
    ...(parts !== undefined && Number.isInteger(parts) && { parts }),
    ...(price && { price }),
  }
}

function refusalOf({ status, error }: TakenPhone): SmsError | undefined {
  const failed = status === undefined ? undefined : errorOf(status, error)
  if (failed) {
    // It is out of SMSC's hands already: nothing will be gained by trying again.
    return new SmsError(failed.code, failed.message, { providerCode: failed.providerCode, retryable: false })
  }
  if (error === undefined || error === 0) return undefined
  const words = Object.hasOwn(REASONS, error) ? REASONS[error as keyof typeof REASONS][0] : 'unknown here'
  return new SmsError('SMS_SEND', `SMSC did not take this number: ${words}`, { providerCode: error })
}
