import assert from 'node:assert/strict'
import { createManualClock } from '../../../test/support/clock.ts'
import type { ManualClock } from '../../../test/support/clock.ts'
import { closedPortUrl } from '../../../test/support/http-server.ts'
import { outgoing } from '../../../test/support/provider-cases.ts'
import { createHost } from '../../../test/support/provider-host.ts'
import { smscSettings } from '../../../test/support/smsc-account.ts'
import { startSmsc } from '../../../test/sim/smsc.ts'
import type { Smsc } from '../../../test/sim/smsc.ts'
import { SmsError } from '../../errors.ts'
import type { OutgoingMessage } from '../../provider.ts'
import { createSmsc } from './index.ts'
import type { SmscEffects, SmscProvider, SmscSettings } from './index.ts'
import { numberOf } from './message-id.ts'

const call = { signal: new AbortController().signal }
const MINUTE_MS = 60_000

describe('sending through SMSC', () => {
  let clock: ManualClock
  let smsc: Smsc
  let provider: SmscProvider
  let notes: Map<string, string>
  let lastId = 0

  beforeEach(async () => {
    clock = createManualClock()
    smsc = await startSmsc({ clock, behaviour: { statuses: [] } })
    notes = new Map()
    use()
  })
  afterEach(async () => {
    await provider.stop?.()
    await smsc.stop()
  })

  function use(settings: Partial<SmscSettings> = {}, effects: SmscEffects = {}): void {
    provider = createSmsc(smscSettings({ apiUrl: smsc.url, ...settings }), { clock, ...effects })
  }

  const start = () => provider.start?.(createHost(clock, notes))

  const message = (more: Partial<OutgoingMessage> = {}): OutgoingMessage =>
    outgoing({ id: `message-${++lastId}`, createdAtMs: clock.now(), attemptedAtMs: clock.now(), ...more })

  const phones = () => smsc.messages.map(({ phone }) => phone)

  it('says how it may be used', () => {
    use({ ratePerSecond: 3, defaultCountry: 'UA' })
    assert.deepEqual(provider.pace, { concurrency: 200, perSecond: 3, timeoutMs: 60_000 })
    assert.deepEqual(provider.numbers, { defaultCountry: 'UA' })
    assert.deepEqual([provider.maxCharacters, provider.respectsOptOut, provider.cancel], [1000, false, undefined])
  })

  it('asks for reports only where none can come', () => {
    const asks = (settings: Partial<SmscSettings>) => (use(settings), provider.asksForReports)
    assert.equal(asks({ receive: 'webhook' }), false)
    assert.equal(asks({ receive: 'webhook', callbackSecret: undefined }), true)
    assert.equal(asks({ receive: 'poll' }), true)
    assert.equal(asks({ receive: 'off' }), true)
  })

  it('signs in as the account says, and tells when that is refused, and when it is well again', async () => {
    Object.assign(smsc.behaviour, { login: 'home', password: 'right', apiKey: 'key' })
    for (const settings of [{ password: 'right' }, { apiKey: 'key' }, { login: '', password: 'key' }]) {
      use(settings)
      await provider.send(message(), call)
      await clock.advance(MINUTE_MS)
    }
    use({ password: 'wrong' })
    const host = createHost(clock, notes)
    await provider.start?.(host)
    assert.equal((await host.fares('failed')).error?.code, 'SMS_AUTH')
    smsc.behaviour.password = 'wrong'
    await provider.balance!(call)
    assert.equal(host.healths.at(-1)?.health, 'ready')
  })

  const drafts: readonly (readonly [draft: Partial<OutgoingMessage>, code: string | undefined])[] = [
    [{}, undefined],
    [{ text: 'x'.repeat(1000) }, undefined],
    [{ text: 'x'.repeat(1001) }, 'SMS_REQUEST'],
    [{ from: '.' }, undefined],
    [{ from: '79990001122' }, undefined],
    [{ from: 'Дім' }, 'SMS_REQUEST'],
    [{ from: 'me@example.org', params: { mail: 1 } }, undefined],
    [{ mediaUrls: ['https://example.org/a.jpg'] }, 'SMS_UNSUPPORTED'],
    [{ params: { psw: 'x' } }, 'SMS_REQUEST'],
    [{ params: { tinyurl: {} } }, 'SMS_REQUEST'],
    [{ params: { constructor: 1 } }, 'SMS_REQUEST'],
  ]
  for (const [draft, code] of drafts) {
    it(`${code ? `refuses (${code})` : 'takes'} ${JSON.stringify(draft).slice(0, 60)}`, () => {
      const check = () => provider.check!(outgoing(draft))
      if (code) assert.throws(check, { code })
      else check()
    })
  }

  for (const [aheadMs, expected] of [
    [59_999, false],
    [60_000, true],
    [30 * 24 * 3_600_000, true],
    [30 * 24 * 3_600_000 + 1, false],
  ] as const) {
    it(`${expected ? 'holds' : 'does not hold'} a message for ${aheadMs} ms`, () => {
      assert.equal(provider.holdsUntil!(outgoing(), clock.now() + aheadMs, clock.now()), expected)
    })
  }

  it('sends with the same number in each attempt, and in the next life', async () => {
    const sent = message()
    for (let life = 0; life < 2; life++) {
      const { providerMessageId } = await provider.send(sent, call)
      assert.equal(providerMessageId, `${numberOf(sent.id)}:380501112233`)
      await clock.advance(MINUTE_MS)
      use()
    }
  })

  describe('refused with 9', () => {
    it('takes for taken what an earlier attempt brought', async () => {
      const sent = message()
      smsc.inject('lostAnswer')
      await assert.rejects(provider.send(sent, call), { code: 'SMS_UNKNOWN' })
      const receipt = await provider.send(sent, call)
      assert.equal(receipt.providerMessageId, `${smsc.messages[0]?.id}:380501112233`)
      assert.equal(smsc.messages.length, 1)
    })

    it('waits where another message had the same words, asking about its own no more than SMSC bears', async () => {
      await provider.send(message(), call)
      const double = message()
      for (let i = 0; i < 10; i++) {
        await assert.rejects(provider.send(double, call), { code: 'SMS_LIMITS', retryable: true, providerCode: 9 })
        await clock.advance(5_000)
      }
      assert.ok(smsc.requests.status >= 2 && smsc.requests.status <= 4, `${smsc.requests.status}`)
      await clock.advance(10_000)
      await provider.send(double, call)
      assert.equal(smsc.messages.length, 2)
    })
  })

  it('asks nothing more while its address is blocked', async () => {
    smsc.inject(4)
    await assert.rejects(provider.send(message(), call), { code: 'SMS_AUTH', retryable: true, retryAfterMs: 300_000 })
    await clock.advance(100_000)
    await assert.rejects(provider.balance!(call), { code: 'SMS_AUTH', retryAfterMs: 200_000 })
    assert.deepEqual([smsc.requests.send, smsc.requests.balance], [1, 0])
    await clock.advance(200_000)
    await provider.send(message(), call)
  })

  it('is never at SMSC with more than four requests, whatever they ask', async () => {
    const sendings = Array.from({ length: 10 }, (_, at) => provider.send(message({ text: `Text ${at}` }), call))
    await Promise.all([...sendings, provider.balance!(call), provider.balance!(call)])
    assert.ok(smsc.atOnce <= 4, `${smsc.atOnce}`)
    assert.equal(smsc.messages.length, 10)
  })

  it('gives up its place in the line when it is called off there', async () => {
    smsc.inject('silent', { times: 4 })
    const four = new AbortController()
    const stuck = Array.from({ length: 4 }, async (_, at) =>
      provider.send(message({ text: `Text ${at}` }), { signal: four.signal }).catch(() => {}),
    )
    while (smsc.requests.send < 4) await clock.advance(0)
    const fifth = new AbortController()
    const waiting = provider.send(message(), { signal: fifth.signal })
    fifth.abort()
    await assert.rejects(waiting, { code: 'SMS_CONNECTION' })
    four.abort()
    await Promise.all(stuck)
    await provider.balance!(call)
  })

  describe('with spare hosts', () => {
    it('turns to the next where the main host is down, and stays there for a while', async () => {
      const down = `${await closedPortUrl()}/sys/`
      use({}, { hosts: [down, smsc.url] })
      await provider.send(message(), call)
      await provider.balance!(call)
      assert.equal(smsc.messages.length, 1)
    })

    it('never does so where the first may have taken it', async () => {
      const spare = await startSmsc({ clock })
      use({}, { hosts: [smsc.url, spare.url] })
      for (const fault of ['lostAnswer', 'cut', 'unavailable', 'html', 'truncated'] as const) {
        smsc.inject(fault)
        await assert.rejects(provider.send(message({ text: fault }), call), { code: 'SMS_UNKNOWN' })
      }
      smsc.inject(6)
      await assert.rejects(provider.send(message(), call), { code: 'SMS_SEND' })
      assert.deepEqual([smsc.messages.length, spare.requests.send], [2, 0])
      await spare.stop()
    })

    it('says that it is out of reach where none can be reached', async () => {
      use({}, { hosts: [`${await closedPortUrl()}/sys/`, `${await closedPortUrl()}/sys/`] })
      await assert.rejects(provider.send(message(), call), { code: 'SMS_CONNECTION', retryable: true })
    })
  })

  describe('many messages together', () => {
    const three = () => ['1', '2', '3'].map(digit => message({ to: `+38050111222${digit}` }))
    const together = (messages: readonly OutgoingMessage[], by = call) =>
      Promise.all(messages.map(async sent => provider.send(sent, by).catch((error: unknown) => error)))
    const codes = (results: readonly unknown[]) =>
      results.map(result => (result instanceof SmsError ? result.code : 'taken'))

    it('sends one request for those with the same text', async () => {
      await start()
      const messages = [...three(), message({ to: '+380501112229', text: 'Another' })]
      const results = await together(messages, call)
      assert.deepEqual(phones().toSorted(), ['380501112221', '380501112222', '380501112223', '380501112229'])
      assert.equal(smsc.requests.send, 2)
      const withText = smsc.messages.filter(({ phone }) => phone !== '380501112229')
      const { id } = withText[0]!
      assert.deepEqual(results[1], { providerMessageId: `${id}:380501112222`, parts: 1, ...price(results[1]) })
      assert.equal(new Set(withText.map(({ id }) => id)).size, 1)
      // Nothing is left to remember.
      assert.equal(notes.get('outbound.batches'), '[]')
    })

    const price = (result: unknown) =>
      'price' in (result as object) ? { price: { amount: '2.50', currency: 'RUB' } } : {}

    it('does not send twice to one phone in one request', async () => {
      const results = await together([message(), message()], call)
      assert.deepEqual(codes(results), ['taken', 'SMS_LIMITS'])
    })

    it('tells which of several was not taken', async () => {
      const messages = [...three(), message({ to: '+380501110000' })]
      const results = await together(messages, call)
      assert.deepEqual(codes(results), ['taken', 'taken', 'taken', 'SMS_REQUEST'])
    })

    it('is in doubt about those that SMSC does not name', async () => {
      await start()
      smsc.inject('unnamed')
      const messages = three()
      assert.deepEqual(codes(await together(messages, call)), ['SMS_UNKNOWN', 'SMS_UNKNOWN', 'SMS_UNKNOWN'])
      for (const sent of messages) assert.equal((await provider.settle!(sent, call)).outcome, 'taken')
    })

    it('refuses alone what cannot be asked of SMSC', async () => {
      const results = await together([...three(), message({ params: { psw: 'x' } })], call)
      assert.deepEqual(codes(results), ['taken', 'taken', 'taken', 'SMS_REQUEST'])
    })

    it('tries one by one what is refused for one of them', async () => {
      smsc.inject(7)
      const results = await together(three(), call)
      assert.deepEqual(codes(results), ['taken', 'taken', 'taken'])
      assert.equal(smsc.requests.send, 4)
    })

    it('tries none of them again when there is no money', async () => {
      smsc.behaviour.money = 0
      assert.deepEqual(codes(await together(three(), call)), ['SMS_CREDIT', 'SMS_CREDIT', 'SMS_CREDIT'])
      assert.equal(smsc.requests.send, 1)
    })

    for (const [fault, expected] of [
      ['lostAnswer', 'taken'],
      ['cut', 'notTaken'],
    ] as const) {
      it(`settles each of them, also in the next life: ${fault}`, async () => {
        await start()
        smsc.inject(fault)
        const messages = three()
        const attemptedAtMs = clock.now()
        assert.deepEqual(codes(await together(messages, call)), ['SMS_UNKNOWN', 'SMS_UNKNOWN', 'SMS_UNKNOWN'])
        await provider.stop?.()
        use()
        await start()
        await clock.advance(MINUTE_MS)
        for (const sent of messages) {
          const { outcome } = await provider.settle!({ ...sent, attemptedAtMs }, call)
          assert.equal(outcome, expected)
        }
        assert.equal(notes.get('outbound.batches'), '[]')
      })
    }

    it('settles what SMSC says it had a moment ago', async () => {
      smsc.inject(9)
      assert.deepEqual(codes(await together(three(), call)), ['SMS_UNKNOWN', 'SMS_UNKNOWN', 'SMS_UNKNOWN'])
    })

    it('sends nothing more once it is called off', async () => {
      const controller = new AbortController()
      controller.abort()
      const results = await together(three(), { signal: controller.signal })
      assert.deepEqual(codes(results), ['SMS_CONNECTION', 'SMS_CONNECTION', 'SMS_CONNECTION'])
      assert.equal(smsc.requests.send, 0)
    })
  })

  it('tells what a message would cost, and sends nothing', async () => {
    const text = 'й'.repeat(100)
    assert.deepEqual(await provider.estimate(outgoing({ text }), call), {
      price: { amount: '5.00', currency: 'RUB' },
      parts: 2,
    })
    assert.equal(smsc.messages.length, 0)
    assert.equal(smsc.forms.cost?.get('cost'), '1')
    smsc.inject(9, { on: 'cost' })
    await assert.rejects(provider.estimate(outgoing(), call), { code: 'SMS_LIMITS' })
  })

  it('tells the balance, and from then on prices', async () => {
    assert.equal((await provider.send(message(), call)).price, undefined)
    assert.deepEqual(await provider.balance!(call), { amount: '97.50', currency: 'RUB', text: '97.50 RUB' })
    const { price } = await provider.send(message({ text: 'Another' }), call)
    assert.deepEqual(price, { amount: '2.50', currency: 'RUB' })
  })
})
