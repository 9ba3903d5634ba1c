import assert from 'node:assert/strict'
import type { SmsRecord } from '../../lib/message.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'

describe('a sensor, a phone and its answer', () => {
  afterEach(unloadFlow)

  it('goes round: one SMS per real change, an answer, a reaction, a delivery report', async () => {
    const flow = await loadFlow([
      { id: 'carrier', type: 'sms-test', name: 'Simulated', mode: 'loopback' },
      {
        id: 'debounce',
        type: 'sensor debounce',
        sensors: [{ topic: 'home/door', name: 'Door', on: 'Open', off: 'Closed' }],
        windowMs: '30',
        maxWaitMs: '300',
        initial: 'report',
        wires: [['out']],
      },
      { id: 'out', type: 'sms out', provider: 'carrier', to: '+380501234567', toType: 'str', wires: [['sent']] },
      { id: 'phone', type: 'sms phone', provider: 'carrier', number: '+380501234567', wires: [['ring']] },
      { id: 'in', type: 'sms in', provider: '', match: 'STATUS', matchType: 'keyword', wires: [['command']] },
      { id: 'status', type: 'sms status', provider: 'carrier', listen: 'deliveries', wires: [['report']] },
      { id: 'sent', type: 'helper' },
      { id: 'ring', type: 'helper' },
      { id: 'command', type: 'helper' },
      { id: 'report', type: 'helper' },
    ])
    for (const payload of ['ON', 'OFF', 'ON', 'OFF', 'ON']) flow.inject('debounce', { topic: 'home/door', payload })

    const ring = await flow.next('ring')
    assert.match(String(ring.payload), /^\d\d:\d\d:\d\d\nDoor: Open$/)
    // The message names no sender of its own.
    assert.deepEqual(['from' in ring, 'from' in (ring.sms as object)], [false, false])
    const sent = (await flow.next('sent')).sms as SmsRecord
    assert.equal(sent.to, '+380501234567')
    assert.equal(sent.state, 'delivered')
    const report = await flow.next('report')
    assert.deepEqual([report.payload, (report.sms as SmsRecord).id], ['delivered', sent.id])

    flow.inject('phone', { payload: 'status now please' })
    const command = await flow.next('command')
    assert.equal(command.payload, 'status now please')
    assert.deepEqual(command['match'], ['now', 'please'])
    assert.deepEqual([command['from'], command.topic], ['+380501234567', 'Simulated'])
    assert.equal(flow.pending('ring').length, 0)
  })

  it('names a provider that has no name by what it is, everywhere', async () => {
    const flow = await loadFlow([
      { id: 'carrier', type: 'sms-test', name: '', mode: 'loopback' },
      { id: 'out', type: 'sms out', provider: 'carrier', to: '+380501234567', toType: 'str', wires: [['sent']] },
      { id: 'phone', type: 'sms phone', provider: 'carrier', number: '+380501234567', wires: [] },
      { id: 'in', type: 'sms in', provider: '', wires: [['came']] },
      { id: 'sent', type: 'helper' },
      { id: 'came', type: 'helper' },
    ])
    flow.inject('out', { payload: 'Hello' })
    assert.equal(((await flow.next('sent')).sms as SmsRecord).provider, 'Simulated carrier')
    flow.inject('phone', { payload: 'Who is there?' })
    assert.equal((await flow.next('came')).topic, 'Simulated carrier')
  })
})
