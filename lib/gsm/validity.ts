import { EncodeError } from './encode-error.ts'
import type { Validity } from './pdu.ts'
import { take, takeOctet } from './reader.ts'
import type { Reader } from './reader.ts'
import { digitsAt, readTimestamp, TIMESTAMP_OCTETS } from './timestamp.ts'

/** TP-VP in the format the two bits of TP-VPF give; `undefined` where there is none, or an absolute one that is no date. */
export function readValidity(reader: Reader, format: number): Validity | undefined {
  if (format === FORMAT.none) return undefined
  if (format === FORMAT.relative) return { format: 'relative', minutes: minutesOf(takeOctet(reader, 'TP-VP')) }
  const at = take(reader, TIMESTAMP_OCTETS, 'TP-VP')
  if (format === FORMAT.enhanced) return enhanced(reader.octets.slice(at, at + TIMESTAMP_OCTETS))
  const until = readTimestamp(reader.octets, at)
  return until && { format: 'absolute', until }
}

/** The relative TP-VP of at least so many minutes, or the longest there is: 63 weeks (3GPP TS 23.040 §9.2.3.12.1). Throws `EncodeError`. */
export function relativeValidity(minutes: number): number {
  if (!(minutes >= 0)) throw new EncodeError('option', `a message cannot be valid for ${minutes} minutes`)
  for (let octet = 0; octet < 0xff; octet += 1) if (minutesOf(octet) >= minutes) return octet
  return 0xff
}

/** The bits of TP-VPF (§9.2.3.3). */
export const FORMAT = { none: 0, enhanced: 1, relative: 2, absolute: 3 } as const

const HOUR = 60
const DAY = 24 * HOUR

function minutesOf(octet: number): number {
  if (octet < 144) return (octet + 1) * 5
  if (octet < 168) return 12 * HOUR + (octet - 143) * 30
  if (octet < 197) return (octet - 166) * DAY
  return (octet - 192) * 7 * DAY
}

/** §9.2.3.12.3: what the low three bits of the first octet say the others are. Bit 7 says that it goes on in the second. */
function enhanced(octets: Uint8Array): Validity {
  const functions = octets[0] as number
  const at = functions & 0x80 ? 2 : 1
  const seconds = SECONDS[functions & 7]?.(octets, at)
  return { format: 'enhanced', octets, ...(seconds !== undefined && { seconds }) }
}

const SECONDS: readonly ((octets: Uint8Array, at: number) => number | undefined)[] = [
  () => undefined,
  (octets, at) => minutesOf(octets[at] as number) * 60,
  (octets, at) => octets[at],
  (octets, at) => {
    const [hours, minutes, seconds] = [digitsAt(octets, at), digitsAt(octets, at + 1), digitsAt(octets, at + 2)]
    return hours < 0 || minutes < 0 || seconds < 0 ? undefined : (hours * 60 + minutes) * 60 + seconds
  },
]
