import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { SmsError } from '../errors.ts'
import type { Check, Readings } from '../providers/modem/checks.ts'
import { createModemPoll } from './modem-poll.ts'
import { summary } from './summary.ts'

/** A poll every ten seconds of a modem that says what `says` holds: readings, or why there are none. */
function polling(emit: 'always' | 'change' = 'always', checks: readonly Check[] = ['signal', 'balance']) {
  const clock = createManualClock()
  const says: Partial<Record<Check, Readings | Error>> = {
    signal: { signal: { rssi: 15, percent: 48 } },
    balance: { balance: { amount: '5', text: '5' } },
  }
  const told: string[] = []
  const poll = createModemPoll({
    modem: {
      async check([name]) {
        const answer = says[name!] ?? {}
        if (answer instanceof Error) throw answer
        return answer
      },
    },
    checks,
    everyMs: 10_000,
    emit,
    clock,
    heard: ({ readings, failures }, isTold) => {
      const failed = failures.map(({ check, code }) => `${check} ${code}`)
      told.push([isTold ? 'told' : 'kept', ...Object.keys(readings), ...failed].join(' '))
    },
    failed: ({ code, message }) => told.push(`${code} ${message}`),
  })
  poll.fares('ready')
  return { clock, says, told, poll }
}

describe('a modem poll', () => {
  it('keeps what was read where one check fails', async () => {
    const { poll, clock, says, told } = polling()
    says.signal = new SmsError('SMS_TIMEOUT', 'late')
    poll.begin()
    await clock.advance(0)
    assert.deepEqual(told, ['told balance signal SMS_TIMEOUT'])
  })

  it('tells of a failure of all once, with each reason, until something was read', async () => {
    const { poll, clock, says, told } = polling()
    const before = { ...says }
    const fail = () => Object.assign(says, { signal: new SmsError('SMS_TIMEOUT', 'a'), balance: new Error('secret') })
    fail()
    poll.begin()
    await clock.advance(25_000)
    Object.assign(says, before)
    await clock.advance(10_000)
    fail()
    await clock.advance(10_000)
    assert.equal(told.length, 3)
    assert.match(told[0]!, /^SMS_TIMEOUT signal: a; balance: unexpected Error/)
    assert.doesNotMatch(told[0]!, /secret/)
    assert.deepEqual([told[1], told[2]], ['told signal balance', told[0]])
  })

  it('takes a modem that goes down meanwhile for no failure, and asks when it is back', async () => {
    const { poll, clock, says, told } = polling('always', ['signal'])
    const before = says.signal!
    says.signal = new SmsError('SMS_CONNECTION', 'gone')
    poll.begin()
    await clock.advance(1_000)
    poll.fares('failed')
    says.signal = before
    await clock.advance(1_000)
    assert.deepEqual(told, [])
    poll.fares('degraded')
    await clock.advance(0)
    assert.deepEqual(told, ['told signal'])
  })

  it('tells changes only, where that is wanted, and what was answered on demand is not new', async () => {
    const { poll, clock, says, told } = polling('change', ['signal'])
    poll.begin()
    await clock.advance(10_000)
    says.signal = { signal: { rssi: 31, percent: 100 } }
    await poll.ask(new AbortController().signal)
    await clock.advance(10_000)
    says.signal = { signal: { rssi: 15, percent: 48 } }
    await clock.advance(10_000)
    assert.deepEqual(told, ['told signal', 'kept signal', 'kept signal', 'told signal'])
  })

  it('tells nothing after its end, and leaves no timer', async () => {
    const { poll, clock, told } = polling()
    poll.begin()
    poll.end()
    await clock.advance(30_000)
    assert.deepEqual([told, clock.timers], [[], 0])
    await assert.rejects(poll.ask(new AbortController().signal), { code: 'SMS_CANCELLED' })
  })
})

describe('the summary of readings', () => {
  const network = { state: 'registered', roaming: false } as const
  const ROWS: readonly (readonly [Readings, string | undefined])[] = [
    [{ signal: { rssi: 15, percent: 48 }, network: { ...network, operator: 'One' } }, 'One 48 %'],
    [{ signal: { rssi: 0, percent: 0 } }, '0 %'],
    [{ signal: { rssi: 99 }, network: { ...network, operator: 'One' } }, 'One'],
    [{ signal: { rssi: 99 }, network }, undefined],
    [{}, undefined],
  ]
  for (const [readings, text] of ROWS) it(`is ${text ?? 'nothing'}`, () => assert.equal(summary(readings), text))
})
