import type { Money } from '../../message.ts'

/** Costs, which SMSC tells without a currency: it is the account's, known once the balance was asked for. */
export interface Prices {
  readonly currency: string | undefined
  learn(currency: unknown): void
  /** A cost as SMSC gives it, text or number; undefined for none, or while the currency is not known. */
  money(cost: unknown): Money | undefined
}

export function createPrices(): Prices {
  let currency: string | undefined
  return {
    get currency() {
      return currency
    },
    learn(given) {
      // The rouble's code before 1998 is still in use here and there.
      if (typeof given === 'string' && /^[A-Za-z]{3}$/.test(given)) currency = given.toUpperCase().replace('RUR', 'RUB')
    },
    money(cost) {
      const amount = readAmount(cost)
      return amount === undefined || currency === undefined ? undefined : { amount, currency }
    },
  }
}

/** A decimal number as text; undefined for what is none. */
export function readAmount(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? value : undefined
}
