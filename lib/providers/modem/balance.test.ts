import assert from 'node:assert/strict'
import { readBalance } from './balance.ts'
import { readSettings } from './settings.ts'

const usual = readSettings({ name: 'm', port: '/dev/x' }).balancePattern
const pattern = (balancePattern: string) => readSettings({ name: 'm', port: '/dev/x', balancePattern }).balancePattern

describe('balance', () => {
  const rows: readonly (readonly [
    text: string,
    amount: string | undefined,
    currency: string | undefined,
    by?: string,
  ])[] = [
    ['Balance: 42.17 UAH', '42.17', 'UAH'],
    ['На рахунку 12,50 грн. Діє до 01.02.2027', '12.50', 'UAH'],
    ['Баланс:-3,40р.', '-3.40', 'RUB'],
    ['Ваш баланс −15,00 руб.', '-15.00', 'RUB'],
    ['Dein Guthaben: 7,23 €', '7.23', 'EUR'],
    ['Your balance is $1,234.56', '1234.56', 'USD'],
    ['Konto: 1 234,56 zł', '1234.56', 'PLN'],
    ['You have 1.234 points', '1234', undefined],
    ['Saldo 1.234,5 EUR', '1234.5', 'EUR'],
    ['No money', undefined, undefined],
    ['Tariff 5 UAH; main 10.5 UAH', '10.5', 'UAH', 'main (?<amount>[\\d.]+)'],
    ['main 10.5 GBP', '10.5', 'GBP', 'main ([\\d.]+)'],
    ['7 chf', '7', 'CHF', '(?<amount>\\d+) (?<currency>\\w+)'],
    ['12 XYZ', '12', 'XYZ', '(?<amount>\\d+) (?<currency>\\w+)'],
    ['something else', undefined, undefined, 'main ([\\d.]+)'],
  ]
  for (const [text, amount, currency, by] of rows) {
    it(`of «${text}» is ${amount ?? 'not known'}`, () => {
      assert.deepEqual(readBalance(text, by === undefined ? usual : pattern(by)), {
        ...(amount !== undefined && { amount }),
        ...(currency !== undefined && { currency }),
        text,
      })
    })
  }
})
