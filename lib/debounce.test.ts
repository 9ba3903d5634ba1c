import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { createDebounce } from './debounce.ts'
import type { Change, DebounceOptions } from './debounce.ts'
import { SmsError } from './errors.ts'

const sensors = [
  { topic: 'home/door', name: 'Door', on: 'open', off: 'closed' },
  { topic: 'home/cellar', name: 'Cellar', on: 'wet', off: 'dry' },
  { topic: 'home/hall', name: 'Hall', on: 'motion', off: 'clear' },
]
const base: DebounceOptions = { sensors, windowMs: 50, maxWaitMs: 200, initial: 'report', unknown: 'ignore' }

/** All three were told to be off, and nothing is pending. */
function allOff(options: Partial<DebounceOptions> = {}) {
  const debounce = createDebounce({ ...base, initial: 'silent', ...options })
  for (const { topic } of sensors) debounce.reading(topic, false, -1000)
  debounce.settle(-1)
  assert.equal(debounce.dueMs(), undefined)
  return debounce
}

const brief = (change: Change | undefined) => change?.changes.map(({ name, state }) => `${name}: ${state}`)

describe('debounce', () => {
  it('tells a change once the window passed without an edge', () => {
    const debounce = allOff()
    assert.deepEqual(debounce.reading('home/door', true, 0), { known: true, dueMs: 50 })
    assert.deepEqual(debounce.reading('home/door', false, 10), { known: true, dueMs: 60 })
    assert.deepEqual(debounce.reading('home/door', true, 20), { known: true, dueMs: 70 })
    assert.equal(debounce.settle(69.9), undefined)
    assert.equal(debounce.dueMs(), 70, 'asking too early changes nothing')
    assert.deepEqual(debounce.settle(70), {
      changes: [{ name: 'Door', state: 'open', on: true, topic: 'home/door' }],
      states: { Door: 'open', Cellar: 'dry', Hall: 'clear' },
    })
    assert.equal(debounce.dueMs(), undefined)
    assert.equal(debounce.settle(1000), undefined)
  })

  it('says nothing of a bounce that ends where it began', () => {
    const debounce = allOff()
    debounce.reading('home/door', true, 0)
    debounce.reading('home/door', false, 10)
    assert.equal(debounce.settle(60), undefined)
    assert.equal(debounce.dueMs(), undefined)
  })

  it('does not take a repeated value for an edge', () => {
    const debounce = allOff()
    assert.equal(debounce.reading('home/cellar', false, 0).dueMs, undefined)
    debounce.reading('home/door', true, 0)
    assert.equal(debounce.reading('home/door', true, 40).dueMs, 50)
    assert.equal(debounce.reading('home/cellar', false, 45).dueMs, 50)
    assert.deepEqual(brief(debounce.settle(50)), ['Door: open'])
    assert.equal(debounce.reading('home/door', true, 60).dueMs, undefined)
  })

  it('gathers changes into one, in the order of the sensors', () => {
    const debounce = allOff()
    debounce.reading('home/hall', true, 0)
    debounce.reading('home/cellar', true, 30)
    debounce.reading('home/door', true, 60)
    assert.deepEqual(brief(debounce.settle(110)), ['Door: open', 'Cellar: wet', 'Hall: motion'])
  })

  it('does not let a chattering sensor silence another beyond the longest wait', () => {
    const debounce = allOff()
    debounce.reading('home/door', true, 0)
    for (let nowMs = 10; nowMs < 200; nowMs += 10)
      assert.ok((debounce.reading('home/hall', nowMs % 20 !== 0, nowMs).dueMs ?? 0) <= 200)
    assert.deepEqual(brief(debounce.settle(200)), ['Door: open', 'Hall: motion'])
    assert.equal(debounce.reading('home/hall', false, 210).dueMs, 260, 'a new wait begins with the next edge')
  })

  it('tells of a sensor that chatters alone, too, though it passes through its old state', () => {
    const debounce = allOff()
    for (let nowMs = 0; nowMs < 200; nowMs += 10) debounce.reading('home/hall', nowMs % 20 === 0, nowMs)
    assert.equal(debounce.reading('home/hall', true, 199).dueMs, 200)
    assert.deepEqual(brief(debounce.settle(200)), ['Hall: motion'])
  })

  it('takes a late timer as it comes', () => {
    const debounce = allOff()
    debounce.reading('home/door', true, 0)
    assert.equal(debounce.reading('home/hall', true, 70).dueMs, 120)
    assert.deepEqual(brief(debounce.settle(500)), ['Door: open', 'Hall: motion'])
  })

  it('makes the first settled value the baseline, or a change', () => {
    for (const [initial, expected] of [
      ['silent', undefined],
      ['report', ['Door: closed']],
    ] as const) {
      const debounce = createDebounce({ ...base, initial })
      assert.deepEqual(debounce.states(), {})
      debounce.reading('home/door', true, 0)
      debounce.reading('home/door', false, 10)
      assert.deepEqual(brief(debounce.settle(60)), expected)
      assert.deepEqual(debounce.states(), { Door: 'closed' })
      debounce.reading('home/door', true, 100)
      debounce.reading('home/cellar', true, 100)
      assert.deepEqual(
        brief(debounce.settle(150)),
        initial === 'silent' ? ['Door: open'] : ['Door: open', 'Cellar: wet'],
      )
      assert.deepEqual(debounce.states(), { Door: 'open', Cellar: 'wet' })
    }
  })

  it('hands out a copy of the states', () => {
    const debounce = allOff()
    debounce.states()['Door'] = 'changed by a flow'
    assert.equal(debounce.states()['Door'], 'closed')
  })

  it('ignores an unknown topic, or adds it', () => {
    const strict = allOff()
    strict.reading('home/door', true, 0)
    assert.deepEqual(strict.reading('home/roof', true, 5), { known: false, dueMs: 50 })
    assert.equal(strict.labels('home/roof'), undefined)
    assert.deepEqual(brief(strict.settle(50)), ['Door: open'])

    const open = allOff({ unknown: 'add', initial: 'report', defaultOn: 'ja', defaultOff: 'nein' })
    assert.deepEqual(open.labels('home/roof'), { on: 'ja', off: 'nein' })
    assert.deepEqual(open.labels('home/door'), { on: 'open', off: 'closed' })
    assert.deepEqual(open.reading('home/roof', true, 0), { known: true, dueMs: 50 })
    assert.deepEqual(open.settle(50)?.changes, [{ name: 'roof', state: 'ja', on: true, topic: 'home/roof' }])
    assert.deepEqual(open.states(), { Door: 'closed', Cellar: 'dry', Hall: 'clear', roof: 'ja' })
  })

  it('waits ten windows at most where no longest wait is set', () => {
    for (const maxWaitMs of [0, undefined]) {
      const debounce = allOff({ maxWaitMs })
      let dueMs: number | undefined
      for (let nowMs = 0; nowMs < 500; nowMs += 20) ({ dueMs } = debounce.reading('home/hall', nowMs % 40 === 0, nowMs))
      assert.equal(dueMs, 500)
    }
    assert.equal(allOff({ windowMs: 0, maxWaitMs: 0 }).reading('home/door', true, 7).dueMs, 7, 'no window: at once')
  })

  const wrong: readonly (readonly [Partial<DebounceOptions>, RegExp])[] = [
    [{ windowMs: NaN }, /the window must be a number of milliseconds from 0 to/],
    [{ windowMs: -1 }, /the window/],
    [{ windowMs: Infinity }, /the window/],
    [{ windowMs: 2 ** 31 }, /the window/],
    [{ maxWaitMs: NaN }, /the longest wait must be/],
    [{ maxWaitMs: Infinity }, /the longest wait must be/],
    [{ maxWaitMs: -5 }, /the longest wait must be/],
    [{ maxWaitMs: 49 }, /the longest wait \(49 ms\) is shorter than the window \(50 ms\)/],
    [{ sensors: [{ topic: '' }] }, /has no topic/],
    [{ sensors: [...sensors, { topic: 'home/door', name: 'Other' }] }, /two sensors have the topic/],
  ]
  for (const [options, message] of wrong)
    it(`refuses ${JSON.stringify(options)}`, () =>
      assert.throws(
        () => createDebounce({ ...base, ...options }),
        (error: unknown) => error instanceof SmsError && error.code === 'SMS_CONFIG' && message.test(error.message),
      ))
})

interface Reading {
  readonly sensor: number
  readonly on: boolean
  readonly gapMs: number
}

/** Drives it as its owner does, with one timer, whose lateness is `lagMs`; calls back at each comparison. */
function drive(
  options: DebounceOptions,
  readings: readonly Reading[],
  lagMs: number,
  onSettled: (change: Change | undefined, latest: ReadonlyMap<number, boolean>, nowMs: number) => void,
): Record<string, string> {
  const debounce = createDebounce(options)
  const latest = new Map<number, boolean>()
  let timerAt: number | undefined
  let nowMs = 0

  const runTimer = (untilMs: number) => {
    while (timerAt !== undefined && timerAt + lagMs <= untilMs) {
      nowMs = Math.max(nowMs, timerAt + lagMs)
      const isDue = nowMs >= (debounce.dueMs() ?? Infinity)
      const change = debounce.settle(nowMs)
      timerAt = debounce.dueMs()
      if (isDue) onSettled(change, latest, nowMs)
      else assert.equal(change, undefined)
    }
  }
  for (const { sensor, on, gapMs } of readings) {
    runTimer(nowMs + gapMs)
    nowMs += gapMs
    const isEdge = latest.get(sensor) !== on
    const { dueMs } = debounce.reading(options.sensors[sensor]?.topic ?? '', on, nowMs)
    if (isEdge) assert.ok(dueMs !== undefined && dueMs <= nowMs + options.windowMs, 'an edge waits one window at most')
    if (timerAt !== undefined) assert.ok(dueMs !== undefined && dueMs >= timerAt, 'the armed timer is never too late')
    timerAt ??= dueMs
    latest.set(sensor, on)
  }
  runTimer(Infinity)
  assert.equal(debounce.dueMs(), undefined)
  return debounce.states()
}

describe('debounce, whatever comes when', () => {
  const reading = fc.record({
    sensor: fc.nat({ max: 2 }),
    on: fc.boolean(),
    gapMs: fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 300 })),
  })
  const readings = fc.array(reading, { maxLength: 60 })
  const lagMs = fc.oneof(fc.constant(0), fc.nat({ max: 40 }))
  const truth = (latest: ReadonlyMap<number, boolean>) =>
    Object.fromEntries(
      sensors.flatMap(({ name, on, off }, index) => (latest.has(index) ? [[name, latest.get(index) ? on : off]] : [])),
    )

  it('has told the truth after each comparison, and only what changed', () => {
    fc.assert(
      fc.property(readings, lagMs, (readings, lagMs) => {
        const told: Record<string, string> = {}
        const states = drive(base, readings, lagMs, (change, latest) => {
          assert.notEqual(change?.changes.length, 0)
          for (const { name, state } of change?.changes ?? []) {
            assert.notEqual(told[name], state, 'a change is one')
            told[name] = state
          }
          assert.deepEqual(told, truth(latest))
          if (change) assert.deepEqual(change.states, told)
        })
        assert.deepEqual(states, told)
      }),
    )
  })

  it('keeps silent about first values, not about what follows', () => {
    fc.assert(
      fc.property(readings, lagMs, (readings, lagMs) => {
        const told: Record<string, string> = {}
        const states = drive({ ...base, initial: 'silent' }, readings, lagMs, (change, latest) => {
          const now = truth(latest)
          const expected = sensors.flatMap(({ name }) =>
            name in told && told[name] !== now[name] ? [`${name}: ${now[name]}`] : [],
          )
          assert.deepEqual(brief(change) ?? [], expected)
          Object.assign(told, now)
        })
        assert.deepEqual(states, told)
      }),
    )
  })

  it('tells nothing where every sensor ends as it began', () => {
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 30 }), readings => {
        const debounce = allOff({ windowMs: 400, maxWaitMs: 60_000 })
        let nowMs = 0
        for (const { sensor, on, gapMs } of readings)
          debounce.reading(sensors[sensor]?.topic ?? '', on, (nowMs += gapMs))
        for (const { topic } of sensors) debounce.reading(topic, false, nowMs)
        assert.equal(debounce.settle(nowMs + 400), undefined)
        assert.equal(debounce.dueMs(), undefined)
      }),
    )
  })

  it('keeps no edge waiting beyond the longest wait, nor compares before a quiet window', () => {
    fc.assert(
      fc.property(readings, fc.nat({ max: 100 }), (readings, slackMs) => {
        const options = { ...base, maxWaitMs: base.windowMs + slackMs }
        const debounce = createDebounce(options)
        const raw = new Map<number, boolean>()
        let nowMs = 0
        let firstEdgeMs: number | undefined
        for (const { sensor, on, gapMs } of readings) {
          nowMs += gapMs
          const beforeMs = debounce.dueMs()
          if (beforeMs !== undefined && beforeMs <= nowMs) {
            debounce.settle(nowMs)
            firstEdgeMs = undefined
          }
          const { dueMs } = debounce.reading(sensors[sensor]?.topic ?? '', on, nowMs)
          if (raw.get(sensor) === on) continue
          raw.set(sensor, on)
          firstEdgeMs ??= nowMs
          assert.equal(dueMs, Math.min(nowMs + options.windowMs, firstEdgeMs + options.maxWaitMs))
        }
      }),
    )
  })
})
