import type { PduFault } from './pdu.ts'

/** Where in a PDU reading is. */
export interface Reader {
  readonly octets: Uint8Array
  at: number
  /** The octet after the last that belongs to the PDU. */
  end: number
  /** For the fault, should there be one: the sender, as soon as it is known. */
  from?: string
}

/** Thrown while reading and caught in `decode.ts`, so that every reader may be written as if its octets were there. */
export class Malformed extends Error {
  readonly reason: PduFault['reason']
  readonly at: number

  constructor(reason: PduFault['reason'], message: string, at: number) {
    super(message)
    this.reason = reason
    this.at = at
  }
}

/** The next octet; `field` is its name in the standard. */
export function takeOctet(reader: Reader, field: string): number {
  const { at } = reader
  if (at >= reader.end) throw truncated(reader, 1, field)
  reader.at = at + 1
  return reader.octets[at] as number
}

/** Goes on by so many octets and answers where they begin. */
export function take(reader: Reader, count: number, field: string): number {
  const { at } = reader
  if (at + count > reader.end) throw truncated(reader, count, field)
  reader.at = at + count
  return at
}

function truncated({ at, end }: Reader, count: number, field: string): Malformed {
  return new Malformed('truncated', `${field} needs ${count} octets, and ${end - at} are left`, at)
}
