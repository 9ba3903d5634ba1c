import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { SmsError } from './errors.ts'
import { createSensors, MAX_ADDED_SENSORS } from './sensors.ts'
import type { SensorConfig } from './sensors.ts'

const add = { unknown: 'add', defaultOn: 'an', defaultOff: 'aus' } as const
const names = (configs: SensorConfig[]) => createSensors(configs, { unknown: 'ignore' }).all.map(({ name }) => name)

describe('sensors', () => {
  const wrong: readonly (readonly [string, SensorConfig[], RegExp])[] = [
    ['an empty topic', [{ topic: 'a' }, { topic: ' ', name: 'Door' }], /sensor 2 \("Door"\) has no topic/],
    ['a topic twice', [{ topic: 'a' }, { topic: 'a', name: 'b' }], /two sensors have the topic "a"/],
    [
      'a name twice',
      [
        { topic: 'a', name: 'Door' },
        { topic: 'b', name: 'Door' },
      ],
      /two sensors are named "Door"/,
    ],
    ['a name that is a trap', [{ topic: 'a', name: '__proto__' }], /cannot be named/],
    ['one text for both', [{ topic: 'a', on: 'Open', off: 'open ' }], /"a" has one text for on and off, "Open"/],
    ['the default for both', [{ topic: 'a', on: 'off' }], /one text/],
  ]
  for (const [what, configs, message] of wrong)
    it(`refuses ${what}`, () =>
      assert.throws(
        () => createSensors(configs, { unknown: 'ignore' }),
        (error: unknown) => error instanceof SmsError && error.code === 'SMS_CONFIG' && message.test(error.message),
      ))

  const named: readonly (readonly [SensorConfig[], string[]])[] = [
    [
      [{ topic: 'home/door' }, { topic: 'lamp', name: '' }],
      ['door', 'lamp'],
    ],
    [
      [{ topic: 'up/door' }, { topic: 'down/door' }],
      ['door', 'down/door'],
    ],
    [
      [{ topic: 'up/door' }, { topic: 'x', name: 'door' }],
      ['up/door', 'door'],
    ],
    [
      [{ topic: 'home/' }, { topic: '/' }],
      ['home/', '/'],
    ],
    [
      [{ topic: 'a/door' }, { topic: 'b', name: 'door (2)' }, { topic: 'door' }],
      ['door', 'door (2)', 'door (3)'],
    ],
    [
      [{ topic: 'a/__proto__' }, { topic: '__proto__' }],
      ['a/__proto__', '__proto__ (2)'],
    ],
  ]
  for (const [configs, expected] of named)
    it(`names ${configs.map(({ topic }) => topic).join(', ')}: ${expected.join(', ')}`, () =>
      assert.deepEqual(names(configs), expected))

  it('fills in the labels one by one', () => {
    const sensors = createSensors([{ topic: 'a', on: 'offen' }, { topic: 'b', off: 'zu' }, { topic: 'c' }], add)
    assert.deepEqual(
      sensors.all.map(({ labels }) => labels),
      [
        { on: 'offen', off: 'aus' },
        { on: 'an', off: 'zu' },
        { on: 'an', off: 'aus' },
      ],
    )
    assert.deepEqual(createSensors([{ topic: 'a' }], { unknown: 'ignore' }).labels('a'), { on: 'on', off: 'off' })
  })

  it('does not know a topic that was not set up, unless it may add it', () => {
    const strict = createSensors([{ topic: 'a' }], { unknown: 'ignore' })
    assert.equal(strict.find('b'), undefined)
    assert.equal(strict.labels('b'), undefined)

    const open = createSensors([{ topic: 'a' }], add)
    assert.deepEqual(open.labels('x/b'), { on: 'an', off: 'aus' })
    assert.equal(open.all.length, 1, 'asking for labels adds nothing')
    assert.equal(open.find('x/b')?.name, 'b')
    assert.equal(open.find('x/b'), open.all[1])
    assert.equal(open.find(' '), undefined)
    assert.equal(open.all.length, 2)
  })

  it('adds only so many, and still finds those it has', () => {
    const sensors = createSensors([{ topic: 'a' }], add)
    for (let number = 0; number < MAX_ADDED_SENSORS; number += 1) assert.ok(sensors.find(`topic ${number}`))
    assert.equal(sensors.find('one more'), undefined)
    assert.equal(sensors.labels('one more'), undefined)
    assert.equal(sensors.find('topic 7')?.index, 8)
    assert.equal(sensors.all.length, MAX_ADDED_SENSORS + 1)
  })

  it('never gives two sensors one name, whatever the topics', () => {
    const topic = fc.array(fc.constantFrom('a', 'b', ' (2)', '/', '__proto__'), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(topic), topics => {
        const sensors = createSensors([{ topic: 'x', name: 'a' }], add)
        for (const parts of topics) sensors.find(parts.join(''))
        const names = sensors.all.map(({ name }) => name)
        assert.equal(new Set(names).size, names.length)
        assert.ok(!names.includes('') && !names.includes('__proto__'))
      }),
    )
  })
})
