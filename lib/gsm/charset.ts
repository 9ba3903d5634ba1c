import { DEFAULT_ALPHABET, ESCAPE, EXTENSION_TABLE } from './alphabet.ts'
import { textOfUnits, UNITS } from './code-units.ts'
import { lockingShiftTable } from './locking-shift.ts'
import { singleShiftTable } from './single-shift.ts'

/** What septets mean: the default alphabet and its extension, or the tables of a language in place of one or both. */
export interface Charset {
  /** UTF-16 code units; of 256, the second half those after ESC. */
  readonly units: Uint16Array
  /** By code unit: the septet, `AFTER_ESCAPE` with it where ESC comes before, or `NO_SEPTET`; shorter than Unicode. */
  readonly septets: Uint16Array
}

export const AFTER_ESCAPE = 0x80
export const NO_SEPTET = 0xffff

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
export function decodeSeptets(septets: Uint8Array, { units }: Charset): string {
  const { length } = septets
  let text = ''
  let count = 0
  for (let at = 0; at < length; at += 1) {
    let septet = septets[at] as number
    if (septet === ESCAPE) {
      at += 1
      septet = AFTER_ESCAPE | (at < length ? (septets[at] as number) : ESCAPE)
    }
    UNITS[count] = units[septet] as number
    count += 1
    if (count === UNITS.length) {
      text += textOfUnits(count)
      count = 0
    }
  }
  return text + textOfUnits(count)
}

/** Writes text as septets, one per octet; answers where it ended, or -1 if a character is in neither table. */
export function encodeSeptets(text: string, { septets }: Charset, target: Uint8Array): number {
  let next = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    const septet = unit < septets.length ? (septets[unit] as number) : NO_SEPTET
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
  const units = new Uint16Array(0x100)
  const septets = new Uint16Array(END_OF_UNITS).fill(NO_SEPTET)
  // What the single shift table has not is the character of the main table, and ESC is a space (§6.2.1.1).
  for (let septet = 0; septet < 0x80; septet += 1) {
    const main = septet === ESCAPE ? 0x20 : locking.charCodeAt(septet)
    const shifted = single.get(septet)
    units[septet] = main
    units[AFTER_ESCAPE | septet] = shifted === undefined ? main : shifted.charCodeAt(0)
    if (shifted !== undefined && septets[shifted.charCodeAt(0)] === NO_SEPTET)
      septets[shifted.charCodeAt(0)] = AFTER_ESCAPE | septet
  }
  // Shorter wins: a character of both tables is written without ESC. A space elsewhere stands for no character.
  for (let septet = 0x7f; septet >= 0; septet -= 1) {
    const unit = locking.charCodeAt(septet)
    if (septet !== ESCAPE && (unit !== 0x20 || septet === 0x20)) septets[unit] = septet
  }
  return { units, septets }
}

const CHARSETS = new Map<string, Charset>()
export const DEFAULT_CHARSET: Charset = makeCharset(DEFAULT_ALPHABET, EXTENSION_TABLE)
