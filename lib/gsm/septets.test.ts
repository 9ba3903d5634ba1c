import assert from 'node:assert/strict'
import fc from 'fast-check'
import { octetsToHex } from './hex.ts'
import { fillBitsAfter, packSeptets, septetsTakenBy, unpackSeptets } from './septets.ts'

const ascii = (text: string): Uint8Array => Uint8Array.from(text, character => character.charCodeAt(0))

function packed(septets: Uint8Array, fillBits = 0): string {
  const target = new Uint8Array(400)
  return octetsToHex(target, packSeptets(septets, target, 0, fillBits))
}

describe('septets', () => {
  // 3GPP TS 23.038 §6.1.2.1.1: the first character is in the low bits of the first octet.
  const packings: [text: string, fillBits: number, hex: string][] = [
    ['', 0, ''],
    ['', 3, ''],
    ['1', 0, '31'],
    ['12', 0, '3119'],
    ['1234567', 0, '31D98C56B3DD00'],
    ['12345678', 0, '31D98C56B3DD70'],
    ['123456789', 0, '31D98C56B3DD7039'],
    ['hellohello', 0, 'E8329BFD4697D9EC37'],
    ['A', 1, '82'],
    ['A', 6, '4010'],
  ]
  for (const [text, fillBits, hex] of packings) {
    it(`packs ${JSON.stringify(text)} after ${fillBits} bits`, () => {
      assert.equal(packed(ascii(text), fillBits), hex)
    })
  }

  // A header of so many octets → the bits up to the next septet, and the septets up to there.
  const headers: [octets: number, fillBits: number, septets: number][] = [
    [0, 0, 0],
    [6, 1, 7],
    [7, 0, 8],
    [8, 6, 10],
    [12, 2, 14],
    [140, 0, 160],
  ]
  for (const [octets, fillBits, septets] of headers) {
    it(`begins after a header of ${octets} octets`, () => {
      assert.deepEqual([fillBitsAfter(octets), septetsTakenBy(octets)], [fillBits, septets])
    })
  }

  it('unpacks what it packed, wherever it begins', () => {
    const septets = fc.uint8Array({ max: 0x7f, maxLength: 180 })
    fc.assert(
      fc.property(septets, fc.nat(6), fc.nat(20), (septets, fillBits, at) => {
        const target = new Uint8Array(300).fill(0xff, 0, at)
        const end = packSeptets(septets, target, at, fillBits)
        if (septets.length > 0) assert.equal(end - at, Math.ceil((septets.length * 7 + fillBits) / 8))
        assert.deepEqual(unpackSeptets(target, at, septets.length, fillBits), septets)
      }),
    )
  })

  it('reads zeros beyond the end', () => {
    assert.deepEqual(unpackSeptets(Uint8Array.of(0x31), 0, 10, 0), Uint8Array.of(0x31, 0, 0, 0, 0, 0, 0, 0, 0, 0))
  })
})
