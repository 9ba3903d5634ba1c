import assert from 'node:assert/strict'
import { EncodeError } from './encode-error.ts'
import { hexToOctets } from './hex.ts'
import type { Validity } from './pdu.ts'
import { FORMAT, readValidity, relativeValidity } from './validity.ts'

function read(hex: string, format: keyof typeof FORMAT): Validity | undefined {
  const octets = hexToOctets(hex) ?? assert.fail(hex)
  return readValidity({ octets, at: 0, end: octets.length }, FORMAT[format])
}

describe('TP-VP', () => {
  // 3GPP TS 23.040 §9.2.3.12.1: both ends of each row of the table.
  const relative: [octet: number, minutes: number][] = [
    [0, 5],
    [143, 12 * 60],
    [144, 12 * 60 + 30],
    [167, 24 * 60],
    [168, 2 * 24 * 60],
    [196, 30 * 24 * 60],
    [197, 5 * 7 * 24 * 60],
    [255, 63 * 7 * 24 * 60],
  ]
  for (const [octet, minutes] of relative) {
    it(`${octet} is ${minutes} minutes`, () => {
      assert.deepEqual(read(octet.toString(16).padStart(2, '0'), 'relative'), { format: 'relative', minutes })
      assert.equal(relativeValidity(minutes), octet)
      // A little more needs the next one.
      assert.equal(relativeValidity(minutes + 0.1), Math.min(octet + 1, 255))
    })
  }

  it('is at least what was asked for, unless it is too long', () => {
    assert.equal(relativeValidity(0), 0)
    assert.equal(relativeValidity(Infinity), 255)
    for (const wrong of [-1, Number.NaN]) assert.throws(() => relativeValidity(wrong), EncodeError)
  })

  it('may be absolute', () => {
    const until = { iso: '2026-11-21T10:20:30+05:30', ms: Date.parse('2026-11-21T10:20:30+05:30') }
    assert.deepEqual(read('62111201020322', 'absolute'), { format: 'absolute', until })
    assert.equal(read('00000000000000', 'absolute'), undefined)
    assert.equal(read('', 'none'), undefined)
  })

  // §9.2.3.12.3.
  const enhanced: [hex: string, seconds: number | undefined][] = [
    ['00000000000000', undefined],
    ['01A70000000000', 24 * 60 * 60],
    ['022D0000000000', 45],
    ['03102030000000', 3723],
    ['0310A030000000', undefined],
    ['04000000000000', undefined],
    ['82002D00000000', 45],
    ['42FF0000000000', 255],
  ]
  for (const [hex, seconds] of enhanced) {
    it(`may be enhanced: ${hex}`, () => {
      const octets = hexToOctets(hex)
      const wanted = { format: 'enhanced', octets, ...(seconds !== undefined && { seconds }) }
      assert.deepEqual(read(hex, 'enhanced'), wanted)
    })
  }
})
