import assert from 'node:assert/strict'
import type { Message } from '../../nodes/shared/red.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

const SENSORS = [
  { topic: 'home/door', name: 'Door', on: 'Open', off: 'Closed' },
  { topic: 'home/window', name: 'Window', on: 'Open', off: 'Closed' },
]

function debouncing(settings: object = {}): Promise<Flow> {
  return loadFlow([
    {
      id: 'debounce',
      type: 'sensor debounce',
      sensors: SENSORS,
      windowMs: 20,
      maxWaitMs: 200,
      initial: 'report',
      wires: [['out']],
      ...settings,
    },
    { id: 'out', type: 'helper' },
    { id: 'catcher', type: 'catch', scope: null, wires: [['caught']] },
    { id: 'caught', type: 'helper' },
  ])
}

const error = (msg: Message) => msg['error'] as { code: string; message: string }

/** A change was watched and came to nothing, this many times so far. */
async function settled(flow: Flow, times: number): Promise<void> {
  while (flow.statuses('debounce').filter(text => text === '').length < times) await new Promise(setImmediate)
}

describe('sensor debounce', () => {
  afterEach(unloadFlow)

  it('emits one message for a burst over several sensors: time, a line per change, changes and states', async () => {
    const flow = await debouncing()
    for (const payload of ['ON', 'OFF', 'ON']) flow.inject('debounce', { topic: 'home/window', payload })
    flow.inject('debounce', { topic: 'home/door', payload: { contact: false } })
    const { payload, changes, states } = await flow.next('out')
    assert.match(String(payload), /^\d\d:\d\d:\d\d\nDoor: Open\nWindow: Open$/)
    assert.deepEqual(changes, { Door: 'Open', Window: 'Open' })
    assert.deepEqual(states, { Door: 'Open', Window: 'Open' })
    flow.inject('debounce', { topic: 'home/door', payload: 'closed' })
    const next = await flow.next('out')
    assert.deepEqual([next['changes'], next['states']], [{ Door: 'Closed' }, { Door: 'Closed', Window: 'Open' }])
    assert.equal(flow.statuses('debounce').at(-1), 'Door: Closed')
  })

  it('emits nothing for a bounce that ends where it began, nor for a first reading where that is silent', async () => {
    const flow = await debouncing({ initial: 'silent' })
    flow.inject('debounce', { topic: 'home/door', payload: 0 })
    await settled(flow, 1)
    for (const payload of [1, 0, 1, 0]) flow.inject('debounce', { topic: 'home/door', payload })
    flow.inject('debounce', { topic: 'home/window', payload: true })
    flow.inject('debounce', { topic: 'home/window', payload: 'unavailable' })
    await settled(flow, 2)
    flow.inject('debounce', { topic: 'home/window', payload: false })
    assert.deepEqual((await flow.next('out'))['changes'], { Window: 'Closed' })
    assert.equal(flow.pending('out').length, 0)
  })

  it('uses its template and time zone', async () => {
    const flow = await debouncing({ template: '{{count}} at home:\\n{{changes}}', timeZone: 'Europe/Kyiv' })
    flow.inject('debounce', { topic: 'home/door', payload: 'on' })
    assert.equal((await flow.next('out')).payload, '1 at home:\nDoor: Open')
  })

  it('ignores a topic it does not know, or adds it where that is chosen', async () => {
    const ignoring = await debouncing()
    ignoring.inject('debounce', { topic: 'home/gate', payload: 'on' })
    while (ignoring.statuses('debounce').length === 0) await new Promise(setImmediate)
    assert.equal(ignoring.statuses('debounce').at(-1), 'status.unknownTopic')
    await unloadFlow()
    const adding = await debouncing({ unknown: 'add' })
    adding.inject('debounce', { topic: 'home/gate', payload: 'on' })
    assert.deepEqual((await adding.next('out'))['changes'], { gate: 'on' })
  })

  it('refuses a payload it does not understand, and settings that cannot work', async () => {
    const rows: [object, Message, string, RegExp][] = [
      [{}, { topic: 'home/door', payload: 'perhaps' }, 'SMS_REQUEST', /perhaps/],
      [{ windowMs: 'soon' }, { topic: 'home/door', payload: 'on' }, 'SMS_CONFIG', /soon/],
      [{ timeZone: 'Mars/Base' }, { topic: 'home/door', payload: 'on' }, 'SMS_CONFIG', /Mars/],
      [{ sensors: [SENSORS[0], SENSORS[0]] }, { topic: 'home/door', payload: 'on' }, 'SMS_CONFIG', /two sensors/],
    ]
    for (const [settings, msg, code, message] of rows) {
      const flow = await debouncing(settings)
      flow.inject('debounce', msg)
      let found = error(await flow.next('caught'))
      // A setting is told at the start of the node too, which reaches Catch first.
      if (flow.pending('caught').length > 0) found = error(await flow.next('caught'))
      assert.equal(found.code, code)
      assert.match(found.message, message)
      assert.equal(flow.statuses('debounce').at(-1), `errors.${code}`)
      await unloadFlow()
    }
  })

  it('closes with a change pending, and stays silent then', async () => {
    const flow = await debouncing({ windowMs: 60_000, maxWaitMs: 60_000 })
    flow.inject('debounce', { topic: 'home/door', payload: 'on' })
    while (flow.statuses('debounce').length === 0) await new Promise(setImmediate)
    await unloadFlow()
    assert.equal(flow.pending('out').length, 0)
  })
})
