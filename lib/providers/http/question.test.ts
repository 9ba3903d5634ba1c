import assert from 'node:assert/strict'
import { createManualClock } from '../../../test/support/clock.ts'
import { httpSettings } from '../../../test/support/http-account.ts'
import { startScriptedServer } from '../../../test/support/http-server.ts'
import type { Reply, ScriptedServer } from '../../../test/support/http-server.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import type { Provider, Settlement, StatusReport } from '../../provider.ts'
import { createHttp } from './index.ts'
import type { HttpSettings } from './index.ts'

const call = { signal: new AbortController().signal }
const SENT = { id: 'our id', to: '+15551234567', providerMessageId: 'm 1' }

describe('what became of a message at an HTTP API', () => {
  const clock = createManualClock()
  let server: ScriptedServer
  let provider: Provider

  beforeEach(async () => {
    server = await startScriptedServer()
  })
  afterEach(async () => {
    await provider.stop?.()
    await server.close()
  })

  async function use(settings: Partial<HttpSettings> = {}): Promise<void> {
    const more = { statusUrl: `${server.url}/messages/{{id}}`, statusPath: 'state', ...settings }
    provider = createHttp(httpSettings({ url: server.url, ...more }), { clock })
    await provider.start?.(createHost(clock))
  }

  it('is not asked where the settings do not say how', async () => {
    await use({ statusUrl: '' })
    assert.deepEqual([provider.queryStatus, provider.settle, provider.asksForReports], [undefined, undefined, false])
  })

  it('is asked for reports where none can come', async () => {
    await use()
    assert.equal(provider.asksForReports, true)
    await use({ receive: 'webhook', path: 'abcdefghijklmnop' })
    assert.equal(provider.asksForReports, false)
  })

  it('needs to be found in the answer', async () => {
    await use()
    assert.throws(() => createHttp(httpSettings({ statusUrl: 'http://h/' })), { code: 'SMS_CONFIG' })
  })

  it('is asked with the same headers, by the id that the address names', async () => {
    await use({
      headers: 'Authorization: {{secret.key}}',
      secrets: { key: 'k' },
      statusUrl: `${server.url}/messages/{{providerMessageId}}?to={{toNoPlus}}`,
    })
    assert.equal(provider.settle, undefined)
    server.reply({ body: '{"state":"delivered"}' })
    assert.deepEqual(await provider.queryStatus!(SENT, call), { id: 'our id', state: 'delivered' })
    const [{ method, path, headers } = {}] = server.requests
    assert.deepEqual([method, path, headers?.['authorization']], ['GET', '/messages/m%201?to=15551234567', 'k'])
    assert.equal(await provider.queryStatus!({ id: 'our id', to: '+1' }, call), undefined)
    assert.equal(server.requests.length, 1)
  })

  const reports: readonly (readonly [
    title: string,
    reply: Reply,
    report: StatusReport | undefined | { code: string },
  ])[] = [
    ['a state in the list', { body: '{"state":"sent"}' }, { id: 'our id', state: 'accepted' }],
    ['a state that is not', { body: '{"state":"elsewhere"}' }, undefined],
    ['no state', { body: '{}' }, undefined],
    ['404', { status: 404, body: '{"state":"sent"}' }, undefined],
    ['401', { status: 401 }, { code: 'SMS_AUTH' }],
    ['429', { status: 429, headers: { 'retry-after': '5' } }, { code: 'SMS_LIMITS' }],
    ['503', { status: 503 }, { code: 'SMS_SERVER' }],
  ]
  for (const [title, reply, expected] of reports) {
    it(`is understood from ${title}`, async () => {
      await use()
      server.reply(reply)
      const asking = provider.queryStatus!(SENT, call)
      if (expected && 'code' in expected) await assert.rejects(asking, expected)
      else assert.deepEqual(await asking, expected)
    })
  }

  const settlements: readonly (readonly [title: string, reply: Reply, afterMs: number, Settlement])[] = [
    [
      'it is there',
      { body: '{"state":"sent","id":"m1"}' },
      0,
      { outcome: 'taken', receipt: { providerMessageId: 'm1', state: 'accepted' } },
    ],
    [
      'it is there, and delivered',
      { body: '{"state":"delivered"}' },
      0,
      { outcome: 'taken', receipt: { state: 'delivered' } },
    ],
    ['it is not there yet', { status: 404 }, 59_999, { outcome: 'open' }],
    ['it is not there after a while', { status: 404 }, 60_000, { outcome: 'notTaken' }],
    ['the carrier does not say', { body: '{}' }, 3_600_000, { outcome: 'open' }],
    ['something else is not there', { status: 410 }, 3_600_000, { outcome: 'open' }],
  ]
  for (const [title, reply, afterMs, expected] of settlements) {
    it(`is settled when ${title}`, async () => {
      await use({ missing: '404' })
      server.reply(reply)
      const message = outgoing({ attemptedAtMs: clock.now() - afterMs })
      assert.deepEqual(await provider.settle!(message, call), expected)
    })
  }

  it('stays open where absence proves nothing', async () => {
    await use()
    server.reply({ status: 404 })
    const message = outgoing({ attemptedAtMs: clock.now() - 3_600_000 })
    assert.deepEqual(await provider.settle!(message, call), { outcome: 'open' })
  })
})
