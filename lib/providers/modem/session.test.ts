import assert from 'node:assert/strict'
import { createManualClock } from '../../../test/support/clock.ts'
import { createModemRig, ME } from '../../../test/support/modem.ts'
import type { ModemRig, RigOptions } from '../../../test/support/modem.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import { createVirtualModem } from '../../../test/sim/modem/modem.ts'
import { PROFILES } from '../../../test/sim/modem/profile.ts'
import type { ProfileName } from '../../../test/sim/modem/profile.ts'
import { SmsError } from '../../errors.ts'
import type { OpenTransport } from '../../transport/contract.ts'
import { createModem } from './index.ts'

describe('a modem', () => {
  let rig: ModemRig
  const begin = async (options: RigOptions = {}) => {
    rig = await createModemRig(options)
  }
  const pass = (ms = 1_000) => rig.clock.advance(ms)
  const fares = () => {
    const { health, error } = rig.fares.at(-1) ?? {}
    return error ? `${health}: ${error.message}` : health
  }

  describe('of each make', () => {
    for (const profile of Object.keys(PROFILES) as ProfileName[]) {
      it(`works, and comes back: ${profile}`, async () => {
        await begin({ modem: { profile } })
        const ids = [await rig.send('Out'), await rig.send('ї'.repeat(100))]
        rig.modem.network.deliver({ from: ME, text: 'In' })
        await pass(3_000)
        rig.modem.restart()
        await pass(15_000)
        rig.modem.network.deliver({ from: ME, text: 'In again' })
        await pass(3_000)
        assert.deepEqual(await Promise.all(ids.map(rig.state)), ['delivered', 'delivered'])
        assert.deepEqual(
          rig.heard.map(({ text }) => text),
          ['In', 'In again'],
        )
        assert.equal(fares(), 'ready')
        await rig.end()
        rig.modem.stop()
      })
    }
  })

  describe('in use by a gateway', () => {
    afterEach(async () => {
      await rig.end()
      rig.modem.stop()
    })

    const words: readonly (readonly [what: string, options: RigOptions, said: RegExp])[] = [
      ['without a SIM', { modem: { sim: { isPresent: false } } }, /^failed: .*no SIM card/],
      ['that looks for its network', { modem: { registration: 'searching' } }, /^degraded: .*looking for its network/],
      ['without a network', { modem: { registration: 'none' } }, /^degraded: .*not on a network/],
      ['that the network refuses', { modem: { registration: 'denied' } }, /^failed: .*refuses this SIM/],
      ['that says nothing', { modem: { behaviour: { deaf: true } } }, /^failed: .*does not answer/],
    ]
    for (const [what, options, said] of words) {
      it(`${what} says so`, async () => {
        await begin({ ...options, ready: false })
        await pass(30_000)
        assert.match(fares() ?? '', said)
      })
    }

    it('that has no network gets one: it tells at once', async () => {
      await begin({ ready: false, modem: { registration: 'searching' } })
      await pass(5_000)
      rig.modem.registration = 'roaming'
      await pass(100)
      assert.equal(fares(), 'ready')
    })

    it('whose SIM is put in is ready soon', async () => {
      await begin({ ready: false, modem: { sim: { isPresent: false } } })
      await pass(60_000)
      rig.modem.sim.isPresent = true
      await pass(11_000)
      assert.equal(fares(), 'ready')
    })

    it('that refuses PDU mode is said to', async () => {
      await begin()
      rig.modem.on('+CMGF', () => ['ERROR'])
      rig = await rig.restart()
      assert.match(fares() ?? '', /^failed: .*PDU mode/)
    })

    it('that hangs in its sending alone is restarted', async () => {
      await begin()
      rig.modem.inject({ on: '+CMGS', when: 'command', answer: 'silence', times: 3 })
      const id = await rig.send('Hello')
      await pass(180_000)
      assert.ok(rig.modem.heard.includes('AT+CFUN=1,1'))
      assert.equal(await rig.state(id), 'delivered')
    })

    it('in whose port another program wrote half a message is set up all the same', async () => {
      const clock = createManualClock()
      const modem = createVirtualModem({ clock })
      const line = modem.connect()
      line.write('AT+CMGF=1\r')
      line.write('AT+CMGS="+380501112233"\rI am not fini')
      await clock.advance(100)
      line.close()
      const host = createHost(clock)
      const provider = createModem({ name: 'm', port: 'COM6' }, { open: modem.open })
      await provider.start?.(host)
      await clock.advance(5_000)
      assert.equal(host.healths.at(-1)?.health, 'ready')
      assert.equal(modem.network.sent.length, 0)
      await provider.stop?.()
      modem.stop()
      await begin()
    })

    it('that was left in silent, numeric results is set up all the same', async () => {
      const clock = createManualClock()
      const modem = createVirtualModem({ clock })
      const line = modem.connect()
      line.write('ATV0\rATQ1\r')
      await clock.advance(100)
      line.close()
      const host = createHost(clock)
      const provider = createModem({ name: 'm', port: 'COM6', baudRate: 9600 }, { open: modem.open })
      await provider.start?.(host)
      await clock.advance(10_000)
      assert.equal(host.healths.at(-1)?.health, 'ready')
      await provider.stop?.()
      modem.stop()
      await begin()
    })

    it('gets the commands of the user after all others, and a refused one is logged without its values', async () => {
      await begin({ settings: { initCommands: 'AT+CSDH=1\n+CPWD="SC","1111","2222"\n+NONE=1' } })
      assert.ok(rig.modem.heard.includes('AT+CSDH=1'))
      assert.ok(rig.log.some(line => /refused .*\+NONE/.test(line)))
      assert.ok(!rig.log.some(line => /1111|2222/.test(line)))
    })

    it('that refuses half of it just after its start is set up once more', async () => {
      await begin()
      rig.modem.inject({ on: '+CNMI', answer: ['+CMS ERROR: 500'], times: 30 })
      rig.modem.inject({ on: '+CPMS', answer: ['+CMS ERROR: 314'], times: 5 })
      rig.modem.restart()
      await pass(20_000)
      assert.deepEqual(rig.modem.settings.cnmi, [2, 1, 0, 1, 0])
    })

    it('keeps what comes in where it is told to', async () => {
      await begin({ settings: { storage: 'ME' } })
      assert.equal(rig.modem.settings.cpms[2], 'ME')
      rig.modem.network.deliver({ from: ME, text: 'Hello' })
      await pass()
      assert.deepEqual(
        rig.heard.map(({ text }) => text),
        ['Hello'],
      )
    })

    it('that is not there is looked for as long as it takes, with a line in the log now and then', async () => {
      await begin()
      rig.modem.unplug()
      await pass(3_600_000)
      assert.match(fares() ?? '', /^failed/)
      assert.ok(
        rig.log.filter(line => line.startsWith('warn')).length <= 4,
        rig.log.filter(l => l.startsWith('warn')).join('\n'),
      )
      rig.modem.plug()
      await pass(6_000)
      assert.equal(fares(), 'ready')
    })
  })

  describe('ends within a second', () => {
    const moments: readonly (readonly [when: string, ms: number, prepare: (rig: ModemRig) => void])[] = [
      ['when all is well', 0, () => {}],
      ['while it is opened', 0, rig => rig.modem.unplug()],
      ['while it is mute', 30_000, rig => void (rig.modem.behaviour.mute = 'drop')],
      ['while it sends', 200, rig => void (rig.modem.behaviour.latencyMs = 10_000)],
      ['while it is set up', 100, rig => (rig.modem.restart(), void (rig.modem.behaviour.latencyMs = 1_000))],
      ['while it waits for the network', 100, rig => void rig.modem.on('+CUSD', () => ['OK'])],
    ]
    for (const [when, ms, prepare] of moments) {
      it(`${when}, and leaves nothing behind`, async () => {
        await begin()
        prepare(rig)
        await rig.send('Hello')
        rig.provider.modem.ussd('*100#').catch(() => {})
        await pass(ms)
        let ended = false
        void Promise.resolve(rig.provider.stop?.()).then(() => (ended = true))
        await pass(1_000)
        assert.ok(ended)
        assert.equal(rig.modem.port === undefined || rig.modem.attach({ data() {}, closed() {} }) !== undefined, true)
        await rig.end()
        rig.modem.stop()
        assert.equal(rig.clock.timers, 0)
      })
    }
  })

  describe('on a port', () => {
    it('is found at its speed', async () => {
      const clock = createManualClock()
      const modem = createVirtualModem({ clock })
      const tried: number[] = []
      const open = atSpeed(modem.open, 460_800, tried)
      const host = createHost(clock)
      const provider = createModem({ name: 'm', port: 'COM6', baudRate: 'auto' }, { open })
      await provider.start?.(host)
      await clock.advance(6_000)
      assert.equal(host.healths.at(-1)?.health, 'ready')
      assert.deepEqual(tried, [115_200, 9_600, 460_800])
      await provider.stop?.()
      modem.stop()
    })

    for (const [said, code] of [
      ['COM6: another program uses this port', 'SMS_CONNECTION'],
      ['the package serialport does not load', 'SMS_CONFIG'],
    ] as const) {
      it(`that cannot be opened is told in the words of the system: ${said}`, async () => {
        const clock = createManualClock()
        const host = createHost(clock)
        const open: OpenTransport = () => Promise.reject(new SmsError(code, said))
        const provider = createModem({ name: 'm', port: 'COM6' }, { open })
        await provider.start?.(host)
        await clock.advance(20_000)
        assert.deepEqual(host.healths.at(-1), { health: 'failed', error: { code, message: said } })
        await provider.stop?.()
        assert.equal(clock.timers, 0)
      })
    }
  })
})

/** A line on which the modem is understood at one speed only. */
function atSpeed(open: OpenTransport, right: number, tried: number[]): OpenTransport {
  let now = 0
  return async (events, signal) => {
    const transport = await open({ ...events, data: bytes => now === right && events.data(bytes) }, signal)
    return {
      ...transport,
      write: async bytes => (now === right ? transport.write(bytes) : undefined),
      async setBaudRate(baud) {
        now = baud
        tried.push(baud)
      },
    }
  }
}
