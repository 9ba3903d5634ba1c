import { readAddress } from './address.ts'
import type { Address, StatusReport } from './pdu.ts'
import { take, takeOctet } from './reader.ts'
import type { Reader } from './reader.ts'
import { describeStatus } from './status.ts'
import { readTimestamp, TIMESTAMP_OCTETS } from './timestamp.ts'

/** SMS-STATUS-REPORT after its first octet (3GPP TS 23.040 §9.2.2.3). What may follow TP-ST is left unread. */
export function readStatusReport(reader: Reader, smsc: Address | undefined): StatusReport {
  const reference = takeOctet(reader, 'TP-MR')
  const to = readAddress(reader, 'TP-RA')
  const sentAt = readTimestamp(reader.octets, take(reader, TIMESTAMP_OCTETS, 'TP-SCTS'))
  const dischargedAt = readTimestamp(reader.octets, take(reader, TIMESTAMP_OCTETS, 'TP-DT'))
  const status = takeOctet(reader, 'TP-ST')
  return {
    kind: 'status-report',
    ...(smsc && { smsc }),
    reference,
    to,
    ...(sentAt && { sentAt }),
    ...(dischargedAt && { dischargedAt }),
    status,
    outcome: describeStatus(status).outcome,
  }
}

/** Bits of the first octet. */
export const STATUS_REPORT = { type: 0x02, noMore: 0x04 } as const
