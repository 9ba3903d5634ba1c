import { readServiceCentre } from './address.ts'
import { readDeliver } from './deliver.ts'
import { hexToOctets } from './hex.ts'
import type { Address, Decoded, Deliver, StatusReport, Submit } from './pdu.ts'
import { Malformed, takeOctet } from './reader.ts'
import type { Reader } from './reader.ts'
import { readStatusReport } from './status-report.ts'
import { readSubmit } from './submit.ts'

export interface DecodeOptions {
  /** Octets without the service centre's address, as `+CMGL`, `+CMGR`, `+CMT` and `+CDS` said. */
  readonly tpduLength?: number | undefined
  /** Whether the service centre's address comes first; `true` unless said otherwise. */
  readonly hasServiceCentre?: boolean | undefined
}

/** Reads what a modem received: a message, or a report on one of ours. Never throws. */
export function decodeIncoming(hex: string, options: DecodeOptions = {}): Decoded<Deliver | StatusReport> {
  return decode(hex, options, (reader, smsc) => {
    const first = takeOctet(reader, FIRST_OCTET)
    const type = first & 3
    if (type === SUBMIT) throw unsupported(first, 'a message to be sent, or the report on one')
    // A phone is to take the reserved type for a message (3GPP TS 23.040 §9.2.3.1).
    return type === STATUS_REPORT ? readStatusReport(reader, smsc) : readDeliver(reader, first, smsc)
  })
}

/** Reads what a modem is to send, or keeps among the messages sent. Never throws. */
export function decodeOutgoing(hex: string, options: DecodeOptions = {}): Decoded<Submit> {
  return decode(hex, options, (reader, smsc) => {
    const first = takeOctet(reader, FIRST_OCTET)
    if ((first & 3) !== SUBMIT) throw unsupported(first, 'no message to be sent')
    return readSubmit(reader, first, smsc)
  })
}

/** Some phones leave a quotation mark. */
const AROUND = /^[\s"]+|[\s"]+$/g

const FIRST_OCTET = 'the first octet'
const SUBMIT = 1
const STATUS_REPORT = 2

function unsupported(first: number, what: string): Malformed {
  return new Malformed('unsupported', `TP-MTI ${first & 3} is ${what}`, 0)
}

function decode<T>(
  raw: string,
  { tpduLength, hasServiceCentre = true }: DecodeOptions,
  read: (reader: Reader, smsc: Address | undefined) => T,
): Decoded<T> {
  const octets = hexToOctets(raw) ?? hexToOctets(raw.replace(AROUND, ''))
  if (!octets) return { ok: false, fault: { reason: 'notHex', message: 'not pairs of hexadecimal digits', at: 0, raw } }
  const reader: Reader = { octets, at: 0, end: octets.length }
  try {
    const smsc = hasServiceCentre ? readServiceCentre(reader) : undefined
    limit(reader, tpduLength)
    return { ok: true, value: read(reader, smsc) }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    const { reason, message, at } = error
    return { ok: false, fault: { reason, message, at, raw, ...(reader.from !== undefined && { from: reader.from }) } }
  }
}

/** What a modem says beyond the length it gives is its padding. */
function limit(reader: Reader, tpduLength: number | undefined): void {
  if (tpduLength === undefined) return
  const end = reader.at + tpduLength
  const { length } = reader.octets
  if (end > length)
    throw new Malformed('truncated', `${tpduLength} octets were announced, and ${length - reader.at} came`, length)
  reader.end = end
}
