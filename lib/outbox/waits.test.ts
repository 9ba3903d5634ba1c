import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { NOW_MS, stored } from '../../test/support/message.ts'
import type { ErrorInfo } from '../errors.ts'
import type { OutgoingState } from '../message.ts'
import type { Job, StoredMessage } from '../store/store.ts'
import { createWaits } from './waits.ts'
import type { Until } from './waits.ts'

interface World {
  message: StoredMessage | undefined
  get: () => Promise<StoredMessage | undefined>
  expired: number
}

function create(message: StoredMessage | undefined = stored({ expiresAtMs: NOW_MS + 1e9 })) {
  const clock = createManualClock(NOW_MS)
  const world: World = { message, get: async () => world.message, expired: 0 }
  const waits = createWaits({
    clock,
    get: () => world.get(),
    async expire() {
      world.expired += 1
    },
  })
  const id = message?.record.id ?? 'none'
  const become = (state: OutgoingState, job?: Job, error?: ErrorInfo) => {
    const before = world.message!
    world.message = { ...before, job, record: { ...before.record, state, ...(error && { error }) } }
    waits.changed(world.message)
  }
  const wait = (until: Until = 'accepted', timeoutMs = 1_000, signal?: AbortSignal) => {
    let end = 'pending'
    waits.wait(id, until, timeoutMs, signal).then(
      record => (end = record.state),
      (error: { code: string; message: string }) => (end = `${error.code}: ${error.message}`),
    )
    return () => end
  }
  return { clock, world, waits, become, wait }
}

describe('waiting', () => {
  const table: [until: Until, state: OutgoingState, job: Job | undefined, end: RegExp][] = [
    ['accepted', 'queued', 'send', /^pending$/],
    ['accepted', 'sending', undefined, /^pending$/],
    ['accepted', 'scheduled', 'send', /^scheduled$/],
    ['accepted', 'unknown', 'ask', /^pending$/],
    ['accepted', 'unknown', undefined, /^SMS_UNKNOWN: the message ended as unknown$/],
    ['accepted', 'accepted', undefined, /^accepted$/],
    ['accepted', 'delivered', undefined, /^delivered$/],
    ['accepted', 'failed', undefined, /^SMS_SEND: /],
    ['accepted', 'expired', undefined, /^SMS_EXPIRED: /],
    ['accepted', 'cancelled', undefined, /^SMS_CANCELLED: /],
    ['delivered', 'scheduled', 'send', /^pending$/],
    ['delivered', 'accepted', undefined, /^pending$/],
    ['delivered', 'delivered', undefined, /^delivered$/],
    ['delivered', 'failed', undefined, /^SMS_SEND: /],
    ['delivered', 'unknown', undefined, /^SMS_UNKNOWN: /],
  ]
  for (const [until, state, job, end] of table) {
    it(`until ${until}, it is ${state}${job ? ` with a job to ${job}` : ''}: ${end.source}`, async () => {
      const found = create()
      found.become(state, job)
      const [early, late] = [found.wait(until), create()]
      const lateEnd = late.wait(until)
      await Promise.all([found.clock.advance(0), late.clock.advance(0)])
      late.become(state, job)
      await late.clock.advance(0)
      assert.match(early(), end)
      assert.match(lateEnd(), end)
      assert.equal(found.clock.timers, early() === 'pending' ? 1 : 0)
    })
  }

  it('ends with the error of the message, code and words', async () => {
    const { clock, become, wait } = create()
    const end = wait()
    become('failed', undefined, { code: 'SMS_CREDIT', message: 'no credit left', providerCode: 3 })
    await clock.advance(0)
    assert.equal(end(), 'SMS_CREDIT: no credit left')
  })

  it('ends when time is up, and says how far it came', async () => {
    const { clock, become, wait } = create()
    const end = wait()
    become('queued', 'send', { code: 'SMS_CONNECTION', message: 'no line' })
    await clock.advance(1_000)
    assert.equal(end(), 'SMS_TIMEOUT: not accepted within 1 s; it is queued (no line) and goes on')
    assert.equal(clock.timers, 0)
  })

  it('ends when it is called off, before and after it began', async () => {
    const { clock, wait } = create()
    const abort = new AbortController()
    const ends = [wait('accepted', 1_000, abort.signal), wait('delivered', 1_000, abort.signal)]
    await clock.advance(0)
    abort.abort()
    ends.push(wait('accepted', 1_000, abort.signal))
    await clock.advance(0)
    for (const end of ends) assert.match(end(), /^SMS_CANCELLED: /)
    assert.equal(clock.timers, 0)
  })

  it('ends in time with a store that hangs or fails, or has no such message', async () => {
    const [hangs, fails, lacks] = [create(), create(), create()]
    hangs.world.get = () => new Promise(() => {})
    fails.world.get = () => Promise.reject(Object.assign(new Error('full'), { code: 'SMS_STORE' }))
    lacks.world.message = undefined
    const ends = [hangs, fails, lacks].map(({ wait }) => wait())
    for (const { clock } of [hangs, fails, lacks]) await clock.advance(1_000)
    assert.deepEqual(
      ends.map(end => end().split(':')[0]),
      ['SMS_TIMEOUT', 'SMS_STORE', 'SMS_STORE'],
    )
  })

  it('is not misled by a look that is older than what it was told', async () => {
    const { clock, world, become, wait } = create()
    const stale = { ...world.message!, job: undefined, record: { ...world.message!.record, state: 'unknown' as const } }
    world.get = () => new Promise(resolve => clock.after(10, () => resolve(stale)))
    const end = wait()
    become('accepted')
    await clock.advance(20)
    assert.equal(end(), 'accepted')
  })

  it('needs no look at what was stored a moment ago, and is not misled by what was', async () => {
    const { clock, world, waits, become, wait } = create(stored({ expiresAtMs: NOW_MS + 500 }))
    let looks = 0
    world.get = async () => void (looks += 1)
    const ends = () => [wait(), wait('delivered')].map(end => end())
    waits.stored(world.message!)
    assert.deepEqual(ends(), ['pending', 'pending'])
    become('accepted')
    const late = [wait(), wait('delivered')]
    await clock.advance(0)
    assert.deepEqual(
      late.map(end => end()),
      ['accepted', 'pending'],
    )
    await clock.advance(510)
    assert.deepEqual([looks, world.expired], [0, 2])
    await new Promise(resolve => setImmediate(resolve))
    wait()
    assert.equal(looks, 1)
  })

  it('has a message expire whose validity ends first', async () => {
    const { clock, world, wait } = create(stored({ expiresAtMs: NOW_MS + 500 }))
    wait()
    await clock.advance(499)
    assert.equal(world.expired, 0)
    await clock.advance(20)
    assert.equal(world.expired, 1)
    await clock.advance(1_000)
    assert.equal(clock.timers, 0)
  })

  it('leaves no timer behind when it ends before that', async () => {
    const { clock, become, wait } = create(stored({ expiresAtMs: NOW_MS + 500 }))
    wait()
    await clock.advance(0)
    assert.equal(clock.timers, 2)
    become('accepted')
    assert.equal(clock.timers, 0)
  })

  it('is shared by as many as wish, each with its own end', async () => {
    const { clock, become, wait } = create()
    const ends = [wait('accepted'), wait('delivered'), wait('accepted', 10)]
    await clock.advance(10)
    become('accepted')
    await clock.advance(0)
    become('delivered')
    await clock.advance(0)
    assert.deepEqual(
      ends.map(end => end().split(':')[0]),
      ['accepted', 'delivered', 'SMS_TIMEOUT'],
    )
    assert.equal(clock.timers, 0)
  })

  it('costs a signal one listener, however many wait with it', async () => {
    const { clock, wait, become } = create()
    const { signal } = new AbortController()
    let listeners = 0
    const { addEventListener } = signal
    signal.addEventListener = (...args: Parameters<AbortSignal['addEventListener']>) => {
      listeners += 1
      addEventListener.apply(signal, args)
    }
    const ends = Array.from({ length: 100 }, () => wait('accepted', 1_000, signal))
    await clock.advance(0)
    become('accepted')
    await clock.advance(0)
    assert.ok(ends.every(end => end() === 'accepted'))
    assert.equal(listeners, 1)
  })
})
