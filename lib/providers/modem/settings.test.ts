import assert from 'node:assert/strict'
import { createModem } from './index.ts'
import { readSettings } from './settings.ts'
import type { ModemSettings } from './settings.ts'

const settings = (fields: Partial<ModemSettings> = {}): ModemSettings => ({ name: 'm', port: 'COM6', ...fields })

describe('settings of a modem', () => {
  const wrong: readonly Partial<ModemSettings>[] = [
    { port: ' ' },
    { port: 'modem' },
    { port: 'http://127.0.0.1:80' },
    { port: 'tcp://somewhere' },
    { baudRate: Number.NaN },
    { baudRate: 9600.5 },
    { pin: '12' },
    { pin: 'abcd' },
    { smsc: 'centre' },
    { storage: 'SIM' },
    { initCommands: 'AT+CMGS=23' },
    { balanceUssd: 'balance' },
    { balancePattern: '(' },
  ]
  for (const fields of wrong) {
    it(`cannot be ${JSON.stringify(fields)}`, () => {
      assert.throws(() => createModem(settings(fields)), { code: 'SMS_CONFIG' })
    })
  }

  it('have defaults', () => {
    const { baudRates, sweepMs, announces, calls, allowAt } = readSettings(settings())
    assert.deepEqual([baudRates[0], sweepMs, announces, calls, allowAt], [115_200, 60_000, true, 'report', false])
  })

  it('take commands with and without AT, a line each', () => {
    const { initCommands } = readSettings(settings({ initCommands: 'AT+CSDH=1\r\n\n  at&D0\n+CREG=1;+CGREG=1\n' }))
    assert.deepEqual(initCommands, ['+CSDH=1', '&D0', '+CREG=1;+CGREG=1'])
  })

  it('make a provider that paces itself and says what it is', () => {
    const provider = createModem(settings({ ratePerMinute: 12, defaultCountry: 'UA', balanceUssd: '*100#' }))
    assert.deepEqual(
      [provider.type, provider.pace, provider.numbers, provider.respectsOptOut, provider.balance !== undefined],
      [
        'sms-modem',
        { concurrency: 1, timeoutMs: 600_000, perSecond: 0.2 },
        { shortCodes: true, defaultCountry: 'UA' },
        false,
        true,
      ],
    )
    assert.equal(createModem(settings()).balance, undefined)
  })
})
