import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Provider, WebhookRequest } from '../../lib/provider.ts'
import { registerProvider } from '../../nodes/shared/provider-node.ts'
import type { Red } from '../../nodes/shared/red.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'

const seen: WebhookRequest[] = []
let answer: Provider['webhook']

/** A provider that only has a webhook, and keeps what came to it. */
function hookedProvider(RED: Red): void {
  registerProvider(RED, {
    type: 'sms-hooked',
    create: ({ name }) => ({
      type: 'sms-hooked',
      name,
      pace: { concurrency: 1 },
      numbers: {},
      maxCharacters: 160,
      send: () => Promise.reject(new Error('not used')),
      webhook: async request => {
        seen.push(request)
        return answer!(request)
      },
    }),
  })
}

async function serve(flow: Flow): Promise<{ server: Server; url: string }> {
  const server = createServer(flow.RED.httpNode as unknown as RequestListener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe('the webhook mount', () => {
  let flow: Flow
  let server: Server
  let url: string

  beforeEach(async () => {
    seen.length = 0
    answer = async () => ({ status: 200, contentType: 'text/xml', body: '<Response/>' })
    const nodes = [
      { id: 'a', type: 'sms-hooked', name: 'A', path: 'secret-a', publicUrl: 'https://home.example.org/endpoint/' },
      { id: 'b', type: 'sms-hooked', name: 'B', path: 'secret_b' },
    ]
    flow = await loadFlow(nodes, { modules: [hookedProvider] })
    ;({ server, url } = await serve(flow))
  })
  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await unloadFlow()
  })

  it('hands on what the carrier sent, untouched, under the public URL', async () => {
    const body = 'From=%2B1&Body=a+b&Body=c'
    const reply = await fetch(`${url}/sms/secret-a/status?id=1&x=%20y`, { method: 'POST', body })
    assert.deepEqual(
      [reply.status, reply.headers.get('content-type'), await reply.text()],
      [200, 'text/xml', '<Response/>'],
    )
    const [request] = seen
    assert.deepEqual(
      [request?.method, request?.kind, request?.url, String(request?.body)],
      ['POST', 'status', 'https://home.example.org/endpoint/sms/secret-a/status?id=1&x=%20y', body],
    )
  })

  it('tells the public URL from the proxy where none is set', async () => {
    await fetch(`${url}/sms/secret_b/im?x=1`, {
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'a.example' },
    })
    await fetch(`${url}/sms/secret_b`)
    assert.deepEqual(
      seen.map(request => [request.kind, request.url]),
      [
        ['im', 'https://a.example/sms/secret_b/im?x=1'],
        ['any', `${url}/sms/secret_b`],
      ],
    )
  })

  const strangers: [string, string, RequestInit, number][] = [
    ['an unknown path', '/sms/guess', { method: 'POST' }, 404],
    ['an unknown kind', '/sms/secret-a/other', { method: 'POST' }, 404],
    ['a name of every object', '/sms/secret-a/constructor', { method: 'POST' }, 404],
    ['another method', '/sms/secret-a', { method: 'PUT', body: 'x' }, 405],
    ['a body that is too large', '/sms/secret-a', { method: 'POST', body: 'x'.repeat(300_000) }, 413],
  ]
  for (const [what, path, init, status] of strangers) {
    it(`answers ${what} with ${status} and nothing else`, async () => {
      const reply = await fetch(url + path, init)
      assert.deepEqual([reply.status, await reply.text(), seen.length], [status, '', 0])
    })
  }

  it('asks the carrier to come again where it could not be stored', async () => {
    answer = () => Promise.reject(new Error('disk full: secret-a'))
    const reply = await fetch(`${url}/sms/secret-a`, { method: 'POST', body: 'x' })
    assert.deepEqual([reply.status, await reply.text()], [503, ''])
  })

  it('ends with its node', async () => {
    await unloadFlow()
    assert.equal((await fetch(`${url}/sms/secret-a`, { method: 'POST' })).status, 404)
  })

  it('is refused where it could not be reached: a path that is taken, by a page of ours too, or is none', async () => {
    server.close()
    await unloadFlow()
    const nodes = [
      { id: 'a', type: 'sms-hooked', name: 'A', path: 'same' },
      { id: 'b', type: 'sms-hooked', name: 'B', path: 'same' },
      { id: 'c', type: 'sms-hooked', name: 'C', path: '../up' },
      { id: 'd', type: 'sms-hooked', name: 'D', path: 'fine', publicUrl: 'home.example.org' },
      { id: 'e', type: 'sms-hooked', name: 'E', path: 'console' },
      { id: 'status', type: 'sms status', listen: 'providers', wires: [['told']] },
      { id: 'told', type: 'helper' },
    ]
    flow = await loadFlow(nodes, { modules: [hookedProvider] })
    const reasons = new Map<string, string>()
    while (reasons.size < 4) {
      const { provider } = await flow.next('told')
      const { name, health, reason } = provider as Record<string, string>
      assert.equal(health, 'failed')
      reasons.set(name!, reason!)
    }
    assert.match(reasons.get('B')!, /«same» already/)
    assert.match(reasons.get('C')!, /letters, digits/)
    assert.match(reasons.get('D')!, /public address/)
    assert.match(reasons.get('E')!, /a page of this package/)
  })
})

describe('a provider of another package', () => {
  afterEach(unloadFlow)

  it('needs nothing but the object it carries', async () => {
    const sent: string[] = []
    const foreign = (RED: Red) => {
      RED.nodes.registerType('sms-foreign', function (config) {
        RED.nodes.createNode(this, config)
        const provider: Provider = {
          type: 'sms-foreign',
          name: 'Foreign',
          pace: { concurrency: 1 },
          numbers: { defaultCountry: 'UA' },
          maxCharacters: 160,
          async send(message) {
            sent.push(message.to)
            return {}
          },
        }
        Object.assign(this, { smsProvider: provider })
      })
    }
    const flow = await loadFlow(
      [
        { id: 'foreign', type: 'sms-foreign' },
        { id: 'out', type: 'sms out', provider: 'foreign', wires: [['sent']] },
        { id: 'sent', type: 'helper' },
      ],
      { modules: [foreign] },
    )
    flow.inject('out', { payload: 'x', to: '050 111 22 33' })
    await flow.next('sent')
    flow.inject('out', { payload: 'x', to: '050 111 22 33', smsOptions: { provider: 'Foreign' } })
    await flow.next('sent')
    assert.deepEqual(sent, ['+380501112233', '+380501112233'])
  })
})
