import { charsetOf, decodeSeptets } from './charset.ts'
import { readCoding } from './coding.ts'
import { readHeader } from './header.ts'
import type { DataCoding, UserData, UserDataHeader } from './pdu.ts'
import { Malformed, take, takeOctet } from './reader.ts'
import type { Reader } from './reader.ts'
import { fillBitsAfter, septetsTakenBy, unpackSeptets } from './septets.ts'
import { specialOf } from './special.ts'
import { decodeUcs2 } from './ucs2.ts'

/** TP-UDL and TP-UD (3GPP TS 23.040 §9.2.3.16 and §9.2.3.24). */
export function readUserData(reader: Reader, codingOctet: number, hasHeader: boolean): UserData {
  const coding = readCoding(codingOctet)
  const length = takeOctet(reader, 'TP-UDL')
  const inSeptets = coding.alphabet === 'gsm7' && !coding.compressed
  const octetCount = inSeptets ? (length * 7 + 7) >> 3 : length
  const at = take(reader, octetCount, 'TP-UD')
  if (!hasHeader) return withText(reader.octets, at, length, 0, coding, undefined)

  const headerOctets = octetCount === 0 ? 0 : 1 + (reader.octets[at] as number)
  const taken = inSeptets ? septetsTakenBy(headerOctets) : headerOctets
  if (headerOctets === 0 || taken > length)
    throw new Malformed('inconsistent', 'the user data header is longer than the user data', at)
  const header = readHeader(reader.octets, at + 1, at + headerOctets)
  return withText(reader.octets, at + headerOctets, length - taken, fillBitsAfter(headerOctets), coding, header)
}

/** `length` counts septets in GSM 7-bit, octets otherwise. */
function withText(
  octets: Uint8Array,
  at: number,
  length: number,
  fillBits: number,
  coding: DataCoding,
  header: UserDataHeader | undefined,
): UserData {
  const { alphabet, compressed } = coding
  if (alphabet === 'gsm7' && !compressed) {
    const septets = unpackSeptets(octets, at, length, fillBits)
    const text = decodeSeptets(septets, charsetOf(header?.lockingShift, header?.singleShift))
    return finish(coding, header, septets, text)
  }
  const own = octets.subarray(at, at + length)
  return finish(coding, header, own, alphabet === 'ucs2' && !compressed ? decodeUcs2(own) : undefined)
}

function finish(
  coding: DataCoding,
  header: UserDataHeader | undefined,
  octets: Uint8Array,
  text: string | undefined,
): UserData {
  const special = specialOf(coding, header, octets)
  return {
    coding,
    octets,
    ...(header && { header }),
    ...(text !== undefined && { text }),
    ...(special && { special }),
  }
}
