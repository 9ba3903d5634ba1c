import assert from 'node:assert/strict'
import fc from 'fast-check'
import { decodeIncoming, decodeOutgoing } from './decode.ts'
import type { DecodeOptions } from './decode.ts'
import { encodeDeliver, encodeStatusReport, encodeSubmit } from './encode.ts'
import { hexToOctets, octetsToHex } from './hex.ts'
import type { Deliver } from './pdu.ts'

const ADDRESS = '0491' + '1234'.replace(/(.)(.)/g, '$2$1')
const TIME = '62111201020300'

/** SMS-DELIVER of a first octet, TP-DCS, TP-UDL and TP-UD. */
const deliver = (first: string, coding: string, userData: string): string =>
  `00${first}${ADDRESS}00${coding}${TIME}${userData}`

function read(hex: string, options?: DecodeOptions): Deliver {
  const decoded = decodeIncoming(hex, options)
  if (!decoded.ok) throw new assert.AssertionError({ message: JSON.stringify(decoded.fault) })
  assert.equal(decoded.value.kind, 'deliver')
  return decoded.value
}

describe('what a modem gives', () => {
  const hello = deliver('04', '00', '05C8329BFD06')

  it('is read with what phones put around it', () => {
    const wanted = read(hello)
    assert.equal(wanted.text, 'Hello')
    const tpduLength = hello.length / 2 - 1
    const spellings: [hex: string, options?: DecodeOptions][] = [
      [hello.toLowerCase()],
      [`${hello}\r\n`],
      [` ${hello} `],
      [`"${hello}"`],
      [`${hello}FFFFFFFF`],
      [hello.padEnd(352, 'F'), { tpduLength }],
      [`${hello}00`, { tpduLength }],
      [hello.slice(2), { hasServiceCentre: false }],
      [hello.slice(2), { hasServiceCentre: false, tpduLength }],
    ]
    for (const [hex, options] of spellings) assert.deepEqual(read(hex, options), wanted, hex)
  })

  const faults: [title: string, hex: string, reason: string, message: RegExp, options?: DecodeOptions][] = [
    ['nothing', '', 'truncated', /service centre/],
    ['no hexadecimal', 'OK', 'notHex', /hexadecimal/],
    ['half an octet', '001', 'notHex', /pairs/],
    ['an empty slot', 'FF'.repeat(176), 'inconsistent', /service centre/],
    ['a service centre of 12 octets', `0C${'00'.repeat(40)}`, 'inconsistent', /11 is the most/],
    ['a sender of 21 digits', `000015${'91'.repeat(40)}`, 'inconsistent', /TP-OA has 21/],
    ['less than was announced', hello, 'truncated', /21 octets were announced/, { tpduLength: hello.length / 2 }],
    ['less than announced by more', hello, 'truncated', /TP-UD/, { tpduLength: hello.length / 2 - 2 }],
    ['a text cut short', deliver('04', '00', '05C8329BFD'), 'truncated', /TP-UD needs 5 octets, and 4 are left/],
    ['a header without user data', deliver('44', '00', '00'), 'inconsistent', /header/],
    ['a header longer than it', deliver('44', '04', '0305000301'), 'inconsistent', /header/],
    ['a header longer in septets', deliver('44', '00', '06050003010201'), 'inconsistent', /header/],
    ['an element longer than the header', deliver('44', '04', '0703000501020304'), 'inconsistent', /element 0/],
    ['a message to be sent', encodeSubmit({ to: '1', text: '' })[0]?.hex ?? '', 'unsupported', /TP-MTI 1/],
  ]
  for (const [title, hex, reason, message, options] of faults) {
    it(`is none: ${title}`, () => {
      const decoded = decodeIncoming(hex, options)
      assert.ok(!decoded.ok)
      assert.equal(decoded.fault.reason, reason)
      assert.match(decoded.fault.message, message)
      assert.equal(decoded.fault.raw, hex)
    })
  }

  it('says what was known before the fault', () => {
    const decoded = decodeIncoming(deliver('04', '00', '05C8'))
    assert.ok(!decoded.ok)
    assert.deepEqual([decoded.fault.from, decoded.fault.at], ['+1234', 16])
  })

  it('is a message where its type is reserved', () => {
    assert.equal(read(deliver('07', '00', '05C8329BFD06')).text, 'Hello')
  })

  it('is no message to be sent', () => {
    for (const hex of [hello, encodeStatusReport(REPORT).hex]) {
      const decoded = decodeOutgoing(hex)
      assert.equal(decoded.ok ? '' : decoded.fault.reason, 'unsupported')
    }
  })

  it('may have no time that is one', () => {
    const deliver = read(hello.replace(TIME, '00000000000000'))
    assert.deepEqual(['timestamp' in deliver, deliver.text], [false, 'Hello'])
  })

  it('may say more after a report', () => {
    const { hex } = encodeStatusReport(REPORT)
    assert.deepEqual(decodeIncoming(`${hex}07000005C8329BFD06`), decodeIncoming(hex))
  })

  // What is no text for people.
  const special: [title: string, hex: string, special: string | undefined, text: string | undefined][] = [
    ['a text', hello, undefined, 'Hello'],
    ['8-bit data', deliver('04', '04', '020102'), 'data', undefined],
    ['compressed text', deliver('04', '20', '020102'), 'data', undefined],
    ['compressed UCS-2', deliver('04', '28', '020102'), 'data', undefined],
    ['text for a port', deliver('44', '08', '09060504158100000041'), 'data', 'A'],
    ['a WAP push', deliver('44', '04', '0B0605040B8423F0010603AE'), 'wap-push', undefined],
    ['a secure WAP push', deliver('44', '04', '070605040B8523F0'), 'wap-push', undefined],
    ['an MMS', deliver('44', '04', '0B0605040B8423F0010603BE'), 'mms-notification', undefined],
    ['a WAP reply', deliver('44', '04', '0B0605040B8423F0010403BE'), 'wap-push', undefined],
    ['half a UCS-2 unit more', deliver('04', '08', '03004100'), undefined, 'A'],
  ]
  for (const [title, hex, what, text] of special) {
    it(`is ${title}`, () => {
      const deliver = read(hex)
      assert.deepEqual([deliver.special, deliver.text], [what, text])
    })
  }

  it('names an MMS in words too', () => {
    const type = octetsToHex(new TextEncoder().encode('application/vnd.wap.mms-message\0'))
    const push = `0605040B8423F0010621${type}`
    const userData = (push.length / 2).toString(16).padStart(2, '0') + push
    assert.equal(read(deliver('44', 'F5', userData)).special, 'mms-notification')
    assert.equal(read(deliver('44', 'F5', userData.replace('6D6D73', '6D6D74'))).special, 'wap-push')
  })

  it('uses the shift tables its header names', () => {
    const [pdu] = encodeDeliver({ from: '1', text: 'Şş ğ', language: { single: 1, locking: 1 } })
    const octets = hexToOctets(pdu?.hex ?? '') ?? assert.fail()
    assert.equal(read(octetsToHex(octets)).text, 'Şş ğ')
    // A language nobody knows leaves the default alphabet.
    const unknown = octetsToHex(octets).replace('240101', '240163').replace('250101', '250163')
    assert.equal(read(unknown).text, 'Ææ ø')
  })

  it('is read with every coding and every first octet', () => {
    for (let octet = 0; octet < 0x100; octet += 1) {
      const hex = octet.toString(16).padStart(2, '0')
      assert.equal(read(deliver('04', hex, '0400410042')).coding.octet, octet)
      assert.equal(typeof decodeIncoming(deliver(hex, '00', '0400410042')).ok, 'boolean')
    }
  })

  it('never makes the codec throw', () => {
    const [one] = encodeDeliver({
      from: 'Bank',
      smsc: '+123',
      text: 'a'.repeat(200),
      ports: { destination: 1, source: 2 },
    })
    const valid = hexToOctets(one?.hex ?? '') ?? assert.fail()
    const damage = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 5 })
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      damage.map(changes => {
        const octets = valid.slice()
        for (const [at, octet] of changes) octets[at] = octet
        return octets
      }),
    )
    const options = fc.record(
      { tpduLength: fc.integer({ min: -1, max: 300 }), hasServiceCentre: fc.boolean() },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(anything, options, (octets, options) => {
        for (const decode of [decodeIncoming, decodeOutgoing]) {
          const decoded = decode(octetsToHex(octets), options)
          if (!decoded.ok) assert.ok(decoded.fault.at >= 0 && decoded.fault.at <= octets.length)
        }
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => assert.equal(typeof decodeIncoming(text).ok, 'boolean')),
    )
  })
})

const REPORT = { to: '+1', reference: 1, status: 0, sentAtMs: Date.UTC(2026), dischargedAtMs: Date.UTC(2026) }
