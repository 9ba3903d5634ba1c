import assert from 'node:assert/strict'
import { groupKey, joinParts } from './concat.ts'
import { decodeIncoming } from './decode.ts'
import { encodeDeliver } from './encode.ts'
import type { DeliverMessage } from './encode.ts'
import type { Deliver, UserDataHeader } from './pdu.ts'

const TEXT = 'one '.repeat(100)

function deliversOf(message: Partial<DeliverMessage>): Deliver[] {
  return encodeDeliver({ from: '+123', reference: 7, ...message }).map(({ hex }) => {
    const decoded = decodeIncoming(hex)
    assert.ok(decoded.ok && decoded.value.kind === 'deliver')
    return decoded.value
  })
}

/** A part that says it is of a message, whose octets are given. */
function partOf(
  index: number,
  total: number,
  data: readonly number[],
  alphabet: 'gsm7' | 'ucs2',
  tables: Pick<UserDataHeader, 'singleShift' | 'lockingShift'> = {},
): Deliver {
  const [made] = deliversOf({ text: '' })
  assert.ok(made)
  const header = { elements: [], concat: { reference: 7, bits: 8, total, index } as const, ...tables }
  const coding = { octet: alphabet === 'gsm7' ? 0 : 8, alphabet, compressed: false }
  return { ...made, coding, header, octets: Uint8Array.from(data), text: '?' }
}

describe('parts of a message', () => {
  it('have a key of their own', () => {
    const key = (message: Partial<DeliverMessage>): string =>
      groupKey(deliversOf({ text: TEXT, ...message })[0] ?? assert.fail()) ?? ''
    const keys = [
      {},
      { from: '+124' },
      { reference: 8 },
      { referenceBits: 16 as const },
      { text: TEXT + TEXT },
      { from: 'Bank' },
    ].map(key)
    assert.equal(new Set(keys).size, keys.length)
    assert.equal(key({}), key({ text: TEXT.toUpperCase() }))
    const [first, second] = deliversOf({ text: TEXT })
    assert.equal(groupKey(first ?? assert.fail()), groupKey(second ?? assert.fail()))
    assert.equal(groupKey(deliversOf({ text: 'whole' })[0] ?? assert.fail()), undefined)
  })

  it('are joined in order, once each, whatever else comes', () => {
    const parts = deliversOf({ text: TEXT })
    const [first, second, third] = parts
    assert.ok(first && second && third && parts.length === 3)
    const others = deliversOf({ text: TEXT.toUpperCase(), reference: 8 })
    assert.deepEqual(joinParts([third, first, second]), { text: TEXT, missing: [] })
    assert.deepEqual(joinParts([third, third, first, ...others, second, first]), { text: TEXT, missing: [] })
    const changed = { ...first, octets: second.octets }
    assert.deepEqual(joinParts([third, first, second, changed]), { text: TEXT, missing: [] })
    assert.deepEqual(joinParts([third]), { text: third.text, missing: [1, 2] })
    assert.deepEqual(joinParts([third, first]), { text: `${first.text}${third.text}`, missing: [2] })
    assert.deepEqual(joinParts([]), { text: '', missing: [] })
    assert.deepEqual(joinParts(deliversOf({ text: 'whole' })), { text: 'whole', missing: [] })
  })

  // Some senders cut where nobody should.
  it('may cut a surrogate pair in two', () => {
    const [first, second] = [partOf(1, 2, [0x00, 0x41, 0xd8, 0x3d], 'ucs2'), partOf(2, 2, [0xde, 0x00], 'ucs2')]
    assert.equal(joinParts([second, first]).text, 'A😀')
    assert.deepEqual(joinParts([first]), { text: 'A\ufffd', missing: [2] })
    assert.deepEqual(joinParts([second]), { text: '\ufffd', missing: [1] })
  })

  it('may cut a code unit in two, or have half of one too many', () => {
    const cut = [partOf(1, 2, [0x04, 0x1f, 0x04], 'ucs2'), partOf(2, 2, [0x40, 0x04, 0x38], 'ucs2')]
    assert.equal(joinParts(cut).text, 'При')
    const more = [partOf(1, 2, [0x04, 0x1f, 0x04], 'ucs2'), partOf(2, 2, [0x04, 0x40], 'ucs2')]
    assert.equal(joinParts(more).text, 'Пр')
  })

  it('may cut an ESC pair in two', () => {
    assert.equal(joinParts([partOf(1, 2, [0x41, 0x1b], 'gsm7'), partOf(2, 2, [0x65], 'gsm7')]).text, 'A€')
    // Not where the other half is missing.
    assert.equal(joinParts([partOf(1, 3, [0x41, 0x1b], 'gsm7'), partOf(3, 3, [0x65], 'gsm7')]).text, 'A e')
  })

  it('may each be written in another way', () => {
    const mixed = [
      partOf(1, 3, [0x41], 'gsm7'),
      partOf(2, 3, [0x04, 0x1f], 'ucs2'),
      partOf(3, 3, [0x1c], 'gsm7', { lockingShift: 1 }),
    ]
    assert.deepEqual(joinParts(mixed), { text: 'AПŞ', missing: [] })
    // Tables that differ in one of the two only.
    for (const tables of [{ singleShift: 1 }, { lockingShift: 1 }]) {
      const pair = [partOf(1, 2, [0x41, 0x1b], 'gsm7'), partOf(2, 2, [0x67], 'gsm7', tables)]
      assert.equal(joinParts(pair).text, 'A g')
    }
  })

  it('may be data', () => {
    const data = Uint8Array.from({ length: 300 }, (_, at) => at)
    const parts = deliversOf({ data, ports: { destination: 2948, source: 9200 } })
    assert.deepEqual(joinParts(parts), { text: '', data, missing: [] })
  })
})
