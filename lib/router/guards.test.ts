import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { NOW_MS } from '../../test/support/message.ts'
import type { Verdict } from './facts.ts'
import { createGuards } from './guards.ts'

const ME = '+380501112233'
const OTHER = '+4915112345678'
const HOUR_MS = 3_600_000

function create(guards: object, notes = new Map<string, string>(), clock = createManualClock()) {
  const floods: number[] = []
  const admit = createGuards(guards, {
    clock,
    notes: { get: async key => notes.get(key), set: async (key, value) => void notes.set(key, value) },
    onFlood: (_error, pauseMs) => floods.push(pauseMs),
  })
  /** What becomes of messages, asked at once. */
  const ask = async (...to: string[]) =>
    words(await admit(to.map(number => ({ to: number, atMs: clock.now(), category: 'users/login' }))))
  return { admit, ask, notes, clock, floods }
}

const words = (verdicts: readonly Verdict[]): string[] =>
  verdicts.map(verdict => {
    if (!verdict) return 'ok'
    return 'refused' in verdict ? verdict.refused.code : new Date(verdict.holdUntilMs).toISOString()
  })

describe('guards', () => {
  it('let everything through where there are none', async () => assert.deepEqual(await create({}).ask(ME), ['ok']))

  it('let through who is allowed', async () => {
    const { ask } = create({ allow: '+38050*, +49 151 12345678' })
    assert.deepEqual(await ask(ME, OTHER, '+380671112233'), ['ok', 'ok', 'SMS_BLOCKED'])
  })

  it('count per recipient and day, and go on after a restart', async () => {
    const { ask, notes, clock } = create({ perRecipient: 2, timeZone: 'UTC' })
    assert.deepEqual(await ask(ME, ME, ME, OTHER), ['ok', 'ok', 'SMS_BLOCKED', 'ok'])
    const again = create({ perRecipient: 2, timeZone: 'UTC' }, notes, clock)
    assert.deepEqual(await again.ask(ME, OTHER, OTHER), ['SMS_BLOCKED', 'ok', 'SMS_BLOCKED'])
    await clock.advance(14 * HOUR_MS)
    assert.deepEqual(await again.ask(ME), ['ok'])
    assert.equal(notes.size, 2)
  })

  it('count in all, with no room for two in the last place', async () => {
    const { ask, notes } = create({ perDay: 3, perRecipient: 2 })
    const answers = await Promise.all([ask(ME, OTHER), ask(ME), ask(OTHER, ME)])
    assert.deepEqual(answers, [['ok', 'ok'], ['ok'], ['SMS_BLOCKED', 'SMS_BLOCKED']])
    assert.equal(notes.get('budget.all'), '2026-11-21 3')
  })

  it('count nothing that does not go', async () => {
    const { ask, notes } = create({ allow: ME, perDay: 5 })
    await ask(OTHER)
    assert.equal(notes.size, 0)
  })

  it('let nobody through when the count cannot be kept', async () => {
    const admit = createGuards(
      { perDay: 5 },
      {
        clock: createManualClock(),
        notes: { get: async () => undefined, set: () => Promise.reject(new Error('disk')) },
        onFlood() {},
      },
    )
    await assert.rejects(admit([{ to: ME, atMs: NOW_MS }]))
    await assert.rejects(admit([{ to: ME, atMs: NOW_MS }]))
  })

  it('stop a flood, tell of it once, and go on after the rest', async () => {
    const { ask, clock, floods } = create({ floodMessages: 2, floodMinutes: 1, floodPause: 5 })
    assert.deepEqual(await ask(ME, OTHER, ME, ME), ['ok', 'ok', 'SMS_BLOCKED', 'SMS_BLOCKED'])
    await clock.advance(299_999)
    assert.deepEqual(await ask(ME), ['SMS_BLOCKED'])
    assert.deepEqual(floods, [300_000])
    await clock.advance(1)
    assert.deepEqual(await ask(ME, ME), ['ok', 'ok'])
    await clock.advance(60_000)
    assert.deepEqual(await ask(ME), ['ok'])
  })

  const quiet: [name: string, guards: object, atMs: number, answer: string][] = [
    [
      'hold until they end',
      { quietFrom: '9:00', quietTo: '11:30', timeZone: 'UTC' },
      NOW_MS,
      '2026-11-21T11:30:00.000Z',
    ],
    [
      'hold over midnight',
      { quietFrom: '22:00', quietTo: '07:00', timeZone: 'Europe/Kyiv' },
      NOW_MS + 12 * HOUR_MS,
      '2026-11-22T05:00:00.000Z',
    ],
    ['refuse', { quietFrom: '9:00', quietTo: '11:30', timeZone: 'UTC', quiet: 'refuse' }, NOW_MS, 'SMS_BLOCKED'],
    ['are over at their end', { quietFrom: '9:00', quietTo: '10:00', timeZone: 'UTC' }, NOW_MS, 'ok'],
    [
      'begin at their beginning',
      { quietFrom: '10:00', quietTo: '10:01', timeZone: 'UTC' },
      NOW_MS,
      '2026-11-21T10:01:00.000Z',
    ],
  ]
  for (const [name, guards, atMs, answer] of quiet) {
    it(`in quiet hours ${name}`, async () =>
      assert.deepEqual(words(await create(guards).admit([{ to: ME, atMs }])), [answer]))
  }

  it('exempt categories from all of it', async () => {
    const { admit } = create({ allow: OTHER, perDay: 1, floodMessages: 1, exempt: 'alarm, ops/*' })
    const categories = ['alarm', 'ops/disk', 'alarms', undefined]
    const messages = categories.map(category => ({ to: ME, atMs: NOW_MS, ...(category !== undefined && { category }) }))
    assert.deepEqual(words(await admit(messages)), ['ok', 'ok', 'SMS_BLOCKED', 'SMS_BLOCKED'])
  })

  const wrong: [name: string, guards: unknown][] = [
    ['a misspelt guard', { perDy: 1 }],
    ['a number that is none', { perDay: 'many' }],
    ['nought', { perRecipient: 0 }],
    ['a time that is none', { quietFrom: '25:00', quietTo: '07:00' }],
    ['half of the quiet hours', { quietFrom: '22:00' }],
    ['a zone that is none', { timeZone: 'Nowhere/Here' }],
    ['a list', []],
  ]
  for (const [name, guards] of wrong) {
    it(`are refused for ${name}`, () => assert.throws(() => create(guards as object), { code: 'SMS_CONFIG' }))
  }
})
