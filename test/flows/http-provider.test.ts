import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { Failure } from '../../lib/compose.ts'
import type { SmsRecord } from '../../lib/message.ts'
import { presetSettings } from '../../lib/providers/http/presets.ts'
import httpNode from '../../nodes/sms-http.ts'
import type { Message } from '../../nodes/shared/red.ts'
import { loadFlow, unloadFlow } from '../support/flow.ts'
import type { Flow } from '../support/flow.ts'
import { listen, startScriptedServer } from '../support/http-server.ts'
import type { ScriptedServer } from '../support/http-server.ts'

const ME = '+380501112233'
const SECRET = 'hunter2hunter2'
const PATH = 'abcdefghijklmnop'

interface Caught extends Message {
  error: { code: string; message: string }
  failures?: Failure[]
}

describe('flows through an HTTP API', () => {
  let api: ScriptedServer
  let served: Awaited<ReturnType<typeof listen>> | undefined

  beforeEach(async () => {
    api = await startScriptedServer()
    api.reply({ body: '{"status":"ok","id":"a7"}' })
  })
  afterEach(async () => {
    await unloadFlow()
    await served?.close()
    served = undefined
    await api.close()
  })

  async function load(settings: object = {}, credentials: object = { secretA: SECRET }): Promise<Flow> {
    const gateway = {
      id: 'gateway',
      type: 'sms-http',
      name: 'Gateway',
      url: `${api.url}/send`,
      headers: 'Authorization: Bearer {{secret.apiKey}}',
      contentType: 'json',
      body: '{ "to": "{{to}}", "text": "{{text}}", "ref": "{{id}}", "back": "{{callbackUrl}}" }',
      success: 'status = ok',
      idPath: 'id',
      secretNameA: 'apiKey',
      receive: 'webhook',
      path: PATH,
      publicUrl: 'https://home.example.org',
      ...settings,
    }
    const nodes = [
      gateway,
      { id: 'out', type: 'sms out', provider: 'gateway', timeoutSeconds: 5, wires: [['sent']] },
      { id: 'in', type: 'sms in', provider: 'gateway', wires: [['came']] },
      { id: 'status', type: 'sms status', provider: 'gateway', listen: 'deliveries', wires: [['states']] },
      { id: 'catcher', type: 'catch', scope: null, wires: [['caught']] },
      ...['sent', 'came', 'states', 'caught'].map(id => ({ id, type: 'helper' })),
    ]
    const flow = await loadFlow(nodes, { credentials: { gateway: credentials }, modules: [httpNode] })
    served = await listen(flow.RED.httpNode as unknown as RequestListener)
    return flow
  }

  const post = (body: object, headers: Record<string, string> = {}, kind = '') =>
    fetch(`${served!.url}/sms/${PATH}${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  it('sends, and hears what became of it', async () => {
    const flow = await load()
    flow.inject('out', { payload: 'Door "open"', to: ME })
    const sms = (await flow.next('sent')).sms as SmsRecord
    assert.deepEqual([sms.state, sms.providerMessageId], ['accepted', 'a7'])
    assert.deepEqual(JSON.parse(api.requests[0]!.body), {
      to: ME,
      text: 'Door "open"',
      ref: sms.id,
      back: `https://home.example.org/sms/${PATH}`,
    })
    assert.equal(api.requests[0]!.headers.authorization, `Bearer ${SECRET}`)
    const reply = await post({ id: 'a7', status: 'delivered' })
    assert.deepEqual([reply.status, await reply.text()], [200, 'OK'])
    for (;;) {
      const told = await flow.next('states')
      if (told.payload === 'delivered') return assert.equal((told.sms as SmsRecord).id, sms.id)
    }
  })

  it('receives each message once', async () => {
    const flow = await load()
    for (let i = 0; i < 2; i++)
      assert.equal((await post({ from: ME, text: 'lights on', id: 'x1' }, {}, '/im')).status, 200)
    await post({ from: ME, text: 'lights off', id: 'x2' })
    assert.deepEqual(
      [(await flow.next('came')).payload, (await flow.next('came')).payload],
      ['lights on', 'lights off'],
    )
    assert.equal((await post({ from: ME, text: 'x', id: 'x3' }, {}, '/status')).status, 400)
  })

  it('lets in only who knows the secret', async () => {
    const preset = presetSettings('sms-gate')
    const own = { url: api.url, statusUrl: '', secretNameA: 'user', secretNameB: 'password' }
    const flow = await load(
      { ...preset, ...own, receive: 'webhook', path: PATH },
      { secretA: 'u', secretB: 'p', webhookSecret: SECRET },
    )
    const event = { event: 'sms:received', id: 'e1', payload: { sender: ME, message: 'Hi' } }
    assert.equal((await post(event)).status, 403)
    const time = String(Math.floor(Date.now() / 1_000))
    const signature = createHmac('sha256', SECRET)
      .update(JSON.stringify(event) + time)
      .digest('hex')
    assert.equal((await post(event, { 'x-signature': signature, 'x-timestamp': time })).status, 200)
    assert.equal((await flow.next('came')).payload, 'Hi')
  })

  it('texts through a device that has nothing but an address', async () => {
    const device = {
      method: 'GET',
      url: `${api.url}/sms?to={{to}}&text={{text}}`,
      headers: '',
      success: '',
      idPath: '',
      receive: 'off',
    }
    const flow = await load(device, {})
    api.reply({ body: 'sent' })
    flow.inject('out', { payload: 'Tür & Tor?', to: ME })
    const sms = (await flow.next('sent')).sms as SmsRecord
    assert.deepEqual([sms.state, sms.providerMessageId], ['accepted', undefined])
    const { method, path, body } = api.requests[0]!
    assert.deepEqual([method, new URL(path, api.url).searchParams.get('text'), body], ['GET', 'Tür & Tor?', ''])
  })

  const refused: readonly (readonly [
    what: string,
    settings: object,
    credentials: object,
    code: string,
    message: RegExp,
  ])[] = [
    ['a refusal', {}, { secretA: SECRET }, 'SMS_SEND', /answered 200: .*no such number/],
    [
      'a placeholder that does not exist',
      { body: '{ "a": "{{nope}}" }' },
      { secretA: SECRET },
      'SMS_CONFIG',
      /{{nope}}/,
    ],
    ['a secret without a value', {}, {}, 'SMS_CONFIG', /needs the secret «apiKey»/],
    ['a secret without a name', { secretNameA: '' }, { secretA: SECRET }, 'SMS_CONFIG', /the name of secret A/],
    [
      'two secrets of one name',
      { secretNameB: 'apiKey' },
      { secretA: SECRET, secretB: 'x' },
      'SMS_CONFIG',
      /two secrets/,
    ],
    ['a path that is easy to guess', { path: 'sms' }, { secretA: SECRET }, 'SMS_CONFIG', /hard to guess/],
  ]
  for (const [what, settings, credentials, code, message] of refused) {
    it(`${what} is ${code} at Catch, with a reason and no secret`, async () => {
      api.reply({ body: '{"status":"no","why":"no such number"}' })
      const flow = await load(settings, credentials)
      flow.inject('out', { payload: 'x', to: ME })
      let caught = (await flow.next('caught')) as Caught
      // A setting is told when the node starts, too.
      if (caught['sms'] === undefined && flow.pending('caught').length > 0)
        caught = (await flow.next('caught')) as Caught
      assert.equal(caught.error.code, code)
      assert.match(caught.error.message, message)
      assert.doesNotMatch(JSON.stringify(caught), /hunter2/)
    })
  }
})
