/**
 * Text of UCS-2 octets, of which real phones make UTF-16: surrogate pairs stand for one character. A last odd octet is
 * left out.
 */
export function decodeUcs2(octets: Uint8Array, start = 0, end: number = octets.length): string {
  if (end - start > MOST_ARGUMENTS * 2) {
    const middle = start + MOST_ARGUMENTS * 2
    return decodeUcs2(octets, start, middle) + decodeUcs2(octets, middle, end)
  }
  const units: number[] = []
  for (let at = start; at + 1 < end; at += 2) units.push(((octets[at] as number) << 8) | (octets[at + 1] as number))
  return String.fromCharCode(...units)
}

/** Writes text as UCS-2 into `target` from octet `at` on; answers the octet after the last. */
export function writeUcs2(text: string, target: Uint8Array, at: number, start = 0, end: number = text.length): number {
  let next = at
  for (let place = start; place < end; place += 1) {
    const unit = text.charCodeAt(place)
    target[next] = unit >> 8
    target[next + 1] = unit
    next += 2
  }
  return next
}

const MOST_ARGUMENTS = 0x1000
