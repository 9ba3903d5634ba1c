import assert from 'node:assert/strict'
import { createManualClock } from '../../../test/support/clock.ts'
import { CALLBACK, openAddress, startInstance } from '../../../test/support/forward.ts'
import type { Address, Instance } from '../../../test/support/forward.ts'
import { closedPortUrl, startScriptedServer } from '../../../test/support/http-server.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import { SmsError } from '../../errors.ts'
import type { WebhookReply, WebhookRequest } from '../../provider.ts'
import { basicAuthorization } from './basic-auth.ts'
import { createForwardClient } from './index.ts'
import { readJson, readTagged, writeJson } from './jsonex.ts'

const body = (reply: object): WebhookReply => ({ status: 200, contentType: 'application/json', body: writeJson(reply) })

describe('a client of py-smsframework', () => {
  let at: Address
  let client: Instance
  let taken: string[]
  const provider = () => client.gateway.find('carrier')!.provider

  /** Answers as smsframework does, and before that does what a test wants. */
  const smsframework =
    (before: (msgid: string) => Promise<unknown> = async () => {}) =>
    async ({ method, body: given }: WebhookRequest): Promise<WebhookReply> => {
      if (method !== 'POST') return { status: 405 }
      const { message } = readJson(given.toString())!
      const { attributes } = readTagged(message)!
      taken.push(String(attributes['body']))
      const msgid = String(taken.length)
      await before(msgid)
      return body({ message: { '?': ['OutgoingMessage', { ...attributes, provider: 'lo', msgid }] } })
    }

  const call = (kind: 'im' | 'status', content: object) =>
    provider().webhook!({
      method: 'POST',
      url: 'http://127.0.0.1/',
      kind,
      headers: { authorization: basicAuthorization({ user: 'home', password: CALLBACK.callbackPassword }) },
      body: Buffer.from(writeJson(content)),
    })
  const status = (name: string, msgid: string) => ({
    status: {
      '?': [name, { msgid, rtime: { '?': ['datetime', '2026-11-21T07:45:11.190080'] }, meta: {}, status: 'OK' }],
    },
  })

  beforeEach(async () => {
    at = await openAddress()
    taken = []
    at.serve(smsframework())
    client = await startInstance(createForwardClient({ name: 'Remote', serverUrl: at.url, ...CALLBACK }))
    client.gateway.flowsStarted()
  })
  afterEach(async () => {
    await client.end()
    await at.close()
  })

  it('takes a status that the server brings before it answers, and goes on only when that was taken', async () => {
    at.serve(smsframework(msgid => call('status', status('MessageDelivered', msgid))))
    const record = await client.becomes(await client.send('x'), 'delivered')
    assert.equal(record.providerMessageId, '1')
  })

  it('sends nothing again whose answer was lost, and says at once that it is in doubt', async () => {
    await client.becomes(await client.send('1'), 'accepted')
    at.loseAnswers(1)
    const second = await client.send('2')
    await assert.rejects(
      client.gateway.outbox.wait(second, 'accepted', 1_500),
      (error: unknown) => error instanceof SmsError && error.code === 'SMS_UNKNOWN',
    )
    await client.becomes(await client.send('3'), 'accepted')
    assert.deepEqual(taken, ['1', '2', '3'])
    assert.equal((await client.gateway.outbox.get({ id: second }))?.record.state, 'unknown')
  })

  it('takes two messages with the same id for two, as the server begins to count anew, and a repeat for one', async () => {
    const incoming = (text: string, time: string) => ({
      message: {
        '?': [
          'IncomingMessage',
          {
            msgid: 4,
            src: '12025550144',
            body: text,
            dst: '12025550100',
            rtime: { '?': ['datetime', time] },
            meta: {},
            provider: 'lo',
            other: { '?': ['function', {}] },
          },
        ],
      },
    })
    for (const [text, time] of [
      ['1', '2026-11-21T07:45:11.223250'],
      ['1', '2026-11-21T07:45:11.223250'],
      ['2', '2026-11-21T07:46:11'],
    ] as const) {
      const content = incoming(text, time)
      assert.deepEqual(await call('im', content), body(content))
    }
    await client.came(2)
    assert.deepEqual(
      client.received.map(({ text, from, to, sentAt }) => [text, from, to, sentAt]),
      [
        ['1', '+12025550144', '+12025550100', '2026-11-21T07:45:11.223Z'],
        ['2', '+12025550144', '+12025550100', '2026-11-21T07:46:11.000Z'],
      ],
    )
  })

  it('refuses what is neither, with an error that smsframework can read', async () => {
    for (const [kind, content] of [
      ['im', {}],
      ['im', { message: 1 }],
      ['im', status('MessageDelivered', '1')],
      ['status', { message: { '?': ['IncomingMessage', {}] } }],
      ['status', { status: { '?': ['MessageDelivered', {}] } }],
    ] as const) {
      const reply = await call(kind, content)
      assert.equal(reply.status, 400)
      assert.match(reply.body ?? '', /^\{"error": \{"\?E": \["RequestError",/)
    }
  })
})

const ends: (() => unknown)[] = []

/** A client and its server, which end after the test however it ends. */
function ending<T extends { close(): unknown } | { stop?(): unknown }>(what: T): T {
  ends.push(() => ('close' in what ? what.close() : what.stop?.()))
  return what
}

async function endAll(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end()
}

describe('how the server of a client fares', () => {
  afterEach(endAll)

  it('is told as it changes: not there, then there, then gone', async () => {
    const clock = createManualClock()
    const host = createHost(clock)
    const at = ending(await openAddress())
    const client = ending(createForwardClient({ name: 'Remote', serverUrl: at.url }, { clock }))
    await client.start?.(host)
    assert.equal((await host.fares('connecting')).error?.code, 'SMS_CONNECTION')
    at.serve(async () => body({ sms: {} }))
    await clock.advance(1_000)
    await host.fares('ready')
    at.serve(undefined)
    const before = host.healths.length
    await clock.advance(60_000)
    while (host.healths.length === before) await new Promise(setImmediate)
    assert.equal(host.healths.at(-1)?.health, 'connecting')
    await endAll()
    assert.equal(clock.timers, 0)
  })

  for (const [title, status, health, code] of [
    ['refuses the login', 401, 'failed', 'SMS_AUTH'],
    ['is not there yet', 404, 'connecting', 'SMS_CONNECTION'],
    ['has a fault', 502, 'connecting', 'SMS_SERVER'],
    ['is something else', 200, 'connecting', 'SMS_PROVIDER'],
    ['is smsframework', 405, 'ready', undefined],
  ] as const) {
    it(`is ${health} when it ${title}`, async () => {
      const host = createHost(createManualClock())
      const server = ending(await startScriptedServer())
      server.reply({ status })
      const client = ending(createForwardClient({ name: 'Remote', serverUrl: server.url }))
      await client.start?.(host)
      assert.equal((await host.fares(health)).error?.code, code)
    })
  }

  it('is connecting when nobody listens', async () => {
    const host = createHost(createManualClock())
    const client = ending(createForwardClient({ name: 'Remote', serverUrl: await closedPortUrl() }))
    await client.start?.(host)
    assert.match((await host.fares('connecting')).error?.message ?? '', /refused/)
  })
})

describe('a message in doubt', () => {
  afterEach(endAll)

  it('is not sent again once its validity is over', async () => {
    const clock = createManualClock()
    const server = ending(await startScriptedServer())
    const client = ending(createForwardClient({ name: 'Remote', serverUrl: server.url }, { clock }))
    const call = { signal: new AbortController().signal }
    const message = (text: string, more: object = {}) => outgoing({ id: text, text, createdAtMs: clock.now(), ...more })
    const answer = (text: string) =>
      body({ message: { '?': ['OutgoingMessage', { dst: '1', body: text, msgid: text }] }, sms: {} })
    server.reply(answer('0'))
    await client.send(message('0'), call)
    server.reply({ fault: 'cut' })
    await assert.rejects(client.send(message('1', { validityMinutes: 5 }), call))
    await assert.rejects(client.send(message('2'), call), { code: 'SMS_CONNECTION' })
    server.reply(answer('x'))
    await clock.advance(5 * 60_000)
    await client.send(message('3'), call)
    const texts = server.requests.map(({ body }) => readTagged(readJson(body)!['message'])!.attributes['body'])
    // The second was never sent: what was in doubt went in its place.
    assert.deepEqual(texts, ['0', '1', '1', '3'])
  })
})
