import assert from 'node:assert/strict'
import { createManualClock } from '../../../test/support/clock.ts'
import { SmsError } from '../../errors.ts'
import { createHosts } from './hosts.ts'

describe('the hosts of SMSC', () => {
  const clock = createManualClock()
  const unreached = (host: string) => new SmsError('SMS_CONNECTION', host)

  function track(down: readonly string[], error = unreached) {
    const asked: string[] = []
    const request = async (host: string): Promise<string> => {
      asked.push(host)
      if (down.includes(host)) throw error(host)
      return host
    }
    return { asked, request }
  }

  it('are asked in turn until one is reached, which stays the first for ten minutes', async () => {
    const hosts = createHosts(['a', 'b', 'c'], clock)
    const { asked, request } = track(['a', 'b'])
    assert.equal(await hosts.reach(request, undefined), 'c')
    await hosts.reach(request, undefined)
    await clock.advance(599_999)
    await hosts.reach(request, undefined)
    assert.equal(asked.join(''), 'abccc')
    await clock.advance(1)
    await hosts.reach(request, undefined)
    assert.equal(asked.join(''), 'abcccabc')
  })

  it('give the error of the first where none is reached', async () => {
    const { request, asked } = track(['a', 'b'])
    await assert.rejects(createHosts(['a', 'b'], clock).reach(request, undefined), unreached('a'))
    assert.equal(asked.join(''), 'ab')
  })

  for (const [title, error] of [
    ['a host that was reached', () => new SmsError('SMS_UNKNOWN', 'x')],
    ['an error of our own', () => new Error('x')],
  ] as const) {
    it(`are no other asked after ${title}`, async () => {
      const { request, asked } = track(['a'], error as () => SmsError)
      await assert.rejects(createHosts(['a', 'b'], clock).reach(request, undefined))
      assert.equal(asked.join(''), 'a')
    })
  }

  it('are no other asked once it is called off', async () => {
    const controller = new AbortController()
    controller.abort()
    const { request, asked } = track(['a'])
    await assert.rejects(createHosts(['a', 'b'], clock).reach(request, controller.signal), { code: 'SMS_CONNECTION' })
    assert.equal(asked.join(''), 'a')
  })
})
