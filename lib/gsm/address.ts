import { decodeSeptets, DEFAULT_CHARSET, encodeSeptets } from './charset.ts'
import { EncodeError } from './encode-error.ts'
import type { Address } from './pdu.ts'
import { inRange } from './range.ts'
import { Malformed, take, takeOctet } from './reader.ts'
import type { Reader } from './reader.ts'
import { packSeptets, unpackSeptets } from './septets.ts'

/** The address of a sender or recipient, whose length counts semi-octets (3GPP TS 23.040 §9.1.2.5). */
export function readAddress(reader: Reader, field: string): Address {
  const startedAt = reader.at
  const semiOctets = takeOctet(reader, field)
  if (semiOctets > MAX_DIGITS)
    throw new Malformed('inconsistent', `${field} has ${semiOctets} digits, and ${MAX_DIGITS} is the most`, startedAt)
  const type = takeOctet(reader, field)
  const at = take(reader, (semiOctets + 1) >> 1, field)
  return addressOf(reader.octets, at, semiOctets, type)
}

/** The service centre's address, whose length counts octets, before a PDU; `undefined` where there is none (3GPP TS 24.011 §8.2.5.1). */
export function readServiceCentre(reader: Reader): Address | undefined {
  const startedAt = reader.at
  const octets = takeOctet(reader, SERVICE_CENTRE)
  if (octets === 0) return undefined
  if (octets > 1 + MAX_DIGITS / 2)
    throw new Malformed('inconsistent', `${SERVICE_CENTRE} has ${octets} octets, and 11 is the most`, startedAt)
  const at = take(reader, octets, SERVICE_CENTRE)
  return addressOf(reader.octets, at + 1, (octets - 1) * 2, reader.octets[at] as number)
}

/** Writes an address as `readAddress` reads it; answers the octet after it. Throws `EncodeError`. */
export function writeAddress(address: Address, target: Uint8Array, at: number): number {
  target[at + 1] = typeOf(address)
  if (isName(address)) {
    const end = writeName(address.number, target, at + 2)
    // As many semi-octets as its bits need.
    target[at] = Math.ceil((nameSeptets(address.number) * 7) / 4)
    return end
  }
  const digits = digitsOf(address)
  target[at] = digits.length
  return writeDigits(digits, target, at + 2)
}

/** Writes the service centre's address, or that there is none; answers the octet after it. Throws `EncodeError`. */
export function writeServiceCentre(address: Address | undefined, target: Uint8Array, at: number): number {
  if (!address) {
    target[at] = 0
    return at + 1
  }
  if (isName(address))
    throw new EncodeError('address', `${JSON.stringify(address.number)} is no service centre's number`)
  target[at + 1] = typeOf(address)
  const end = writeDigits(digitsOf(address), target, at + 2)
  target[at] = end - at - 1
  return end
}

/** `+` and digits are an international number, digits with `*#abc` after the first any other, and the rest is a name. */
export function addressFrom(text: string): Address {
  if (text.startsWith('+')) return { number: text, ton: INTERNATIONAL, npi: E164 }
  if (/^[\d*#][\d*#abc]*$/.test(text)) return { number: text, ton: 0, npi: E164 }
  return { number: text, ton: ALPHANUMERIC, npi: 0 }
}

/** Whether it is text, and not a number. */
export const isName = ({ ton }: Address): boolean => ton === ALPHANUMERIC

const SERVICE_CENTRE = 'the service centre address'
const INTERNATIONAL = 1
const ALPHANUMERIC = 5
const E164 = 1
/** An address field has at most 12 octets, two of which are its length and type. */
const MAX_DIGITS = 20
const DIGITS = '0123456789*#abc'
const END = 0xf

function addressOf(octets: Uint8Array, at: number, semiOctets: number, type: number): Address {
  const ton = (type >> 4) & 7
  const npi = type & 0xf
  if (ton === ALPHANUMERIC) {
    const septets = unpackSeptets(octets, at, Math.floor((semiOctets * 4) / 7), 0)
    return { number: decodeSeptets(septets, DEFAULT_CHARSET), ton, npi }
  }
  let number = ton === INTERNATIONAL ? '+' : ''
  for (let place = 0; place < semiOctets; place += 1) {
    const octet = octets[at + (place >> 1)] as number
    const digit = place % 2 === 0 ? octet & 0xf : octet >> 4
    if (digit === END) break
    number += DIGITS[digit] as string
  }
  return { number, ton, npi }
}

const typeOf = ({ ton, npi }: Address): number =>
  0x80 | (inRange('the type of number', ton, 0, 7) << 4) | inRange('the numbering plan', npi, 0, 15)

function digitsOf({ number, ton }: Address): string {
  const digits = ton === INTERNATIONAL && number.startsWith('+') ? number.slice(1) : number
  if (!/^[\d*#abc]*$/.test(digits)) throw new EncodeError('address', `${JSON.stringify(number)} is no number`)
  if (digits.length > MAX_DIGITS)
    throw new EncodeError('address', `a number has at most ${MAX_DIGITS} digits: ${JSON.stringify(number)}`)
  return digits
}

function writeDigits(digits: string, target: Uint8Array, at: number): number {
  let next = at
  for (let place = 0; place < digits.length; place += 2) {
    const second = place + 1 < digits.length ? semiOctetAt(digits, place + 1) : END
    target[next] = (second << 4) | semiOctetAt(digits, place)
    next += 1
  }
  return next
}

const semiOctetAt = (digits: string, place: number): number => SEMI_OCTETS[digits.charCodeAt(place)] as number

/** By character code. */
const SEMI_OCTETS = Uint8Array.from({ length: 0x80 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)))

const NAME_SEPTETS = new Uint8Array(MAX_DIGITS * 2)
const MAX_NAME_SEPTETS = Math.floor((MAX_DIGITS * 4) / 7)

/** Into `NAME_SEPTETS`. */
function nameSeptets(name: string): number {
  const count = name.length > MAX_NAME_SEPTETS ? Infinity : encodeSeptets(name, DEFAULT_CHARSET, NAME_SEPTETS)
  if (count === -1) throw new EncodeError('address', `not in the GSM 7-bit alphabet: ${JSON.stringify(name)}`)
  if (count > MAX_NAME_SEPTETS)
    throw new EncodeError('address', `a name has at most ${MAX_NAME_SEPTETS} characters: ${JSON.stringify(name)}`)
  return count
}

function writeName(name: string, target: Uint8Array, at: number): number {
  return packSeptets(NAME_SEPTETS, target, at, 0, 0, nameSeptets(name))
}
