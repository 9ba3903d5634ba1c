import { waitingKind } from './coding.ts'
import type { Concat, HeaderElement, UserDataHeader, Waiting } from './pdu.ts'
import { Malformed } from './reader.ts'

/** The elements of a user data header between two octets, its length left out (3GPP TS 23.040 §9.2.3.24). */
export function readHeader(octets: Uint8Array, start: number, end: number): UserDataHeader {
  const elements: HeaderElement[] = []
  const meaning: Meaning = {}
  for (let at = start; at < end;) {
    const iei = octets[at] as number
    const from = at + 2
    const to = from + (at + 1 < end ? (octets[at + 1] as number) : Infinity)
    if (to > end) throw new Malformed('inconsistent', `element ${iei} of the user data header reaches beyond it`, at)
    const data = octets.slice(from, to)
    elements.push({ iei, data })
    MEANINGS.get(iei)?.(data, meaning)
    at = to
  }
  return { elements, ...meaning }
}

/** Writes a header and its length in front; answers the octet after it. Writes nothing where there are no elements. */
export function writeHeader(elements: readonly HeaderElement[], target: Uint8Array, at: number): number {
  if (elements.length === 0) return at
  let next = at + 1
  for (const { iei, data } of elements) {
    target[next] = iei
    target[next + 1] = data.length
    target.set(data, next + 2)
    next += 2 + data.length
  }
  target[at] = next - at - 1
  return next
}

/** Octets such a header takes, its length with it. */
export const headerOctets = (elements: readonly HeaderElement[]): number =>
  elements.length === 0 ? 0 : elements.reduce((sum, { data }) => sum + 2 + data.length, 1)

export const concatElement = ({ reference, bits, total, index }: Concat): HeaderElement =>
  bits === 8
    ? { iei: IEI.concat8, data: Uint8Array.of(reference, total, index) }
    : { iei: IEI.concat16, data: Uint8Array.of(reference >> 8, reference, total, index) }

export const portsElement = (ports: { destination: number; source: number; bits: 8 | 16 }): HeaderElement =>
  ports.bits === 8
    ? { iei: IEI.ports8, data: Uint8Array.of(ports.destination, ports.source) }
    : {
        iei: IEI.ports16,
        data: Uint8Array.of(ports.destination >> 8, ports.destination, ports.source >> 8, ports.source),
      }

export const singleShiftElement = (language: number): HeaderElement => ({
  iei: IEI.singleShift,
  data: Uint8Array.of(language),
})

export const lockingShiftElement = (language: number): HeaderElement => ({
  iei: IEI.lockingShift,
  data: Uint8Array.of(language),
})

const IEI = {
  concat8: 0x00,
  waiting: 0x01,
  ports8: 0x04,
  ports16: 0x05,
  concat16: 0x08,
  singleShift: 0x24,
  lockingShift: 0x25,
} as const

type Meaning = { -readonly [K in Exclude<keyof UserDataHeader, 'elements'>]?: UserDataHeader[K] }

/** What an element says. One of another length than the standard gives it says nothing, and of two the last one counts. */
const MEANINGS: ReadonlyMap<number, (data: Uint8Array, meaning: Meaning) => void> = new Map([
  [
    IEI.concat8,
    (data, meaning) => {
      if (data.length === 3) setConcat(meaning, 8, octet(data, 0), octet(data, 1), octet(data, 2))
    },
  ],
  [
    IEI.concat16,
    (data, meaning) => {
      if (data.length === 4) setConcat(meaning, 16, word(data, 0), octet(data, 2), octet(data, 3))
    },
  ],
  [
    IEI.ports8,
    (data, meaning) => {
      if (data.length === 2) meaning.ports = { destination: octet(data, 0), source: octet(data, 1), bits: 8 }
    },
  ],
  [
    IEI.ports16,
    (data, meaning) => {
      if (data.length === 4) meaning.ports = { destination: word(data, 0), source: word(data, 2), bits: 16 }
    },
  ],
  [
    IEI.waiting,
    (data, meaning) => {
      if (data.length === 2) meaning.waiting = waiting(octet(data, 0), octet(data, 1))
    },
  ],
  [
    IEI.singleShift,
    (data, meaning) => {
      if (data.length === 1) meaning.singleShift = octet(data, 0)
    },
  ],
  [
    IEI.lockingShift,
    (data, meaning) => {
      if (data.length === 1) meaning.lockingShift = octet(data, 0)
    },
  ],
])

const octet = (data: Uint8Array, at: number): number => data[at] as number
const word = (data: Uint8Array, at: number): number => (octet(data, at) << 8) | octet(data, at + 1)

/** A part that cannot be is to be taken for a message of its own (§9.2.3.24.1). */
function setConcat(meaning: Meaning, bits: 8 | 16, reference: number, total: number, index: number): void {
  if (index >= 1 && index <= total) meaning.concat = { reference, bits, total, index }
}

/** §9.2.3.24.2. */
const waiting = (type: number, count: number): Waiting => ({
  kind: waitingKind(type),
  active: count > 0,
  store: (type & 0x80) !== 0,
  count,
})
