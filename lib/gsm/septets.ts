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
  const septets = new Uint8Array(count)
  let next = at
  let place = 0
  if (fillBits === 0) {
    // Eight septets are seven octets.
    for (const whole = count - (count & 7); place < whole; place += 8, next += 7) {
      const low = (octets[next] as number) | ((octets[next + 1] as number) << 8) | ((octets[next + 2] as number) << 16)
      const high =
        (octets[next + 4] as number) | ((octets[next + 5] as number) << 8) | ((octets[next + 6] as number) << 16)
      const middle = octets[next + 3] as number
      septets[place] = low & 0x7f
      septets[place + 1] = (low >> 7) & 0x7f
      septets[place + 2] = (low >> 14) & 0x7f
      septets[place + 3] = (low >> 21) | ((middle << 3) & 0x7f)
      septets[place + 4] = (middle >> 4) | ((high << 4) & 0x7f)
      septets[place + 5] = (high >> 3) & 0x7f
      septets[place + 6] = (high >> 10) & 0x7f
      septets[place + 7] = (high >> 17) & 0x7f
    }
  }
  let bits = 0
  let held = 0
  if (fillBits > 0) {
    held = ((octets[next] as number) | 0) >> fillBits
    bits = 8 - fillBits
    next += 1
  }
  for (; place < count; place += 1) {
    if (bits < 7) {
      held |= (next < octets.length ? (octets[next] as number) : 0) << bits
      next += 1
      bits += 8
    }
    septets[place] = held & 0x7f
    held >>= 7
    bits -= 7
  }
  return septets
}

/** Bits between a header of so many octets and the first septet. */
export const fillBitsAfter = (headerOctets: number): number => (7 - ((headerOctets * 8) % 7)) % 7

/** Septets that a header of so many octets takes, its fill bits with it. */
export const septetsTakenBy = (headerOctets: number): number => Math.ceil((headerOctets * 8) / 7)
