import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import clientNode from '../../nodes/sms-forward-client.ts'
import serverNode from '../../nodes/sms-forward-server.ts'
import httpNode from '../../nodes/sms-http.ts'
import modemNode from '../../nodes/sms-modem.ts'
import smscNode from '../../nodes/sms-smsc.ts'
import { servePorts } from '../../nodes/shared/ports.ts'
import { createVirtualModem } from '../sim/modem/modem.ts'
import type { ModemOptions, VirtualModem } from '../sim/modem/modem.ts'
import { serveTcp } from '../sim/modem/serve.ts'
import { startSmsc } from '../sim/smsc.ts'
import { newNumber } from '../sim/twilio-senders.ts'
import { startTwilio } from '../sim/twilio.ts'
import type { Twilio } from '../sim/twilio.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'
import { closedPortUrl, listen, startScriptedServer } from '../support/http-server.ts'
import { ACCOUNT_SID, AUTH_TOKEN, OWN_NUMBER } from '../support/twilio-account.ts'

const SECRET = 'hunter2hunter2'
const STORED = '__PWRD__'

interface Reply {
  readonly status: number
  readonly text: string
  readonly body: Record<string, unknown>
}

describe('settings that are not deployed', () => {
  const ends: (() => unknown)[] = []
  let flow: Flow
  let url: string
  /** What the http nodes answer, at an address that stands in the flow. */
  let publicUrl: string

  beforeEach(async () => {
    const server = await listen((request, response) =>
      (flow.RED.httpNode as unknown as RequestListener)(request, response),
    )
    publicUrl = server.url
    ends.push(server.close)
  })
  afterEach(async () => {
    await unloadFlow()
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function load(nodes: readonly Record<string, unknown>[] = [], credentials: object = {}): Promise<void> {
    const modules = [clientNode, serverNode, httpNode, modemNode, smscNode]
    flow = await loadFlow(nodes, { modules, credentials })
    const served = await listen((request, response) =>
      (flow.RED.httpAdmin as unknown as RequestListener)(request, response),
    )
    url = served.url
    ends.push(served.close)
  }

  async function post(path: string, given: object, type = 'application/json'): Promise<Reply> {
    const headers = { 'content-type': type }
    const reply = await fetch(`${url}/sms/${path}`, { method: 'POST', headers, body: JSON.stringify(given) })
    const text = await reply.text()
    return { status: reply.status, text, body: text.startsWith('{') ? (JSON.parse(text) as Reply['body']) : {} }
  }

  const codeOf = ({ body }: Reply) => (body['error'] as { code: string } | undefined)?.code
  const messageOf = ({ body }: Reply) => (body['error'] as { message: string } | undefined)?.message ?? ''

  describe('of a Twilio account', () => {
    let twilio: Twilio
    beforeEach(async () => {
      twilio = await startTwilio({ accounts: { [ACCOUNT_SID]: { authToken: AUTH_TOKEN } } })
      ends.push(twilio.stop)
      process.env['SMS_TEST_TOKEN'] = AUTH_TOKEN
    })
    afterEach(() => delete process.env['SMS_TEST_TOKEN'])

    const settings = () => ({ accountSid: ACCOUNT_SID, apiUrl: twilio.url, receive: 'off', from: OWN_NUMBER })
    const node = { id: 'cloud', type: 'sms-twilio', name: 'Cloud', receive: 'off', accountSid: ACCOUNT_SID }

    it('are tried, with what was typed or what is stored', async () => {
      await load([node, { id: 'plain', type: 'sms-test', name: 'Plain' }], { cloud: { authToken: AUTH_TOKEN } })
      for (const [id, authToken, code] of [
        ['new', AUTH_TOKEN, undefined],
        ['new', '${SMS_TEST_TOKEN}', undefined],
        ['cloud', STORED, undefined],
        ['cloud', undefined, undefined],
        ['cloud', '', 'SMS_CONFIG'],
        ['cloud', `${AUTH_TOKEN}!`, 'SMS_AUTH'],
        ['new', STORED, 'SMS_CONFIG'],
        ['plain', STORED, 'SMS_CONFIG'],
      ] as const) {
        const given = { id, settings: settings(), credentials: { ...(authToken !== undefined && { authToken }) } }
        const reply = await post('test/sms-twilio', given)
        assert.deepEqual([reply.status, codeOf(reply)], [200, code], `${id} ${authToken}`)
        assert.ok(!reply.text.includes(AUTH_TOKEN), reply.text)
        if (code === undefined) {
          assert.deepEqual(reply.body, {
            outcome: 'worked',
            facts: { account: 'Our village', balance: '12.34 USD' },
          })
        }
      }
      assert.equal(twilio.requests.create, 0)
    })

    it('keep secrets even from an answer that quotes them', async () => {
      await load([node], { cloud: { authToken: AUTH_TOKEN } })
      const echo = await startScriptedServer()
      ends.push(echo.close)
      echo.reply({
        body: JSON.stringify({ friendly_name: AUTH_TOKEN, status: 'active', balance: AUTH_TOKEN, currency: 'X' }),
      })
      const reply = await post('test/sms-twilio', { id: 'cloud', settings: { ...settings(), apiUrl: echo.url } })
      assert.deepEqual(reply.body['facts'], { account: '…', balance: '… X' })
    })

    it('set the webhook of the number, once it was looked at', async () => {
      await load([node], { cloud: { authToken: AUTH_TOKEN } })
      const number = newNumber('PN0', OWN_NUMBER)
      twilio.senders.set('PN0', number)
      const receiving = { ...settings(), receive: 'webhook', publicUrl: 'https://home.example.org', path: 'abc' }
      const given = { id: 'cloud', settings: receiving, credentials: { authToken: STORED } }
      const seen = (await post('test/sms-twilio/webhook', given)).body
      assert.deepEqual([seen['present'], seen['isSet'], seen['sender']], [number['sms_url'], false, OWN_NUMBER])
      assert.equal(codeOf(await post('test/sms-twilio/webhook', { ...given, present: 'another' })), 'SMS_REQUEST')
      assert.equal(number['sms_url'], seen['present'])

      const set = (await post('test/sms-twilio/webhook', { ...given, present: seen['present'] })).body
      assert.equal(set['isSet'], true)
      assert.deepEqual(
        [number['sms_url'], number['sms_method']],
        ['https://home.example.org/sms/abc#rc=3&rp=5xx,ct,rt', 'POST'],
      )
      assert.equal((await post('test/sms-twilio/webhook', given)).body['isSet'], true)
    })
  })

  it('of an SMSC account are tried', async () => {
    const smsc = await startSmsc({ behaviour: { login: 'me', password: SECRET } })
    ends.push(smsc.stop)
    await load()
    const settings = { login: 'me', apiUrl: smsc.url, receive: 'poll' }
    const good = await post('test/sms-smsc', { id: 'x', settings, credentials: { password: SECRET } })
    assert.deepEqual(good.body, { outcome: 'worked', facts: { account: 'me', balance: '100.00 RUB' } })
    const bad = await post('test/sms-smsc', { id: 'x', settings, credentials: { password: 'another-one' } })
    assert.equal(codeOf(bad), 'SMS_AUTH')
    assert.ok(!bad.text.includes('another-one'))
    assert.equal(smsc.requests.get, 0)
  })

  describe('of an HTTP API', () => {
    const settings = (base: string, more: object = {}) => ({
      method: 'POST',
      url: `${base}/send`,
      headers: 'Authorization: Bearer {{secret.key}}',
      body: 'to={{to}}&text={{text}}',
      secretNameA: 'key',
      ...more,
    })
    const asking = { statusUrl: '/messages/{{id}}', statusPath: 'status', missing: '404' }

    it('are tried without sending, by asking about a message where that is described', async () => {
      await load()
      const api = await startScriptedServer()
      ends.push(api.close)
      const { host } = new URL(api.url)
      const statusUrl = api.url + asking.statusUrl
      for (const [more, answers, status, expected] of [
        [{}, '', 404, 'reached'],
        [{ ...asking, statusUrl }, '', 404, 'worked'],
        [{ ...asking, statusUrl }, '{"status":"sent"}', 200, 'worked'],
        [{ ...asking, statusUrl }, '{"error":"no login"}', 200, 'reached'],
        [{ ...asking, statusUrl }, '', 401, 'SMS_AUTH'],
        [{ ...asking, statusUrl }, '', 503, 'SMS_SERVER'],
      ] as const) {
        api.reply({ status, body: answers })
        const given = { id: 'x', settings: settings(api.url, more), credentials: { secretA: SECRET } }
        const reply = await post('test/sms-http', given)
        assert.equal(codeOf(reply) ?? reply.body['outcome'], expected)
        if (expected === 'reached') assert.deepEqual(reply.body['facts'], { server: `${host} (HTTP ${status})` })
        const request = api.requests.at(-1)!
        assert.deepEqual(
          [request.method, request.headers.authorization],
          ['GET', 'statusUrl' in more ? `Bearer ${SECRET}` : undefined],
        )
        assert.ok(!reply.text.includes(SECRET))
      }
    })

    it('say what is wrong with them, and that nobody is there', async () => {
      await load()
      const closed = await closedPortUrl()
      const unreachable = await post('test/sms-http', {
        id: 'x',
        settings: settings(closed),
        credentials: { secretA: SECRET },
      })
      assert.equal(codeOf(unreachable), 'SMS_CONNECTION')
      const wrong = await post('test/sms-http', { id: 'x', settings: settings(closed, { secretNameA: '' }) })
      assert.equal(codeOf(wrong), 'SMS_CONFIG')
    })
  })

  it('of a remote server are tried', async () => {
    const clients = [{ id: 'c', slot: 1, name: 'Cabin', events: [] }]
    await load(
      [
        { id: 'carrier', type: 'sms-test', name: 'Carrier' },
        { id: 'server', type: 'sms-forward-server', name: 'Home', path: 'home', provider: 'carrier', clients },
      ],
      { server: { user1: 'cabin', password1: SECRET } },
    )
    const settings = { serverUrl: `${publicUrl}/sms/home` }
    const attempt = (password: string, given: object = settings) =>
      post('test/sms-forward-client', { id: 'x', settings: given, credentials: { user: 'cabin', password } })
    assert.deepEqual((await attempt(SECRET)).body, {
      outcome: 'worked',
      facts: { server: `${new URL(publicUrl).host} (Node-RED)` },
    })
    assert.equal(codeOf(await attempt('another-one')), 'SMS_AUTH')
    assert.equal(codeOf(await attempt(SECRET, { serverUrl: `${publicUrl}/sms/other` })), 'SMS_CONNECTION')
    assert.match(messageOf(await attempt(SECRET, {})), /address is missing/)
  })

  describe('of a modem', () => {
    let modem: VirtualModem
    let port: string

    async function plug(options: ModemOptions = {}): Promise<void> {
      modem = createVirtualModem(options)
      const served = await serveTcp(modem)
      port = served.address
      ends.push(() => modem.stop(), served.stop)
    }
    /** The other end of a connection hears a little later that it was closed. */
    async function released(): Promise<void> {
      while (modem.isOpen) await new Promise(resolve => setImmediate(resolve))
    }
    const attempt = (credentials: object = {}) =>
      post('test/sms-modem', { id: 'x', settings: { port, baudRate: '115200' }, credentials })

    it('are tried, and leave the port free', async () => {
      await plug()
      await load()
      const { body } = await attempt()
      assert.equal(body['outcome'], 'worked', JSON.stringify(body))
      assert.equal((body['facts'] as Record<string, string>)['registration'], 'registered')
      await released()
      assert.ok(
        modem.heard.every(command => !/CMG[SLRDF]|CPIN=|CFUN|CNMI/.test(command)),
        modem.heard.join(),
      )
    })

    it('never try a PIN, and say that one is wanted', async () => {
      await plug({ sim: { pin: '4711' } })
      await load()
      assert.match(messageOf(await attempt()), /wants its PIN/)
      const { body } = await attempt({ pin: '1234' })
      assert.equal((body['facts'] as Record<string, string>)['sim'], 'pin')
      assert.equal(modem.sim.attemptsLeft.pin, 3)
      await released()
    })

    it('are asked of the node that has the port open', async () => {
      await plug()
      await load([
        { id: 'modem', type: 'sms-modem', name: 'Home modem', port },
        { id: 'status', type: 'sms status', provider: 'modem', listen: 'providers', wires: [['told']] },
        { id: 'told', type: 'helper' },
      ])
      while ((await flow.next('told')).payload !== 'ready');
      const { body } = await attempt()
      assert.equal(body['outcome'], 'held')
      assert.deepEqual(body['holder'], { id: 'modem', name: 'Home modem', health: 'ready' })
      assert.equal((body['facts'] as Record<string, string>)['registration'], 'registered')
      assert.equal(modem.isOpen, true)
    })

    it('are asked of the node that keeps the port, also while that is in trouble', async () => {
      await plug({ sim: { pin: '4711' } })
      await load([
        { id: 'modem', type: 'sms-modem', name: 'Home modem', port },
        { id: 'status', type: 'sms status', provider: 'modem', listen: 'providers', wires: [['told']] },
        { id: 'told', type: 'helper' },
      ])
      while ((await flow.next('told')).payload !== 'failed');
      const { body } = await attempt({ pin: '4711' })
      const { name, health, error } = body['holder'] as Record<string, unknown>
      assert.deepEqual([body['outcome'], name, health], ['held', 'Home modem', 'failed'])
      assert.match((error as { message: string }).message, /wants its PIN/)
      assert.equal(modem.sim.attemptsLeft.pin, 3)
    })

    it('are asked of that of two nodes which has the port open', async () => {
      await plug()
      await load([
        { id: 'modem', type: 'sms-modem', name: 'Home modem', port },
        { id: 'status', type: 'sms status', provider: 'modem', listen: 'providers', wires: [['told']] },
        { id: 'told', type: 'helper' },
        { id: 'late', type: 'sms-modem', name: 'Left out', port },
      ])
      while ((await flow.next('told')).payload !== 'ready');
      const { body } = await attempt()
      assert.deepEqual(body['holder'], { id: 'modem', name: 'Home modem', health: 'ready' })
    })

    it('name the environment variable that the port is to come from', async () => {
      port = '${SMS_NO_SUCH_PORT}'
      await load()
      const answer = await attempt()
      assert.equal(codeOf(answer), 'SMS_CONFIG')
      assert.match(messageOf(answer), /environment variable SMS_NO_SUCH_PORT, which is not set/)
    })

    it('say that nobody is there', async () => {
      port = (await closedPortUrl()).replace('http:', 'tcp:')
      await load()
      assert.equal(codeOf(await attempt()), 'SMS_CONNECTION')
    })
  })

  it('are never tried with what is stored for a node of another type', async () => {
    await load([{ id: 'messages', type: 'sms-smsc', name: 'Messages', receive: 'off' }], {
      messages: { password: SECRET },
    })
    const echo = await startScriptedServer()
    ends.push(echo.close)
    const credentials = { user: 'me', password: STORED }
    const reply = await post('test/sms-forward-client', {
      id: 'messages',
      settings: { serverUrl: echo.url },
      credentials,
    })
    assert.match(messageOf(reply), /password is missing/)
    assert.equal(echo.requests.length, 0)
  })

  it('are tried only for who asks in JSON, and about a type that can be tried', async () => {
    await load()
    assert.equal((await post('test/sms-twilio', {}, 'text/plain')).status, 400)
    assert.equal((await post('test/sms-other', {})).status, 404)
    assert.equal(codeOf(await post('test/sms-test', {})), 'SMS_UNSUPPORTED')
  })

  describe('of a webhook', () => {
    const node = { id: 'remote', type: 'sms-forward-client', serverUrl: 'http://127.0.0.1:9/sms/x', path: 'here' }
    const ask = async (path: string, base: string, id = 'remote') =>
      (await post('webhook/test', { id, publicUrl: base, path })).body

    it('are tested by calling it', async () => {
      await load([node])
      const other = await startScriptedServer()
      ends.push(other.close)
      // Whoever repeats what it is sent is not us.
      other.reply(({ path }) => ({ body: path.split('=')[1] ?? '' }))
      assert.deepEqual(await ask('here', publicUrl), { is: 'reached' })
      assert.deepEqual(await ask('here', `${publicUrl}/`), { is: 'reached' })
      assert.deepEqual(await ask('there', publicUrl), { is: 'undeployed' })
      assert.deepEqual(await ask('here', publicUrl, 'another'), { is: 'undeployed' })
      assert.deepEqual(await ask('here', `${publicUrl}/endpoint`), { is: 'elsewhere', status: 404 })
      assert.deepEqual(await ask('here', other.url), { is: 'elsewhere', status: 200 })
      assert.equal((await ask('here', await closedPortUrl()))['is'], 'unreachable')
    })

    it('tell strangers no more than before', async () => {
      await load([node])
      await ask('here', publicUrl)
      const plain = await fetch(`${publicUrl}/sms/here`)
      const probing = await fetch(`${publicUrl}/sms/here?probe=${'x'.repeat(32)}`)
      assert.deepEqual([probing.status, await probing.text()], [plain.status, await plain.text()])
      assert.equal((await fetch(`${publicUrl}/sms/guess?probe=x`)).status, 404)
    })

    it('say what is no address', async () => {
      await load()
      for (const [path, base] of [
        ['a/b', 'https://a.example'],
        ['a', 'a.example'],
        ['a', ''],
      ] as const) {
        const { error } = await ask(path, base)
        assert.equal((error as { code: string }).code, 'SMS_CONFIG')
      }
    })
  })

  it('of ports are found out, of those that no node has open', async () => {
    const [free, taken] = [createVirtualModem({ profile: 'huawei-e173' }), createVirtualModem()]
    const [one, other] = [await serveTcp(free), await serveTcp(taken)]
    ends.push(free.stop, taken.stop, one.stop, other.stop)
    await load([{ id: 'modem', type: 'sms-modem', name: 'Home modem', port: other.address }])
    const gone = (await closedPortUrl()).replace('http:', 'tcp:')
    // What a port is called besides, in a container for example, may lead nowhere.
    servePorts(flow.RED, async () => [
      { path: one.address },
      { path: '/dev/nowhere', byId: other.address },
      { path: gone },
    ])
    const told = (await post('ports/detect', {})).body['ports'] as Record<string, unknown>[]
    assert.deepEqual(told[0], { port: one.address, is: 'modem', baudRate: 115_200, name: 'huawei E173' })
    assert.deepEqual([told[1]?.['port'], told[1]?.['is']], [gone, 'failed'])
    assert.deepEqual(told[2], { port: other.address, is: 'held', name: 'Home modem' })
  })
})
