import assert from 'node:assert/strict'
import { createModemRig } from '../../../test/support/modem.ts'
import type { ModemRig, RigOptions } from '../../../test/support/modem.ts'
import { PROFILES } from '../../../test/sim/modem/profile.ts'
import type { ProfileName, UssdSpelling } from '../../../test/sim/modem/profile.ts'

describe('USSD', () => {
  let rig: ModemRig
  const begin = async (options: RigOptions = {}) => {
    rig = await createModemRig(options)
  }
  afterEach(async () => {
    await rig.end()
    rig.modem.stop()
  })

  /** Resolves to what is answered in so long, or rejects. */
  async function ask(code: string, ms = 2_000, signal?: AbortSignal): Promise<string> {
    const asking = rig.provider.modem.ussd(code, signal)
    asking.catch(() => {})
    await rig.clock.advance(ms)
    return asking
  }

  for (const profile of Object.keys(PROFILES) as ProfileName[]) {
    for (const ussd of ['text', 'packed', 'ucs2'] as UssdSpelling[]) {
      it(`is understood by ${profile} that spells it as ${ussd}`, async () => {
        await begin({ modem: { profile, behaviour: { ussd } } })
        assert.equal(await ask('*100#'), 'Balance: 42.17 UAH')
        assert.equal(await ask('*101#'), 'Баланс: 42,17 грн')
      })
    }
  }

  it('gives a menu, and closes it', async () => {
    await begin()
    assert.equal(await ask('*102#'), '1. Balance\n2. Tariff')
    assert.equal(await ask('*100#'), 'Balance: 42.17 UAH')
  })

  it('answers two who ask at once each what they asked', async () => {
    await begin()
    const both = Promise.all([rig.provider.modem.ussd('*100#'), rig.provider.modem.ussd('*101#')])
    await rig.clock.advance(2_000)
    assert.deepEqual(await both, ['Balance: 42.17 UAH', 'Баланс: 42,17 грн'])
  })

  it('says of a code that nobody knows', async () => {
    await begin()
    await assert.rejects(ask('*999#'), { code: 'SMS_UNSUPPORTED' })
  })

  it('gives up on a network that never answers, and the next one works', async () => {
    await begin()
    const undo = rig.modem.on('+CUSD', ({ text }) => (text.includes('=1,') ? ['OK'] : undefined))
    await assert.rejects(ask('*100#', 61_000), { code: 'SMS_TIMEOUT' })
    undo()
    assert.equal(await ask('*100#'), 'Balance: 42.17 UAH')
  })

  it('is called off', async () => {
    await begin()
    rig.modem.on('+CUSD', ({ text }) => (text.includes('=1,') ? ['OK'] : undefined))
    const controller = new AbortController()
    const asking = rig.provider.modem.ussd('*100#', controller.signal)
    await rig.clock.advance(1_000)
    controller.abort()
    await assert.rejects(asking, { code: 'SMS_CANCELLED' })
    await rig.clock.advance(100)
    assert.ok(rig.modem.heard.includes('AT+CUSD=2'))
  })

  it('takes nothing but codes', async () => {
    await begin()
    for (const code of ['', 'abc', '*100#",15\rAT+CMGD=1,4', '*100#;'])
      await assert.rejects(ask(code), { code: 'SMS_REQUEST' })
  })

  it('tells the balance', async () => {
    await begin({ settings: { balanceUssd: '*100#' } })
    const balance = rig.gateway.balance('m')
    await rig.clock.advance(2_000)
    assert.deepEqual(await balance, { amount: '42.17', currency: 'UAH', text: 'Balance: 42.17 UAH' })
  })

  it('tells no balance without a code for it', async () => {
    await begin()
    await assert.rejects(rig.gateway.balance('m'), { code: 'SMS_UNSUPPORTED' })
    await assert.rejects(rig.provider.modem.balance(), { code: 'SMS_UNSUPPORTED' })
  })
})
