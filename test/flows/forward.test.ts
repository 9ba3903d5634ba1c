import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import type { SmsRecord } from '../../lib/message.ts'
import clientNode from '../../nodes/sms-forward-client.ts'
import serverNode from '../../nodes/sms-forward-server.ts'
import type { Message } from '../../nodes/shared/red.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'
import { listen } from '../support/http-server.ts'

const ME = '+12025550123'
const SECRET = 'hunter2hunter2'
const ALIKE = { name: 'A', url: 'http://127.0.0.1:9/sms/a' }

describe('flows through a remote server', () => {
  let flow: Flow | undefined
  let url: string
  let close: () => Promise<void>

  beforeEach(async () => {
    // The address stands in the flow, and so before it is loaded.
    ;({ url, close } = await listen((request, response) =>
      (flow!.RED.httpNode as unknown as RequestListener)(request, response),
    ))
  })
  afterEach(async () => {
    await unloadFlow()
    flow = undefined
    await close()
  })

  /** Both ends in one runtime: what the client brings must not go round for ever. */
  async function pair(settings: { server?: object; client?: object; row?: object; credentials?: object } = {}) {
    flow = await loadFlow(
      [
        { id: 'carrier', type: 'sms-test', name: 'Carrier', mode: 'loopback' },
        {
          id: 'server',
          type: 'sms-forward-server',
          name: 'Home',
          path: 'to-server',
          provider: 'carrier',
          clients: [
            {
              id: 'c',
              slot: 3,
              name: 'Cabin',
              url: `${url}/sms/to-client`,
              events: ['messages', 'statuses'],
              ...settings.row,
            },
          ],
          ...settings.server,
        },
        {
          id: 'client',
          type: 'sms-forward-client',
          name: 'Remote',
          serverUrl: `${url}/sms/to-server`,
          path: 'to-client',
          ...settings.client,
        },
        { id: 'out', type: 'sms out', provider: 'client', timeoutSeconds: 3, wires: [['sent']] },
        { id: 'phone', type: 'sms phone', provider: 'carrier', number: ME, wires: [['texted']] },
        { id: 'in', type: 'sms in', provider: 'client', wires: [['came']] },
        {
          id: 'status',
          type: 'sms status',
          provider: 'client',
          states: ['delivered'],
          listen: 'deliveries',
          wires: [['became']],
        },
        { id: 'catcher', type: 'catch', scope: null, wires: [['caught']] },
        ...['sent', 'texted', 'came', 'became', 'caught'].map(id => ({ id, type: 'helper' })),
      ],
      {
        modules: [clientNode, serverNode],
        credentials: {
          server: { user3: 'cabin', password3: SECRET, callbackUser3: 'home', callbackPassword3: `${SECRET}!` },
          client: { user: 'cabin', password: SECRET, callbackUser: 'home', callbackPassword: `${SECRET}!` },
          ...settings.credentials,
        },
      },
    )
    return flow
  }

  it('a text goes out, its report comes back, and so does the answer', async () => {
    const flow = await pair()
    flow.inject('out', { payload: 'Привіт', to: ME, smsOptions: { ref: { order: 17 } } })
    assert.equal((await flow.next('texted')).payload, 'Привіт')
    const sms = (await flow.next('sent')).sms as SmsRecord
    assert.deepEqual([sms.provider, sms.ref, sms.raw], ['Remote', { order: 17 }, { provider: 'Carrier' }])
    const became = await flow.next('became')
    assert.equal((became.sms as SmsRecord).id, sms.id)

    flow.inject('phone', { payload: 'Thanks' })
    const came = await flow.next('came')
    assert.deepEqual([came.payload, came['from'], came.topic], ['Thanks', ME, 'Remote'])
    flow.inject('phone', { payload: 'Again' })
    assert.equal((await flow.next('came')).payload, 'Again')
    assert.equal(flow.pending('came').length, 0)
  })

  it('a wrong password is told at Catch, and that the server does not work, without the password', async () => {
    const flow = await pair({ credentials: { client: { user: 'cabin', password: `${SECRET}?` } } })
    flow.inject('out', { payload: 'x', to: ME })
    const caught = (await flow.next('caught')) as Message & { error: { code: string } }
    assert.equal(caught.error.code, 'SMS_AUTH')
    assert.equal(flow.statuses('out').at(-1), 'errors.SMS_AUTH')
    assert.doesNotMatch(JSON.stringify(caught), /hunter2/)
    assert.equal(flow.pending('texted').length, 0)
  })

  const wrong: readonly (readonly [what: string, settings: Parameters<typeof pair>[0], message: RegExp])[] = [
    ['no server', { client: { serverUrl: '' } }, /server's address is missing/],
    ['a server that is no address', { client: { serverUrl: 'home' } }, /server's address is not an http/],
    ['a client with half a login', { credentials: { server: { user3: 'cabin' } } }, /«Cabin»: its password is missing/],
    ['a client without a name of its own', { server: { clients: [ALIKE, ALIKE] } }, /«A»: there are two/],
    ['a path that is taken', { client: { path: 'to-server' } }, /«to-server» already/],
  ]
  for (const [what, settings, message] of wrong) {
    it(`${what} is told when the flow starts`, async () => {
      const flow = await pair(settings)
      assert.match(errorsOf(flow).join('\n'), message)
    })
  }

  /** What the nodes have told; the test helper spies on them. */
  const errorsOf = (flow: Flow): string[] => {
    const { error } = flow.node('out') as unknown as { error: { getCalls(): { args: [Error] }[] } }
    return error.getCalls().map(call => call.args[0].message)
  }

  it('a server without a carrier says so', async () => {
    const flow = await pair({ server: { provider: 'gone' } })
    flow.inject('out', { payload: 'x', to: ME })
    const { error } = (await flow.next('caught')) as Message & { error: { code: string; message: string } }
    assert.equal(error.code, 'SMS_CONFIG')
    assert.match(error.message, /no SMS provider «gone»/)
  })

  it('strangers get a status and nothing else, and too large a message is refused', async () => {
    await pair()
    const login = (user: string, password: string) => ({
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    })
    const post = async (path: string, headers: Record<string, string>, body = '{}') => {
      const reply = await fetch(`${url}/sms/${path}`, { method: 'POST', headers, body })
      return [reply.status, await reply.text()]
    }
    for (const path of [
      'to-server/im',
      'to-server/status',
      'to-server',
      'to-client/im',
      'to-client/status',
      'to-client',
    ]) {
      for (const headers of [{}, login('cabin', 'x'), login('nobody', SECRET), login('', '')]) {
        assert.deepEqual(await post(path, headers as Record<string, string>), [401, ''])
      }
    }
    assert.deepEqual(await post('to-client/im', login('cabin', SECRET)), [401, ''])
    assert.deepEqual(await post('to-server/im', login('cabin', SECRET), 'x'.repeat(300_000)), [413, ''])
    const reply = await fetch(`${url}/sms/to-server/im`, { method: 'POST', headers: login('cabin', SECRET), body: '{' })
    // Exactly so, without a charset: smsframework reads no other.
    assert.deepEqual([reply.status, reply.headers.get('content-type')], [400, 'application/json'])
  })
})
