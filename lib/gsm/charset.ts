import { DEFAULT_ALPHABET, ESCAPE, EXTENSION_TABLE } from './alphabet.ts'
import { lockingShiftTable } from './locking-shift.ts'
import { singleShiftTable } from './single-shift.ts'

/** What septets mean: the default alphabet and its extension, or the tables of a language in place of one or both. */
export interface Charset {
  /** The bytes of each character in UTF-8, the first the lowest; of 256, the second half those after ESC. */
  readonly utf8: Uint32Array
  /** By code unit: the septet, `AFTER_ESCAPE` with it where ESC comes before, or `NO_SEPTET`; shorter than Unicode. */
  readonly septets: Uint16Array
}

const AFTER_ESCAPE = 0x80
const NO_SEPTET = 0xffff

/** The tables a header names by language; one that is not known leaves the default in place (3GPP TS 23.038 §6.2.1.2.2). */
export function charsetOf(lockingShift = 0, singleShift = 0): Charset {
  if (lockingShift === 0 && singleShift === 0) return DEFAULT_CHARSET
  const key = `${lockingShift} ${singleShift}`
  const known = CHARSETS.get(key)
  if (known) return known
  const locking = lockingShiftTable(lockingShift)
  const single = singleShiftTable(singleShift)
  if (!locking && !single) return DEFAULT_CHARSET
  const made = makeCharset(locking ?? DEFAULT_ALPHABET, single ?? EXTENSION_TABLE)
  CHARSETS.set(key, made)
  return made
}

/** Text of septets, one per octet. An ESC that nothing follows, or that another follows, is a space (§6.2.1). */
export function decodeSeptets(septets: Uint8Array, { utf8 }: Charset): string {
  const { length } = septets
  const bytes = length * MOST_BYTES <= ROOM.length ? ROOM : new Uint8Array(length * MOST_BYTES)
  let end = 0
  for (let at = 0; at < length; at += 1) {
    let septet = septets[at] as number
    if (septet === ESCAPE) {
      at += 1
      septet = AFTER_ESCAPE | (at < length ? (septets[at] as number) : ESCAPE)
    }
    for (let left = utf8[septet] as number; left > 0; left >>= 8) {
      bytes[end] = left
      end += 1
    }
  }
  return FROM_UTF8.decode(bytes.subarray(0, end))
}

/** Writes text as septets, one per octet; answers where it ended, or -1 if a character is in neither table. */
export function encodeSeptets(text: string, { septets }: Charset, target: Uint8Array): number {
  let next = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    const septet = unit < END_OF_UNITS ? (septets[unit] as number) : NO_SEPTET
    if (septet === NO_SEPTET) return -1
    if (septet >= AFTER_ESCAPE) {
      target[next] = ESCAPE
      next += 1
    }
    target[next] = septet & 0x7f
    next += 1
  }
  return next
}

/** More than the last code unit of any table. */
const END_OF_UNITS = 0x2300

function makeCharset(locking: string, single: ReadonlyMap<number, string>): Charset {
  const utf8 = new Uint32Array(0x100)
  const septets = new Uint16Array(END_OF_UNITS).fill(NO_SEPTET)
  // What the single shift table has not is the character of the main table, and ESC is a space (§6.2.1.1).
  for (let septet = 0; septet < 0x80; septet += 1) {
    const main = septet === ESCAPE ? ' ' : locking.charAt(septet)
    const shifted = single.get(septet)
    utf8[septet] = utf8Of(main)
    utf8[AFTER_ESCAPE | septet] = utf8Of(shifted ?? main)
    if (shifted !== undefined && septets[shifted.charCodeAt(0)] === NO_SEPTET)
      septets[shifted.charCodeAt(0)] = AFTER_ESCAPE | septet
  }
  // Shorter wins: a character of both tables is written without ESC. A space elsewhere stands for no character.
  for (let septet = 0x7f; septet >= 0; septet -= 1) {
    const unit = locking.charCodeAt(septet)
    if (septet !== ESCAPE && (unit !== 0x20 || septet === 0x20)) septets[unit] = septet
  }
  return { utf8, septets }
}

const utf8Of = (character: string): number =>
  TO_UTF8.encode(character).reduceRight((later, byte) => (later << 8) | byte, 0)

/** Of a character below U+10000. */
const MOST_BYTES = 3
/** For the bytes of a text; one is read at a time. */
const ROOM = new Uint8Array(0x1000)
const TO_UTF8 = new TextEncoder()
// Decodes several times as fast as a string is made of code units.
const FROM_UTF8 = new TextDecoder()

const CHARSETS = new Map<string, Charset>()
export const DEFAULT_CHARSET: Charset = makeCharset(DEFAULT_ALPHABET, EXTENSION_TABLE)
