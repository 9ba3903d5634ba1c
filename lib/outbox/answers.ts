import { toData, toText } from '../data.ts'
import { isErrorInfo, SmsError, toSmsError } from '../errors.ts'
import type { SmsErrorCode } from '../errors.ts'
import { OUTGOING_STATES } from '../message.ts'
import type { Money, OutgoingState } from '../message.ts'
import type { Receipt, Settlement, StatusReport } from '../provider.ts'

/*
 * What a provider said, read field by field: a provider may be anybody's code, and what it says is stored. Fields that
 * cannot be meant are left out.
 */

/** A receipt. Throws `SMS_UNKNOWN` for what is none: the carrier may have taken the message all the same. */
export function readReceipt(given: unknown): Receipt {
  if (!isObject(given)) throw new SmsError('SMS_UNKNOWN', 'the provider gave no receipt')
  return {
    ...readFacts(given),
    ...(isReceiptState(given['state']) && { state: given['state'] }),
    ...(typeof given['from'] === 'string' && given['from'] !== '' && { from: given['from'] }),
    ...((given['encoding'] === 'gsm7' || given['encoding'] === 'ucs2') && { encoding: given['encoding'] }),
  }
}

/** What became of a doubtful message. Throws `SMS_PROVIDER` for what is no settlement. */
export function readSettlement(given: unknown): Settlement {
  const outcome = isObject(given) ? given['outcome'] : undefined
  if (outcome === 'taken') return { outcome, receipt: readReceipt((given as { receipt?: unknown }).receipt ?? {}) }
  if (outcome === 'notTaken' || outcome === 'open') return { outcome }
  throw new SmsError('SMS_PROVIDER', 'the provider gave no settlement')
}

/** A report, or undefined for what is none or names a state that does not exist. */
export function readReport(given: unknown): StatusReport | undefined {
  if (!isObject(given) || !isOutgoingState(given['state'])) return undefined
  const id = toText(given['id'])
  const error = toData(given['error'])
  return {
    ...readFacts(given),
    ...(id !== undefined && { id }),
    state: given['state'],
    ...(isErrorInfo(error) && { error }),
  }
}

/**
 * An error of a provider's; `code` for what is none. Another package brings its own copy of `SmsError`, so one is known
 * by what it says.
 */
export function readError(thrown: unknown, code: SmsErrorCode): SmsError {
  if (thrown instanceof SmsError || !isErrorInfo(thrown)) return toSmsError(thrown, code)
  const { retryable, retryAfterMs } = thrown as Partial<SmsError>
  return new SmsError(thrown.code, thrown.message, {
    providerCode: thrown.providerCode,
    ...(typeof retryable === 'boolean' && { retryable }),
    ...(typeof retryAfterMs === 'number' && { retryAfterMs }),
  })
}

function readFacts(given: Record<string, unknown>): Pick<Receipt, 'providerMessageId' | 'parts' | 'price' | 'raw'> {
  const providerMessageId = toText(given['providerMessageId'])
  const { parts, price } = given
  const raw = given['raw'] === undefined ? undefined : toData(given['raw'])
  return {
    ...(providerMessageId !== undefined && { providerMessageId }),
    ...(Number.isInteger(parts) && (parts as number) > 0 && { parts: parts as number }),
    ...(isMoney(price) && { price: { amount: price.amount, currency: price.currency } }),
    ...(raw !== undefined && { raw }),
  }
}

const isObject = (given: unknown): given is Record<string, unknown> => typeof given === 'object' && given !== null

const isReceiptState = (given: unknown): given is 'accepted' | 'scheduled' | 'delivered' =>
  given === 'accepted' || given === 'scheduled' || given === 'delivered'

const isOutgoingState = (given: unknown): given is OutgoingState => OUTGOING_STATES.includes(given as OutgoingState)

const isMoney = (given: unknown): given is Money =>
  isObject(given) && typeof given['amount'] === 'string' && typeof given['currency'] === 'string'
