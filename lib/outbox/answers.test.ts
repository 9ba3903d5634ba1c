import assert from 'node:assert/strict'
import { SmsError } from '../errors.ts'
import { readError, readReceipt, readReport, readSettlement } from './answers.ts'

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

describe('what a provider says', () => {
  const receipts: [given: unknown, read: object][] = [
    [{}, {}],
    [{ providerMessageId: 17 }, { providerMessageId: '17' }],
    [{ providerMessageId: 17n }, { providerMessageId: '17' }],
    [{ providerMessageId: '' }, {}],
    [{ providerMessageId: { a: 1 } }, {}],
    [{ state: 'delivered' }, { state: 'delivered' }],
    [{ state: 'queued' }, {}],
    [{ from: '', parts: -1, encoding: 'utf8', price: 3 }, {}],
    [{ parts: Number.NaN }, {}],
    [
      { from: 'Shop', parts: 2, encoding: 'ucs2', price: { amount: '1', currency: 'EUR', more: cyclic } },
      { from: 'Shop', parts: 2, encoding: 'ucs2', price: { amount: '1', currency: 'EUR' } },
    ],
    [{ raw: 'OK' }, { raw: 'OK' }],
    [{ raw: { a: new Date(0), b() {} } }, { raw: { a: '1970-01-01T00:00:00.000Z' } }],
    [{ raw: cyclic }, {}],
    [{ raw: 1n }, {}],
    [{ id: 'x', state: 'accepted', direction: 'in' }, { state: 'accepted' }],
    [[], {}],
  ]
  for (const [given, read] of receipts) {
    it(`receipt: ${show(given)}`, () => assert.deepEqual(readReceipt(given), read))
  }
  for (const given of [undefined, null, 'OK', 7, true, () => {}]) {
    it(`no receipt: ${show(given)}`, () => assert.throws(() => readReceipt(given), { code: 'SMS_UNKNOWN' }))
    it(`no settlement: ${show(given)}`, () => assert.throws(() => readSettlement(given), { code: 'SMS_PROVIDER' }))
    it(`no report: ${show(given)}`, () => assert.equal(readReport(given), undefined))
  }

  const settlements: [given: unknown, read: object][] = [
    [{ outcome: 'open', more: 1 }, { outcome: 'open' }],
    [{ outcome: 'notTaken' }, { outcome: 'notTaken' }],
    [{ outcome: 'taken' }, { outcome: 'taken', receipt: {} }],
    [
      { outcome: 'taken', receipt: { providerMessageId: 5 } },
      { outcome: 'taken', receipt: { providerMessageId: '5' } },
    ],
  ]
  for (const [given, read] of settlements) {
    it(`settlement: ${show(given)}`, () => assert.deepEqual(readSettlement(given), read))
  }

  const reports: [given: unknown, read: object | undefined][] = [
    [{ state: 'sent' }, undefined],
    [{ state: 'toString' }, undefined],
    [
      { state: 'accepted', id: 5, providerMessageId: 6 },
      { state: 'accepted', id: '5', providerMessageId: '6' },
    ],
    [
      { state: 'failed', error: new SmsError('SMS_SEND', 'no', { providerCode: 1, cause: 'x' }) },
      { state: 'failed', error: { code: 'SMS_SEND', message: 'no', providerCode: 1 } },
    ],
    [{ state: 'failed', error: { code: 'EWHAT', message: 'no' } }, { state: 'failed' }],
    [{ state: 'failed', error: 'no' }, { state: 'failed' }],
  ]
  for (const [given, read] of reports) {
    it(`report: ${show(given)}`, () => assert.deepEqual(readReport(given), read))
  }

  it('error: ours as it is', () => {
    const error = new SmsError('SMS_LIMITS', 'slow down')
    assert.equal(readError(error, 'SMS_UNKNOWN'), error)
  })

  it('error: one of another copy of the package', () => {
    const foreign = Object.assign(new Error('slow down'), { code: 'SMS_LIMITS', retryable: false, retryAfterMs: 5 })
    const error = readError(foreign, 'SMS_UNKNOWN')
    assert.ok(error instanceof SmsError)
    assert.deepEqual(
      [error.code, error.message, error.retryable, error.retryAfterMs],
      ['SMS_LIMITS', 'slow down', false, 5],
    )
  })

  for (const thrown of [new TypeError('Bearer secret'), 'secret', undefined, null, 7, { code: 'ECONNRESET' }, cyclic]) {
    it(`error: ${show(thrown)} is doubt, and is not quoted`, () => {
      const error = readError(thrown, 'SMS_UNKNOWN')
      assert.equal(error.code, 'SMS_UNKNOWN')
      assert.doesNotMatch(error.message, /secret/)
    })
  }
})

function show(given: unknown): string {
  if (given === cyclic || (given as { raw?: unknown })?.raw === cyclic) return 'a cycle'
  if (typeof given === 'bigint' || typeof given === 'function') return typeof given
  const text = JSON.stringify(given, (_key, value: unknown) =>
    typeof value === 'bigint' ? 'a bigint' : value === cyclic ? 'a cycle' : value,
  )
  return `${given instanceof Error ? given.name : ''}${text}`.slice(0, 90)
}
