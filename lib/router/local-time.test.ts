import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createZone, dayOfWindow, endOfWindow, isWithin, readTimeOfDay } from './local-time.ts'

const at = (text: string) => Date.parse(text)

describe('local time', () => {
  it('is what the clock on the wall says', () => {
    const kyiv = createZone('Europe/Kyiv')
    assert.deepEqual(kyiv(at('2026-11-21T22:30:00Z')), { date: '2026-11-22', day: 0, minute: 30 })
    assert.deepEqual(kyiv(at('2026-07-21T21:00:00Z')), { date: '2026-07-22', day: 3, minute: 0 })
  })

  const ends: [name: string, from: string, to: string, at: string, end: string][] = [
    ['on an ordinary night', '22:00', '07:00', '2026-11-21T23:15:42Z', '2026-11-22T06:00:00Z'],
    ['on the night with 23 hours', '22:00', '07:00', '2026-03-28T23:00:00Z', '2026-03-29T05:00:00Z'],
    ['on the night with 25 hours', '22:00', '07:00', '2026-10-24T22:00:00Z', '2026-10-25T06:00:00Z'],
    ['at a minute that does not exist', '22:00', '02:30', '2026-03-28T23:00:00Z', '2026-03-29T01:30:00Z'],
    ['of a whole day', '00:00', '00:00', '2026-11-21T12:00:00Z', '2026-11-21T23:00:00Z'],
  ]
  for (const [name, from, to, moment, end] of ends) {
    it(`has windows that end ${name}`, () => {
      const window = { from: readTimeOfDay(from), to: readTimeOfDay(to) }
      assert.equal(
        new Date(endOfWindow(window, at(moment), createZone('Europe/Berlin'))).toISOString(),
        new Date(end).toISOString(),
      )
    })
  }

  it('is within a window until it ends, wherever and whenever', () => {
    const minute = fc.integer({ min: 0, max: 1439 })
    const moment = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') })
    const zones = fc.constantFrom('Europe/Kyiv', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland', 'UTC')
    fc.assert(
      fc.property(minute, minute, moment, zones, (from, to, ms, name) => {
        const zone = createZone(name)
        const window = { from, to }
        fc.pre(from !== to && isWithin(window, zone(ms).minute))
        const endMs = endOfWindow(window, ms, zone)
        assert.ok(endMs > ms && endMs - ms <= 26 * 3_600_000)
        assert.ok(!isWithin(window, zone(endMs).minute) || zone(endMs).minute === to, `${zone(endMs).minute}`)
      }),
    )
  })

  it('counts the small hours to the evening before', () => {
    const window = { from: 22 * 60, to: 6 * 60 }
    assert.equal(dayOfWindow(window, { date: '', day: 0, minute: 60 }), 6)
    assert.equal(dayOfWindow(window, { date: '', day: 0, minute: 23 * 60 }), 0)
  })

  for (const wrong of ['', '24:00', '7', '07:60', '-1:00']) {
    it(`is not «${wrong}»`, () => assert.throws(() => readTimeOfDay(wrong), { code: 'SMS_CONFIG' }))
  }
})
