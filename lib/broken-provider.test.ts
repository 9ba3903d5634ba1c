import assert from 'node:assert/strict'
import { fakeCarrier } from '../test/support/carrier.ts'
import { sending } from '../test/support/message.ts'
import { brokenProvider, soundProvider } from './broken-provider.ts'
import { SmsError } from './errors.ts'
import type { HealthReport, ProviderHost } from './provider.ts'

const error = new SmsError('SMS_CONFIG', 'there is no port')
const call = { signal: new AbortController().signal }

describe('a provider that cannot work', () => {
  it('says why, to whoever wants to use it, and lets no queued message go', async () => {
    const provider = brokenProvider('sms-modem', 'Home', error)
    assert.throws(() => provider.check?.(sending().draft), error)
    await assert.rejects(provider.send({ ...sending().draft, id: 'm', createdAtMs: 0, attemptedAtMs: 0 }, call), error)
    await assert.rejects(provider.balance!(call), error)
    const healths: HealthReport[] = []
    void provider.start?.({ health: (report: HealthReport) => healths.push(report) } as unknown as ProviderHost)
    assert.deepEqual(healths, [{ health: 'failed', error: error.toJSON() }])
    assert.equal(provider.pace.concurrency, 0)
  })
})

describe('a provider of another package', () => {
  it('is used as it is where it has all there must be', () => {
    const provider = fakeCarrier()
    assert.equal(soundProvider(provider), provider)
  })

  const unsound: [name: string, given: object, lacks: RegExp][] = [
    ['nothing', {}, /type, name, pace, numbers, maxCharacters, send missing/],
    ['no send', { send: undefined }, /: send missing/],
    ['no pace', { pace: null }, /: pace missing/],
    ['a limit that is a text', { maxCharacters: '160' }, /: maxCharacters missing/],
  ]
  for (const [name, given, lacks] of unsound) {
    it(`with ${name} is told to be none`, () => {
      const provider = soundProvider(
        (Object.keys(given).length === 0 ? {} : { ...fakeCarrier(), ...given }) as ReturnType<typeof fakeCarrier>,
      )
      assert.throws(() => provider.check?.(sending().draft), { code: 'SMS_CONFIG', message: lacks })
    })
  }
})
