import assert from 'node:assert/strict'
import fc from 'fast-check'
import { fakeCarrier, never } from '../../test/support/carrier.ts'
import { createManualClock } from '../../test/support/clock.ts'
import { NOW_MS, sending, stored } from '../../test/support/message.ts'
import { SmsError } from '../errors.ts'
import { createGateway } from '../gateway.ts'
import { isFinal, OUTGOING_STATES } from '../message.ts'
import type { SmsRecord } from '../message.ts'
import type { Provider } from '../provider.ts'
import { createMemoryStore } from '../store/memory.ts'
import { claimed } from '../store/claim.ts'
import type { StoredMessage } from '../store/store.ts'
import { DEFAULT_VALIDITY_MS } from './retry.ts'
import { calledOff, decided, doubted, ended, notTaken, reported, retried, taken, unresolved } from './transitions.ts'

const MINUTE_MS = 60_000
const lost: Provider['send'] = async () => Promise.reject(new SmsError('SMS_UNKNOWN', 'no answer'))

/** A gateway with one message submitted through `p`, if that is given. */
async function withMessage(fields: Partial<Provider> | undefined, options: Parameters<typeof sending>[0] = {}) {
  const clock = createManualClock()
  const gateway = createGateway({ store: createMemoryStore(), clock, random: () => 0, log: () => {} })
  const told: string[] = []
  gateway.on('message', ({ state }) => told.push(state))
  gateway.flowsStarted()
  const carrier = fakeCarrier(fields)
  if (fields) gateway.use('p', carrier)
  const [record] = await gateway.outbox.submit([sending(options)])
  await clock.advance(0)
  const state = async () => (await gateway.outbox.get({ id: record!.id }))!.record.state
  return { gateway, clock, told, carrier, id: record!.id, state }
}

const refusal = (code: string, message: RegExp) => ({ name: 'SmsError', code, message })

describe('a message called off', () => {
  const ours: [name: string, fields: Partial<Provider> | undefined, options: object][] = [
    ['that waits for its provider', undefined, {}],
    ['that waits for its time', {}, { notBeforeMs: NOW_MS + MINUTE_MS }],
    [
      'that waits to be tried again',
      { send: async () => Promise.reject(new SmsError('SMS_CONNECTION', 'no line')) },
      {},
    ],
  ]
  for (const [name, fields, options] of ours) {
    it(`${name} is never sent, and who waits for it is told`, async () => {
      const { gateway, clock, told, carrier, id } = await withMessage(fields, options)
      const calls = carrier.calls.length
      const waiting = assert.rejects(gateway.outbox.wait(id, 'delivered', MINUTE_MS), { code: 'SMS_CANCELLED' })
      const { state, error } = await gateway.cancel(id)
      assert.deepEqual([state, error?.code, told.at(-1)], ['cancelled', 'SMS_CANCELLED', 'cancelled'])
      await waiting
      if (!fields) gateway.use('p', carrier)
      await clock.advance(10 * MINUTE_MS)
      assert.equal(carrier.calls.length, calls)
      await assert.rejects(gateway.cancel(id), refusal('SMS_REQUEST', /cancelled before/))
    })
  }

  it('is either sent or called off, whichever comes first', async () => {
    const ends = new Set<string>()
    for (let ticks = 0; ticks < 40; ticks++) {
      const { gateway, clock, carrier, id, state } = await withMessage(undefined)
      gateway.use('p', carrier)
      for (let i = 0; i < ticks; i++) await Promise.resolve()
      const cancelling = gateway.cancel(id).then(
        () => 'cancelled',
        () => 'accepted',
      )
      await clock.advance(0)
      const end = await state()
      assert.deepEqual([await cancelling, carrier.calls.length], [end, end === 'accepted' ? 1 : 0])
      ends.add(end)
    }
    assert.equal(ends.size, 2)
  })

  const late: [name: string, fields: Partial<Provider>, message: RegExp][] = [
    ['that is being sent', { send: () => never() }, /being sent/],
    ['in doubt', { send: lost }, /settle that/],
    ['that is delivered', { send: async () => ({ state: 'delivered' }) }, /was delivered/],
    ['that failed', { send: async () => Promise.reject(new SmsError('SMS_SEND', 'no')) }, /had failed/],
  ]
  for (const [name, fields, message] of late) {
    it(`${name} is left as it is`, async () => {
      const { gateway, id, state } = await withMessage({ ...fields, cancel: async () => true })
      const before = await state()
      await assert.rejects(gateway.cancel(id), refusal('SMS_REQUEST', message))
      assert.equal(await state(), before)
    })
  }

  for (const held of ['accepted', 'scheduled'] as const) {
    it(`that the carrier has ${held} is taken back there`, async () => {
      const asked: unknown[] = []
      const cancel: Provider['cancel'] = async message => asked.push(message) > 0
      const send = async () => ({ state: held, providerMessageId: 'SM1' })
      const { gateway, id } = await withMessage({ send, cancel })
      const { state, error } = await gateway.cancel(id)
      assert.deepEqual([state, error?.code], ['cancelled', 'SMS_CANCELLED'])
      assert.deepEqual(asked, [{ id, to: '+380501112233', providerMessageId: 'SM1' }])
    })
  }

  const kept: [name: string, cancel: Partial<Provider>, code: string][] = [
    ['that does not', { cancel: async () => false }, 'SMS_REQUEST'],
    ['that answers garbage', { cancel: async () => 'yes' as never }, 'SMS_REQUEST'],
    ['that cannot', {}, 'SMS_UNSUPPORTED'],
    ['that fails', { cancel: async () => Promise.reject(new SmsError('SMS_CONNECTION', 'x')) }, 'SMS_CONNECTION'],
  ]
  for (const [name, cancel, code] of kept) {
    it(`stays with a carrier ${name}`, async () => {
      const { gateway, id, state } = await withMessage(cancel)
      await assert.rejects(gateway.cancel(id), { code })
      assert.equal(await state(), 'accepted')
    })
  }

  it('that was delivered while the carrier took it back is delivered', async () => {
    const world = await withMessage({
      async cancel({ id }) {
        await world.gateway.outbox.report('p', { id, state: 'delivered' })
        return true
      },
    })
    assert.equal((await world.gateway.cancel(world.id)).state, 'delivered')
  })

  it('must be there', async () => {
    const { gateway } = await withMessage(undefined)
    for (const call of [gateway.cancel('x'), gateway.settle('x', 'taken'), gateway.retry('x')]) {
      await assert.rejects(call, refusal('SMS_REQUEST', /no message of ours has the id «x»/))
    }
  })
})

describe('a message in doubt', () => {
  it('that was taken is accepted as of its attempt, and moved by later reports', async () => {
    const { gateway, clock, id, state } = await withMessage({ send: lost })
    await clock.advance(MINUTE_MS)
    const { state: settled, sentAt, error } = await gateway.settle(id, 'taken')
    assert.deepEqual([settled, sentAt, error], ['accepted', '2026-11-21T10:00:00.000Z', undefined])
    await gateway.outbox.report('p', { id, state: 'delivered' })
    assert.equal(await state(), 'delivered')
  })

  it('that was taken is asked about where nothing pushes reports', async () => {
    const { gateway, clock, id, state } = await withMessage({
      send: lost,
      asksForReports: true,
      queryStatus: async () => ({ state: 'delivered' }),
    })
    await gateway.settle(id, 'taken')
    await clock.advance(5_000)
    assert.equal(await state(), 'delivered')
  })

  it('that was not taken has failed', async () => {
    const { gateway, id, carrier } = await withMessage({ send: lost })
    const { state, error } = await gateway.settle(id, 'notTaken')
    assert.deepEqual([state, error?.code, carrier.calls.length], ['failed', 'SMS_SEND', 1])
  })

  it('is sent again, also long after its validity', async () => {
    const answers = [lost, async () => ({})]
    const { gateway, clock, id, state, carrier } = await withMessage(
      { send: (message, call) => answers.shift()!(message, call) },
      { validityMs: MINUTE_MS },
    )
    await clock.advance(60 * MINUTE_MS)
    assert.equal((await gateway.settle(id, 'resend')).state, 'queued')
    await clock.advance(1_000)
    assert.deepEqual([await state(), carrier.calls.length], ['accepted', 2])
  })

  it('tells who still waits for it what was decided', async () => {
    const { gateway, id } = await withMessage({ send: lost, settle: () => never() })
    const waiting = gateway.outbox.wait(id, 'accepted', MINUTE_MS)
    await gateway.settle(id, 'taken')
    assert.equal((await waiting).state, 'accepted')
  })

  it('alone can be settled, and only in words that are known', async () => {
    const doubtful = await withMessage({ send: lost })
    const wrong = doubtful.gateway.settle(doubtful.id, 'perhaps' as never)
    await assert.rejects(wrong, refusal('SMS_REQUEST', /taken, notTaken or resend/))
    const sent = await withMessage({})
    await assert.rejects(sent.gateway.settle(sent.id, 'taken'), refusal('SMS_REQUEST', /it is accepted/))
  })
})

describe('a message sent again', () => {
  const options = {
    category: 'alarm',
    ref: { a: 1 },
    priority: 3,
    validityMs: 5 * MINUTE_MS,
    idempotencyKey: 'k',
    notBeforeMs: NOW_MS + 60 * MINUTE_MS,
  }

  it('is a new one: the same in all but its id, its time and its key', async () => {
    const { gateway, clock, id, carrier, state } = await withMessage({ name: 'Renamed' }, options)
    await gateway.cancel(id)
    await clock.advance(MINUTE_MS)
    const { id: again, ...record } = await gateway.retry(id)
    const message = await gateway.outbox.get({ id: again })
    assert.notEqual(again, id)
    const { to, text, category, ref, provider, state: now } = record
    assert.deepEqual(
      [to, text, category, ref, provider, now],
      ['+380501112233', 'Hello', 'alarm', { a: 1 }, 'Renamed', 'sending'],
    )
    assert.deepEqual([message?.priority, message?.expiresAtMs], [3, clock.now() + 5 * MINUTE_MS])
    await clock.advance(0)
    assert.deepEqual([carrier.calls.map(call => call.id), await state()], [[again], 'cancelled'])
  })

  const states: [state: string, send: Provider['send']][] = [
    ['unknown', lost],
    ['accepted', async () => ({})],
    ['delivered', async () => ({ state: 'delivered' })],
    ['sending', () => never()],
  ]
  for (const [name, send] of states) {
    it(`was not ${name}`, async () => {
      const { gateway, id, state } = await withMessage({ send })
      assert.equal(await state(), name)
      await assert.rejects(gateway.retry(id), refusal('SMS_REQUEST', new RegExp(`it is ${name}`)))
    })
  }

  it('needs its provider', async () => {
    const { gateway, id } = await withMessage(undefined)
    await gateway.cancel(id)
    await assert.rejects(gateway.retry(id), { code: 'SMS_CONFIG' })
  })

  it('is refused at once where it could never be sent', async () => {
    const check = () => {
      throw new SmsError('SMS_REQUEST', 'no')
    }
    const { gateway, id } = await withMessage({ check, send: async () => Promise.reject(new SmsError('SMS_SEND', '')) })
    await assert.rejects(gateway.retry(id), refusal('SMS_REQUEST', /^no$/))
  })
})

describe('whatever is done by hand, and when', () => {
  const AT_MS = NOW_MS + 1_000
  const error = new SmsError('SMS_CONNECTION', 'no line')
  type Event = (message: StoredMessage) => StoredMessage | undefined
  const events: readonly Event[] = [
    message => (message.job === 'send' ? claimed(message, AT_MS) : undefined),
    message => taken(message, {}, AT_MS, true),
    message => taken(message, { state: 'scheduled' }, AT_MS, false),
    message => retried(message, error, AT_MS, 10),
    message => ended(message, 'failed', error, AT_MS),
    message => doubted(message, error, AT_MS, true),
    message => notTaken(message, error, AT_MS),
    message => unresolved(message, AT_MS),
    message => calledOff(message, AT_MS),
    ...(['taken', 'notTaken', 'resend'] as const).map(
      (decision): Event =>
        message =>
          decided(message, decision, AT_MS, true),
    ),
    ...OUTGOING_STATES.map(
      (state): Event =>
        message =>
          reported(message, { state }, AT_MS),
    ),
  ]

  it('what is over stays over with nothing left to do, attempts only grow, an error tells why it failed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 20 }), steps => {
        let message = stored()
        for (const step of steps) {
          const next = step(message) ?? message
          const [before, after]: SmsRecord[] = [message.record, next.record]
          if (isFinal(before!.state)) assert.ok(isFinal(after!.state), `${before!.state} became ${after!.state}`)
          if (isFinal(after!.state)) assert.equal(next.job, undefined)
          if (after!.state === 'sending' || after!.state === 'delivered') assert.notEqual(next.job, 'send')
          assert.ok(next.attempts >= message.attempts)
          message = next
        }
      }),
    )
  })

  it('one that is resent begins anew, but for the number of its attempts', () => {
    const doubtful = stored({ attempts: 7, doubts: 4, asked: 3, job: 'ask', record: { state: 'unknown' } })
    const muchLaterMs = NOW_MS + 40 * DEFAULT_VALIDITY_MS
    const { attempts, doubts, asked, job, dueAtMs, expiresAtMs } = decided(doubtful, 'resend', muchLaterMs, true)!
    assert.deepEqual([attempts, doubts, asked, job, dueAtMs], [7, 0, 0, 'send', 0])
    assert.equal(expiresAtMs, muchLaterMs + DEFAULT_VALIDITY_MS)
    const early = decided(doubtful, 'resend', 0, true)!
    assert.equal(early.expiresAtMs, doubtful.expiresAtMs)
  })
})
