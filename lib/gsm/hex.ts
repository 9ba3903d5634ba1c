import { roomFor } from './octets.ts'

/** Octets of hexadecimal text in either case, or `undefined` if a character is none or stands alone. */
export function hexToOctets(hex: string): Uint8Array | undefined {
  const length = hex.length >> 1
  if (hex.length % 2 !== 0) return undefined
  const digits = hex.length <= ROOM.length ? ROOM : new Uint8Array(hex.length)
  // A character that is not ASCII is several bytes, none of which is a digit.
  if (UTF8.encodeInto(hex, digits).written !== hex.length) return undefined
  const octets = roomFor(length)
  // Both nibbles are below 16 unless one of them is none: then a bit above is set, and stays so.
  let seen = 0
  for (let at = 0, place = 0; at < length; at += 1, place += 2) {
    const octet = ((NIBBLES[digits[place] as number] as number) << 4) | (NIBBLES[digits[place + 1] as number] as number)
    seen |= octet
    octets[at] = octet
  }
  return seen > 0xff ? undefined : octets
}

/** Hexadecimal text of octets up to `end`, in upper case. */
export function octetsToHex(octets: Uint8Array, end: number = octets.length): string {
  const pairs = end <= PAIRS.length ? PAIRS : new Uint16Array(end)
  for (let at = 0; at < end; at += 1) pairs[at] = PAIR_OF[octets[at] as number] as number
  return ASCII.decode(pairs.subarray(0, end))
}

const NO_NIBBLE = 0x100

const NIBBLES = Uint16Array.from({ length: 0x100 }, (_, code) => {
  const digit = '0123456789ABCDEF'.indexOf(String.fromCharCode(code).toUpperCase())
  return digit === -1 ? NO_NIBBLE : digit
})

// Several times as fast as going through a text, or putting one together, by characters.
const UTF8 = new TextEncoder()
const ASCII = new TextDecoder()

/** By octet: its two digits in memory, the first before the second whichever byte of a number the machine has first. */
const PAIR_OF = new Uint16Array(
  Uint8Array.from({ length: 0x200 }, (_, place) => {
    const octet = place >> 1
    return '0123456789ABCDEF'.charCodeAt(place % 2 === 0 ? octet >> 4 : octet & 0xf)
  }).buffer,
)

/** For the digits of a PDU. */
const ROOM = new Uint8Array(0x200)
const PAIRS = new Uint16Array(0x100)
