import assert from 'node:assert/strict'
import { SmsError } from './errors.ts'
import type { SmsErrorCode } from './errors.ts'
import { createHealthWatch } from './health.ts'
import type { WatchReport } from './health.ts'

function create() {
  const told: string[] = []
  const show = ({ health, error, paused }: WatchReport) =>
    [health, error?.code, paused && 'paused'].filter(Boolean).join(' ')
  const watch = createHealthWatch(report => told.push(show(report)))
  return { ...watch, told, now: () => show(watch.report()) }
}
const error = (code: SmsErrorCode) => new SmsError(code, 'x')

describe('health', () => {
  const table: [code: SmsErrorCode | undefined, failures: number, health: string][] = [
    [undefined, 0, 'ready'],
    ['SMS_CONNECTION', 1, 'degraded SMS_CONNECTION'],
    ['SMS_CONNECTION', 3, 'failed SMS_CONNECTION'],
    ['SMS_UNKNOWN', 1, 'degraded SMS_UNKNOWN'],
    ['SMS_LIMITS', 2, 'degraded SMS_LIMITS'],
    ['SMS_AUTH', 0, 'failed SMS_AUTH'],
    ['SMS_CREDIT', 0, 'failed SMS_CREDIT'],
    ['SMS_STORE', 1, 'failed SMS_STORE'],
    ['SMS_REQUEST', 0, 'ready'],
    ['SMS_SEND', 5, 'ready'],
  ]
  for (const [code, failures, health] of table) {
    it(`of a lane with ${code} ${failures} times: ${health}`, () => {
      const { lane, now } = create()
      lane(code && error(code), failures)
      assert.equal(now(), health)
    })
  }

  it('is the worse of what the provider says and what its lane meets', () => {
    const { own, lane, now } = create()
    own({ health: 'connecting' })
    lane(undefined, 0)
    assert.equal(now(), 'connecting')
    lane(error('SMS_CONNECTION'), 1)
    assert.equal(now(), 'degraded SMS_CONNECTION')
    own({ health: 'failed', error: { code: 'SMS_CONFIG', message: 'x' } })
    assert.equal(now(), 'failed SMS_CONFIG')
    own({ health: 'ready' })
    lane(undefined, 0)
    assert.equal(now(), 'ready')
  })

  it('is told when it changes, or its reason does, and not with every message', () => {
    const { own, lane, told } = create()
    for (let i = 0; i < 5; i++) lane(undefined, 0)
    for (let i = 1; i < 5; i++) lane(error('SMS_CONNECTION'), i)
    lane(error('SMS_LIMITS'), 5)
    lane(undefined, 0)
    own({ health: 'ready' })
    assert.deepEqual(told, ['ready', 'degraded SMS_CONNECTION', 'failed SMS_CONNECTION', 'failed SMS_LIMITS', 'ready'])
  })

  it('of a paused one is degraded at best, and not for what its lane met before', () => {
    const { own, lane, paused, told } = create()
    lane(error('SMS_AUTH'), 1)
    paused(true)
    paused(true)
    own({ health: 'connecting' })
    own({ health: 'failed', error: { code: 'SMS_CONFIG', message: 'x' } })
    own({ health: 'ready' })
    paused(false)
    lane(undefined, 0)
    assert.deepEqual(told, [
      'failed SMS_AUTH',
      'degraded paused',
      'failed SMS_CONFIG paused',
      'degraded paused',
      'failed SMS_AUTH',
      'ready',
    ])
  })

  it('of a provider that says what is none is degraded', () => {
    const { own, now } = create()
    own({ health: 'fine' as never })
    assert.equal(now(), 'degraded')
  })

  it('is plain data, also where the provider gives an error', () => {
    const { own, report } = create()
    own({ health: 'failed', error: new SmsError('SMS_AUTH', 'no', { providerCode: 7, cause: new Error('s3cret') }) })
    assert.deepEqual(report(), { health: 'failed', error: { code: 'SMS_AUTH', message: 'no', providerCode: 7 } })
  })
})
