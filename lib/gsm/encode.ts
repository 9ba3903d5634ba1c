import { addressFrom, isName, writeAddress, writeServiceCentre } from './address.ts'
import { layOutBody, writePart } from './body.ts'
import type { Body } from './body.ts'
import { DELIVER } from './deliver.ts'
import { EncodeError } from './encode-error.ts'
import { octetsToHex } from './hex.ts'
import type { DeliverMessage, StatusReportMessage, SubmitMessage } from './outgoing.ts'
import type { Address, EncodedPdu } from './pdu.ts'
import { inRange } from './range.ts'
import { STATUS_REPORT } from './status-report.ts'
import { SUBMIT } from './submit.ts'
import { TIMESTAMP_OCTETS, writeTimestamp } from './timestamp.ts'
import { FORMAT, relativeValidity } from './validity.ts'

export { EncodeError } from './encode-error.ts'
export type { DeliverMessage, StatusReportMessage, SubmitMessage } from './outgoing.ts'

/** The PDUs of a message to be sent, one per part; TP-MR is 0, for the modem to fill in. Throws `EncodeError`. */
export function encodeSubmit(message: SubmitMessage): readonly EncodedPdu[] {
  const { validityMinutes } = message
  const to = asAddress(message.to)
  if (isName(to) || !/\d/.test(to.number))
    throw new EncodeError('address', `${JSON.stringify(to.number)} is no number to send to`)
  const body = layOutBody(message)
  const first =
    SUBMIT.type |
    when(message.deliveryReport, SUBMIT.report) |
    when(message.replyPath, SUBMIT.replyPath) |
    when(message.rejectDuplicates, SUBMIT.rejectDuplicates) |
    when(body.hasHeader, SUBMIT.header) |
    when(validityMinutes !== undefined, FORMAT.relative << SUBMIT.validityShift)

  const tpduAt = start(message.smsc, first)
  PDU[tpduAt + 1] = 0
  let at = writeProtocol(writeAddress(to, PDU, tpduAt + 2), message.pid, body.codingOctet)
  if (validityMinutes !== undefined) {
    PDU[at] = relativeValidity(validityMinutes)
    at += 1
  }
  return everyPart(body, tpduAt, at)
}

/** The PDUs of a message as a modem would receive them, one per part. Throws `EncodeError`. */
export function encodeDeliver(message: DeliverMessage): readonly EncodedPdu[] {
  const { timestamp = Y2K } = message
  const body = layOutBody(message)
  const first =
    DELIVER.type |
    when(message.moreToSend !== true, DELIVER.noMore) |
    when(message.reportRequested, DELIVER.report) |
    when(message.replyPath, DELIVER.replyPath) |
    when(body.hasHeader, DELIVER.header)

  const tpduAt = start(message.smsc, first)
  const at = writeProtocol(writeAddress(asAddress(message.from), PDU, tpduAt + 1), message.pid, body.codingOctet)
  writeTimestamp(PDU, at, timestamp.ms, timestamp.offsetQuarters)
  return everyPart(body, tpduAt, at + TIMESTAMP_OCTETS)
}

/** The PDU of a delivery report. Throws `EncodeError`. */
export function encodeStatusReport(report: StatusReportMessage): EncodedPdu {
  const tpduAt = start(report.smsc, STATUS_REPORT.type | STATUS_REPORT.noMore)
  PDU[tpduAt + 1] = inRange('TP-MR', report.reference, 0, 0xff)
  const at = writeAddress(asAddress(report.to), PDU, tpduAt + 2)
  const dischargedAt = at + TIMESTAMP_OCTETS
  const statusAt = dischargedAt + TIMESTAMP_OCTETS
  writeTimestamp(PDU, at, report.sentAtMs, report.offsetQuarters)
  writeTimestamp(PDU, dischargedAt, report.dischargedAtMs, report.offsetQuarters)
  PDU[statusAt] = inRange('TP-ST', report.status, 0, 0xff)
  return finish(tpduAt, statusAt + 1)
}

const Y2K = { ms: Date.UTC(2000, 0, 1), offsetQuarters: 0 }

/** One PDU is written at a time. Two addresses of 12 octets, two time stamps and 141 octets of user data fit well. */
const PDU = new Uint8Array(256)

const when = (condition: boolean | undefined, bit: number): number => (condition === true ? bit : 0)

const asAddress = (address: string | Address): Address => (typeof address === 'string' ? addressFrom(address) : address)

/** Writes the service centre and the first octet; answers where the latter is. */
function start(smsc: string | Address | undefined, first: number): number {
  const tpduAt = writeServiceCentre(smsc === undefined ? undefined : asAddress(smsc), PDU, 0)
  PDU[tpduAt] = first
  return tpduAt
}

/** Writes TP-PID and TP-DCS; answers the octet after them. */
function writeProtocol(at: number, pid: number | undefined, codingOctet: number): number {
  PDU[at] = inRange('TP-PID', pid ?? 0, 0, 0xff)
  PDU[at + 1] = codingOctet
  return at + 2
}

/** The PDU of each part, whose user data begins at octet `at`. */
const everyPart = (body: Body, tpduAt: number, at: number): EncodedPdu[] =>
  body.ends.map((_, place) => finish(tpduAt, writePart(body, place, PDU, at)))

function finish(tpduAt: number, end: number): EncodedPdu {
  return { hex: octetsToHex(PDU, end), tpduLength: end - tpduAt }
}
