import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { RequestListener } from 'node:http'
import { once } from 'node:events'
import type { Detail } from '../../lib/console/views.ts'
import type { ProviderView } from '../../lib/console/views.ts'
import { SmsError } from '../../lib/errors.ts'
import type { SmsRecord } from '../../lib/message.ts'
import type { Provider } from '../../lib/provider.ts'
import type { ProviderNode } from '../../nodes/shared/gateway.ts'
import type { NodeConfig, Red } from '../../nodes/shared/red.ts'
import { LIVE_TOPIC } from '../../nodes/shared/console.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

// The store outlives flows, so nobody else may use these numbers.
const ME = '+380931119900'
const GHOST = '+380931119911'

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** A modem of another package, whose answers are all lost and which cannot be asked. */
function deafCarrier(RED: Red): void {
  RED.nodes.registerType('deaf-carrier', function (this: ProviderNode, config: NodeConfig) {
    RED.nodes.createNode(this, config)
    const provider: Provider & { modem: object } = {
      type: 'deaf-carrier',
      name: 'Deaf',
      pace: { concurrency: 1 },
      numbers: {},
      maxCharacters: 160,
      async send() {
        throw new SmsError('SMS_UNKNOWN', 'no answer came')
      },
      modem: {
        check: async () => ({
          signal: { rssi: 20, dbm: -73, percent: 65 },
          network: { operator: 'Kyivstar', roaming: false },
        }),
      },
    }
    this.smsProvider = provider
  })
}

describe('the console', () => {
  let flow: Flow
  let server: Server
  let url = ''

  async function start(carrier: object = {}): Promise<void> {
    const nodes = [
      { id: 'deaf', type: 'deaf-carrier', name: 'Deaf' },
      { id: 'carrier', type: 'sms-test', name: 'Simulated', mode: 'loopback', ...carrier },
      { id: 'phone', type: 'sms phone', provider: 'carrier', number: ME, wires: [['texted']] },
      { id: 'in', type: 'sms in', provider: '', wires: [['came']] },
      ...['texted', 'came'].map(id => ({ id, type: 'helper' })),
    ]
    flow = await loadFlow(nodes, { modules: [deafCarrier] })
    server = createServer(flow.RED.httpAdmin as unknown as RequestListener).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  afterEach(async () => {
    server.close()
    server.closeAllConnections()
    await unloadFlow()
  })

  async function answer(reply: Response): Promise<Answer> {
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
  }
  const get = async (path: string) => answer(await fetch(`${url}/sms/console/${path}`))
  const post = async (path: string, body: object = {}) => {
    const headers = { 'content-type': 'application/json' }
    return answer(await fetch(`${url}/sms/console/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
  }
  const send = async (text: string, to = ME) => {
    const { status, body } = await post('send', { provider: 'carrier', to, text })
    assert.equal(status, 200, JSON.stringify(body))
    return (body['records'] as SmsRecord[])[0]!
  }
  const found = async (query: string) => (await get(`messages?${query}`)).body['records'] as SmsRecord[]
  /** Asks until it is so: what happens to a message takes its time. */
  async function until<T>(ask: () => Promise<T>, isSo: (value: T) => boolean): Promise<T> {
    for (;;) {
      const value = await ask()
      if (isSo(value)) return value
      await new Promise(resolve => setImmediate(resolve))
    }
  }
  const detail = async (id: string) => (await get(`messages/${id}`)).body as unknown as Detail
  const reach = (id: string, state: string) =>
    until(
      () => detail(id),
      ({ record }) => record.state === state,
    )

  it('shows the providers, what waits for them and what they can', async () => {
    await start()
    const { body } = await get('overview')
    const view = (body['providers'] as ProviderView[]).find(({ id }) => id === 'carrier')
    assert.deepEqual(view, {
      id: 'carrier',
      name: 'Simulated',
      type: 'sms-test',
      health: 'ready',
      queued: 0,
      can: { balance: true, text: true },
    })
    assert.equal((await post('providers/carrier/balance')).body['amount'], '0')
    const later = ((await get('overview')).body['providers'] as ProviderView[]).find(({ id }) => id === 'carrier')
    assert.equal(later?.balance?.text, 'simulated: everything is free')
  })

  it('shows of a modem its operator and how well it hears, once it told', async () => {
    await start()
    const lineOf = async () => {
      const views = (await get('overview')).body['providers'] as ProviderView[]
      return views.find(({ id }) => id === 'deaf')?.line
    }
    const line = await until(lineOf, found => found !== undefined)
    assert.deepEqual(line, { operator: 'Kyivstar', dbm: -73, percent: 65 })
  })

  it('sends, and shows what became of it, with the way there', async () => {
    await start()
    const { id } = await send('Console says hello')
    assert.equal((await flow.next('texted')).payload, 'Console says hello')
    const { record, trail, can } = await reach(id, 'delivered')
    assert.equal(record.to, ME)
    assert.equal(trail.at(-1)?.state, 'delivered')
    assert.deepEqual(can, { cancel: false, retry: false, settle: false, query: false })
    assert.deepEqual(
      (await found('q=CONSOLE%20says')).map(one => one.id),
      [id],
    )
  })

  it('texts back as a phone of a simulated carrier', async () => {
    await start()
    assert.equal((await post('providers/carrier/text', { from: ME, text: 'From a phone' })).status, 200)
    assert.equal((await flow.next('came')).payload, 'From a phone')
    assert.equal((await found('q=From%20a%20phone&direction=in'))[0]?.from, ME)
  })

  it('holds back, calls off, sends again and lets go', async () => {
    await start()
    assert.equal((await post('providers/carrier/pause')).body['paused'], true)
    const { id } = await send('Held back', GHOST)
    assert.equal((await detail(id)).can.cancel, true)
    assert.equal(((await post(`messages/${id}/cancel`)).body['record'] as SmsRecord).state, 'cancelled')
    assert.equal((await detail(id)).can.retry, true)
    const again = (await post(`messages/${id}/retry`)).body['record'] as SmsRecord
    assert.notEqual(again.id, id)
    assert.equal((await post('providers/carrier/resume')).body['paused'], undefined)
    await reach(again.id, 'accepted')
    assert.equal((await post(`messages/${again.id}/cancel`)).body['code'], 'SMS_UNSUPPORTED')
  })

  it('settles what is in doubt, by hand', async () => {
    await start()
    const doubtful = async (text: string) => {
      const { body } = await post('send', { provider: 'deaf', to: GHOST, text })
      const [{ id } = { id: '' }] = body['records'] as SmsRecord[]
      const { can } = await reach(id, 'unknown')
      assert.deepEqual(can, { cancel: false, retry: false, settle: true, query: false })
      return id
    }
    const settle = async (text: string, decision: string) =>
      post(`messages/${await doubtful(text)}/settle`, { decision })
    assert.equal(((await settle('one', 'taken')).body['record'] as SmsRecord).state, 'accepted')
    assert.equal(((await settle('two', 'notTaken')).body['record'] as SmsRecord).state, 'failed')
    assert.equal((await settle('three', 'maybe')).body['code'], 'SMS_REQUEST')
    const { id } = await send('No doubt')
    await reach(id, 'delivered')
    const refused = await post(`messages/${id}/settle`, { decision: 'taken' })
    assert.deepEqual([refused.status, refused.body['code']], [400, 'SMS_REQUEST'])
  })

  it('counts between the bounds it is given', async () => {
    await start()
    const { id } = await send('To be counted', GHOST)
    await reach(id, 'accepted')
    const now = Date.now()
    const { body } = await get(`traffic?bounds=${now - 3_600_000},${now + 1_000}`)
    const [span] = body['spans'] as { counts: Record<string, number> }[]
    assert.ok((span?.counts['accepted'] ?? 0) >= 1)
    assert.equal((await get('traffic?bounds=2,1')).status, 400)
  })

  it('tells ids and states of what changes while somebody looks, and nothing else', async () => {
    await start()
    const told: unknown[] = []
    const hear = (event: { topic: string; data: unknown }) => event.topic === LIVE_TOPIC && told.push(event.data)
    flow.RED.events.on('comms', hear)
    await get('overview')
    const { id } = await send('Secret words')
    await until(
      async () => JSON.stringify(told),
      text => text.includes(`["${id}","delivered"]`),
    )
    await post('providers/carrier/text', { from: ME, text: 'More secret words' })
    await until(
      async () => JSON.stringify(told),
      text => text.includes('"received":1'),
    )
    flow.RED.events.off('comms', hear)
    assert.doesNotMatch(JSON.stringify(told), /ecret|\+380/)
  })

  const REFUSED: readonly (readonly [path: string, status: number, code: string])[] = [
    ['messages?state=lost', 400, 'SMS_REQUEST'],
    ['messages?limit=101', 400, 'SMS_REQUEST'],
    ['messages?after=x', 400, 'SMS_REQUEST'],
    ['messages?q=a&q=b', 400, 'SMS_REQUEST'],
    ['messages/nobody', 400, 'SMS_REQUEST'],
  ]
  it('refuses what cannot be meant, in words', async () => {
    await start()
    for (const [path, status, code] of REFUSED) {
      const { status: given, body } = await get(path)
      assert.deepEqual([given, body['code'], typeof body['message']], [status, code, 'string'], path)
    }
    assert.equal((await post('providers/nobody/pause')).body['code'], 'SMS_CONFIG')
    assert.equal((await post('send', { provider: 'carrier', to: 'nobody', text: 'x' })).body['code'], 'SMS_REQUEST')
    assert.equal((await post('send', { provider: 'carrier', to: ME, text: '' })).body['code'], 'SMS_REQUEST')
    const form = await fetch(`${url}/sms/console/providers/carrier/pause`, { method: 'POST', body: 'x=1' })
    assert.equal(form.status, 400)
  })

  it('has a page of its own, with nothing of anybody in it', async () => {
    await start()
    const page = await fetch(`${url}/sms/console`)
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.match(await page.text(), /editor\/console\/page\.js/)
    const slash = await fetch(`${url}/sms/console/`, { redirect: 'manual' })
    assert.deepEqual([slash.status, slash.headers.get('location')], [302, '../console'])
  })
})
