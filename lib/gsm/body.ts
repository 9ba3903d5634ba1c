import { codingOctet } from './coding.ts'
import type { Content } from './content.ts'
import { EncodeError } from './encode-error.ts'
import { concatElement, headerOctets, portsElement, writeHeader } from './header.ts'
import { writeInEveryLanguage, writeInLanguage, writePlainly } from './language.ts'
import type { Written } from './language.ts'
import type { HeaderElement } from './pdu.ts'
import { inRange } from './range.ts'
import { cut, fits, userDataLength, writeUnits } from './units.ts'
import type { Units } from './units.ts'

/** What is said, laid out in the parts it needs. */
export interface Body {
  readonly codingOctet: number
  readonly hasHeader: boolean
  readonly units: Units
  /** Of each part's header, beside the one that says which part it is. */
  readonly elements: readonly HeaderElement[]
  /** Where the parts end. */
  readonly ends: readonly number[]
  readonly reference: number
  readonly bits: 8 | 16
}

/** Lays out what is said in as many parts as it needs. Throws `EncodeError`. */
export function layOutBody(content: Content): Body {
  const body = layOutContent(content)
  if (!body) throw new EncodeError('length', `the message is longer than ${MAX_PARTS} parts`)
  return body
}

/** Writes TP-UDL and TP-UD of a part, the first being 0; answers the octet after them. */
export function writePart(body: Body, place: number, target: Uint8Array, at: number): number {
  const { units, ends } = body
  const start = place === 0 ? 0 : (ends[place - 1] as number)
  const end = ends[place] as number
  const unitsAt = writeHeader(elementsOf(body, place), target, at + 1)
  const header = unitsAt - at - 1
  target[at] = userDataLength(units, end - start, header)
  return writeUnits(units, start, end, target, unitsAt, header)
}

const MAX_PARTS = 255
const CONCAT_OCTETS = { 8: 5, 16: 6 } as const

function elementsOf({ elements, ends, reference, bits }: Body, place: number): readonly HeaderElement[] {
  const total = ends.length
  return total === 1 ? elements : [concatElement({ reference, bits, total, index: place + 1 }), ...elements]
}

function layOutContent(content: Content): Body | undefined {
  const { text = '', data, encoding = 'auto', language } = content
  if (data && text) throw new EncodeError('option', 'a message is either text or data')
  if (data) return layOut({ alphabet: '8bit', octets: data, length: data.length }, NO_ELEMENTS, content)
  if (encoding === 'ucs2') return layOutUcs2(text, content)

  const plain = writePlainly(text)
  if (plain) return layOutGsm7(plain, content)
  if (typeof language === 'object') {
    const written = writeInLanguage(text, language)
    if (written) return layOutGsm7(written, content)
  }
  const best =
    language === 'auto' ? shortest(writeInEveryLanguage(text).map(written => layOutGsm7(written, content))) : undefined
  if (encoding === 'gsm7' && !best) throw new EncodeError('text', 'the text has characters that GSM 7-bit has not')
  // Every phone reads UCS-2, and not every one shift tables: they have to be worth it.
  const wide = encoding === 'gsm7' ? undefined : layOutUcs2(text, content)
  return best && (!wide || best.ends.length < wide.ends.length) ? best : wide
}

const NO_ELEMENTS: readonly HeaderElement[] = []

const layOutGsm7 = ({ septets, length, elements }: Written, content: Content): Body | undefined =>
  layOut({ alphabet: 'gsm7', octets: septets, length }, elements, content)

const layOutUcs2 = (text: string, content: Content): Body | undefined =>
  layOut({ alphabet: 'ucs2', text: wellFormed(text), length: text.length }, NO_ELEMENTS, content)

/** Cuts into parts, with the header that the number of parts asks for; `undefined` if they are too many. */
function layOut(units: Units, shifts: readonly HeaderElement[], content: Content): Body | undefined {
  const { ports, reference = 0, referenceBits: bits = 8 } = content
  const elements = ports ? [portsOf(ports), ...shifts] : shifts
  inRange('the reference', reference, 0, 2 ** bits - 1)
  const header = headerOctets(elements)
  const ends = fits(units, header) ? [units.length] : cut(units, Math.max(header, 1) + CONCAT_OCTETS[bits], MAX_PARTS)
  if (!ends) return undefined
  const coding = codingOctet(units.alphabet, content.flash === true ? 0 : content.messageClass)
  return { codingOctet: coding, hasHeader: header > 0 || ends.length > 1, units, elements, ends, reference, bits }
}

function shortest(bodies: readonly (Body | undefined)[]): Body | undefined {
  let best: Body | undefined
  for (const body of bodies) {
    if (!body) continue
    const parts = body.ends.length - (best?.ends.length ?? Infinity)
    if (parts < 0 || (parts === 0 && best && body.units.length < best.units.length)) best = body
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
