import assert from 'node:assert/strict'
import type { SmsRecord } from '../../lib/message.ts'
import modemNode from '../../nodes/sms-modem.ts'
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

  const load = (settings: object = {}): Promise<Flow> =>
    loadFlow(
      [
        { id: 'modem', type: 'sms-modem', name: 'Home modem', port: served.address, ...settings },
        { id: 'out', type: 'sms out', provider: 'modem', timeoutSeconds: 5, finishOn: 'delivered', wires: [['sent']] },
        { id: 'in', type: 'sms in', provider: 'modem', listen: 'both', wires: [['heard']] },
        { id: 'status', type: 'sms status', provider: 'modem', listen: 'providers', wires: [['told']] },
        { id: 'catcher', type: 'catch', scope: null, wires: [['caught']] },
        ...['sent', 'heard', 'told', 'caught'].map(id => ({ id, type: 'helper' })),
      ],
      { modules: [modemNode], credentials: { modem: { pin: '4711' } } },
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
