import assert from 'node:assert/strict'
import { SmsError } from '../errors.ts'
import type { Result } from './contract.ts'
import { BODY_WRITTEN, errorClassOf, errorNumberOf, isBodyWritten, smsErrorOf } from './errors.ts'

const cms = (number: number): Result => ({ code: '+CMS ERROR', number, text: String(number) })
const cme = (number: number): Result => ({ code: '+CME ERROR', number, text: String(number) })

describe('errors of a modem', () => {
  const cases: readonly (readonly [Result, kind: string, code: string, retryable: boolean, message: string])[] = [
    [cms(38), 'transient', 'SMS_SERVER', true, '+CMS ERROR 38 (network out of order)'],
    [cms(500), 'transient', 'SMS_SERVER', true, '+CMS ERROR 500 (unknown error)'],
    [cms(513), 'transient', 'SMS_SERVER', true, '+CMS ERROR 513'],
    [cms(21), 'permanent', 'SMS_SEND', false, '+CMS ERROR 21 (short message transfer rejected)'],
    [cms(330), 'permanent', 'SMS_SEND', false, '+CMS ERROR 330 (service centre address unknown)'],
    [cms(311), 'stopAndAlarm', 'SMS_PROVIDER', true, '+CMS ERROR 311 (SIM PIN required)'],
    [cms(322), 'storage', 'SMS_PROVIDER', true, '+CMS ERROR 322 (memory full)'],
    [cms(303), 'unsupported', 'SMS_UNSUPPORTED', false, '+CMS ERROR 303 (operation not supported)'],
    [cme(10), 'stopAndAlarm', 'SMS_PROVIDER', true, '+CME ERROR 10 (SIM not inserted)'],
    [cme(14), 'transient', 'SMS_SERVER', true, '+CME ERROR 14 (SIM busy)'],
    [cme(4), 'unsupported', 'SMS_UNSUPPORTED', false, '+CME ERROR 4 (operation not supported)'],
    [{ code: 'ERROR' }, 'transient', 'SMS_SERVER', true, 'ERROR'],
    [{ code: 'COMMAND NOT SUPPORT' }, 'unsupported', 'SMS_UNSUPPORTED', false, 'COMMAND NOT SUPPORT'],
    [{ code: 'NO CARRIER' }, 'transient', 'SMS_SERVER', true, 'NO CARRIER'],
    [
      { code: '+CME ERROR', text: 'SIM PIN required' },
      'stopAndAlarm',
      'SMS_PROVIDER',
      true,
      '+CME ERROR 11 (SIM PIN required)',
    ],
    [{ code: '+CMS ERROR', text: 'Memory Full' }, 'storage', 'SMS_PROVIDER', true, '+CMS ERROR 322 (memory full)'],
    [{ code: '+CME ERROR', text: 'weird \x1b[0m' }, 'transient', 'SMS_SERVER', true, '+CME ERROR: weird ?[0m'],
  ]
  for (const [result, kind, code, retryable, message] of cases) {
    it(`have a class and words: ${message}`, () => {
      assert.equal(errorClassOf(result), kind)
      const error = smsErrorOf(result, 'sending')
      assert.deepEqual(
        [error.code, error.retryable, error.message],
        [code, retryable, `sending: the modem answered ${message}`],
      )
    })
  }

  it('keep the number for whoever catches them', () => {
    assert.equal(smsErrorOf(cms(38), 'sending').providerCode, 38)
    assert.equal(smsErrorOf({ code: 'ERROR' }, 'sending').providerCode, 'ERROR')
    assert.equal(errorNumberOf({ code: 'OK' }), undefined)
  })

  // What vendors' users report, see the notes on retrying in docs.
  it('are of the classes that experience has', () => {
    const numbers = (kind: string) =>
      Array.from({ length: 600 }, (_, n) => n).filter(n => errorClassOf(cms(n)) === kind)
    for (const n of [38, 41, 42, 47, 314, 331, 332, 500, 512]) assert.ok(numbers('transient').includes(n), String(n))
    for (const n of [1, 8, 10, 21, 28, 29, 30, 50, 69, 304, 305, 330])
      assert.ok(numbers('permanent').includes(n), String(n))
    assert.deepEqual(numbers('stopAndAlarm'), [310, 311, 312, 315, 316, 317, 318])
    assert.ok([320, 321, 322].every(n => numbers('storage').includes(n)))
  })

  it('say whether a body was written', () => {
    assert.ok(isBodyWritten(new SmsError('SMS_TIMEOUT', 'x', { cause: BODY_WRITTEN })))
    assert.ok(!isBodyWritten(new SmsError('SMS_TIMEOUT', 'x')))
    assert.ok(!isBodyWritten(new Error('x', { cause: BODY_WRITTEN })))
  })
})
