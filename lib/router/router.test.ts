import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeCarrier, never } from '../../test/support/carrier.ts'
import { createManualClock } from '../../test/support/clock.ts'
import { compose } from '../compose.ts'
import type { Composition } from '../compose.ts'
import { SmsError } from '../errors.ts'
import { createGateway } from '../gateway.ts'
import type { Gateway, ProviderReport } from '../gateway.ts'
import type { Provider } from '../provider.ts'
import { createMemoryStore } from '../store/memory.ts'
import { createSqliteStore } from '../store/sqlite/index.ts'
import type { Store } from '../store/store.ts'
import { createRouter } from './index.ts'
import type { RouterSettings } from './index.ts'

const ME = '+380501112233'
const OTHER = '+4915112345678'

function world(store: Store = createMemoryStore(), clock = createManualClock()) {
  const gateway = createGateway({ store, clock, random: () => 0, log() {} })
  const reports: ProviderReport[] = []
  gateway.on('provider', report => reports.push(report))
  const router = (id: string, slots: readonly string[], settings: Omit<Partial<RouterSettings>, 'slots'> = {}) =>
    gateway.use(
      id,
      createRouter(
        { name: id.toUpperCase(), ...settings, slots: new Map(slots.map((slot, index) => [`p${index + 1}`, slot])) },
        { clock, compile: text => message => (message as Record<string, unknown>)[text] },
      ),
    )
  const carrier = (id: string, fields: Partial<Provider> = {}) => {
    const provider = fakeCarrier({ name: id.toUpperCase(), pace: { concurrency: 10 }, ...fields })
    return Object.assign(provider, { end: gateway.use(id, provider) })
  }
  const plan = async (via: string, wanted: Partial<Composition> = {}) =>
    compose({ to: ME, text: 'Hello', options: {}, onDoubt: 'fail', ...wanted }, gateway.find(via)!, clock.now())
  const send = async (via: string, wanted: Partial<Composition> = {}) => {
    const { sendings, failures } = await plan(via, wanted)
    const records = await gateway.outbox.submit(sendings)
    await settle(clock)
    return { failures, ids: records.map(({ id }) => id) }
  }
  return { gateway, clock, store, reports, router, carrier, plan, send }
}

const settle = (clock: ReturnType<typeof createManualClock>) => clock.advance(20)
const refuse = (code: 'SMS_CONNECTION' | 'SMS_CREDIT' | 'SMS_SEND') => async () =>
  Promise.reject(new SmsError(code, 'no'))
const recordOf = async (gateway: Gateway, id: string) => (await gateway.outbox.get({ id }))!.record

describe('a plan', () => {
  const whens: [name: string, when: object, wanted: Partial<Composition>, isTaken: boolean][] = [
    ['a recipient by its beginning', { to: '+38050*' }, {}, true],
    ['another recipient', { to: ['+49', '+380 67'] }, {}, false],
    ['a country', { country: 'de, ua' }, {}, true],
    ['another country', { country: ['DE'] }, {}, false],
    ['a category', { category: 'alarm' }, { options: { category: 'alarm' } }, true],
    ['a category below', { category: 'users/*' }, { options: { category: 'users/login' } }, true],
    ['no category', { category: 'users/*' }, {}, false],
    ['an alphabet', { alphabet: 'ucs2' }, { text: 'Привіт' }, true],
    ['another alphabet', { alphabet: 'ucs2' }, {}, false],
    ['parts', { minParts: 2, maxParts: '3' }, { text: 'a'.repeat(300) }, true],
    ['fewer parts', { minParts: 2 }, {}, false],
    ['more parts', { maxParts: 1 }, { text: 'a'.repeat(300) }, false],
    ['a time', { time: { days: ['sat'], from: '09:00', to: '11:00', timeZone: 'UTC' } }, {}, true],
    ['another time', { time: { from: '11:00', to: '09:00', timeZone: 'UTC' } }, {}, false],
    ['another day', { time: { days: 'mon,Sunday', timeZone: 'UTC' } }, {}, false],
    ['a slot that can send', { available: ['p1'] }, {}, true],
    ['an expression', { expression: 'text' }, {}, true],
    ['an expression that does not hold', { expression: 'category' }, {}, false],
    ['all that is given', { to: '+38', country: 'UA', maxParts: 1 }, {}, true],
    ['not all that is given', { to: '+38', country: 'DE' }, {}, false],
    ['fields that are empty', { to: '', country: [], category: ' ' }, {}, true],
  ]
  for (const [name, when, wanted, isTaken] of whens) {
    it(`${isTaken ? 'takes' : 'does not take'} by ${name}`, async () => {
      const { router, carrier, plan } = world()
      carrier('a')
      router('r', ['a'], { routes: [{ name: 'one', when }] })
      const { sendings, failures } = await plan('r', wanted)
      assert.equal(sendings.length, isTaken ? 1 : 0)
      if (!isTaken)
        assert.deepEqual(failures, [{ to: ME, code: 'SMS_REQUEST', message: 'no route of «R» takes this message' }])
    })
  }

  const wrong: [name: string, routes: unknown][] = [
    ['a misspelt condition', [{ when: { coutry: 'UA' } }]],
    ['a slot that is empty', [{ use: ['p2'] }]],
    ['another strategy', [{ strategy: 'random' }]],
    ['a country that is none', [{ when: { country: 'Ukraine' } }]],
    ['a weight of nought', [{ weights: [0] }]],
    ['an option of the message', [{ options: { ref: 1 } }]],
    ['a day that is none', [{ when: { time: { days: ['holiday'] } } }]],
  ]
  for (const [name, routes] of wrong) {
    it(`is refused for ${name}, naming the route`, () =>
      assert.throws(() => createRouter({ name: 'R', slots: new Map([['p1', 'a']]), routes }), {
        code: 'SMS_CONFIG',
        message: /^route 1: /,
      }))
  }

  it('shares by weight, in turns', async () => {
    const { router, carrier, plan } = world()
    for (const id of ['a', 'b', 'c']) carrier(id)
    router('r', ['a', 'b', 'c'], { routes: [{ strategy: 'weighted', weights: [3, 1, 1] }] })
    const lanes: string[] = []
    for (let i = 0; i < 10; i++) lanes.push((await plan('r')).sendings[0]!.lane)
    assert.equal(lanes.join(''), 'abacaabaca'.slice(0, 10))
  })

  it('shares among those that can send', async () => {
    const { gateway, router, carrier, plan } = world()
    carrier('a')
    carrier('b')
    router('r', ['a', 'b'], { routes: [{ strategy: 'weighted', weights: [9, 1] }] })
    await gateway.pause('a')
    const { sendings } = await plan('r')
    assert.deepEqual([sendings[0]!.lane, sendings[0]!.routing!.candidates.map(({ lane }) => lane)], ['b', ['b', 'a']])
  })

  it('leaves out who would refuse the message, and says why', async () => {
    const { router, carrier, plan } = world()
    carrier('a', { maxCharacters: 3 })
    carrier('b', {
      check: () => {
        throw new SmsError('SMS_UNSUPPORTED', 'no letters')
      },
    })
    carrier('c')
    router('r', ['a', 'b', 'c'])
    const { sendings } = await plan('r')
    assert.deepEqual(
      sendings[0]!.routing!.candidates.map(({ lane }) => lane),
      ['c'],
    )
    assert.match(
      sendings[0]!.routing!.why,
      /route 1, without A: the text has 5 characters; A takes 3, without B: no letters/,
    )
  })

  it('tells why, where all would refuse it', async () => {
    const { router, carrier, plan } = world()
    carrier('a', { maxCharacters: 3 })
    router('r', ['a', 'gone'])
    assert.deepEqual((await plan('r')).failures, [
      { to: ME, code: 'SMS_REQUEST', message: 'the text has 5 characters; A takes 3' },
    ])
  })

  it('reads numbers as the first provider that can, and the same for all', async () => {
    const { router, carrier, plan } = world()
    carrier('a')
    carrier('b', { numbers: { defaultCountry: 'UA' } })
    carrier('c', { numbers: { defaultCountry: 'DE' } })
    router('r', ['a', 'b', 'c'])
    const { sendings, failures } = await plan('r', { to: '050 111 22 33, x' })
    assert.deepEqual(
      sendings.map(({ draft, routing }) => [draft.to, routing!.candidates.length]),
      [[ME, 3]],
    )
    assert.deepEqual(
      failures.map(({ to }) => to),
      ['x'],
    )
  })

  it('has each account text its own phones, through each of them', async () => {
    const { router, carrier, plan } = world()
    carrier('a', { numbers: { defaultRecipients: ME } })
    carrier('b', { numbers: { defaultRecipients: `${OTHER}, ${ME}` } })
    router('r', ['a', 'b'], { routes: [{ strategy: 'all' }] })
    const { sendings } = await plan('r', { to: undefined })
    assert.deepEqual(
      sendings.map(({ lane, draft }) => `${lane} ${draft.to}`),
      [`a ${ME}`, `b ${OTHER}`, `b ${ME}`],
    )
    assert.deepEqual(
      sendings.map(({ routing }) => routing!.candidates.length),
      [1, 1, 1],
    )
  })

  it('refuses a message to nobody where no account has phones', async () => {
    const { router, carrier, plan } = world()
    carrier('a')
    router('r', ['a'])
    await assert.rejects(plan('r', { to: undefined }), {
      code: 'SMS_REQUEST',
      message: 'the message names no recipient',
    })
  })

  it('splices in the routers among its slots', async () => {
    const { router, carrier, plan } = world()
    for (const id of ['a', 'b', 'c']) carrier(id)
    const all = [{ strategy: 'all' }]
    router('both', ['a', 'b'], { routes: all })
    router('first', ['both', 'c', 'a'])
    router('later', ['c', 'both'])
    const lanes = async (via: string) =>
      (await plan(via)).sendings.map(({ routing }) => routing!.candidates.map(({ lane }) => lane).join(''))
    assert.deepEqual(await lanes('first'), ['ac', 'bca'])
    assert.deepEqual(await lanes('later'), ['cab'])
  })

  it('has the message say more than the route, and the outer route more than the inner', async () => {
    const { router, carrier, plan } = world()
    carrier('a')
    carrier('b')
    router('inner', ['a'], { routes: [{ options: { from: 'Inner', validityMinutes: 1, params: { x: 1 } } }] })
    router('r', ['inner', 'b'], { routes: [{ options: { from: 'Outer', validityMinutes: 2 } }] })
    const [one] = (await plan('r', { options: { validityMinutes: 3 } })).sendings
    assert.deepEqual([one!.draft.from, one!.draft.params, one!.validityMs], ['Outer', { x: 1 }, 180_000])
    assert.deepEqual(
      one!.routing!.candidates.map(({ own }) => own),
      [{ params: { x: 1 } }, {}],
    )
    const [other] = (await plan('r', { options: { from: 'Me' } })).sendings
    assert.deepEqual([other!.draft.from, other!.validityMs], ['Me', 120_000])
  })

  it('names the chain of routers that list each other', async () => {
    const { router, carrier, plan, gateway } = world()
    carrier('a')
    router('r', ['s'])
    router('s', ['t', 'a'])
    router('t', ['r'])
    const { failures } = await plan('r')
    assert.deepEqual(
      [failures[0]?.code, failures[0]?.message],
      ['SMS_CONFIG', 'these routers list each other: «R» → «S» → «T» → «R»'],
    )
    assert.equal(gateway.find('r')!.report().health, 'ready')
  })

  it('leaves the ways out that an inner guard forbids, and stops what its own does', async () => {
    const { router, carrier, plan } = world()
    carrier('a')
    carrier('b')
    router('guarded', ['a'], { guards: { allow: OTHER } })
    router('r', ['guarded', 'b'], { guards: { perDay: 1, quietFrom: '09:00', quietTo: '11:00', timeZone: 'UTC' } })
    const { sendings, failures } = await plan('r', { to: [ME, OTHER] })
    assert.deepEqual(
      sendings.map(({ lane, notBeforeMs }) => [lane, notBeforeMs]),
      [['b', Date.UTC(2026, 10, 21, 11)]],
    )
    assert.deepEqual(
      failures.map(({ to, code }) => [to, code]),
      [[OTHER, 'SMS_BLOCKED']],
    )
  })
})

describe('a routed message', () => {
  it('fails over, in order, and waits when all have failed', async () => {
    const { gateway, clock, router, carrier, send } = world()
    const a = carrier('a', { send: refuse('SMS_CREDIT') })
    const b = carrier('b', { send: refuse('SMS_CONNECTION') })
    router('r', ['a', 'b'])
    const { ids } = await send('r')
    assert.deepEqual([a.calls.length, b.calls.length], [1, 1])
    const waiting = await recordOf(gateway, ids[0]!)
    assert.deepEqual([waiting.state, waiting.providerNode, waiting.error?.code], ['queued', 'b', 'SMS_CONNECTION'])
    await clock.advance(2_000)
    assert.ok(b.calls.length >= 2)
  })

  it('leaves a lane that rests, with all that waits there, and comes back to it', async () => {
    const { gateway, clock, router, carrier, send } = world()
    let isDown = true
    const a = carrier('a', {
      pace: { concurrency: 1 },
      send: async () => (isDown ? refuse('SMS_CONNECTION')() : {}),
    })
    const b = carrier('b')
    router('r', ['a', 'b'])
    const { ids } = await send('r', { to: [ME, OTHER, '+380671112233'] })
    assert.deepEqual([a.calls.length, b.calls.length], [1, 3])
    const routes = await Promise.all(ids.map(async id => (await recordOf(gateway, id)).route))
    assert.deepEqual(routes, [
      'Router «R»: route 1, failover to B: A SMS_CONNECTION',
      'Router «R»: route 1, B: A cannot send now',
      'Router «R»: route 1, B: A cannot send now',
    ])
    isDown = false
    await send('r')
    assert.deepEqual([a.calls.length, b.calls.length], [1, 4])
    await clock.advance(1_000)
    await send('r')
    assert.deepEqual([a.calls.length, b.calls.length], [2, 4])
  })

  it('stays where it may have been sent', async () => {
    const { gateway, clock, router, carrier, send } = world()
    carrier('a', { send: never })
    const b = carrier('b')
    router('r', ['a', 'b'])
    const { ids } = await send('r')
    await clock.advance(3_600_000)
    assert.deepEqual([(await recordOf(gateway, ids[0]!)).state, b.calls.length], ['unknown', 0])
  })

  it('goes through another while one is paused, and waits there when all are', async () => {
    const { gateway, clock, router, carrier, send } = world()
    const a = carrier('a')
    const b = carrier('b')
    router('r', ['a', 'b'])
    await gateway.pause('a')
    await send('r')
    assert.deepEqual([a.calls.length, b.calls.length], [0, 1])
    await gateway.pause('b')
    const { ids } = await send('r')
    assert.equal((await recordOf(gateway, ids[0]!)).state, 'queued')
    await gateway.resume('b')
    await clock.advance(0)
    assert.deepEqual([a.calls.length, b.calls.length], [0, 2])
    await assert.rejects(gateway.pause('r'), { code: 'SMS_UNSUPPORTED' })
  })

  it('leaves a provider that says it has failed', async () => {
    const { clock, router, carrier, send } = world()
    let fail = () => {}
    carrier('a', {
      pace: { concurrency: 1, perSecond: 0.01 },
      start: host =>
        void (fail = () => host.health({ health: 'failed', error: { code: 'SMS_CONNECTION', message: 'no port' } })),
    })
    const b = carrier('b')
    router('r', ['a', 'b'])
    await clock.advance(0)
    await send('r', { to: [ME, OTHER] })
    assert.equal(b.calls.length, 0)
    fail()
    await settle(clock)
    assert.equal(b.calls.length, 1)
  })

  it('is sent again by hand where a new one would go', async () => {
    const { gateway, clock, router, carrier, send } = world()
    carrier('a', { send: refuse('SMS_SEND') })
    const b = carrier('b', { send: refuse('SMS_SEND') })
    const r = router('r', ['a', 'b'])
    const { ids } = await send('r')
    assert.equal((await recordOf(gateway, ids[0]!)).state, 'failed')
    await r()
    await b.end()
    carrier('b')
    const c = await gateway.retry(ids[0]!)
    await settle(clock)
    const record = await recordOf(gateway, c.id)
    assert.deepEqual([record.state, record.route], ['accepted', 'Router «R»: route 1, failover to B: A SMS_SEND'])
  })

  it('keeps its plan over a restart, without the router', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sms-router-'))
    const open = async () => {
      const store = createSqliteStore({ path: join(folder, 'messages.db'), retentionDays: 0 })
      await store.open(Date.UTC(2026, 10, 21, 10))
      return store
    }
    try {
      const before = world(await open())
      before.carrier('a')
      before.carrier('b')
      before.router('r', ['a', 'b'])
      await before.gateway.pause('a')
      await before.gateway.pause('b')
      const { sendings } = await before.plan('r', { to: [ME, OTHER] })
      const records = await before.gateway.outbox.submit(sendings)
      const closing = before.gateway.close()
      await before.clock.advance(2_000)
      await closing

      const after = world(await open())
      const b = after.carrier('b')
      await after.gateway.resume('b')
      after.gateway.flowsStarted()
      await after.clock.advance(100)
      await after.clock.advance(100)
      assert.deepEqual(b.calls.map(({ id }) => id).sort(), records.map(({ id }) => id).sort())
      const ending = after.gateway.close()
      await after.clock.advance(2_000)
      await ending
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a router', () => {
  it('fares as its providers do', async () => {
    const { gateway, clock, router, carrier, reports, send } = world()
    carrier('a', { send: refuse('SMS_CREDIT') })
    carrier('b')
    router('inner', ['b'])
    router('r', ['a', 'inner'])
    gateway.flowsStarted()
    const health = () => gateway.find('r')!.report()
    assert.equal(health().health, 'ready')
    await send('r')
    assert.deepEqual(health().error, { code: 'SMS_CREDIT', message: 'A: no' })
    assert.equal(health().health, 'degraded')
    await gateway.pause('b')
    assert.equal(health().health, 'failed')
    await clock.advance(0)
    assert.deepEqual(
      reports.filter(({ id }) => id === 'r').map(({ health }) => health),
      ['ready', 'degraded', 'failed'],
    )
    assert.deepEqual(gateway.under('r'), ['r', 'a', 'inner', 'b'])
  })

  it('asks through its members, for the balance only where there is one', async () => {
    const { gateway, router, carrier } = world()
    carrier('a', { balance: async () => ({ text: '5' }) })
    carrier('b')
    router('one', ['a'])
    router('two', ['a', 'b'])
    assert.deepEqual(await gateway.balance('one'), { text: '5' })
    await assert.rejects(gateway.balance('two'), { code: 'SMS_UNSUPPORTED' })
  })
})
