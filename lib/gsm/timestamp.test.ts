import assert from 'node:assert/strict'
import fc from 'fast-check'
import { EncodeError } from './encode-error.ts'
import { hexToOctets, octetsToHex } from './hex.ts'
import { readTimestamp, TIMESTAMP_OCTETS, writeTimestamp } from './timestamp.ts'

const read = (hex: string) => readTimestamp(hexToOctets(hex) ?? assert.fail(hex), 0)

describe('a time stamp', () => {
  const known: [hex: string, iso: string | undefined][] = [
    ['11208211050505', '2011-02-28T11:50:50+12:30'],
    ['11208211050500', '2011-02-28T11:50:50Z'],
    ['1120821105050A', '2011-02-28T11:50:50-05:00'],
    // Half and quarter hours: India, Nepal, Newfoundland, the Marquesas.
    ['62111201020322', '2026-11-21T10:20:30+05:30'],
    ['62111201020332', '2026-11-21T10:20:30+05:45'],
    ['62111201020349', '2026-11-21T10:20:30-03:30'],
    ['6211120102038B', '2026-11-21T10:20:30-09:30'],
    // Some centres write minus nothing.
    ['62111201020308', '2026-11-21T10:20:30Z'],
    ['42209200000000', '2024-02-29T00:00:00Z'],
    ['09010100000000', '1990-10-10T00:00:00Z'],
    ['98213132959500', '2089-12-13T23:59:59Z'],
    // No date, or none yet.
    ['00000000000000', undefined],
    ['FFFFFFFFFFFFFF', undefined],
    ['32209200000000', undefined],
    ['62311101020300', undefined],
    ['62112301020300', undefined],
    ['62111242020300', undefined],
    ['62111201060300', undefined],
    ['62111201020600', undefined],
    ['6211120102030F', '2026-11-21T10:20:30-17:30'],
    ['621112010203A0', undefined],
    ['6A111201020300', undefined],
  ]
  for (const [hex, iso] of known) {
    it(`${hex} is ${iso ?? 'none'}`, () => {
      const timestamp = read(hex)
      assert.equal(timestamp?.iso, iso)
      if (iso !== undefined) assert.equal(timestamp?.ms, Date.parse(iso))
    })
  }

  it('is read as it was written', () => {
    const ms = fc.integer({ min: Date.UTC(1990, 0, 2) / 1000, max: Date.UTC(2089, 11, 30) / 1000 }).map(s => s * 1000)
    fc.assert(
      fc.property(ms, fc.integer({ min: -79, max: 79 }), (ms, offsetQuarters) => {
        const octets = new Uint8Array(TIMESTAMP_OCTETS)
        writeTimestamp(octets, 0, ms, offsetQuarters)
        const timestamp = readTimestamp(octets, 0)
        assert.equal(timestamp?.ms, ms)
        assert.equal(Date.parse(timestamp.iso), ms, octetsToHex(octets))
      }),
    )
  })

  const refused: [ms: number, offsetQuarters: number][] = [
    [Date.UTC(1989, 11, 31), 0],
    [Date.UTC(2090, 0, 1), 0],
    [Number.NaN, 0],
    [0, 80],
    [Date.UTC(2026), 0.5],
  ]
  for (const [ms, offset] of refused) {
    it(`refuses ${ms} at ${offset}`, () => {
      assert.throws(() => writeTimestamp(new Uint8Array(TIMESTAMP_OCTETS), 0, ms, offset), EncodeError)
    })
  }
})
