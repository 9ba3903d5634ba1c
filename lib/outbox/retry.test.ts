import assert from 'node:assert/strict'
import { SmsError } from '../errors.ts'
import type { SmsErrorCode, SmsErrorOptions } from '../errors.ts'
import { concernsCarrier, doubtDelayMs, mayRetry, restAfterMs, retryAfterMs, SUSPECT_AFTER } from './retry.ts'

const error = (code: SmsErrorCode, options: SmsErrorOptions = {}) => new SmsError(code, 'x', options)

describe('retry', () => {
  const table: [code: SmsErrorCode, options: SmsErrorOptions, attempts: number, carrier: boolean][] = [
    ['SMS_CONNECTION', {}, Infinity, true],
    ['SMS_SERVER', {}, 40, true],
    ['SMS_LIMITS', {}, 20, true],
    ['SMS_LIMITS', { retryable: false }, 1, false],
    ['SMS_SEND', { retryable: true }, 5, false],
    ['SMS_SEND', {}, 1, false],
    ['SMS_AUTH', {}, 1, false],
    ['SMS_CREDIT', {}, 1, false],
    ['SMS_UNKNOWN', {}, 1, true],
    ['SMS_UNKNOWN', { retryable: true }, 1, true],
  ]
  for (const [code, options, attempts, carrier] of table) {
    it(`${code} ${JSON.stringify(options)}: ${attempts} attempts, ${carrier ? 'the lane rests' : 'the lane goes on'}`, () => {
      let made = 1
      while (made < 1_000 && mayRetry(error(code, options), made)) made += 1
      assert.equal(made, Math.min(attempts, 1_000))
      assert.equal(concernsCarrier(error(code, options)), carrier)
    })
  }

  it('rests longer with each failure, up to a cap, a fifth longer at most by chance', () => {
    const rests = (random: number) =>
      [1, 2, 3, 6, 7, 99].map(n => restAfterMs(error('SMS_CONNECTION'), n, () => random))
    assert.deepEqual(rests(0), [1_000, 2_000, 4_000, 32_000, 60_000, 60_000])
    assert.deepEqual(rests(1), [1_200, 2_400, 4_800, 38_400, 72_000, 72_000])
  })

  const pauses: [retryAfterMs: number, restMs: number][] = [
    [20_000, 20_000],
    [10, 500],
    [-5, 500],
    [Number.NaN, 500],
    [365 * 24 * 3_600_000, 600_000],
    [Infinity, 600_000],
  ]
  for (const [asked, restMs] of pauses) {
    it(`rests ${restMs} ms where the carrier asks for ${asked}`, () => {
      assert.equal(
        restAfterMs(error('SMS_LIMITS', { retryAfterMs: asked }), 1, () => 0),
        restMs,
      )
    })
  }

  it('keeps a message at the head while the carrier is the likelier reason, and lets others pass it then', () => {
    const waits = [1, 2, 3, 4, 5, 99].map(attempts => retryAfterMs(error('SMS_CONNECTION'), attempts))
    assert.deepEqual(waits, [0, 0, 1_000, 2_000, 4_000, 60_000])
  })

  it('has it wait no longer than its lane, which has failed at least once more by then', () => {
    for (const code of ['SMS_CONNECTION', 'SMS_SERVER', 'SMS_LIMITS'] as const) {
      for (let attempts = 1; attempts < 100; attempts++) {
        assert.ok(retryAfterMs(error(code), attempts) <= restAfterMs(error(code), attempts + 1, () => 0))
      }
    }
  })

  it('has one wait alone that was refused for itself', () => {
    const waits = [1, 2, 3, 99].map(attempts => retryAfterMs(error('SMS_SEND', { retryable: true }), attempts))
    assert.deepEqual(waits, [1_000, 2_000, 4_000, 60_000])
    assert.equal(retryAfterMs(error('SMS_SEND', { retryable: true, retryAfterMs: 9_000 }), 1), 9_000)
  })

  it('suspects a message after more than one failure', () => assert.ok(SUSPECT_AFTER > 1))

  it('sends again after doubt, later each time', () => {
    assert.deepEqual([1, 2, 3].map(doubtDelayMs), [1_000, 2_000, 4_000])
  })
})
