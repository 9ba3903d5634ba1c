import assert from 'node:assert/strict'
import fc from 'fast-check'
import { addressFrom, readAddress, readServiceCentre, writeAddress, writeServiceCentre } from './address.ts'
import { DEFAULT_ALPHABET } from './alphabet.ts'
import { EncodeError } from './encode-error.ts'
import { hexToOctets, octetsToHex } from './hex.ts'
import type { Address } from './pdu.ts'
import type { Reader } from './reader.ts'

function readerOf(hex: string): Reader {
  const octets = hexToOctets(hex) ?? assert.fail(hex)
  return { octets, at: 0, end: octets.length }
}

function written(address: Address, write = writeAddress): string {
  const target = new Uint8Array(20)
  return octetsToHex(target, write(address, target, 0))
}

describe('an address', () => {
  const known: [text: string, address: Address, hex: string][] = [
    ['+380501234567', { number: '+380501234567', ton: 1, npi: 1 }, '0C91835010325476'],
    ['112', { number: '112', ton: 0, npi: 1 }, '038111F2'],
    ['*100#', { number: '*100#', ton: 0, npi: 1 }, '05811A00FB'],
    ['1abc', { number: '1abc', ton: 0, npi: 1 }, '0481C1ED'],
    ['Bank', { number: 'Bank', ton: 5, npi: 0 }, '07D0C2B07B0D'],
    ['Über€', { number: 'Über€', ton: 5, npi: 0 }, '0BD05E7159BE2903'],
    ['', { number: '', ton: 5, npi: 0 }, '00D0'],
  ]
  for (const [text, address, hex] of known) {
    it(`${JSON.stringify(text)} is ${hex}`, () => {
      assert.deepEqual(addressFrom(text), address)
      assert.equal(written(address), hex)
      assert.deepEqual(readAddress(readerOf(hex), 'it'), address)
    })
  }

  it('ends where the filling begins, and reads what some networks put in front of a number', () => {
    assert.equal(readAddress(readerOf('0491F1FF'), 'it').number, '+1')
    assert.equal(readAddress(readerOf('0F910B488350103254F6'), 'it').number, '+#08438050123456')
  })

  it('of a service centre counts octets, and may be missing', () => {
    assert.equal(readServiceCentre(readerOf('00')), undefined)
    assert.equal(written({ number: '+1234', ton: 1, npi: 1 }, writeServiceCentre), '03912143')
    assert.equal(written({ number: '123', ton: 0, npi: 1 }, writeServiceCentre), '038121F3')
    assert.deepEqual(readServiceCentre(readerOf('0181')), { number: '', ton: 0, npi: 1 })
    assert.equal(octetsToHex(new Uint8Array(1), writeServiceCentre(undefined, new Uint8Array(1), 0)), '00')
  })

  const refused: [address: Address, write: typeof writeAddress][] = [
    [{ number: '123456789012345678901', ton: 0, npi: 1 }, writeAddress],
    [{ number: '12 34', ton: 1, npi: 1 }, writeAddress],
    [{ number: 'Twelve chars', ton: 5, npi: 0 }, writeAddress],
    [{ number: '€€€€€€', ton: 5, npi: 0 }, writeAddress],
    [{ number: 'Банк', ton: 5, npi: 0 }, writeAddress],
    [{ number: 'Bank', ton: 5, npi: 0 }, writeServiceCentre],
    [{ number: '1', ton: 8, npi: 1 }, writeAddress],
    [{ number: '1', ton: 1, npi: 16 }, writeServiceCentre],
  ]
  for (const [address, write] of refused)
    it(`refuses ${JSON.stringify(address)}`, () => assert.throws(() => written(address, write), EncodeError))

  it('is read as it was written', () => {
    const digit = fc.constantFrom(...'0123456789*#abc'.split(''))
    const digits = fc.string({ unit: digit, maxLength: 20 })
    const letters = DEFAULT_ALPHABET.replace('\x1B', '').split('')
    const plain = { noNullPrototype: true }
    const types = { ton: fc.constantFrom(0, 2, 3, 4, 6, 7), npi: fc.nat(15) }
    const number = fc.oneof(
      fc.record({ number: digits, ...types }, plain),
      fc.record({ number: digits.map(text => `+${text}`), ton: fc.constant(1), npi: fc.nat(15) }, plain),
    )
    const name = fc.record(
      { number: fc.string({ unit: fc.constantFrom(...letters), maxLength: 11 }), ton: fc.constant(5), npi: fc.nat(15) },
      plain,
    )
    fc.assert(
      fc.property(fc.oneof(number, name), address => {
        assert.deepEqual(readAddress(readerOf(written(address)), 'it'), address)
      }),
    )
    fc.assert(
      fc.property(number, address => {
        assert.deepEqual(readServiceCentre(readerOf(written(address, writeServiceCentre))), address)
      }),
    )
  })
})
