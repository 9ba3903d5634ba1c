import assert from 'node:assert/strict'
import { fakeCarrier, never } from '../../test/support/carrier.ts'
import { createManualClock } from '../../test/support/clock.ts'
import { createFaultyStore } from '../../test/support/faulty-store.ts'
import { sending } from '../../test/support/message.ts'
import { brokenProvider } from '../broken-provider.ts'
import { SmsError } from '../errors.ts'
import { createGateway } from '../gateway.ts'
import type { ProviderReport } from '../gateway.ts'
import { createMemoryStore } from '../store/memory.ts'

function create(clock = createManualClock(), kept = createMemoryStore()) {
  const { store, faults } = createFaultyStore(kept, clock)
  const gateway = createGateway({ store, clock, random: () => 0, log: () => {} })
  const reports: string[] = []
  gateway.on('provider', ({ health, paused }) => reports.push(paused ? `${health} paused` : health))
  gateway.flowsStarted()
  return {
    gateway,
    clock,
    faults,
    reports,
    async submit(...texts: string[]) {
      const records = await gateway.outbox.submit(texts.map(text => sending({ text })))
      return records.map(({ id }) => id)
    },
    states: async (ids: readonly string[]) => Promise.all(ids.map(async id => (await kept.get({ id }))!.record.state)),
    /** As after a crash: what is not stored is lost. */
    async restart() {
      await kept.open(clock.now())
      return create(clock, kept)
    },
  }
}

const paused = { health: 'degraded', paused: true }
const fares = ({ health, paused, error }: ProviderReport) => ({
  health,
  ...(paused && { paused }),
  ...(error && { error }),
})

describe('a paused provider', () => {
  it('sends nothing until it is resumed, then all in order', async () => {
    const { gateway, clock, reports, submit, states } = create()
    const carrier = fakeCarrier()
    gateway.use('p', carrier)
    await clock.advance(0)
    assert.deepEqual(fares(await gateway.pause('Carrier')), paused)
    const ids = await submit('a', 'b', 'c')
    await clock.advance(3_600_000)
    assert.deepEqual([carrier.calls.length, await states(ids), clock.timers], [0, ['queued', 'queued', 'queued'], 0])
    assert.deepEqual(fares(await gateway.resume('p')), { health: 'ready' })
    await clock.advance(0)
    assert.deepEqual(
      carrier.calls.map(({ text }) => text),
      ['a', 'b', 'c'],
    )
    assert.deepEqual(reports, ['degraded paused', 'ready'])
  })

  it('is still paused after a restart, before its first message, and says so', async () => {
    const before = create()
    before.gateway.use('p', fakeCarrier())
    await before.gateway.pause('p')
    await before.submit('a')
    const { gateway, clock, reports } = await before.restart()
    const carrier = fakeCarrier()
    gateway.use('p', carrier)
    await clock.advance(60_000)
    assert.deepEqual([carrier.calls.length, reports], [0, ['degraded paused']])
    assert.deepEqual(fares(gateway.find('p')!.report()), paused)
    await gateway.resume('p')
    await clock.advance(0)
    assert.equal(carrier.calls.length, 1)
    const after = await before.restart()
    after.gateway.use('p', fakeCarrier())
    await after.clock.advance(0)
    assert.deepEqual(fares(after.gateway.find('p')!.report()), { health: 'ready' })
  })

  it('is not taken for one that goes on while the store does not say', async () => {
    const before = create()
    before.gateway.use('p', fakeCarrier())
    await before.gateway.pause('p')
    await before.submit('a')
    const { gateway, clock, faults } = await before.restart()
    faults.fails = method => method === 'note'
    const carrier = fakeCarrier()
    gateway.use('p', carrier)
    await clock.advance(10_000)
    assert.equal(carrier.calls.length, 0)
    faults.fails = () => false
    await clock.advance(60_000)
    assert.deepEqual([carrier.calls.length, fares(gateway.find('p')!.report())], [0, paused])
  })

  it('lets what is in flight end', async () => {
    const { gateway, clock, submit, states } = create()
    const send = () => new Promise<object>(resolve => clock.after(1_000, () => resolve({})))
    gateway.use('p', fakeCarrier({ send }))
    const ids = await submit('a', 'b')
    await clock.advance(0)
    await gateway.pause('p')
    assert.deepEqual(await states(ids), ['sending', 'queued'])
    await clock.advance(2_000)
    assert.deepEqual(await states(ids), ['accepted', 'queued'])
  })

  it('gives back, as not attempted, what was taken in that moment', async () => {
    const { gateway, clock, submit, states, faults } = create()
    const carrier = fakeCarrier()
    gateway.use('p', carrier)
    await clock.advance(0)
    // The note was committed before, and is told of while the taking is still under way.
    faults.delayMs = method => (method === 'take' ? 100 : 0)
    const pausing = gateway.pause('p')
    const ids = await submit('a')
    await pausing
    await clock.advance(1_000)
    assert.deepEqual([carrier.calls.length, await states(ids)], [0, ['queued']])
    assert.equal((await gateway.outbox.get({ id: ids[0]! }))?.attempts, 0)
  })

  it('goes on receiving, asking and settling', async () => {
    const { gateway, clock, submit, states } = create()
    const carrier = fakeCarrier({
      send: async () => Promise.reject(new SmsError('SMS_UNKNOWN', 'no answer')),
      settle: async () => ({ outcome: 'taken', receipt: {} }),
      balance: async () => ({ text: '5' }),
    })
    gateway.use('p', carrier)
    const ids = await submit('a')
    await clock.advance(0)
    await gateway.pause('p')
    await clock.advance(1_000)
    assert.deepEqual([await states(ids), await gateway.balance('p')], [['accepted'], { text: '5' }])
    assert.equal(await gateway.outbox.report('p', { id: ids[0]!, state: 'delivered' }), true)
  })

  it('lets its messages be called off', async () => {
    const { gateway, clock, submit } = create()
    gateway.use('p', fakeCarrier())
    await gateway.pause('p')
    const [id] = await submit('a')
    await clock.advance(0)
    assert.equal((await gateway.cancel(id!)).state, 'cancelled')
  })

  it('closes as any other', async () => {
    const { gateway, clock, submit } = create()
    const stop = gateway.use('p', fakeCarrier({ send: () => never() }))
    await gateway.pause('p')
    await submit('a')
    await clock.advance(0)
    const stopping = stop()
    await clock.advance(0)
    await stopping
    assert.equal(clock.timers, 0)
  })

  it('is as it was where that could not be stored', async () => {
    const { gateway, clock, faults, submit } = create()
    const carrier = fakeCarrier()
    gateway.use('p', carrier)
    await clock.advance(0)
    faults.fails = method => method === 'setNote'
    await assert.rejects(gateway.pause('p'), { code: 'SMS_STORE' })
    await submit('a')
    await clock.advance(0)
    assert.equal(carrier.calls.length, 1)
  })

  it('ends as the last word has it', async () => {
    const { gateway, clock, submit } = create()
    const carrier = fakeCarrier()
    gateway.use('p', carrier)
    await Promise.all([gateway.pause('p'), gateway.resume('p'), gateway.pause('p')])
    await submit('a')
    await clock.advance(0)
    assert.equal(carrier.calls.length, 0)
    await Promise.all([gateway.pause('p'), gateway.resume('p')])
    await clock.advance(0)
    assert.equal(carrier.calls.length, 1)
  })

  it('shows what is wrong with it besides, also where it could send nothing, and after a restart', async () => {
    const before = create()
    const broken = brokenProvider('sms-fake', 'Broken', new SmsError('SMS_CONFIG', 'no port'))
    const shown = ({ health, error, paused }: ProviderReport) => [health, error?.code, paused]
    before.gateway.use('p', broken)
    await before.clock.advance(0)
    assert.deepEqual(shown(await before.gateway.pause('Broken')), ['failed', 'SMS_CONFIG', true])
    const { gateway, clock } = await before.restart()
    gateway.use('p', broken)
    await clock.advance(0)
    assert.deepEqual(shown(gateway.find('p')!.report()), ['failed', 'SMS_CONFIG', true])
  })

  it('must be in use', async () => {
    const { gateway } = create()
    await assert.rejects(gateway.pause('x'), { code: 'SMS_CONFIG' })
    await assert.rejects(gateway.resume('x'), { code: 'SMS_CONFIG' })
  })
})
