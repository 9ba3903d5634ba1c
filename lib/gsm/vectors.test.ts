import assert from 'node:assert/strict'
import vectors from '../../test/vectors/pdu-vectors.json' with { type: 'json' }
import { readAddress, readServiceCentre, addressFrom, writeAddress, writeServiceCentre } from './address.ts'
import { decodeCellBroadcast } from './cell-broadcast.ts'
import { charsetOf, decodeSeptets } from './charset.ts'
import { decodeIncoming, decodeOutgoing } from './decode.ts'
import { encodeSubmit } from './encode.ts'
import type { SubmitMessage } from './encode.ts'
import { hexToOctets, octetsToHex } from './hex.ts'
import type { Address, Decoded, Deliver, StatusReport, Submit, UserData } from './pdu.ts'
import type { Reader } from './reader.ts'
import { readTimestamp } from './timestamp.ts'
import { relativeValidity } from './validity.ts'

// Facts of other projects' tests: what a PDU of the field says. Each has its source beside it.
interface Vector {
  readonly source: string
  readonly kind: string
  readonly pdu?: string
  readonly direction?: string
  readonly sca?: boolean
  readonly tpdu_len?: number
  readonly expect: Expected
}

type Expected = Readonly<Record<string, unknown>>

const COUNT = 106

describe('PDU vectors', () => {
  it('are all here', () => {
    assert.equal(vectors.length, COUNT)
  })

  for (const [place, vector] of (vectors as readonly Vector[]).entries()) {
    const { kind, source, pdu = '' } = vector
    const title = `${place} ${kind} ${pdu.slice(0, 40)} of ${source.split(' ')[0]}`
    it(title, () => {
      const run = KINDS[kind]
      assert.ok(run, `a kind that is not known: ${kind}`)
      run(vector)
    })
  }
})

const KINDS: Readonly<Record<string, (vector: Vector) => void>> = {
  deliver: vector => {
    const deliver = read(vector, decodeIncoming) as Deliver
    assert.equal(deliver.kind, 'deliver')
    compare(vector.expect, {
      ...userDataFacts(deliver, vector),
      ...addressFacts(deliver.from),
      ...deliverFacts(deliver),
    })
  },
  submit: vector => {
    const submit = read(vector, decodeOutgoing)
    compare(vector.expect, { ...userDataFacts(submit, vector), ...addressFacts(submit.to), ...submitFacts(submit) })
    if (vector.direction === 'encode') encodes(submit, vector)
  },
  'status-report': vector => {
    const report = read(vector, decodeIncoming) as StatusReport
    assert.equal(report.kind, 'status-report')
    compare(vector.expect, {
      smsc: report.smsc?.number ?? null,
      number: report.to.number,
      mr: report.reference,
      status: report.status,
      timestamp: report.sentAt?.iso,
      discharge: report.dischargedAt?.iso,
    })
  },
  invalid: ({ pdu = '' }) => {
    for (const decoded of [decodeIncoming(pdu), decodeOutgoing(pdu)]) {
      assert.equal(decoded.ok, false)
      if (!decoded.ok) assert.equal(decoded.fault.raw, pdu)
    }
  },
  smsc: ({ pdu = '', expect }) => {
    assert.deepEqual(readServiceCentre(readerOf(pdu)), addressFrom(expect['number'] as string))
    const target = new Uint8Array(20)
    const end = writeServiceCentre(addressFrom(expect['number'] as string), target, 0)
    assert.equal(octetsToHex(target, end), pdu)
  },
  address: ({ pdu = '', expect }) => {
    assert.deepEqual(readAddress(readerOf(pdu), 'address'), addressFrom(expect['number'] as string))
    const target = new Uint8Array(20)
    const end = writeAddress(addressFrom(expect['number'] as string), target, 0)
    assert.equal(octetsToHex(target, end), pdu)
  },
  scts: ({ pdu = '', expect }) => assert.equal(readTimestamp(octetsOf(pdu), 0)?.iso, expect['timestamp']),
  count: ({ expect }) => {
    for (const [what, count] of expect['cases'] as readonly [string, number][]) counts(what, count)
  },
  cbs: ({ pdu = '', expect }) => {
    const page = value(decodeCellBroadcast(pdu))
    compare(expect, { ...page, dcs: page.coding, lang: page.language })
  },
}

function deliverFacts({ smsc, timestamp, pid }: Deliver): Expected {
  return { smsc: smsc?.number ?? null, timestamp: timestamp?.iso, pid }
}

function submitFacts({ smsc, validity, reportRequested, reference }: Submit): Expected {
  return {
    smsc: smsc?.number ?? null,
    vp: validity?.format === 'relative' ? relativeValidity(validity.minutes) : undefined,
    vpAbsolute: validity?.format === 'absolute' ? validity.until.iso : undefined,
    srr: reportRequested,
    mr: reference,
  }
}

const addressFacts = ({ number, ton, npi }: Address): Expected => ({ number, ton, npi })

function userDataFacts(data: UserData, { expect }: Vector): Expected {
  const { coding, header, octets } = data
  const { concat, ports } = header ?? {}
  // Some of the vectors are septets whose tables nothing in the PDU names.
  const tables = 'lockingTable' in expect
  const charset = charsetOf(expect['lockingTable'] as number, expect['singleTable'] as number)
  return {
    dcs: coding.octet,
    class: coding.class,
    text: tables ? decodeSeptets(octets, charset) : data.text,
    data: octetsToHex(octets),
    udl: octets.length,
    udh: header && udhOf(header.elements),
    concat: concat && { ref: concat.reference, total: concat.total, seq: concat.index },
    ports: ports && { dst: ports.destination, src: ports.source },
    lockingTable: expect['lockingTable'],
    singleTable: expect['singleTable'],
    note: expect['note'],
  }
}

function udhOf(elements: readonly { iei: number; data: Uint8Array }[]): string {
  const octets = elements.flatMap(({ iei, data }) => [iei, data.length, ...data])
  return octetsToHex(Uint8Array.of(octets.length, ...octets))
}

/** Whatever the vector says, we say too. */
function compare(expected: Expected, actual: Expected): void {
  for (const [field, wanted] of Object.entries(expected)) {
    assert.ok(field in actual, `a field that is not known: ${field}`)
    assert.deepEqual(asSaid(actual[field], wanted), wanted, field)
  }
}

/** Some sources only say which instant it is. */
function asSaid(actual: unknown, wanted: unknown): unknown {
  const instant = typeof wanted === 'string' && /T.*Z$/.test(wanted) && typeof actual === 'string'
  return instant && Date.parse(actual) === Date.parse(wanted) ? wanted : actual
}

function read<T>({ pdu = '', sca, tpdu_len }: Vector, decode: Decode<T>): T {
  assert.ok(tpdu_len !== undefined)
  const options = { tpduLength: tpdu_len, hasServiceCentre: sca ?? true }
  const decoded = value(decode(pdu, options))
  // A phone that pads, and one that does not say how long it is.
  assert.deepEqual(value(decode(`${pdu.toLowerCase()}FFFFFF \r\n`, options)), decoded)
  assert.deepEqual(value(decode(pdu, { hasServiceCentre: sca ?? true })), decoded)
  for (let length = 0; length < pdu.length; length += 2)
    assert.equal(decode(pdu.slice(0, length), options).ok, false, `cut at ${length}`)
  return decoded
}

type Decode<T> = (pdu: string, options: { tpduLength?: number; hasServiceCentre: boolean }) => Decoded<T>

function value<T>(decoded: Decoded<T>): T {
  if (!decoded.ok) throw new assert.AssertionError({ message: JSON.stringify(decoded.fault) })
  return decoded.value
}

/** What can be said with the encoder's options is written octet by octet as the source wrote it. */
function encodes(submit: Submit, { pdu, tpdu_len }: Vector): void {
  const { smsc, to, validity, coding, header, text, octets } = submit
  if (validity?.format === 'absolute') return
  const message: SubmitMessage = {
    to,
    smsc,
    ...(text === undefined ? { data: octets } : { text }),
    encoding: coding.alphabet === '8bit' ? 'auto' : coding.alphabet,
    validityMinutes: validity?.format === 'relative' ? validity.minutes : undefined,
    deliveryReport: submit.reportRequested,
    messageClass: coding.class,
  }
  if (!header) {
    assert.deepEqual(encodeSubmit(message), [{ hex: pdu, tpduLength: tpdu_len }])
    return
  }
  assert.ok(header.concat)
  const { reference, index } = header.concat
  // The parts of the source's text, of which this one stands at its place.
  const whole = (vectors as readonly Vector[])
    .filter(
      other => (other.expect['concat'] as { ref?: number } | undefined)?.ref === reference && other.kind === 'submit',
    )
    .map(other => other.expect['text'] as string)
  const parts = encodeSubmit({ ...message, text: whole.join(''), reference })
  assert.deepEqual(parts[index - 1], { hex: pdu, tpduLength: tpdu_len })
}

function counts(what: string, count: number): void {
  const texts: Readonly<Record<string, () => void>> = {
    '8-bit ref GSM7 max': () => most(count, 'a', 8),
    '16-bit ref GSM7 max': () => most(count, 'a', 16),
    '8-bit ref UCS2 max': () => most(count, 'ж', 8),
    '16-bit ref UCS2 max': () => most(count, 'ж', 16),
    '36 x U+1F631 → 2 parts, surrogate pair not split': () => assert.equal(partsOf('\u{1F631}'.repeat(36)), count),
  }
  const named = texts[what]
  if (named) {
    named()
    return
  }
  const [, character = '', times = '', more = ''] = /^(.)\*(\d+)(?:\+(x))?(?: \(.*\))?$/u.exec(what) ?? []
  assert.ok(times, what)
  assert.equal(partsOf(character.repeat(Number(times)) + more), count, what)
}

function most(count: number, character: string, referenceBits: 8 | 16): void {
  const send = (text: string) => encodeSubmit({ to: '1', text, referenceBits })
  assert.equal(send(character.repeat(count)).length, 255)
  assert.throws(() => send(character.repeat(count + 1)), { name: 'EncodeError', problem: 'length' })
}

const partsOf = (text: string): number => encodeSubmit({ to: '+1', text }).length

const octetsOf = (hex: string): Uint8Array => hexToOctets(hex) ?? assert.fail(hex)

function readerOf(hex: string): Reader {
  const octets = octetsOf(hex)
  return { octets, at: 0, end: octets.length }
}
