import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { createFaultyStore } from '../../test/support/faulty-store.ts'
import type { SmsRecord } from '../message.ts'
import type { IncomingMessage } from '../provider.ts'
import { createMemoryStore } from '../store/memory.ts'
import { createInbox } from './inbox.ts'

const CALL = { type: 'call', providerMessageId: 'c1' } as const
const HERE = { id: 'p', name: 'Carrier' }

function begin() {
  const clock = createManualClock()
  const kept = createMemoryStore()
  const { store, faults } = createFaultyStore(kept, clock)
  const [heard, ended]: [SmsRecord[], SmsRecord[]] = [[], []]
  const inbox = createInbox({ store, clock, log: () => {}, onCallEnded: record => void ended.push(record) })
  inbox.open()
  inbox.listen(undefined, record => void heard.push(record))
  return {
    clock,
    inbox,
    faults,
    heard,
    ended,
    receive: (call: Partial<IncomingMessage>, from = HERE) =>
      inbox.received(from, { from: '+380671112233', text: '', ...call }),
    states: async () => (await kept.history({ type: 'call', limit: 9 })).map(({ state }) => state),
  }
}

describe('inbox, calls', () => {
  it('that ring, until they come again as missed: once to the flow, and once to who looks on', async () => {
    const { inbox, clock, heard, ended, receive, states } = begin()
    assert.equal(await receive(CALL), true)
    await clock.advance(0)
    assert.equal(await receive(CALL), false)
    assert.deepEqual([ended, await states()], [[], ['ringing']])
    await clock.advance(9_000)
    assert.equal(await receive({ ...CALL, state: 'missed' }), true)
    assert.equal(await receive({ ...CALL, state: 'missed' }), false)
    assert.equal(await receive(CALL), false)
    await clock.advance(600_000)
    assert.deepEqual(await states(), ['missed'])
    assert.deepEqual(
      heard.map(({ state }) => state),
      ['ringing'],
    )
    const [record] = ended
    assert.deepEqual(record, { ...heard[0], state: 'missed', updatedAt: '2026-11-21T10:00:09.000Z' })
    assert.equal(ended.length, 1)
    inbox.end()
    assert.equal(clock.timers, 0)
  })

  it('of one provider apart from those of another', async () => {
    const { receive, states } = begin()
    await receive(CALL)
    assert.equal(await receive({ ...CALL, state: 'missed' }, { id: 'q', name: 'Other' }), true)
    assert.deepEqual((await states()).toSorted(), ['missed', 'ringing'])
  })

  it('whose end nobody tells as missed after four minutes, however long the store fails', async () => {
    const { clock, ended, faults, receive, states } = begin()
    await receive({ type: 'call' })
    await clock.advance(239_000)
    assert.deepEqual(await states(), ['ringing'])
    faults.fails = method => method === 'endCall'
    await clock.advance(60_000)
    faults.fails = () => false
    assert.deepEqual([await states(), ended], [['ringing'], []])
    await clock.advance(2_000)
    assert.deepEqual([await states(), ended.length], [['missed'], 1])
    assert.equal(clock.timers, 0)
  })

  it('that wait for a flow and are over by then as missed, once', async () => {
    const { inbox, clock, heard, receive } = begin()
    inbox.close()
    await receive(CALL)
    await receive({ ...CALL, state: 'missed' })
    inbox.open()
    await clock.advance(0)
    assert.deepEqual(
      heard.map(({ state }) => state),
      ['missed'],
    )
  })

  it('and tells the provider when their end could not be stored', async () => {
    const { faults, receive } = begin()
    await receive(CALL)
    faults.fails = method => method === 'endCall'
    await assert.rejects(receive({ ...CALL, state: 'missed' }), { code: 'SMS_STORE' })
  })
})
