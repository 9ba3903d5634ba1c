import { roomFor } from './octets.ts'

/*
 * Septets in octets (3GPP TS 23.038 §6.1.2.1): the first one in the low bits. After a user data header, `fillBits`
 * come before it, so that it begins where a septet would (3GPP TS 23.040 §9.2.3.24).
 */

/** Writes septets, one per octet of `septets`, into `target` from octet `at` on; answers the octet after the last. */
export function packSeptets(
  septets: Uint8Array,
  target: Uint8Array,
  at: number,
  fillBits: number,
  start = 0,
  end: number = septets.length,
): number {
  let next = at
  let bits = fillBits
  let held = 0
  for (let place = start; place < end; place += 1) {
    held |= (septets[place] as number) << bits
    bits += 7
    if (bits >= 8) {
      target[next] = held
      next += 1
      held >>= 8
      bits -= 8
    }
  }
  if (bits > 0 && end > start) {
    target[next] = held
    next += 1
  }
  return next
}

/** Reads `count` septets from octet `at` on, one into each octet of the answer; what is not there reads as 0. */
export function unpackSeptets(octets: Uint8Array, at: number, count: number, fillBits: number): Uint8Array {
  const septets = roomFor(count)
  const last = octets.length - 1
  let bitAt = at * 8 + fillBits
  for (let place = 0; place < count; place += 1) {
    const from = bitAt >> 3
    const pair = (octets[from] as number) | (from < last ? (octets[from + 1] as number) << 8 : 0)
    septets[place] = (pair >> (bitAt & 7)) & 0x7f
    bitAt += 7
  }
  return septets
}

/** Bits between a header of so many octets and the first septet. */
export const fillBitsAfter = (headerOctets: number): number => (7 - ((headerOctets * 8) % 7)) % 7

/** Septets that a header of so many octets takes, its fill bits with it. */
export const septetsTakenBy = (headerOctets: number): number => Math.ceil((headerOctets * 8) / 7)
