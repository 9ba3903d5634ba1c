import assert from 'node:assert/strict'
import { createModemRig } from '../../test/support/modem.ts'
import type { ModemRig } from '../../test/support/modem.ts'
import { createOverview } from './overview.ts'
import type { Overview } from './overview.ts'

describe('overview', () => {
  let rig: ModemRig
  afterEach(() => rig.end())

  /** What is seen of the modem; asking it takes some turns of the event loop. */
  async function look(overview: Overview) {
    const views = overview.views()
    for (let i = 0; i < 20; i++) await rig.clock.advance(100)
    const [view] = await views
    assert.ok(view)
    return view
  }

  it('shows the network a modem is in at the first look, and none when the modem has gone', async () => {
    rig = await createModemRig({ modem: { profile: 'quectel-ec25' } })
    const overview = createOverview(rig.gateway, rig.clock)
    const { health, line } = await look(overview)
    assert.equal(health, 'ready')
    assert.deepEqual([line?.operator, typeof line?.percent], ['Virtual Mobile', 'number'])
    rig.modem.unplug()
    const gone = await look(overview)
    assert.deepEqual([gone.health, gone.line], ['failed', undefined])
  })

  it('does not wait long for a modem that says nothing, nor asks it again at once', async () => {
    rig = await createModemRig({ modem: { profile: 'quectel-ec25' } })
    const overview = createOverview(rig.gateway, rig.clock)
    rig.modem.behaviour.mute = 'hold'
    const asked = rig.modem.heard.length
    assert.equal((await look(overview)).line, undefined)
    assert.equal((await look(overview)).line, undefined)
    assert.equal(rig.modem.heard.length - asked, 1)
  })
})
