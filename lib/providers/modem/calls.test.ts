import assert from 'node:assert/strict'
import type { SmsRecord } from '../../message.ts'
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
  const stored = () => rig.store.history({ type: 'call', limit: 9 })
  const kept = async () => (await stored()).map(({ state, from }) => `${state} ${from}`)

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
    assert.deepEqual(await kept(), ['missed +380661112233', `missed ${CALLER}`])
  })

  describe('are missed', () => {
    const ends: readonly (readonly [how: string, says: readonly string[], afterMs: number])[] = [
      ['the modem says', ['NO CARRIER'], 0],
      ['a Huawei modem says', ['^CEND:1,0,104,16'], 0],
      ['a SIMCom modem says', ['MISSED_CALL: 11:53AM +380991112233'], 0],
      ['a SIMCom modem says when it was hung up elsewhere', ['VOICE CALL: END: 000000'], 0],
      ['the rings that do not come say', [], 10_000],
    ]
    for (const [how, says, afterMs] of ends) {
      it(`as soon as ${how}, and no flow hears of them again`, async () => {
        await begin()
        rig.modem.behaviour.callOver = says
        const told: SmsRecord[] = []
        rig.gateway.on('message', record => told.push(record))
        const call = rig.modem.network.call(CALLER)
        await rig.clock.advance(31_000)
        assert.deepEqual([await kept(), told], [[`ringing ${CALLER}`], []])
        const [ringing] = await stored()
        call.end()
        // The last ring was a second ago.
        await rig.clock.advance(Math.max(0, afterMs - 1_500))
        if (afterMs > 0) assert.deepEqual(await kept(), [`ringing ${CALLER}`])
        await rig.clock.advance(600)
        const [missed] = await stored()
        assert.deepEqual(missed, { ...ringing, state: 'missed', updatedAt: missed?.updatedAt })
        assert.ok(missed.updatedAt > missed.createdAt)
        assert.deepEqual(told, [missed])
        await rig.clock.advance(60_000)
        assert.deepEqual(heard(), [`call ringing ${CALLER}`])
        assert.equal(told.length, 1)
      })
    }

    it('where they end before their number is told: once, as missed', async () => {
      await begin()
      rig.modem.say('RING')
      await rig.clock.advance(1_000)
      rig.modem.say('NO CARRIER')
      await rig.clock.advance(1_000)
      assert.deepEqual([heard(), await kept()], [['call missed anonymous'], ['missed anonymous']])
    })

    for (const how of ['restart', 'crash'] as const) {
      it(`where a ${how} came while they rang`, async () => {
        await begin()
        const call = rig.modem.network.call(CALLER)
        await rig.clock.advance(1_000)
        call.end()
        rig = await rig[how]()
        assert.deepEqual(await kept(), [`missed ${CALLER}`])
      })
    }

    it('where the modem is unplugged while they ring', async () => {
      await begin()
      rig.modem.network.call(CALLER)
      await rig.clock.advance(1_000)
      rig.modem.unplug()
      await rig.clock.advance(15_000)
      assert.deepEqual(await kept(), [`missed ${CALLER}`])
    })

    it('where the store fails as they begin: then they are stored as that', async () => {
      await begin()
      const { receive } = rig.store
      let failures = 0
      rig.store.receive = async record => {
        if (failures++ === 0) throw new Error('the disk is full')
        return receive(record)
      }
      const call = rig.modem.network.call(CALLER)
      await rig.clock.advance(1_000)
      assert.deepEqual(await kept(), [])
      call.end()
      await rig.clock.advance(1_000)
      assert.deepEqual([heard(), await kept()], [[`call missed ${CALLER}`], [`missed ${CALLER}`]])
    })

    it('where the store fails as they end: some minutes later', async () => {
      await begin()
      const { endCall } = rig.store
      let failures = 0
      rig.store.endCall = async (...given) => {
        if (failures++ === 0) throw new Error('the disk is full')
        return endCall(...given)
      }
      const call = rig.modem.network.call(CALLER)
      await rig.clock.advance(1_000)
      call.end()
      await rig.clock.advance(60_000)
      assert.deepEqual(await kept(), [`ringing ${CALLER}`])
      await rig.clock.advance(240_000)
      assert.deepEqual(await kept(), [`missed ${CALLER}`])
    })
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
    const [missed] = await stored()
    await rig.clock.advance(60_000)
    assert.deepEqual(await stored(), [missed])
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
