import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { ERROR_CODES, fromSmsframework, SmsError, toSmsError } from './errors.ts'

describe('errors', () => {
  it('carries code, provider code and cause as own properties', () => {
    const cause = new Error('socket')
    const error = new SmsError('SMS_LIMITS', 'too fast', { providerCode: 20429, cause })
    assert.deepEqual([error.code, error.providerCode, error.retryable, error.cause], ['SMS_LIMITS', 20429, true, cause])
    assert.equal(String(error), 'SmsError: too fast')
    assert.deepEqual(JSON.parse(JSON.stringify(error)), {
      code: 'SMS_LIMITS',
      message: 'too fast',
      providerCode: 20429,
    })
  })

  it('lets one error differ from its code in being retryable', () => {
    assert.equal(new SmsError('SMS_LIMITS', 'daily cap', { retryable: false }).retryable, false)
  })

  it('maps every exception name of smsframework to a code', () => {
    const names = 'ConnectionError RequestError UnsupportedError ServerError AuthError LimitsError CreditError'
    for (const name of [...names.split(' '), 'MessageSendError', 'ProviderError']) {
      assert.equal(ERROR_CODES[fromSmsframework(name)].smsframework, name)
    }
    assert.equal(fromSmsframework('KeyError'), 'SMS_PROVIDER')
  })

  it('never repeats what a stranger said, as it may hold a secret', () => {
    const error = toSmsError(new TypeError('Invalid URL https://user:hunter2@example.org'))
    assert.equal(error.code, 'SMS_PROVIDER')
    assert.doesNotMatch(inspect(error, { depth: null }), /hunter2/)
    assert.match(error.message, /unexpected TypeError at .*errors\.test\.ts/)
    assert.equal(toSmsError(error), error)
  })
})
