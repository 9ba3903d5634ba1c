import assert from 'node:assert/strict'
import { createModemRig } from '../../../test/support/modem.ts'
import type { ModemRig } from '../../../test/support/modem.ts'
import { PROFILES } from '../../../test/sim/modem/profile.ts'
import type { ProfileName } from '../../../test/sim/modem/profile.ts'

describe('the PIN of a SIM', () => {
  let rig: ModemRig
  const begin = async (pin: string | undefined, profile: ProfileName = 'generic', attempts = 3) => {
    rig = await createModemRig({
      ready: false,
      settings: { pin },
      modem: { profile, sim: { pin: '1234' } },
    })
    rig.modem.sim.attemptsLeft.pin = attempts
    await rig.clock.advance(5_000)
  }
  afterEach(async () => {
    await rig.end()
    rig.modem.stop()
  })
  const entered = () => rig.modem.heard.filter(command => command.startsWith('AT+CPIN=')).length
  const fares = () => `${rig.fares.at(-1)?.health} ${rig.fares.at(-1)?.error?.message ?? ''}`

  it('is entered where it is asked for, after every start of the modem', async () => {
    await begin('1234')
    assert.match(fares(), /^ready/)
    rig.modem.restart()
    await rig.clock.advance(10_000)
    assert.match(fares(), /^ready/)
    assert.equal(entered(), 2)
  })

  it('that is missing is said to be', async () => {
    await begin(undefined)
    assert.match(fares(), /^failed .*wants its PIN/)
  })

  it('that is wrong is entered once, whatever restarts, until it is another one', async () => {
    await begin('9999')
    assert.match(fares(), /^failed .*refused the PIN/)
    await rig.clock.advance(3_600_000)
    for (let i = 0; i < 3; i++) {
      rig.modem.restart()
      rig = await rig.restart()
      await rig.clock.advance(60_000)
    }
    assert.equal(entered(), 1)
    assert.equal(rig.modem.sim.attemptsLeft.pin, 2)
    rig = await rig.restart({ pin: '1234' })
    assert.match(fares(), /^ready/)
  })

  it('that is wrong is entered once, although the answer never came', async () => {
    await begin(undefined)
    rig.modem.inject({ on: '+CPIN', acts: true, answer: 'silence', times: 1 })
    rig = await rig.restart({ pin: '9999' })
    await rig.clock.advance(3_600_000)
    assert.ok(rig.modem.sim.attemptsLeft.pin >= 1, `${rig.modem.sim.attemptsLeft.pin}`)
    assert.match(fares(), /^failed/)
  })

  it('is not entered a third time, although nobody can tell what became of it', async () => {
    await begin(undefined)
    rig.modem.on('+CPINR', () => ['ERROR'])
    rig.modem.inject({ on: /^\+CPIN=/, acts: true, answer: 'silence', times: Infinity })
    rig = await rig.restart({ pin: '9999' })
    for (let i = 0; i < 3; i++) {
      rig.modem.restart()
      rig = await rig.restart()
      await rig.clock.advance(300_000)
    }
    assert.equal(rig.modem.sim.attemptsLeft.pin, 1)
    assert.match(fares(), /^failed/)
  })

  it('fails what is to be sent, as nothing helps but a person', async () => {
    await begin('9999')
    const id = await rig.send('Hello')
    await rig.clock.advance(1_000)
    const { state, error } = await rig.record(id)
    assert.deepEqual([state, error?.code], ['failed', 'SMS_CONFIG'])
  })

  for (const profile of Object.keys(PROFILES) as ProfileName[]) {
    it(`is not entered by ${profile} when one attempt is left`, async () => {
      await begin('1234', profile, 1)
      await rig.clock.advance(20_000)
      assert.match(fares(), /^failed .*one attempt left/)
      assert.equal(entered(), 0)
    })
  }

  it('is not entered where the PUK is asked for', async () => {
    await begin('1234', 'generic', 0)
    assert.match(fares(), /^failed .*PUK/)
    assert.equal(entered(), 0)
  })

  it('never shows: in no log, no error, no note', async () => {
    await begin('9999')
    const notes = JSON.stringify(await Promise.all(['pin', 'unfinished'].map(key => rig.store.note('m', key))))
    for (const shown of [rig.log.join('\n'), JSON.stringify(rig.fares), notes]) assert.ok(!shown.includes('9999'))
    assert.ok(rig.log.some(line => line.includes('+CPIN=')))
  })
})
