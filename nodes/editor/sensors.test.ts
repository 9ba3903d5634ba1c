import assert from 'node:assert/strict'
import { createSensors } from '../../lib/sensors.ts'
import { keptSensor, parseSensors, sensorsProblem } from './sensors.ts'

describe('sensors in the editor', () => {
  const lists = [
    [[], undefined],
    [[{ topic: 'a' }, { topic: 'b', name: 'B', on: 'x', off: 'y' }], undefined],
    [[{ topic: 'a' }, { topic: '' }], { key: 'sensorTopic', sensor: '2' }],
    [[{ topic: ' ', name: 'A' }], { key: 'sensorTopic', sensor: 'A' }],
    [[{ topic: 'a' }, { topic: 'b' }, { topic: 'a' }], { key: 'sensorTopicTwice', sensor: 'a' }],
    [
      [
        { topic: 'a', name: 'A' },
        { topic: 'b', name: 'A' },
      ],
      { key: 'sensorNameTwice', sensor: 'A' },
    ],
    [[{ topic: 'a', on: 'Open', off: 'open' }], { key: 'sensorLabels', sensor: 'a' }],
    [[{ topic: 'a', on: 'OFF' }], { key: 'sensorLabels', sensor: 'a' }],
  ] as const
  for (const [sensors, problem] of lists) {
    it(`judges ${JSON.stringify(sensors)} as the runtime does`, () => {
      assert.deepEqual(sensorsProblem(sensors), problem)
      const run = () => createSensors(sensors, { unknown: 'ignore' })
      if (problem === undefined) run()
      else assert.throws(run, { code: 'SMS_CONFIG' })
    })
  }

  it('reads lines with tabs or semicolons, as many parts as there are', () => {
    assert.deepEqual(parseSensors('a\tA\ton\toff\r\n\n b ; B\n'), [
      { topic: 'a', name: 'A', on: 'on', off: 'off' },
      { topic: 'b', name: 'B', on: '', off: '' },
    ])
    assert.deepEqual(parseSensors(' \n'), [])
  })

  it('keeps the sensor there was unless its row was changed', () => {
    const sensor = { topic: 'a' }
    assert.equal(keptSensor(sensor, { topic: 'a', name: '', on: '', off: '' }), sensor)
    const changed = { topic: 'a', name: 'A', on: '', off: '' }
    assert.equal(keptSensor(sensor, changed), changed)
    assert.equal(keptSensor(undefined, changed), changed)
  })
})
