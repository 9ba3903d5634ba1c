import { SmsError } from '../../errors.ts'
import type { Money } from '../../message.ts'
import type { Call, MessageDraft } from '../../provider.ts'
import type { Account } from './account.ts'
import type { Api } from './api.ts'
import { readNumber } from './error-codes.ts'
import { fieldsOf } from './form.ts'
import type { Prices } from './prices.ts'
import { readAmount } from './prices.ts'

/** What a message would cost. */
export interface Estimate {
  /** In the account's currency. */
  readonly price: Money
  /** SMS it would be sent in, where SMSC tells. */
  readonly parts?: number
}

/** Asks what a message would cost, and sends nothing. Throws `SmsError`. */
export async function estimate(
  draft: MessageDraft,
  { account, api, prices, nowMs }: { account: Account; api: Api; prices: Prices; nowMs: number },
  { signal }: Call,
): Promise<Estimate> {
  if (prices.currency === undefined) await askBalance(api, prices, signal)
  const fields = { ...fieldsOf(draft, account, nowMs), phones: draft.to, cost: '1' }
  const answer = (await api.ask('send', fields, signal)) as Record<string, unknown>
  const price = prices.money(answer['cost'])
  if (!price) throw new SmsError('SMS_PROVIDER', 'SMSC told no price')
  const parts = readNumber(answer['cnt'])
  return { price, ...(parts !== undefined && parts > 0 && { parts }) }
}

/** The balance, by which the currency of all prices is known. Throws `SmsError`. */
export async function askBalance(api: Api, prices: Prices, signal: AbortSignal): Promise<string> {
  const answer = (await api.ask('balance', { cur: '1' }, signal)) as Record<string, unknown>
  const amount = readAmount(answer['balance'])
  if (amount === undefined) throw new SmsError('SMS_PROVIDER', 'SMSC told no balance')
  prices.learn(answer['currency'])
  return amount
}
