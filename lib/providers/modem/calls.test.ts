import assert from 'node:assert/strict'
import { createModemRig } from '../../../test/support/modem.ts'
import type { ModemRig } from '../../../test/support/modem.ts'

const CALLER = '+380991112233'

describe('calls', () => {
  let rig: ModemRig
  const begin = async (calls: 'report' | 'hangup' | 'ignore' = 'report') => {
    rig = await createModemRig({ settings: { calls } })
  }
  afterEach(async () => {
    await rig.end()
    rig.modem.stop()
  })
  const heard = () => rig.heard.map(({ type, state, from }) => `${type} ${state} ${from}`)

  it('are told once each, while they ring', async () => {
    await begin()
    const call = rig.modem.network.call(CALLER)
    await rig.clock.advance(100)
    assert.deepEqual(heard(), [`call ringing ${CALLER}`])
    await rig.clock.advance(30_000)
    call.end()
    await rig.clock.advance(15_000)
    rig.modem.network.call(CALLER)
    await rig.clock.advance(15_000)
    assert.deepEqual(heard(), [`call ringing ${CALLER}`, `call ringing ${CALLER}`])
    assert.equal(rig.heard[0]?.to, rig.modem.number)
  })

  it('of two callers, one right after the other, are two', async () => {
    await begin()
    rig.modem.network.call(CALLER).end()
    rig.modem.network.call('+380661112233').end()
    await rig.clock.advance(100)
    assert.deepEqual(heard(), [`call ringing ${CALLER}`, 'call ringing +380661112233'])
  })

  it('without a number are anonymous', async () => {
    await begin()
    rig.modem.network.call('')
    await rig.clock.advance(10_000)
    assert.deepEqual(heard(), ['call ringing anonymous'])
  })

  it('whose number the modem does not tell are anonymous', async () => {
    await begin()
    for (let i = 0; i < 4; i++) {
      rig.modem.say('RING')
      await rig.clock.advance(5_000)
    }
    assert.deepEqual(heard(), ['call ringing anonymous'])
  })

  it('are ended where that is wanted', async () => {
    await begin('hangup')
    const call = rig.modem.network.call(CALLER)
    await rig.clock.advance(1_000)
    assert.deepEqual([heard(), call.state], [[`call missed ${CALLER}`], 'refused'])
  })

  it('are ended by ATH where the modem has no other way', async () => {
    await begin('hangup')
    rig.modem.on('+CHUP', () => ['ERROR'])
    const call = rig.modem.network.call(CALLER)
    await rig.clock.advance(1_000)
    assert.equal(call.state, 'refused')
  })

  it('are left alone where that is wanted', async () => {
    await begin('ignore')
    const call = rig.modem.network.call(CALLER)
    await rig.clock.advance(20_000)
    assert.deepEqual([heard(), call.state], [[], 'ringing'])
    call.end()
  })
})
