import { readAddress } from './address.ts'
import type { Address, Submit } from './pdu.ts'
import { takeOctet } from './reader.ts'
import type { Reader } from './reader.ts'
import { readUserData } from './user-data.ts'
import { readValidity } from './validity.ts'

/** SMS-SUBMIT after its first octet (3GPP TS 23.040 §9.2.2.2). */
export function readSubmit(reader: Reader, first: number, smsc: Address | undefined): Submit {
  const reference = takeOctet(reader, 'TP-MR')
  const to = readAddress(reader, 'TP-DA')
  const pid = takeOctet(reader, 'TP-PID')
  const codingOctet = takeOctet(reader, 'TP-DCS')
  const validity = readValidity(reader, (first >> SUBMIT.validityShift) & 3)
  return {
    kind: 'submit',
    ...(smsc && { smsc }),
    to,
    reference,
    pid,
    ...(validity && { validity }),
    rejectDuplicates: (first & SUBMIT.rejectDuplicates) !== 0,
    reportRequested: (first & SUBMIT.report) !== 0,
    replyPath: (first & SUBMIT.replyPath) !== 0,
    ...readUserData(reader, codingOctet, (first & SUBMIT.header) !== 0),
  }
}

/** Bits of the first octet. */
export const SUBMIT = {
  type: 0x01,
  rejectDuplicates: 0x04,
  validityShift: 3,
  report: 0x20,
  header: 0x40,
  replyPath: 0x80,
} as const
