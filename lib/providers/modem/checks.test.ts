import assert from 'node:assert/strict'
import { createModemRig } from '../../../test/support/modem.ts'
import type { ModemRig, RigOptions } from '../../../test/support/modem.ts'
import { CHECKS } from './checks.ts'

describe('checks of a modem', () => {
  let rig: ModemRig
  const begin = async (options: RigOptions = {}) => {
    rig = await createModemRig(options)
  }
  afterEach(async () => {
    await rig.end()
    rig.modem.stop()
  })
  async function after<T>(asking: Promise<T>, ms = 2_000): Promise<T> {
    asking.catch(() => {})
    await rig.clock.advance(ms)
    return asking
  }

  it('tell all that is asked for', async () => {
    await begin({ modem: { profile: 'quectel-ec25' }, settings: { balanceUssd: '*100#' } })
    assert.deepEqual(await after(rig.provider.modem.check(CHECKS)), {
      signal: { rssi: 20, dbm: -73, percent: 65 },
      network: {
        state: 'registered',
        roaming: false,
        operator: 'Virtual Mobile',
        technology: 'LTE',
        lac: '00C3',
        cell: '0000A1B2',
      },
      balance: { amount: '42.17', currency: 'UAH', text: 'Balance: 42.17 UAH' },
      storage: { memory: 'ME', used: 0, total: 255 },
      identity: {
        manufacturer: 'Quectel',
        model: 'EC25',
        revision: 'EC25EFAR06A06M4G',
        imei: '862000030000001',
        imsi: '255010123456789',
        iccid: '8938001234567890123',
        number: '+380501234567',
      },
      battery: { status: 0, percent: 95 },
      messages: 0,
    })
  })

  it('tell only what is asked for', async () => {
    await begin()
    assert.deepEqual(Object.keys(await after(rig.provider.modem.check(['battery', 'signal']))), ['signal', 'battery'])
  })

  it('leave out what the modem does not know', async () => {
    await begin()
    for (const name of ['+CBC', '+CSQ', '+CPMS']) rig.modem.on(name, () => ['ERROR'])
    assert.deepEqual(await after(rig.provider.modem.check(['battery', 'signal', 'storage', 'messages'])), {})
  })

  it('cannot be made without a modem', async () => {
    await begin()
    rig.modem.unplug()
    await rig.clock.advance(100)
    await assert.rejects(after(rig.provider.modem.check(['signal'])), { code: 'SMS_CONNECTION' })
    await rig.end()
    await assert.rejects(rig.provider.modem.check(['signal']), { code: 'SMS_CONNECTION' })
  })

  describe('commands of flows', () => {
    it('are answered with their lines and the result', async () => {
      await begin({ settings: { allowAt: true } })
      assert.deepEqual(await after(rig.provider.modem.command('AT+CSQ')), ['+CSQ: 20,99', 'OK'])
      assert.deepEqual(await after(rig.provider.modem.command('+NONE')), ['ERROR'])
      assert.deepEqual(await after(rig.provider.modem.command('AT+CMGR=999')), ['+CMS ERROR: 321'])
    })

    it('must be allowed', async () => {
      await begin()
      await assert.rejects(after(rig.provider.modem.command('AT+CSQ')), { code: 'SMS_CONFIG' })
    })

    it('are one line each, and no messages', async () => {
      await begin({ settings: { allowAt: true } })
      const heard = rig.modem.heard.length
      for (const command of ['AT+CSQ\rAT+CMGD=1,4', 'AT+CMGS=23', 'AT+CMGW="1"', 'AT\x1a', 'ATї'])
        await assert.rejects(after(rig.provider.modem.command(command), 100), { code: 'SMS_REQUEST' })
      assert.equal(rig.modem.heard.length, heard)
    })

    it('that change what matters are made good', async () => {
      await begin({ settings: { allowAt: true } })
      await after(rig.provider.modem.command('AT+CNMI=0,0,0,0,0'), 6_000)
      assert.deepEqual(rig.modem.settings.cnmi, [2, 1, 0, 1, 0])
    })
  })
})
