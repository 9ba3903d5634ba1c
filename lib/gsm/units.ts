import { ESCAPE } from './alphabet.ts'
import { fillBitsAfter, packSeptets, septetsTakenBy } from './septets.ts'
import { writeUcs2 } from './ucs2.ts'

/** What user data is made of and can be cut between: septets, one per octet; octets; or UTF-16 code units. */
export type Units =
  | { readonly alphabet: 'gsm7' | '8bit'; readonly octets: Uint8Array; readonly length: number }
  | { readonly alphabet: 'ucs2'; readonly text: string; readonly length: number }

/** Octets of user data in one PDU, its header with them (3GPP TS 23.040 §9.2.3.24). */
const MAX_OCTETS = 140

/** Whether they need no more than one part, with a header of so many octets. */
export const fits = ({ alphabet, length }: Units, header: number): boolean => length <= capacity(alphabet, header)

/** Where the parts end beside headers of so many octets, no pair being cut in two; `undefined` if they would be more than `most`. */
export function cut(units: Units, header: number, most: number): readonly number[] | undefined {
  const size = capacity(units.alphabet, header)
  const ends: number[] = []
  let end = 0
  do {
    if (ends.length === most) return undefined
    end += size
    if (end >= units.length) end = units.length
    else if (cutsPair(units, end)) end -= 1
    ends.push(end)
  } while (end < units.length)
  return ends
}

/** Writes the units from `start` to `end` after a header that ends at octet `at`; answers the octet after the last. */
export function writeUnits(
  units: Units,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
  header: number,
): number {
  if (units.alphabet === 'ucs2') return writeUcs2(units.text, target, at, start, end)
  if (units.alphabet === 'gsm7') return packSeptets(units.octets, target, at, fillBitsAfter(header), start, end)
  target.set(units.octets.subarray(start, end), at)
  return at + end - start
}

/** TP-UDL: septets in GSM 7-bit, those the header takes with them; octets otherwise (§9.2.3.16). */
export function userDataLength({ alphabet }: Units, count: number, header: number): number {
  if (alphabet === 'gsm7') return septetsTakenBy(header) + count
  return header + (alphabet === 'ucs2' ? 2 * count : count)
}

function capacity(alphabet: Units['alphabet'], header: number): number {
  if (alphabet === 'gsm7') return (MAX_OCTETS * 8) / 7 - septetsTakenBy(header)
  return alphabet === 'ucs2' ? (MAX_OCTETS - header) >> 1 : MAX_OCTETS - header
}

function cutsPair(units: Units, end: number): boolean {
  if (units.alphabet === 'ucs2') return (units.text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  // An ESC always comes with what it shifts: one at the end of a part begins a pair.
  return units.alphabet === 'gsm7' && units.octets[end - 1] === ESCAPE
}
