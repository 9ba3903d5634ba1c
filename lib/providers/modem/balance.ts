import { SmsError } from '../../errors.ts'
import type { Balance } from '../../provider.ts'

/** What an answer says of the balance, found by the pattern's groups `amount` (or the first one) and `currency`. */
export function readBalance(text: string, pattern: RegExp): Balance {
  const found = pattern.exec(text)
  const amount = toDecimal(found?.groups?.['amount'] ?? found?.[1] ?? '')
  const currency = toCurrency(found?.groups?.['currency'] ?? '') ?? currencyIn(text)
  return { ...(amount !== undefined && { amount }), ...(currency !== undefined && { currency }), text }
}

/** The error where no code for the balance is set. */
export const noBalanceError = (): SmsError =>
  new SmsError('SMS_UNSUPPORTED', 'the settings of the modem name no USSD code for the balance')

/** A decimal number with a point: `1 234,56` and `1.234,56` are 1234.56; three digits after a mark are thousands. */
function toDecimal(written: string): string | undefined {
  const plain = written.replaceAll(/\s/g, '').replace('−', '-')
  const mark = Math.max(plain.lastIndexOf(','), plain.lastIndexOf('.'))
  const isDecimal = mark >= 0 && plain.length - mark - 1 !== 3
  const whole = (isDecimal ? plain.slice(0, mark) : plain).replaceAll(/[.,]/g, '')
  const amount = isDecimal ? `${whole}.${plain.slice(mark + 1)}` : whole
  return /^-?\d+(\.\d+)?$/.test(amount) ? amount : undefined
}

/** ISO 4217; what operators write instead, as words or signs. */
const CURRENCIES: readonly (readonly [written: RegExp, code: string])[] = [
  [/грн|₴|\buah\b|\bhrn\b/iu, 'UAH'],
  [/руб|₽|\brub\b|(?<=\d\s?)р\.?(?!\p{L})/iu, 'RUB'],
  [/₸|тенге|\bkzt\b/iu, 'KZT'],
  [/\bbyn\b/iu, 'BYN'],
  [/€|\beuro?s?\b/iu, 'EUR'],
  [/£|\bgbp\b/iu, 'GBP'],
  [/zł|\bpln\b/iu, 'PLN'],
  [/kč|\bczk\b/iu, 'CZK'],
  [/\bchf\b/iu, 'CHF'],
  [/₺|\btry\b/iu, 'TRY'],
  [/₹|\binr\b|\brs\b/iu, 'INR'],
  [/\$|\busd\b/iu, 'USD'],
]

const currencyIn = (text: string): string | undefined => CURRENCIES.find(([written]) => written.test(text))?.[1]

function toCurrency(written: string): string | undefined {
  if (written === '') return undefined
  return currencyIn(written) ?? (/^[A-Za-z]{3}$/.test(written) ? written.toUpperCase() : undefined)
}
