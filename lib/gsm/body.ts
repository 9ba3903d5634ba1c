import { codingOctet } from './coding.ts'
import type { Content } from './content.ts'
import { EncodeError } from './encode-error.ts'
import { concatElement, headerOctets, portsElement, writeHeader } from './header.ts'
import { writeInEveryLanguage, writeInLanguage, writePlainly } from './language.ts'
import type { Written } from './language.ts'
import type { HeaderElement } from './pdu.ts'
import { inRange } from './range.ts'
import { cut, MAX_OCTETS, userDataLength, writeUnits } from './units.ts'
import type { Units } from './units.ts'

/** TP-DCS of a message, and TP-UDL with TP-UD of each of its parts. */
export interface Body {
  readonly codingOctet: number
  readonly hasHeader: boolean
  readonly parts: readonly Uint8Array[]
}

/** Writes what is said in as many parts as it needs. Throws `EncodeError`. */
export function writeBody(content: Content): Body {
  const plan = planOf(content)
  const { units, elements, ends } = plan
  const messageClass = content.flash === true ? 0 : content.messageClass
  const coding = codingOctet(units.alphabet, messageClass)
  const total = ends.length
  if (total === 1) {
    return { codingOctet: coding, hasHeader: elements.length > 0, parts: [writePart(units, 0, units.length, elements)] }
  }
  const { reference, bits } = plan
  const parts = ends.map((end, place) => {
    const concat = concatElement({ reference, bits, total, index: place + 1 })
    return writePart(units, ends[place - 1] ?? 0, end, [concat, ...elements])
  })
  return { codingOctet: coding, hasHeader: true, parts }
}

const MAX_PARTS = 255
const CONCAT_OCTETS = { 8: 5, 16: 6 } as const

interface Plan {
  readonly units: Units
  /** Of each part's header, beside the one that says which part it is. */
  readonly elements: readonly HeaderElement[]
  /** Where the parts end. */
  readonly ends: readonly number[]
  readonly reference: number
  readonly bits: 8 | 16
}

function planOf(content: Content): Plan {
  const plan = layOutContent(content)
  if (!plan) throw new EncodeError('length', `the message is longer than ${MAX_PARTS} parts`)
  return plan
}

function layOutContent(content: Content): Plan | undefined {
  const { text = '', data, encoding = 'auto', language } = content
  if (data && text) throw new EncodeError('option', 'a message is either text or data')
  const own = content.ports ? [portsOf(content.ports)] : []
  const lay = (units: Units, elements: readonly HeaderElement[]) => layOut(units, elements, content)
  if (data) return lay({ alphabet: '8bit', octets: data, length: data.length }, own)
  const inGsm7 = ({ septets, length, elements }: Written) =>
    lay({ alphabet: 'gsm7', octets: septets, length }, [...own, ...elements])
  const inUcs2 = () => lay({ alphabet: 'ucs2', text: wellFormed(text), length: text.length }, own)
  if (encoding === 'ucs2') return inUcs2()

  const plain = writePlainly(text)
  if (plain) return inGsm7(plain)
  if (typeof language === 'object') {
    const written = writeInLanguage(text, language)
    if (written) return inGsm7(written)
  }
  const best = language === 'auto' ? shortest(writeInEveryLanguage(text).map(inGsm7)) : undefined
  if (encoding === 'gsm7' && !best) throw new EncodeError('text', 'the text has characters that GSM 7-bit has not')
  // Every phone reads UCS-2, and not every one shift tables: they have to be worth it.
  const wide = encoding === 'gsm7' ? undefined : inUcs2()
  return best && (!wide || best.ends.length < wide.ends.length) ? best : wide
}

/** Cuts into parts, with the header that the number of parts asks for; `undefined` if they are too many. */
function layOut(units: Units, elements: readonly HeaderElement[], content: Content): Plan | undefined {
  const { reference = 0, referenceBits: bits = 8 } = content
  inRange('the reference', reference, 0, 2 ** bits - 1)
  const header = headerOctets(elements)
  const ends = cut(units, header, 1) ?? cut(units, Math.max(header, 1) + CONCAT_OCTETS[bits], MAX_PARTS)
  return ends && { units, elements, ends, reference, bits }
}

function shortest(plans: readonly (Plan | undefined)[]): Plan | undefined {
  let best: Plan | undefined
  for (const plan of plans) {
    if (!plan) continue
    const parts = plan.ends.length - (best?.ends.length ?? Infinity)
    if (parts < 0 || (parts === 0 && best && plan.units.length < best.units.length)) best = plan
  }
  return best
}

function portsOf({ destination, source, bits = 16 }: NonNullable<Content['ports']>): HeaderElement {
  const most = 2 ** bits - 1
  inRange('the destination port', destination, 0, most)
  inRange('the source port', source, 0, most)
  return portsElement({ destination, source, bits })
}

/** No alphabet can carry half a character. */
function wellFormed(text: string): string {
  // ES2024; the compiler is told of ES2023 only.
  if (!(text as string & { isWellFormed(): boolean }).isWellFormed())
    throw new EncodeError('text', 'the text has half a character (a lone surrogate)')
  return text
}

const PART = new Uint8Array(1 + MAX_OCTETS)

function writePart(units: Units, start: number, end: number, elements: readonly HeaderElement[]): Uint8Array {
  const bodyAt = writeHeader(elements, PART, 1)
  const header = bodyAt - 1
  PART[0] = userDataLength(units, end - start, header)
  return PART.slice(0, writeUnits(units, start, end, PART, bodyAt, header))
}
