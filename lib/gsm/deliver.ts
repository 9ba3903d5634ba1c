import { readAddress } from './address.ts'
import type { Address, Deliver } from './pdu.ts'
import { take, takeOctet } from './reader.ts'
import type { Reader } from './reader.ts'
import { readTimestamp, TIMESTAMP_OCTETS } from './timestamp.ts'
import { readUserData } from './user-data.ts'

/** SMS-DELIVER after its first octet (3GPP TS 23.040 §9.2.2.1). */
export function readDeliver(reader: Reader, first: number, smsc: Address | undefined): Deliver {
  const from = readAddress(reader, 'TP-OA')
  reader.from = from.number
  const pid = takeOctet(reader, 'TP-PID')
  const codingOctet = takeOctet(reader, 'TP-DCS')
  const timestamp = readTimestamp(reader.octets, take(reader, TIMESTAMP_OCTETS, 'TP-SCTS'))
  return {
    kind: 'deliver',
    ...(smsc && { smsc }),
    from,
    pid,
    ...(timestamp && { timestamp }),
    // The bit says that there is no more.
    moreToSend: (first & DELIVER.noMore) === 0,
    reportRequested: (first & DELIVER.report) !== 0,
    replyPath: (first & DELIVER.replyPath) !== 0,
    ...readUserData(reader, codingOctet, (first & DELIVER.header) !== 0),
  }
}

/** Bits of the first octet. */
export const DELIVER = { type: 0x00, noMore: 0x04, report: 0x20, header: 0x40, replyPath: 0x80 } as const
