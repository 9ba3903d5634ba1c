import assert from 'node:assert/strict'
import fc from 'fast-check'
import { fakeCarrier, never } from '../../test/support/carrier.ts'
import { createManualClock } from '../../test/support/clock.ts'
import { createOutboxUnderTest } from '../../test/support/outbox.ts'
import { SmsError } from '../errors.ts'
import type { Call, OutgoingMessage, Provider, Receipt, Settlement } from '../provider.ts'
import type { Routing } from '../router/routing.ts'
import { createMemoryStore } from '../store/memory.ts'
import type { Attachment } from './attach.ts'

/*
 * The promise of a router, whatever the carriers do: a message is in one lane, no two carriers take it, none gets it
 * while another may have it, and all of it ends.
 */

const SENDS = [
  'take',
  'take, lose the answer',
  'take, answer late',
  'hang',
  'refuse',
  'limit',
  'no credit',
  'not that',
] as const
const LANES = ['a', 'b', 'c'] as const
type Lane = (typeof LANES)[number]

const routing = (): Routing => ({
  why: 'Router',
  candidates: LANES.map(lane => ({ lane, name: lane, own: {}, parts: 1, encoding: 'gsm7' as const })),
  tried: [],
  rounds: 0,
})

const step = fc.oneof(
  fc.record({
    do: fc.constant('submit' as const),
    onDoubt: fc.constantFrom('fail' as const, 'fail' as const, 'resend' as const),
  }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.oneof(fc.nat(500), fc.nat(500), fc.nat(60_000)) }),
  fc.record({ do: fc.constant('pause' as const), lane: fc.constantFrom(...LANES), on: fc.boolean() }),
  fc.record({ do: fc.constant('redeploy' as const), lane: fc.constantFrom(...LANES), settles: fc.boolean() }),
  fc.record({ do: fc.constant('crash' as const) }),
  fc.record({ do: fc.constant('reroute' as const) }),
  fc.record({ do: fc.constant('slow' as const), ms: fc.constantFrom(0, 50, 400) }),
  fc.record({ do: fc.constant('report' as const), pick: fc.nat() }),
)

const scenario = fc.record({
  canSettle: fc.boolean(),
  steps: fc.array(step, { minLength: 2, maxLength: 14 }),
  sends: fc.array(fc.constantFrom(...SENDS), { minLength: 1, maxLength: 12 }),
  settles: fc.array(fc.constantFrom('truly' as const, 'open' as const, 'hang' as const), {
    minLength: 1,
    maxLength: 4,
  }),
})

describe('failover', () => {
  it('gives no message to two carriers, whatever they do', async function () {
    this.timeout(60_000)
    await fc.assert(
      fc.asyncProperty(scenario, async given => {
        const { submitted, takenBy, overlaps, ends, timers } = await play(given)
        assert.deepEqual(overlaps, [])
        for (const [id, onDoubt] of submitted) {
          const taken = takenBy.get(id) ?? []
          assert.ok(new Set(taken).size <= 1, `taken by ${taken.join()}`)
          assert.ok(taken.length <= (onDoubt === 'fail' ? 1 : 3), `sent ${taken.length} times`)
          const { state, job, providerNode, lane } = await ends(id)
          assert.equal(job, undefined, `still ${state}`)
          assert.equal(providerNode, lane)
          if (state === 'accepted' || state === 'delivered') assert.deepEqual([lane], [...new Set(taken)])
          if (onDoubt === 'fail' && (state === 'failed' || state === 'expired')) assert.deepEqual(taken, [], state)
        }
        assert.equal(timers, 0, 'a timer is left')
      }),
      { numRuns: Number(process.env['SMS_RUNS'] ?? 150) },
    )
  })
})

describe('a message with several ways', () => {
  const refuse = async () => Promise.reject(new SmsError('SMS_CONNECTION', 'down'))
  const submit = (test: ReturnType<typeof createOutboxUnderTest>, onDoubt: 'fail' | 'resend' = 'fail') =>
    test.submit(['a'], { lane: 'a', onDoubt, routing: routing() })

  it('leaves a lane that is paused, and goes on when another is resumed', async () => {
    const test = createOutboxUnderTest()
    const [a, b] = [fakeCarrier({ pace: { concurrency: 1 }, send: never }), fakeCarrier()]
    const attachments = [test.outbox.attach('a', a), test.outbox.attach('b', b)]
    await test.clock.advance(0)
    await attachments[1]!.pause(true)
    await submit(test)
    const ids = await submit(test)
    await attachments[0]!.pause(true)
    await test.clock.advance(0)
    assert.equal(b.calls.length, 0)
    await attachments[1]!.pause(false)
    await test.clock.advance(0)
    assert.deepEqual(
      b.calls.map(({ id }) => id),
      ids,
    )
  })

  it('is tried again where it was sent in doubt, and nowhere else', async () => {
    const test = createOutboxUnderTest()
    const says = ['SMS_UNKNOWN', 'SMS_CONNECTION'] as const
    let attempt = 0
    const a = fakeCarrier({
      send: async () => (attempt < 2 ? Promise.reject(new SmsError(says[attempt++]!, 'no')) : {}),
    })
    const b = fakeCarrier()
    test.outbox.attach('a', a)
    test.outbox.attach('b', b)
    const ids = await submit(test, 'resend')
    await test.clock.advance(10_000)
    assert.deepEqual([a.calls.length, b.calls.length, await test.states(ids)], [3, 0, ['accepted']])
  })

  it('is not sent once more when the first carrier reports that it has it after all', async () => {
    const test = createOutboxUnderTest()
    test.outbox.attach('a', fakeCarrier({ name: 'A', send: refuse }))
    const b = fakeCarrier({ pace: { concurrency: 1 }, send: never })
    test.outbox.attach('b', b)
    await test.clock.advance(0)
    await test.submit(['b'], { lane: 'b' })
    const [id] = await submit(test)
    await test.clock.advance(0)
    assert.equal((await test.record(id!)).providerNode, 'b')
    assert.equal(await test.outbox.report('a', { id: id!, state: 'failed' }), false)
    assert.equal(await test.outbox.report('c', { id: id!, state: 'queued' }), false)
    assert.equal(await test.outbox.report('a', { id: id!, providerMessageId: 'A1', state: 'delivered' }), true)
    const { state, providerNode, provider, providerMessageId } = await test.record(id!)
    assert.deepEqual([state, providerNode, provider, providerMessageId], ['delivered', 'a', 'a', 'A1'])
    assert.equal((await test.outbox.get({ providerNode: 'a', providerMessageId: 'A1' }))?.record.id, id)
  })
})

async function play({ canSettle, steps, sends, settles }: typeof scenario extends fc.Arbitrary<infer S> ? S : never) {
  const clock = createManualClock()
  const kept = createMemoryStore()
  let test = createOutboxUnderTest(clock, kept)
  const attachments = new Map<Lane, Attachment>()
  const closings: Promise<void>[] = []
  const takenBy = new Map<string, Lane[]>()
  const submitted = new Map<string, 'fail' | 'resend'>()
  const overlaps: string[] = []
  let isWell = false
  let sent = 0
  let settled = 0
  let texts = 0

  const answers: Record<(typeof SENDS)[number], (receipt: Receipt) => Promise<Receipt>> = {
    take: async receipt => receipt,
    'take, lose the answer': () => Promise.reject(new SmsError('SMS_UNKNOWN', 'lost')),
    'take, answer late': receipt => new Promise(resolve => clock.after(35_000, () => resolve(receipt))),
    hang: () => never(),
    refuse: () => Promise.reject(new SmsError('SMS_CONNECTION', 'down')),
    limit: () => Promise.reject(new SmsError('SMS_LIMITS', 'slow down', { retryAfterMs: 5_000 })),
    'no credit': () => Promise.reject(new SmsError('SMS_CREDIT', 'no credit')),
    'not that': () => Promise.reject(new SmsError('SMS_SEND', 'no')),
  }

  const send =
    (lane: Lane) =>
    async ({ id }: OutgoingMessage, _call: Call) => {
      // Also while another does not know yet whether it has it.
      const others = (takenBy.get(id) ?? []).filter(by => by !== lane)
      if (others.length > 0) overlaps.push(`${lane} after ${others.join()}`)
      const does = isWell ? 'take' : sends[sent++ % sends.length]!
      if (does.startsWith('take')) takenBy.set(id, [...(takenBy.get(id) ?? []), lane])
      return answers[does]({ providerMessageId: `${lane}${id}` })
    }
  const settle =
    (lane: Lane) =>
    async ({ id }: OutgoingMessage): Promise<Settlement> => {
      const does = isWell ? 'truly' : settles[settled++ % settles.length]!
      if (does === 'hang') return never()
      if (does === 'open') return { outcome: 'open' }
      const has = takenBy.get(id)?.includes(lane) ?? false
      return has ? { outcome: 'taken', receipt: { providerMessageId: `${lane}${id}` } } : { outcome: 'notTaken' }
    }

  function attach(lane: Lane, settles = true): void {
    const fields: Partial<Provider> = { name: lane, send: send(lane), ...(settles && { settle: settle(lane) }) }
    attachments.set(lane, test.outbox.attach(lane, fakeCarrier(fields)))
  }

  const close = (lane: Lane) => closings.push(attachments.get(lane)?.close() ?? Promise.resolve())

  for (const lane of LANES) attach(lane, canSettle)
  for (const step of steps) {
    if (step.do === 'submit') {
      void test
        .submit([`${texts++}`], { onDoubt: step.onDoubt, lane: 'a', routing: routing() })
        .then(ids => ids.forEach(id => submitted.set(id, step.onDoubt)))
      await clock.advance(0)
    } else if (step.do === 'wait') await clock.advance(step.ms)
    else if (step.do === 'pause') void attachments.get(step.lane)!.pause(step.on)
    else if (step.do === 'redeploy') {
      close(step.lane)
      await clock.advance(1_000)
      attach(step.lane, step.settles)
    } else if (step.do === 'crash') {
      test.faults.fails = () => true
      test.outbox.close()
      for (const lane of LANES) close(lane)
      await clock.advance(3_000)
      test = await test.restart()
      for (const lane of LANES) attach(lane)
    } else if (step.do === 'reroute') test.outbox.reroute()
    else if (step.do === 'slow') test.faults.delayMs = () => step.ms
    else {
      const known = [...takenBy]
      const [id, [lane] = []] = known[step.pick % known.length] ?? []
      if (id !== undefined && lane !== undefined) void test.outbox.report(lane, { id, state: 'delivered' })
      await clock.advance(1_000)
    }
  }
  isWell = true
  test.faults.delayMs = () => 0
  await clock.advance(3_000)
  for (const lane of LANES) void attachments.get(lane)!.pause(false)
  await clock.advance(30 * 3_600_000)
  for (const lane of LANES) close(lane)
  await clock.advance(1_000)
  await Promise.all(closings)
  return {
    submitted,
    takenBy,
    overlaps,
    timers: clock.timers,
    async ends(id: string) {
      const { record, job, lane } = (await kept.get({ id }))!
      return { state: record.state, providerNode: record.providerNode, job, lane }
    },
  }
}
