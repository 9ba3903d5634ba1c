import assert from 'node:assert/strict'
import fc from 'fast-check'
import { hexToOctets, octetsToHex } from './hex.ts'

describe('hexadecimal text', () => {
  it('reads both cases and writes capitals', () => {
    assert.deepEqual(hexToOctets('00fFaB10'), Uint8Array.of(0x00, 0xff, 0xab, 0x10))
    assert.equal(octetsToHex(Uint8Array.of(0x00, 0xff, 0xab, 0x10)), '00FFAB10')
    assert.equal(octetsToHex(Uint8Array.of(1, 2, 3), 2), '0102')
    assert.deepEqual(hexToOctets(''), new Uint8Array())
  })

  for (const wrong of ['0', '0g', 'g0', '0 ', ' 0', '0x', '٠٠', '0\u0130', '00\u{1F4F1}', '0-', '/0', ':0', '@0', '`0'])
    it(`takes ${JSON.stringify(wrong)} for none`, () => assert.equal(hexToOctets(wrong), undefined))

  it('takes a long text for none whose last character is none', () => {
    for (const length of [2, 510, 512, 514]) {
      const digits = 'A'.repeat(length)
      assert.equal(hexToOctets(digits)?.length, length / 2)
      for (const last of ['\u00e9', '\u0141', '\u20ac', 'G'])
        assert.equal(hexToOctets(digits.slice(1) + last), undefined)
    }
  })

  it('reads what it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), octets => {
        assert.deepEqual(hexToOctets(octetsToHex(octets)), octets)
        assert.equal(octetsToHex(octets), Buffer.from(octets).toString('hex').toUpperCase())
      }),
    )
  })
})
