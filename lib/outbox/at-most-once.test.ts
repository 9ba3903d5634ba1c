import assert from 'node:assert/strict'
import fc from 'fast-check'
import { fakeCarrier, never } from '../../test/support/carrier.ts'
import { createManualClock } from '../../test/support/clock.ts'
import { createOutboxUnderTest } from '../../test/support/outbox.ts'
import { SmsError } from '../errors.ts'
import { advances } from '../message.ts'
import type { SmsState } from '../message.ts'
import type { Call, OutgoingMessage, Receipt, Settlement } from '../provider.ts'
import { createMemoryStore } from '../store/memory.ts'
import type { Attachment } from './attach.ts'

/*
 * The promise of the outbox, against everything that can go wrong in any order: nothing is lost, nothing is sent twice
 * unless `onDoubt` says so, what the flow is told is true, and all of it ends.
 */

/** What a carrier may do with a message; those that begin with `take` have it on its way. */
const SENDS = [
  'take',
  'take, answer slowly',
  'take, answer too late',
  'take, lose the answer',
  'take, hang',
  'take, answer garbage',
  'take, crash',
  'hang',
  'hang, give up when called off',
  'refuse',
  'refuse, too many',
  'refuse, once and for all',
] as const
const SETTLES = ['truly', 'open', 'throw', 'hang', 'not reached'] as const

const does = <const D extends string, F extends object>(name: D, fields: { [K in keyof F]: fc.Arbitrary<F[K]> }) =>
  fc.record<{ do: D } & F>({ do: fc.constant(name), ...fields } as never)

const step = fc.oneof(
  does('submit', {
    count: fc.integer({ min: 1, max: 3 }),
    onDoubt: fc.constantFrom('fail' as const, 'fail' as const, 'resend' as const),
  }),
  does('wait', { ms: fc.oneof(fc.nat(500), fc.nat(60_000)) }),
  does('redeploy', { afterMs: fc.nat(1_000), settles: fc.boolean(), width: fc.integer({ min: 1, max: 4 }) }),
  does('attach another', { settles: fc.boolean() }),
  does('crash', {}),
  does('set the clock', { byMs: fc.integer({ min: -200_000_000, max: 200_000_000 }) }),
  does('fail the store', { every: fc.nat(4) }),
  does('slow the store', { ms: fc.constantFrom(0, 0, 50, 400, 2_000) }),
  does('report', {
    pick: fc.nat(),
    state: fc.constantFrom('accepted' as const, 'delivered' as const),
    byId: fc.boolean(),
  }),
)

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const scenario = fc.record({
  steps: fc.array(step, { minLength: 2, maxLength: 14 }),
  sends: fc.array(fc.constantFrom(...SENDS), { minLength: 1, maxLength: 12 }),
  settles: fc.array(fc.constantFrom(...SETTLES), { minLength: 1, maxLength: 5 }),
})

type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never

describe('at most once', () => {
  it('whatever the carrier, the store, the clock and the user do', async function () {
    this.timeout(60_000)
    await fc.assert(
      fc.asyncProperty(scenario, async given => {
        const world = await play(given)
        for (const [id, onDoubt] of world.submitted) {
          const { state, job } = await world.end(id)
          const taken = world.taken.get(id) ?? 0
          assert.ok(taken <= (onDoubt === 'fail' ? 1 : 3), `sent ${taken} times`)
          assert.equal(job, undefined, `still ${state}`)
          assert.ok(['accepted', 'delivered', 'failed', 'expired', 'unknown'].includes(state), `ended as ${state}`)
          if (state === 'accepted' || state === 'delivered') assert.ok(taken > 0, `${state}, but never sent`)
          if (onDoubt === 'fail' && (state === 'failed' || state === 'expired'))
            assert.equal(taken, 0, `${state}, but sent`)
        }
        for (const [from, to] of world.steps) {
          // What was told once the carrier had it, or it had ended, never went back.
          if (from === 'delivered' || from === 'accepted') assert.ok(advances(from, to), `${from} became ${to}`)
        }
        assert.equal(world.timers, 0, 'a timer is left')
      }),
      { numRuns: Number(process.env['SMS_RUNS'] ?? 150) },
    )
  })
})

async function play({ steps, sends, settles }: Scenario) {
  const clock = createManualClock()
  const kept = createMemoryStore()
  let test = createOutboxUnderTest(clock, kept)
  const taken = new Map<string, number>()
  const submitted = new Map<string, 'fail' | 'resend'>()
  const attachments: Attachment[] = []
  const told: [SmsState, SmsState][] = []
  let isWell = false
  let submits = 0
  let sendCount = 0
  let settleCount = 0

  /** What each way of sending comes to; those that take the message have done so by then. */
  const answers: Record<(typeof SENDS)[number], (receipt: Receipt, signal: AbortSignal) => Promise<Receipt>> = {
    take: async receipt => receipt,
    'take, answer slowly': receipt => new Promise(resolve => clock.after(300, () => resolve(receipt))),
    'take, answer too late': receipt => new Promise(resolve => clock.after(35_000, () => resolve(receipt))),
    'take, lose the answer': () => Promise.reject(new SmsError('SMS_UNKNOWN', 'lost')),
    'take, hang': () => never(),
    'take, answer garbage': async () => undefined as never,
    'take, crash': () => Promise.reject(new TypeError('crash')),
    hang: () => never(),
    'hang, give up when called off': (_receipt, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new SmsError('SMS_CONNECTION', 'not begun'))),
      ),
    refuse: () => Promise.reject(new SmsError('SMS_CONNECTION', 'down')),
    'refuse, too many': () => Promise.reject(new SmsError('SMS_LIMITS', 'slow down', { retryAfterMs: 5_000 })),
    'refuse, once and for all': () => Promise.reject(new SmsError('SMS_SEND', 'no')),
  }

  async function send({ id }: OutgoingMessage, { signal }: Call): Promise<Receipt> {
    const does = isWell ? 'take' : sends[sendCount++ % sends.length]!
    if (does.startsWith('take')) taken.set(id, (taken.get(id) ?? 0) + 1)
    return answers[does]({ providerMessageId: `c${id}` }, signal)
  }

  const settlements: Record<(typeof SETTLES)[number], (id: string) => Promise<Settlement>> = {
    truly: async id =>
      taken.has(id) ? { outcome: 'taken', receipt: { providerMessageId: `c${id}` } } : { outcome: 'notTaken' },
    open: async () => ({ outcome: 'open' }),
    throw: () => Promise.reject(new Error('crash')),
    hang: () => never(),
    'not reached': () => Promise.reject(new SmsError('SMS_CONNECTION', 'down')),
  }

  async function settle({ id }: OutgoingMessage): Promise<Settlement> {
    return settlements[isWell ? 'truly' : settles[settleCount++ % settles.length]!](id)
  }

  function attach(canSettle: boolean, concurrency = 1): void {
    attachments.push(
      test.outbox.attach('p', fakeCarrier({ pace: { concurrency }, send, ...(canSettle && { settle }) })),
    )
  }

  function watch(): void {
    const latest = new Map<string, SmsState>()
    test.changes.push = change => {
      const [text, state] = change.split(': ') as [string, SmsState]
      const before = latest.get(text)
      if (before) told.push([before, state])
      latest.set(text, state)
      return 0
    }
  }

  async function closeAll(): Promise<void> {
    const closing = Promise.all(attachments.splice(0).map(attachment => attachment.close()))
    await clock.advance(1_000)
    await closing
  }

  const acts: { readonly [D in Step['do']]: (step: Extract<Step, { do: D }>) => void | Promise<void> } = {
    async submit({ count, onDoubt }) {
      const texts = Array.from({ length: count }, (_, i) => `${submits + i}`)
      submits += count
      // What could not be stored was refused, and is no matter of the outbox.
      void test.submit(texts, { onDoubt }).then(
        ids => ids.forEach(id => submitted.set(id, onDoubt)),
        () => {},
      )
      await clock.advance(0)
    },
    wait: ({ ms }) => clock.advance(ms),
    async redeploy({ afterMs, settles, width }) {
      for (const attachment of attachments.splice(0)) void attachment.close()
      await clock.advance(afterMs)
      attach(settles, width)
    },
    'attach another': ({ settles }) => attach(settles),
    async crash() {
      test.faults.fails = () => true
      test.outbox.close()
      for (const attachment of attachments.splice(0)) void attachment.close()
      await clock.advance(3_000)
      test = await test.restart()
      watch()
      attach(true)
    },
    'set the clock': ({ byMs }) => clock.setWall(clock.now() + byMs),
    'fail the store': ({ every }) => {
      let calls = 0
      test.faults.fails = () => every > 0 && calls++ % every === 0
    },
    'slow the store': ({ ms }) => {
      test.faults.delayMs = () => ms
    },
    async report({ pick, state, byId }) {
      const known = [...taken.keys()]
      const id = known[pick % known.length]
      if (id === undefined) return
      test.outbox.report('p', byId ? { id, state } : { providerMessageId: `c${id}`, state }).catch(() => {})
      await clock.advance(1_000)
    },
  }

  watch()
  attach(true)
  for (const step of steps) await acts[step.do](step as never)
  isWell = true
  test.faults.fails = () => false
  test.faults.delayMs = () => 0
  await clock.advance(2_000)
  await closeAll()
  attach(true)
  // Whatever the clock was set to, every validity is over by then.
  await clock.advance(30 * 3_600_000)
  await closeAll()
  return {
    submitted,
    taken,
    steps: told,
    timers: clock.timers,
    async end(id: string) {
      const message = (await kept.get({ id }))!
      return { state: message.record.state, job: message.job }
    },
  }
}
