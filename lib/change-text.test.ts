import assert from 'node:assert/strict'
import { createChangeText } from './change-text.ts'
import type { Change } from './debounce.ts'
import { SmsError } from './errors.ts'

const change: Change = {
  changes: [
    { name: 'Door', state: 'open', on: true, topic: 'home/door' },
    { name: 'Cellar', state: 'dry', on: false, topic: 'home/cellar' },
  ],
  states: { Door: 'open', Cellar: 'dry', 'Back window': 'closed' },
}
const at = Date.UTC(2026, 10, 21, 22, 5, 9)

describe('change text', () => {
  const cases: readonly (readonly [string, string | undefined, string | undefined, number, string])[] = [
    ['the default', undefined, 'UTC', at, '22:05:09\nDoor: open\nCellar: dry'],
    ['an empty template', '', 'UTC', at, '22:05:09\nDoor: open\nCellar: dry'],
    ['another day in another zone', '{{date}} {{time}}', 'Europe/Kyiv', at, '2026-11-22 00:05:09'],
    ['summer time', '{{date}} {{time}}', 'Europe/Kyiv', Date.UTC(2026, 6, 1, 12), '2026-07-01 15:00:00'],
    ['midnight', '{{time}}', 'UTC', Date.UTC(2026, 0, 1), '00:00:00'],
    ['spaces around the zone', '{{time}}', ' UTC ', at, '22:05:09'],
    ['the count', '{{count}} changed', 'UTC', at, '2 changed'],
    ['any state', 'window {{states.Back window}}, roof {{states.Roof}}', 'UTC', at, 'window closed, roof '],
    ['text only', 'Alarm!', 'UTC', at, 'Alarm!'],
  ]
  for (const [what, template, timeZone, atMs, expected] of cases)
    it(`tells ${what}`, () => assert.equal(createChangeText({ template, timeZone })(change, atMs), expected))

  it("takes the system's zone where none is set", () => {
    const system = Intl.DateTimeFormat().resolvedOptions().timeZone
    for (const timeZone of [undefined, '', ' '])
      assert.equal(createChangeText({ timeZone })(change, at), createChangeText({ timeZone: system })(change, at))
  })

  it('leaves a name that looks like a placeholder alone', () => {
    const named: Change = { changes: [{ name: '{{time}}', state: '$&', on: true, topic: 'x' }], states: {} }
    assert.equal(createChangeText({ template: '{{changes}}' })(named, at), '{{time}}: $&')
  })

  it('refuses a zone that does not exist', () => {
    assert.throws(
      () => createChangeText({ timeZone: 'Europe/Atlantis' }),
      (error: unknown) =>
        error instanceof SmsError && error.code === 'SMS_CONFIG' && error.message.includes('"Europe/Atlantis"'),
    )
  })
})
