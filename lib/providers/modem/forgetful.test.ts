import assert from 'node:assert/strict'
import { createModemRig, OTHER } from '../../../test/support/modem.ts'
import type { ModemRig, RigOptions } from '../../../test/support/modem.ts'
import type { VirtualModem } from '../../../test/sim/modem/modem.ts'

describe('a modem that forgets its settings and says nothing', () => {
  let rig: ModemRig
  const begin = async (options: RigOptions = {}) => {
    rig = await createModemRig({ ready: false, ...options })
    await rig.clock.advance(40_000)
  }
  const end = async () => {
    await rig.end()
    rig.modem.stop()
  }
  const setUps = () => rig.modem.heard.filter(command => command === 'ATZ').length

  const losses: readonly (readonly [how: string, lose: (modem: VirtualModem) => void])[] = [
    ['forgets', modem => modem.loseSettings()],
    ['restarts', modem => modem.restart({ says: [] })],
  ]
  for (const [how, lose] of losses) {
    it(`hands over what comes in within six seconds, whenever it ${how}`, async () => {
      for (let phase = 0; phase < 10; phase++) {
        // As long as modems on USB take for each of thirty commands.
        await begin({ modem: { behaviour: { latencyMs: 80, bootMs: 300 } } })
        await rig.clock.advance(phase * 270)
        lose(rig.modem)
        rig.modem.network.deliver({ from: OTHER, text: 'Hello' })
        await rig.clock.advance(6_000)
        assert.equal(rig.heard.length, 1, `after ${phase * 270} ms`)
        await end()
      }
    })
  }

  it('is found out by its echo too, where it remembers how it was to announce', async () => {
    await begin()
    const before = setUps()
    Object.assign(rig.modem.settings, { echo: true, cmee: 0, clip: 0 })
    await rig.clock.advance(4_000)
    assert.deepEqual([setUps(), rig.modem.settings.echo, rig.modem.settings.clip], [before + 1, false, 1])
    await rig.clock.advance(60_000)
    assert.equal(setUps(), before + 1)
    await end()
  })

  it('is set up before the next message goes, so that its report comes', async () => {
    await begin({ modem: { behaviour: { latencyMs: 20 } } })
    await rig.clock.advance(300)
    rig.modem.loseSettings()
    const id = await rig.send('Hello')
    await rig.clock.advance(2_000)
    assert.equal(await rig.state(id), 'delivered')
    assert.equal(rig.modem.network.sent.length, 1)
    await end()
  })

  it('is not taken for one that repeats all it is sent, whatever it was told', async () => {
    await begin({ modem: { behaviour: { echo: 'always' } } })
    const before = setUps()
    await rig.send('Hello')
    await rig.clock.advance(60_000)
    assert.equal(setUps(), before)
    await end()
  })

  it('costs one question every two and a half seconds, and no more', async () => {
    await begin()
    const before = rig.modem.heard.length
    await rig.clock.advance(25_000)
    const asked = rig.modem.heard.slice(before).filter(command => command === 'AT+CNMI?').length
    assert.ok(asked >= 9 && asked <= 10, `${asked}`)
    await end()
  })
})
