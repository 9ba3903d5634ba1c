import { SmsError } from '../../errors.ts'
import type { OutgoingState } from '../../message.ts'
import type { Receipt, StatusReport } from '../../provider.ts'
import type { Api } from './api.ts'
import { readNumber } from './error-codes.ts'
import { toText } from './message-id.ts'
import type { MessageKey } from './message-id.ts'
import type { Prices } from './prices.ts'
import { errorOf, NOT_FOUND, stateOf } from './statuses.ts'

/** What SMSC says of a message it knows. */
export interface Standing {
  readonly status: number
  readonly err: number | undefined
  readonly cost: unknown
}

/**
 * Asks `status.php` about one message; undefined where SMSC does not know it. Throws `SmsError`, `SMS_LIMITS` (9) when
 * it is asked about the same message more than five times in a minute.
 */
export async function askStanding(api: Api, key: MessageKey, signal: AbortSignal): Promise<Standing | undefined> {
  const answer = await api.ask('status', { phone: key.phone, id: String(key.number), all: '1' }, signal)
  const [only = answer] = Array.isArray(answer) ? (answer as unknown[]) : []
  const standing = readStanding(only)
  if (!standing) throw new SmsError('SMS_PROVIDER', 'SMSC answered with something that is no status of a message')
  return standing.status === NOT_FOUND ? undefined : standing
}

/** The fields `status`, `err` and `cost` of an answer or a callback; undefined where there is no status. */
export function readStanding(fields: unknown): Standing | undefined {
  if (typeof fields !== 'object' || fields === null) return undefined
  const { status, err, cost } = fields as Record<string, unknown>
  const read = readNumber(status)
  return read === undefined ? undefined : { status: read, err: readNumber(err), cost }
}

/** Undefined for a status that is not known here. */
export function toReport(
  key: MessageKey,
  { status, err, cost }: Standing,
  prices: Prices,
): (StatusReport & { readonly state: OutgoingState }) | undefined {
  const state = stateOf(status)
  if (state === undefined) return undefined
  const error = errorOf(status, err)
  const price = prices.money(cost)
  return { providerMessageId: toText(key), state, ...(error && { error }), ...(price && { price }) }
}

/** The receipt of a message that SMSC is found to have. */
export function toReceipt(key: MessageKey, standing: Standing, prices: Prices): Receipt {
  const report = toReport(key, standing, prices)
  return {
    providerMessageId: toText(key),
    ...(report?.state === 'delivered' && { state: report.state }),
    ...(report?.price && { price: report.price }),
  }
}
