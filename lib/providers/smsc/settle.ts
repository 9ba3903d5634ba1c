import type { OutgoingMessage, ProviderHost, Settlement } from '../../provider.ts'
import type { Api } from './api.ts'
import type { Batches } from './batches.ts'
import { isLater } from './form.ts'
import { digitsOf, numberOf } from './message-id.ts'
import type { Prices } from './prices.ts'
import { askStanding, toReceipt, toReport } from './standing.ts'

export interface SettleOptions {
  readonly api: Api
  readonly batches: Batches
  readonly prices: Prices
  /** Takes note of an end that the message has met already. */
  readonly reported: ProviderHost['reported']
  readonly nowMs: number
}

/** What SMSC does not know so long after the attempt, it did not take. */
const GRACE_MS = 60_000

/** What became of a message whose answer was lost: SMSC knows it by its number and phone, or it was not taken. */
export async function settle(
  message: OutgoingMessage,
  { api, batches, prices, reported, nowMs }: SettleOptions,
  signal: AbortSignal,
): Promise<Settlement> {
  const shared = await batches.numberOf(message.id)
  const numbers = new Set([...(shared === undefined ? [] : [shared]), numberOf(message.id)])
  for (const number of numbers) {
    const key = { number, phone: digitsOf(message.to) }
    const standing = await askStanding(api, key, signal)
    if (!standing) continue
    const report = toReport(key, standing, prices)
    // A receipt cannot say so, and nobody else will: the callback may have come before it was known whose it is.
    if (report?.error) await reported({ ...report, id: message.id })
    await batches.end([message.id])
    const receipt = toReceipt(key, standing, prices)
    const isHeld = receipt.state === undefined && isLater(message, nowMs)
    return { outcome: 'taken', receipt: { ...receipt, ...(isHeld && { state: 'scheduled' }) } }
  }
  if (nowMs - message.attemptedAtMs < GRACE_MS) return { outcome: 'open' }
  await batches.end([message.id])
  return { outcome: 'notTaken' }
}
