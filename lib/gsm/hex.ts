/** Octets of hexadecimal text in either case, or `undefined` if a character is none or stands alone. */
export function hexToOctets(hex: string): Uint8Array | undefined {
  const length = hex.length >> 1
  if (hex.length % 2 !== 0) return undefined
  const octets = new Uint8Array(length)
  // Both nibbles are below 16 unless one of them is none: then a bit above is set, and stays so.
  let seen = 0
  for (let at = 0, place = 0; at < length; at += 1, place += 2) {
    const octet = (nibbleAt(hex, place) << 4) | nibbleAt(hex, place + 1)
    seen |= octet
    octets[at] = octet
  }
  return seen > 0xff ? undefined : octets
}

/** Hexadecimal text of octets up to `end`, in upper case. */
export function octetsToHex(octets: Uint8Array, end: number = octets.length): string {
  const digits = end * 2 <= ROOM.length ? ROOM : new Uint8Array(end * 2)
  for (let at = 0, place = 0; at < end; at += 1, place += 2) {
    const octet = octets[at] as number
    digits[place] = DIGITS[octet >> 4] as number
    digits[place + 1] = DIGITS[octet & 0xf] as number
  }
  return ASCII.decode(digits.subarray(0, end * 2))
}

const NO_NIBBLE = 0x100

const nibbleAt = (hex: string, place: number): number => {
  const code = hex.charCodeAt(place)
  return code < 0x80 ? (NIBBLES[code] as number) : NO_NIBBLE
}

const NIBBLES = Uint16Array.from({ length: 0x80 }, (_, code) => {
  const digit = '0123456789ABCDEF'.indexOf(String.fromCharCode(code).toUpperCase())
  return digit === -1 ? NO_NIBBLE : digit
})

const DIGITS = Uint8Array.from('0123456789ABCDEF', digit => digit.charCodeAt(0))

/** For the digits of a PDU. */
const ROOM = new Uint8Array(0x200)

// Several times as fast as putting strings together.
const ASCII = new TextDecoder()
