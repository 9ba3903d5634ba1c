import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  concatElement,
  headerOctets,
  lockingShiftElement,
  portsElement,
  readHeader,
  singleShiftElement,
  writeHeader,
} from './header.ts'
import { hexToOctets, octetsToHex } from './hex.ts'
import type { UserDataHeader } from './pdu.ts'

/** Without its length. */
function read(hex: string): Omit<UserDataHeader, 'elements'> {
  const octets = hexToOctets(hex) ?? assert.fail(hex)
  const { elements, ...meaning } = readHeader(octets, 0, octets.length)
  const target = new Uint8Array(300)
  assert.equal(octetsToHex(target, writeHeader(elements, target, 0)).slice(2), hex)
  return meaning
}

describe('a user data header', () => {
  // 3GPP TS 23.040 §9.2.3.24.
  const known: [hex: string, meaning: Omit<UserDataHeader, 'elements'>][] = [
    ['00032A0302', { concat: { reference: 42, bits: 8, total: 3, index: 2 } }],
    ['0804123403FF', {}],
    ['080412340302', { concat: { reference: 0x1234, bits: 16, total: 3, index: 2 } }],
    // A part that cannot be.
    ['00032A0304', {}],
    ['00032A0300', {}],
    ['00032A0000', {}],
    // Of another length than it has.
    ['00022A03', {}],
    ['050323F00B', {}],
    // The last of two counts.
    ['00032A030200032B0202', { concat: { reference: 43, bits: 8, total: 2, index: 2 } }],
    ['00032A0302080412340201', { concat: { reference: 0x1234, bits: 16, total: 2, index: 1 } }],
    ['0402F0E1', { ports: { destination: 0xf0, source: 0xe1, bits: 8 } }],
    ['05040B8423F0', { ports: { destination: 2948, source: 9200, bits: 16 } }],
    ['240101', { singleShift: 1 }],
    ['25010D', { lockingShift: 13 }],
    ['01028003', { waiting: { kind: 'voicemail', active: true, store: true, count: 3 } }],
    ['01020200', { waiting: { kind: 'email', active: false, store: false, count: 0 } }],
    ['7000', {}],
    ['0A0300041000032A0302', { concat: { reference: 42, bits: 8, total: 3, index: 2 } }],
    ['', {}],
  ]
  for (const [hex, meaning] of known)
    it(`${hex || 'of nothing'} says ${JSON.stringify(meaning)}`, () => assert.deepEqual(read(hex), meaning))

  for (const hex of ['00', '0003', '00032A03', '7001', '00032A030200'])
    it(`${hex} reaches beyond its end`, () => {
      const octets = hexToOctets(`${hex}FFFFFFFF`) ?? assert.fail()
      assert.throws(() => readHeader(octets, 0, hex.length / 2), { reason: 'inconsistent' })
    })

  it('is made of elements that say the same when read', () => {
    const concat = { reference: 0x1234, bits: 16, total: 200, index: 7 } as const
    const ports = { destination: 2948, source: 9200, bits: 16 } as const
    const elements = [concatElement(concat), portsElement(ports), singleShiftElement(3), lockingShiftElement(4)]
    const target = new Uint8Array(100)
    const end = writeHeader(elements, target, 3)
    assert.equal(end - 3, headerOctets(elements))
    const read = readHeader(target, 4, end)
    assert.deepEqual(read, { elements, concat, ports, singleShift: 3, lockingShift: 4 })
    assert.deepEqual(headerOctets([]), 0)
  })

  it('keeps every element, known or not', () => {
    const element = fc.record({ iei: fc.nat(255), data: fc.uint8Array({ maxLength: 12 }) }, { noNullPrototype: true })
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 8 }), elements => {
        const target = new Uint8Array(200)
        const end = writeHeader(elements, target, 0)
        assert.equal(target[0], end - 1)
        assert.deepEqual(readHeader(target, 1, end).elements, elements)
      }),
    )
  })
})
