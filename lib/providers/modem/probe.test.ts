import assert from 'node:assert/strict'
import { createVirtualModem } from '../../../test/sim/modem/modem.ts'
import type { ModemOptions, VirtualModem } from '../../../test/sim/modem/modem.ts'
import { createManualClock } from '../../../test/support/clock.ts'
import { SmsError } from '../../errors.ts'
import type { Finding } from '../../provider.ts'
import { detectModems } from './detect.ts'
import type { Detected } from './detect.ts'
import { probeModem } from './probe.ts'

const AUTO = [115_200, 9_600]

describe('trying a modem', () => {
  let clock = createManualClock()

  /** Lets time pass until it is over, and no longer. */
  async function through<T>(work: Promise<T>): Promise<T> {
    let isOver = false
    const end = () => void (isOver = true)
    work.then(end, end)
    for (let i = 0; i < 300 && !isOver; i++) await clock.advance(100)
    return work
  }

  function attempt(options: ModemOptions = {}, pin?: string): { modem: VirtualModem; finding: Promise<Finding> } {
    clock = createManualClock()
    const modem = createVirtualModem({ clock, ...options })
    const plan = { baudRates: AUTO, pin }
    const { signal } = new AbortController()
    return { modem, finding: through(probeModem({ plan, open: modem.open, clock, signal })) }
  }

  it('tells what it is and how it stands with the network', async () => {
    const { modem, finding } = attempt({ profile: 'huawei-e173' })
    const { outcome, facts } = await finding
    assert.equal(outcome, 'worked')
    assert.equal(facts.modem, 'huawei E173')
    assert.equal(facts.registration, 'registered')
    assert.equal(facts.speed, '115200')
    assert.match(facts.signal ?? '', /^-\d+ dBm, \d+ %$/)
    assert.equal(facts.sim, undefined)
    assert.equal(modem.isOpen, false)
  })

  for (const [what, options, pin, expected] of [
    ['a card that wants a PIN there is none of', { sim: { pin: '1234' } }, undefined, /wants its PIN/],
    ['a PIN it does not try', { sim: { pin: '1234' } }, '9999', 'pin'],
    ['no card', { sim: { isPresent: false } }, undefined, /no SIM card|unread/],
    ['silence', { behaviour: { mute: 'drop' } }, undefined, /does not answer/],
  ] as const) {
    it(`tells of ${what}`, async () => {
      const { modem, finding } = attempt(options, pin)
      const told = await finding.then(
        ({ facts }) => facts.sim ?? '',
        (error: SmsError) => error.message,
      )
      if (typeof expected === 'string') assert.equal(told, expected)
      else assert.match(told, expected)
      assert.equal(modem.sim.attemptsLeft.pin, 3)
      assert.equal(modem.isOpen, false)
    })
  }

  it('ends with its deadline, and frees the port', async () => {
    clock = createManualClock()
    const modem = createVirtualModem({
      clock,
      behaviour: { latencyMs: command => (/CGMI/.test(command) ? 60_000 : 0) },
    })
    const ending = new AbortController()
    clock.after(5_000, () => ending.abort())
    const finding = probeModem({
      plan: { baudRates: AUTO, pin: undefined },
      open: modem.open,
      clock,
      signal: ending.signal,
    })
    await assert.rejects(through(finding), { code: 'SMS_TIMEOUT' })
    assert.equal(modem.isOpen, false)
  })

  it('finds out which ports have one', async () => {
    clock = createManualClock()
    const modems: Record<string, VirtualModem> = {
      good: createVirtualModem({ clock, profile: 'huawei-e173' }),
      silent: createVirtualModem({ clock, behaviour: { mute: 'drop' } }),
      nameless: createVirtualModem({ clock, behaviour: { latencyMs: command => (/CG/.test(command) ? 60_000 : 0) } }),
    }
    const { signal } = new AbortController()
    const startMs = clock.steadyMs()
    const found = await through(
      detectModems(['good', 'silent', 'nameless', 'busy'], {
        clock,
        signal,
        open: port => modems[port]?.open ?? (() => Promise.reject(new SmsError('SMS_CONNECTION', 'in use'))),
      }),
    )
    assert.deepEqual(found, [
      { port: 'good', is: 'modem', baudRate: 115_200, name: 'huawei E173' },
      { port: 'silent', is: 'silent' },
      { port: 'nameless', is: 'modem', baudRate: 115_200, name: '' },
      { port: 'busy', is: 'failed', error: { code: 'SMS_CONNECTION', message: 'in use' } },
    ] satisfies Detected[])
    assert.ok(clock.steadyMs() - startMs < 6_000)
    assert.ok(Object.values(modems).every(({ isOpen }) => !isOpen))
  })
})
