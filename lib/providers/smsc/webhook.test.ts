import assert from 'node:assert/strict'
import { createManualClock } from '../../../test/support/clock.ts'
import type { ManualClock } from '../../../test/support/clock.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import type { RecordingHost } from '../../../test/support/provider-host.ts'
import { CALLBACK_SECRET, smscSettings } from '../../../test/support/smsc-account.ts'
import { startSmsc } from '../../../test/sim/smsc.ts'
import type { Smsc } from '../../../test/sim/smsc.ts'
import { writeCallback } from '../../../test/sim/smsc-callbacks.ts'
import type { CallbackStyle } from '../../../test/sim/smsc-callbacks.ts'
import type { WebhookRequest } from '../../provider.ts'
import { createSmsc } from './index.ts'
import type { SmscProvider, SmscSettings } from './index.ts'
import { numberOf } from './message-id.ts'

const BASE = 'https://home.example.org:1880/endpoint/sms/s3cr3tpath'
const call = { signal: new AbortController().signal }
const STYLE: CallbackStyle = { method: 'POST', charset: 'utf-8', hash: 'md5' }
const INCOMING = { id: '77', phone: '79161112233', mes: 'Привіт & «open» 100%', to: '79990001122', time: '1795255200' }
const REPORT = { id: '4711', phone: '380501112233', status: '1', err: '0', type: '0', cost: '2.50', ts: '1795255200' }
const CALL = { waitcall: '1', phone: '79161112233', ts: '1795255200' }

const SIGNED = { message: ['phone', 'mes', 'to'], report: ['id', 'phone', 'status'], call: ['phone', 'ts'] }

describe('the webhook for SMSC', () => {
  let clock: ManualClock
  let smsc: Smsc
  let provider: SmscProvider
  let host: RecordingHost
  let notes: Map<string, string>
  let known: Set<string>

  beforeEach(async () => {
    clock = createManualClock(1_795_255_200_000)
    smsc = await startSmsc({ clock, behaviour: { statuses: [], secret: CALLBACK_SECRET } })
    notes = new Map()
    known = new Set()
    await use()
  })
  afterEach(async () => {
    await provider.stop?.()
    await smsc.stop()
  })

  async function use(settings: Partial<SmscSettings> = {}): Promise<void> {
    await provider?.stop?.()
    provider = createSmsc(smscSettings({ apiUrl: smsc.url, receive: 'webhook', ...settings }))
    host = createHost(clock, notes, known)
    await provider.start?.(host)
    await provider.balance!(call)
    while (clock.timers === 0) await clock.advance(0)
  }

  /** What a callback is answered. */
  async function bring(
    kind: keyof typeof SIGNED,
    fields: object,
    style: Partial<CallbackStyle> = {},
    more: Partial<WebhookRequest> = {},
  ) {
    const full = { ...STYLE, ...style }
    const body = writeCallback(fields as Record<string, string>, SIGNED[kind], CALLBACK_SECRET, full)
    return (await provider.webhook!(request(body, full.method, more))).status
  }

  function request(form: string, method = 'POST', more: Partial<WebhookRequest> = {}): WebhookRequest {
    const isGet = method === 'GET'
    return {
      method,
      url: isGet ? `${BASE}?${form}` : `${BASE}?charset=utf-8`,
      kind: 'any',
      headers: isGet ? {} : { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(isGet ? '' : form),
      ...more,
    }
  }

  for (const method of ['POST', 'GET'] as const)
    for (const charset of ['utf-8', 'windows-1251'] as const)
      for (const hash of ['md5', 'sha1'] as const) {
        it(`takes a message by ${method} in ${charset}, proved by ${hash}`, async () => {
          assert.equal(await bring('message', INCOMING, { method, charset, hash }), 200)
          const { raw, ...message } = host.messages[0]!
          assert.deepEqual(message, {
            providerMessageId: '77',
            from: '+79161112233',
            to: '+79990001122',
            text: INCOMING.mes,
            sentAtMs: 1_795_255_200_000,
          })
          assert.deepEqual(raw, INCOMING)
        })
      }

  it('takes JSON', async () => {
    const form = new URLSearchParams(writeCallback(INCOMING, SIGNED.message, CALLBACK_SECRET, STYLE))
    const body = Buffer.from(JSON.stringify({ ...Object.fromEntries(form), id: 77 }))
    const headers = { 'content-type': 'application/json' }
    assert.equal((await provider.webhook!(request('', 'POST', { body, headers }))).status, 200)
    assert.equal(host.messages[0]?.text, INCOMING.mes)
  })

  it('takes a hash in capitals', async () => {
    const form = writeCallback(INCOMING, SIGNED.message, CALLBACK_SECRET, STYLE)
    const capitals = form.replace(/md5=(.*)$/, (_, hash: string) => `md5=${hash.toUpperCase()}`)
    assert.equal((await provider.webhook!(request(capitals))).status, 200)
  })

  const forged: readonly (readonly [title: string, form: () => string])[] = [
    ['another secret', () => writeCallback(INCOMING, SIGNED.message, 'another', STYLE)],
    ['no hash', () => new URLSearchParams(INCOMING).toString()],
    ['an empty hash', () => `${new URLSearchParams(INCOMING).toString()}&md5=`],
    ['crc32 alone', () => `${new URLSearchParams(INCOMING).toString()}&crc32=12345`],
    ['another text', () => writeCallback(INCOMING, SIGNED.message, CALLBACK_SECRET, STYLE).replace('open', 'shut')],
    [
      'the hash of a report',
      () => writeCallback({ ...REPORT, mes: 'x', to: '1' }, SIGNED.report, CALLBACK_SECRET, STYLE),
    ],
    [
      'a second text before the signed one',
      () => `mes=shut&${writeCallback(INCOMING, SIGNED.message, CALLBACK_SECRET, STYLE)}`,
    ],
  ]
  for (const [title, form] of forged) {
    it(`refuses a message with ${title}, and says so no more than once an hour`, async () => {
      for (let i = 0; i < 3; i++) assert.deepEqual(await provider.webhook!(request(form())), { status: 403 })
      assert.deepEqual(host.messages, [])
      assert.ok(host.logs.length <= 1)
    })
  }

  it('refuses everything without a secret, and says that it is missing', async () => {
    await use({ callbackSecret: undefined })
    assert.equal(await bring('message', INCOMING), 403)
    const forged = writeCallback(INCOMING, SIGNED.message, '', STYLE)
    assert.equal((await provider.webhook!(request(forged))).status, 403)
    const { health, error } = host.healths.at(-1)!
    assert.deepEqual([health, error?.code], ['degraded', 'SMS_CONFIG'])
    assert.match(error?.message ?? '', /callback secret is missing/)
    assert.match(host.logs.join(), /callback secret/)
  })

  it('drops what it knows already, however it comes', async () => {
    await smsc.receive({ from: '79161112233', text: 'one', silent: true })
    const brought = { ...INCOMING, id: '1001', mes: 'one' }
    for (let i = 0; i < 2; i++) assert.equal(await bring('message', brought), 200)
    await clock.advance(600_000)
    while (smsc.requests.get < 2 || clock.timers === 0) await clock.advance(0)
    assert.equal(host.messages.length, 1)
  })

  it('knows a repeat by its time where there is no id, and two messages where there is neither', async () => {
    const { id: _, ...unnamed } = INCOMING
    await bring('message', unnamed)
    await bring('message', unnamed)
    await bring('message', { ...unnamed, time: '1795255201' })
    assert.equal(host.messages.length, 2)
    const { time: __, ...timeless } = unnamed
    await bring('message', timeless)
    await bring('message', timeless)
    assert.equal(host.messages.length, 4)
  })

  it('does not bring again from the list what came without an id, in this life or the next', async () => {
    const { id: _, time: __, ...unnamed } = INCOMING
    const listed = () => smsc.receive({ from: unnamed.phone, to: unnamed.to, text: unnamed.mes, silent: true })
    await bring('message', unnamed)
    await listed()
    await use()
    assert.deepEqual(host.messages, [])
    // The list was first this time.
    await listed()
    await use()
    assert.equal(host.messages.length, 1)
    await bring('message', unnamed)
    assert.equal(host.messages.length, 1)
    await bring('message', unnamed)
    assert.equal(host.messages.length, 2)
  })

  it('takes a call, once', async () => {
    for (let i = 0; i < 2; i++) assert.equal(await bring('call', CALL), 200)
    const { raw: _, ...message } = host.messages[0]!
    assert.deepEqual(
      [host.messages.length, message],
      [
        1,
        {
          type: 'call',
          providerMessageId: 'call:79161112233:1795255200',
          from: '+79161112233',
          text: '',
          sentAtMs: 1_795_255_200_000,
        },
      ],
    )
  })

  it('reports by number and phone, and by our id while it is known', async () => {
    const price = { amount: '2.50', currency: 'RUB' }
    assert.equal(await bring('report', REPORT), 200)
    assert.deepEqual(host.reports, [{ providerMessageId: '4711:380501112233', state: 'delivered', price }])
    const sent = outgoing()
    smsc.inject('lostAnswer')
    await assert.rejects(provider.send(sent, call), { code: 'SMS_UNKNOWN' })
    const id = String(numberOf(sent.id))
    assert.equal(await bring('report', { ...REPORT, id, status: '20', err: '6' }), 200)
    const { error, ...report } = host.reports.at(-1)!
    assert.deepEqual(report, { id: sent.id, providerMessageId: `${id}:380501112233`, state: 'failed', price })
    assert.deepEqual([error?.code, error?.providerCode], ['SMS_SEND', 6])
  })

  it('takes reports it can make nothing of, so that they are not brought again', async () => {
    assert.equal(await bring('report', { ...REPORT, status: '77' }), 200)
    assert.match(host.logs.join(), /77/)
    assert.deepEqual(host.reports, [])
  })

  const malformed: readonly (readonly [kind: keyof typeof SIGNED, fields: object, more?: Partial<WebhookRequest>])[] = [
    ['report', { ...REPORT, id: 'x' }],
    ['report', { ...REPORT, phone: '' }],
    ['report', { ...REPORT, status: '' }],
    ['message', { ...INCOMING, phone: ' ' }],
    ['call', { ...CALL, phone: '' }],
    ['message', INCOMING, { kind: 'status' }],
    ['report', REPORT, { kind: 'im' }],
  ]
  for (const [kind, fields, more = {}] of malformed) {
    it(`refuses a ${kind} of ${JSON.stringify({ ...fields, ...more }).slice(0, 70)}`, async () => {
      assert.equal(await bring(kind, fields, {}, more), 400)
      assert.deepEqual([host.messages, host.reports], [[], []])
    })
  }

  it('asks SMSC to come again with what could not be stored, and while it is not in use', async () => {
    host.fail(true)
    for (const [kind, fields] of [
      ['message', INCOMING],
      ['report', REPORT],
      ['call', CALL],
    ] as const)
      assert.equal(await bring(kind, fields), 503)
    host.fail(false)
    assert.equal(await bring('message', INCOMING), 200)
    assert.equal(host.messages.length, 1)
    await provider.stop?.()
    assert.equal(await bring('report', REPORT), 503)
  })

  it('shows the secret nowhere, nor what it could be looked for with', async () => {
    await bring('message', INCOMING)
    const shown = JSON.stringify([host.messages, host.reports, host.logs, host.healths])
    assert.doesNotMatch(shown, /nobody-may-see|md5|sha1/)
  })
})
