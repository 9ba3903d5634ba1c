import assert from 'node:assert/strict'
import fc from 'fast-check'
import { DEFAULT_ALPHABET, ESCAPE, EXTENSION_TABLE } from './alphabet.ts'
import { charsetOf, decodeSeptets } from './charset.ts'
import { joinParts } from './concat.ts'
import { decodeIncoming, decodeOutgoing } from './decode.ts'
import { encodeDeliver, EncodeError, encodeStatusReport, encodeSubmit } from './encode.ts'
import type { DeliverMessage, SubmitMessage } from './encode.ts'
import type { Decoded, Deliver, EncodedPdu, Submit } from './pdu.ts'

const TO = '+380501234567'
const GSM7 = [...DEFAULT_ALPHABET.replace('\x1B', '').split(''), ...EXTENSION_TABLE.values()]

function value<T>(decoded: Decoded<T>): T {
  if (!decoded.ok) throw new assert.AssertionError({ message: JSON.stringify(decoded.fault) })
  return decoded.value
}

const submitsOf = (message: Omit<SubmitMessage, 'to'>): readonly Submit[] =>
  encodeSubmit({ to: TO, ...message }).map(({ hex, tpduLength }) => value(decodeOutgoing(hex, { tpduLength })))

const deliversOf = (message: Omit<DeliverMessage, 'from'>): readonly Deliver[] =>
  encodeDeliver({ from: TO, ...message }).map(({ hex, tpduLength }) => {
    const read = value(decodeIncoming(hex, { tpduLength }))
    assert.equal(read.kind, 'deliver')
    return read
  })

describe('a message to be sent', () => {
  it('says everything it was told to say', () => {
    const [submit, ...others] = submitsOf({
      text: 'Hello',
      smsc: '+380670000000',
      flash: true,
      deliveryReport: true,
      validityMinutes: 61,
      replyPath: true,
      rejectDuplicates: true,
      pid: 0x41,
    })
    assert.deepEqual(others, [])
    const { octets, ...said } = submit ?? assert.fail()
    assert.deepEqual(said, {
      kind: 'submit',
      smsc: { number: '+380670000000', ton: 1, npi: 1 },
      to: { number: TO, ton: 1, npi: 1 },
      reference: 0,
      pid: 0x41,
      validity: { format: 'relative', minutes: 65 },
      rejectDuplicates: true,
      reportRequested: true,
      replyPath: true,
      coding: { octet: 0x10, alphabet: 'gsm7', compressed: false, class: 0 },
      text: 'Hello',
    })
    assert.equal(octets.length, 5)
  })

  it('says nothing else', () => {
    assert.deepEqual(encodeSubmit({ to: '112', text: '' }), [{ hex: '000100038111F2000000', tpduLength: 9 }])
  })

  it('carries data to a port', () => {
    const data = Uint8Array.from({ length: 134 }, (_, at) => at)
    for (const [ports, octets] of [
      [{ destination: 2948, source: 9200 }, 133],
      [{ destination: 240, source: 0, bits: 8 }, 134],
    ] as const) {
      const [submit, ...others] = submitsOf({ data: data.subarray(0, octets), ports })
      assert.deepEqual(others, [])
      assert.deepEqual(submit?.octets, data.slice(0, octets))
      assert.deepEqual(submit?.header?.ports, { bits: 16, ...ports })
      assert.equal(submitsOf({ data: new Uint8Array(octets + 3), ports }).length, 2)
    }
    assert.equal(submitsOf({ data })[0]?.text, undefined)
  })

  // Units of a part alone and of each of several: 140 octets without the header.
  const sizes: [what: string, unit: string, options: Partial<SubmitMessage>, alone: number, each: number][] = [
    ['GSM 7-bit', 'a', {}, 160, 153],
    ['GSM 7-bit, 16 bits', 'a', { referenceBits: 16, reference: 0xffff }, 160, 152],
    ['GSM 7-bit with ports', 'a', { ports: { destination: 1, source: 2 } }, 152, 146],
    ['pairs', '€', {}, 80, 76],
    ['Turkish single shift', 'ğ', { language: { single: 1 } }, 77, 74],
    ['Turkish locking shift', 'ğ', { language: { locking: 1 } }, 155, 149],
    ['Turkish both', 'ğ', { language: { single: 1, locking: 1 } }, 152, 146],
    ['UCS-2', 'ж', {}, 70, 67],
    ['UCS-2, 16 bits', 'ж', { referenceBits: 16 }, 70, 66],
    ['surrogate pairs', '😀', {}, 35, 33],
    ['GSM 7-bit as UCS-2', 'a', { encoding: 'ucs2' }, 70, 67],
  ]
  for (const [what, unit, options, alone, each] of sizes) {
    it(`fits ${alone} of ${what} alone, ${each} in each of several`, () => {
      const lengths = (count: number) =>
        submitsOf({ text: unit.repeat(count), ...options }).map(({ text = '' }) => text.length / unit.length)
      assert.deepEqual(lengths(alone), [alone])
      assert.deepEqual(lengths(alone + 1), [each, alone + 1 - each])
      assert.deepEqual(lengths(each * 3), [each, each, each])
      for (const { tpduLength } of encodeSubmit({ to: TO, text: unit.repeat(each * 2), ...options }))
        assert.ok(tpduLength <= 164 && tpduLength > 148, String(tpduLength))
    })
  }

  it('numbers its parts', () => {
    const concats = submitsOf({ text: 'a'.repeat(400), reference: 7 }).map(({ header }) => header?.concat)
    assert.deepEqual(
      concats,
      [1, 2, 3].map(index => ({ reference: 7, bits: 8, total: 3, index })),
    )
  })

  it('takes shift tables only where it is allowed and it pays', () => {
    const turkish = 'Bugün hava çok güzel, değil mi? Şimdi İstanbul’a gidiyoruz'.replace('’', "'")
    const said = (text: string, language?: SubmitMessage['language']): string => {
      const [first, ...others] = submitsOf({ text, language })
      const { singleShift = 0, lockingShift = 0 } = first?.header ?? {}
      return `${first?.coding.alphabet} ${1 + others.length} ${singleShift} ${lockingShift}`
    }
    assert.equal(said(turkish.repeat(2)), 'ucs2 2 0 0')
    assert.equal(said(turkish.repeat(2), 'auto'), 'gsm7 1 0 1')
    // Nothing is gained.
    assert.equal(said('değil', 'auto'), 'ucs2 1 0 0')
    assert.equal(said('değil', { single: 1 }), 'gsm7 1 1 0')
    assert.equal(said('plain', { single: 1, locking: 1 }), 'gsm7 1 0 0')
    assert.equal(said('नमस्ते, आप कैसे हैं? '.repeat(7), 'auto'), 'gsm7 1 0 6')
    assert.equal(said('ж'.repeat(100), 'auto'), 'ucs2 2 0 0')
    assert.equal(said('ж', { single: 1 }), 'ucs2 1 0 0')
  })

  const refused: [title: string, message: Partial<SubmitMessage>, problem: string][] = [
    ['a name as recipient', { to: 'Bank' }, 'address'],
    ['no recipient', { to: '' }, 'address'],
    ['a plus alone', { to: '+' }, 'address'],
    ['21 digits', { to: '123456789012345678901' }, 'address'],
    ['a name as centre', { smsc: 'Centre' }, 'address'],
    ['Cyrillic in GSM 7-bit', { text: 'ж', encoding: 'gsm7' }, 'text'],
    ['Cyrillic in GSM 7-bit of any language', { text: 'ж', encoding: 'gsm7', language: 'auto' }, 'text'],
    ['a lone surrogate', { text: 'a\ud83d' }, 'text'],
    ['256 parts', { text: 'a'.repeat(153 * 255 + 1) }, 'length'],
    ['256 parts of data', { data: new Uint8Array(134 * 255 + 1) }, 'length'],
    ['both text and data', { text: 'a', data: new Uint8Array(1) }, 'option'],
    ['a reference too big', { text: 'a', reference: 256 }, 'option'],
    ['a reference too big for 16 bits', { text: 'a', reference: 65_536, referenceBits: 16 }, 'option'],
    ['a port too big', { text: 'a', ports: { destination: 65_536, source: 0 } }, 'option'],
    ['a port too big for 8 bits', { text: 'a', ports: { destination: 0, source: 256, bits: 8 } }, 'option'],
    ['a protocol too big', { text: 'a', pid: 256 }, 'option'],
    ['no time', { text: 'a', validityMinutes: Number.NaN }, 'option'],
    ['Spanish locking shift', { text: 'á', language: { locking: 2 } }, 'option'],
    ['a language nobody knows', { text: 'á', language: { single: 14 } }, 'option'],
  ]
  for (const [title, message, problem] of refused) {
    it(`cannot have ${title}`, () => {
      assert.throws(
        () => encodeSubmit({ to: TO, ...message }),
        (error: unknown) => error instanceof EncodeError && error.problem === problem && error.name === 'EncodeError',
      )
    })
  }

  it('writes the longest there can be', () => {
    const parts = encodeSubmit({
      to: '1'.repeat(20),
      smsc: '2'.repeat(20),
      text: 'a'.repeat(153 * 255),
      validityMinutes: 5,
    })
    assert.equal(parts.length, 255)
    const last = value(decodeOutgoing(parts[254]?.hex ?? ''))
    assert.equal(last.text, 'a'.repeat(153))
    assert.equal(submitsOf({ text: 'ğ'.repeat(149 * 255), language: 'auto' }).length, 255)
  })
})

describe('a message as it comes', () => {
  it('says everything it was told to say', () => {
    const ms = Date.parse('2026-11-21T10:20:30+05:45')
    const [deliver] = encodeDeliver({
      from: 'Bank',
      text: 'Привіт',
      smsc: '+380670000000',
      timestamp: { ms, offsetQuarters: 23 },
      moreToSend: true,
      reportRequested: true,
      replyPath: true,
    })
    const { octets, ...said } = value(decodeIncoming(deliver?.hex ?? '')) as Deliver
    assert.equal(octets.length, 12)
    assert.deepEqual(said, {
      kind: 'deliver',
      smsc: { number: '+380670000000', ton: 1, npi: 1 },
      from: { number: 'Bank', ton: 5, npi: 0 },
      pid: 0,
      timestamp: { iso: '2026-11-21T10:20:30+05:45', ms },
      moreToSend: true,
      reportRequested: true,
      replyPath: true,
      coding: { octet: 8, alphabet: 'ucs2', compressed: false },
      text: 'Привіт',
    })
  })

  it('says nothing else', () => {
    const [deliver] = deliversOf({ text: '' })
    assert.deepEqual(
      [deliver?.moreToSend, deliver?.reportRequested, deliver?.replyPath, deliver?.smsc, deliver?.timestamp?.iso],
      [false, false, false, undefined, '2000-01-01T00:00:00Z'],
    )
  })
})

describe('a delivery report', () => {
  it('says everything it was told to say', () => {
    const sentAtMs = Date.parse('2026-11-21T10:20:30-03:30')
    const dischargedAtMs = sentAtMs + 61_000
    const pdu = encodeStatusReport({
      to: TO,
      reference: 200,
      status: 0x46,
      sentAtMs,
      dischargedAtMs,
      offsetQuarters: -14,
      smsc: '+1',
    })
    assert.deepEqual(value(decodeIncoming(pdu.hex, { tpduLength: pdu.tpduLength })), {
      kind: 'status-report',
      smsc: { number: '+1', ton: 1, npi: 1 },
      reference: 200,
      to: { number: TO, ton: 1, npi: 1 },
      sentAt: { iso: '2026-11-21T10:20:30-03:30', ms: sentAtMs },
      dischargedAt: { iso: '2026-11-21T10:21:31-03:30', ms: dischargedAtMs },
      status: 0x46,
      outcome: 'expired',
    })
  })

  it('needs octets', () => {
    const report = { to: TO, reference: 0, status: 0, sentAtMs: 0, dischargedAtMs: 0 }
    for (const wrong of [{ reference: 256 }, { status: -1 }, { sentAtMs: 0 }])
      assert.throws(() => encodeStatusReport({ ...report, ...wrong }), EncodeError)
  })
})

describe('what is written', () => {
  const character = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...GSM7) },
    { weight: 1, arbitrary: fc.constantFrom('€', '[', '😀', 'ж', 'ğ', 'न', '\u2028', '\0') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  )
  const gsm7 = fc.array(fc.constantFrom(...GSM7), { maxLength: 700 }).map(all => all.join(''))
  const any = fc.array(character, { maxLength: 300 }).map(all => all.join(''))
  const options = fc.record(
    {
      encoding: fc.constantFrom('auto', 'ucs2'),
      referenceBits: fc.constantFrom(8, 16),
      reference: fc.nat(255),
      language: fc.oneof(fc.constant('auto'), fc.record({ single: fc.nat(13) })),
      ports: fc.record({ destination: fc.nat(65_535), source: fc.nat(65_535) }),
      flash: fc.boolean(),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Partial<DeliverMessage>>

  it('is read as the same text, in whatever order the parts come', () => {
    fc.assert(
      fc.property(fc.oneof(gsm7, any), options, fc.infiniteStream(fc.nat()), (text, options, picks) => {
        const parts = deliversOf({ text, ...options })
        const shuffled = parts
          .map(part => ({ part, at: picks.next().value }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ part }) => part)
        const { text: joined, missing } = joinParts(shuffled)
        assert.deepEqual([joined, missing], [text, []])
        // Each part is a text of its own: no pair is cut in two.
        assert.equal(parts.map(part => part.text).join(''), text)
        for (const part of parts) assert.ok((part.text as string & { isWellFormed(): boolean }).isWellFormed())
      }),
    )
  })

  it('is read in every pair of shift tables', () => {
    const languages = fc.record({
      single: fc.nat(13),
      locking: fc.constantFrom(0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13),
    })
    const picks = fc.array(fc.nat(255), { maxLength: 400 })
    fc.assert(
      fc.property(languages, picks, (language, picks) => {
        const septets = picks.flatMap(pick => (pick < 0x80 ? [pick] : [ESCAPE, pick - 0x80]))
        const text = decodeSeptets(Uint8Array.from(septets), charsetOf(language.locking, language.single))
        const parts = deliversOf({ text, language, encoding: 'gsm7' })
        assert.equal(joinParts(parts).text, text)
        assert.equal(parts[0]?.coding.alphabet, 'gsm7')
      }),
    )
  })

  it('is read as the same data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), options, (data, options) => {
        const parts = deliversOf({ data, ...options })
        assert.deepEqual(joinParts(parts), { text: '', data, missing: [] })
      }),
    )
  })

  it('is a fault when it is cut anywhere, and never a wrong text', () => {
    const short = fc.array(character, { maxLength: 200 }).map(all => all.join(''))
    fc.assert(
      fc.property(short, options, (text, options) => {
        const decodings: [parts: readonly EncodedPdu[], decode: typeof decodeIncoming | typeof decodeOutgoing][] = [
          [encodeDeliver({ from: TO, smsc: TO, text, ...options }), decodeIncoming],
          [encodeSubmit({ to: TO, text, validityMinutes: 5, ...options }), decodeOutgoing],
        ]
        for (const [parts, decode] of decodings) {
          const { hex, tpduLength } = parts[0] ?? assert.fail()
          for (let digits = 0; digits < hex.length; digits += 1) {
            assert.equal(decode(hex.slice(0, digits)).ok, false, `cut after ${digits} digits`)
            assert.equal(decode(hex.slice(0, digits), { tpduLength }).ok, false)
          }
        }
      }),
      { numRuns: 30 },
    )
  })
})
