import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SmsRecord } from '../../lib/message.ts'
import modemNode from '../../nodes/sms-modem.ts'
import storeNode from '../../nodes/sms-store.ts'
import type { Message, Red } from '../../nodes/shared/red.ts'
import { createVirtualModem } from '../sim/modem/modem.ts'
import type { VirtualModem } from '../sim/modem/modem.ts'
import { serveTcp } from '../sim/modem/serve.ts'
import type { Served } from '../sim/modem/serve.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

const ME = '+380501112233'

describe('flows through a modem', () => {
  let modem: VirtualModem
  let served: Served
  beforeEach(async () => {
    modem = createVirtualModem({ sim: { pin: '4711' }, behaviour: { acknowledgeMs: 100 } })
    served = await serveTcp(modem)
  })
  afterEach(async () => {
    await unloadFlow()
    await served.stop()
    modem.stop()
  })

  const load = (settings: object = {}, userDir?: string): Promise<Flow> =>
    loadFlow(
      [
        { id: 'store', type: 'sms-store', backend: 'memory' },
        { id: 'modem', type: 'sms-modem', name: 'Home modem', port: served.address, ...settings },
        { id: 'out', type: 'sms out', provider: 'modem', timeoutSeconds: 5, finishOn: 'delivered', wires: [['sent']] },
        { id: 'in', type: 'sms in', provider: 'modem', listen: 'both', wires: [['heard']] },
        { id: 'status', type: 'sms status', provider: 'modem', listen: 'providers', wires: [['told']] },
        {
          id: 'calls',
          type: 'sms status',
          provider: 'modem',
          listen: 'deliveries',
          states: ['missed'],
          wires: [['over']],
        },
        { id: 'history', type: 'sms history', recordType: 'call', limit: 1, wires: [['found']] },
        { id: 'catcher', type: 'catch', scope: null, wires: [['caught']] },
        ...['sent', 'heard', 'told', 'over', 'found', 'caught'].map(id => ({ id, type: 'helper' })),
      ],
      { modules: [storeNode, RED => modemNode(withUserDir(RED, userDir))], credentials: { modem: { pin: '4711' } } },
    )

  it('send, and tell when it has arrived', async () => {
    const flow = await load()
    flow.inject('out', { payload: 'Двері відчинено', to: ME })
    const sms = (await flow.next('sent')).sms as SmsRecord
    assert.deepEqual([sms.state, sms.provider, sms.encoding], ['delivered', 'Home modem', 'ucs2'])
    assert.deepEqual(modem.network.texts(ME), ['Двері відчинено'])
  })

  it('receive messages and calls', async () => {
    const flow = await load()
    await ready(flow)
    modem.network.deliver({ from: ME, text: 'How is it?' })
    const message = await flow.next('heard')
    assert.deepEqual([message.payload, message['from'], message.topic], ['How is it?', ME, 'Home modem'])
    const call = modem.network.call(ME)
    const rung = await flow.next('heard')
    call.end()
    assert.deepEqual([rung.payload, (rung.sms as SmsRecord).type], [ME, 'call'])
  })

  for (const [trace, private_] of [
    ['off', undefined],
    ['masked', false],
    ['full', true],
  ] as const) {
    it(`leave a transcript of the line in the user directory: ${trace}`, async () => {
      const userDir = mkdtempSync(join(tmpdir(), 'sms-modem-'))
      try {
        const flow = await load({ trace }, userDir)
        await ready(flow)
        modem.network.call(ME)
        await flow.next('heard')
        await unloadFlow()
        const path = join(userDir, 'sms', 'trace-modem.at')
        assert.equal(existsSync(path), private_ !== undefined)
        if (private_ === undefined) return
        const text = readFileSync(path, 'utf8')
        assert.match(text, /^> AT\+CMGF=0$/m)
        assert.match(text, /^< OK$/m)
        assert.ok(!text.includes('4711'), 'the PIN is in it')
        assert.equal(text.includes(ME), private_)
      } finally {
        rmSync(userDir, { recursive: true, force: true })
      }
    })
  }

  it('learn that a call was missed, from the history and where they ask for it', async () => {
    const flow = await load()
    await ready(flow)
    const look = async () => {
      flow.inject('history', { number: ME })
      return ((await flow.next('found')).payload as readonly SmsRecord[])[0]
    }
    const call = modem.network.call(ME)
    const rung = (await flow.next('heard')).sms as SmsRecord
    assert.deepEqual([rung.state, (await look())?.state], ['ringing', 'ringing'])
    call.end()
    const { payload, topic, sms } = await flow.next('over')
    assert.deepEqual([payload, topic, (sms as SmsRecord).id], ['missed', 'Home modem', rung.id])
    assert.deepEqual(await look(), sms)
    modem.network.deliver({ from: ME, text: 'I called' })
    assert.equal((await flow.next('heard')).payload, 'I called')
    assert.equal(flow.pending('over').length, 0)
  })

  it('get what was sent to them while the modem was out', async () => {
    const flow = await load()
    await ready(flow)
    modem.unplug()
    while ((await flow.next('told')).payload !== 'failed');
    modem.network.deliver({ from: ME, text: 'Later' })
    modem.plug()
    assert.equal((await flow.next('heard')).payload, 'Later')
  })

  it('learn of settings that cannot work', async () => {
    const flow = await load({ port: 'somewhere' })
    flow.inject('out', { payload: 'Hello', to: ME })
    const { error } = (await flow.next('caught')) as Message & { error: { code: string } }
    assert.equal(error.code, 'SMS_CONFIG')
  })
})

describe('the list of ports', () => {
  it('is given to who may see it', async () => {
    const routes: [path: string, ...handlers: unknown[]][] = []
    const httpAdmin = { get: (...route: [string, ...unknown[]]) => void routes.push(route), post() {} }
    const auth = { needsPermission: (permission: string) => permission }
    const RED = { httpAdmin, auth, nodes: { registerType() {} } } as unknown as Red
    modemNode(RED)
    modemNode(RED)
    const ports = routes.filter(([path]) => path === '/sms/ports')
    assert.equal(ports.length, 1)
    const [, guard, handle] = ports[0] as [string, unknown, (request: object, response: object) => void]
    assert.equal(guard, 'sms.read')
    const body = await new Promise<string>(resolve => handle({}, { setHeader() {}, end: resolve }))
    assert.ok(Array.isArray(JSON.parse(body)))
  })
})

async function ready(flow: Flow): Promise<void> {
  while ((await flow.next('told')).payload !== 'ready');
}

/** The test helper has no user directory. */
const withUserDir = (RED: Red, userDir?: string): Red =>
  userDir === undefined ? RED : (Object.create(RED, { settings: { value: { ...RED.settings, userDir } } }) as Red)
