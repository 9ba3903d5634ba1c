import { addressFrom, writeAddress, writeServiceCentre } from '../../../lib/gsm/address.ts'
import { groupKey, joinParts } from '../../../lib/gsm/concat.ts'
import { decodeOutgoing } from '../../../lib/gsm/decode.ts'
import { encodeDeliver, encodeStatusReport } from '../../../lib/gsm/encode.ts'
import type { DeliverMessage } from '../../../lib/gsm/encode.ts'
import type { Deliver, Submit } from '../../../lib/gsm/pdu.ts'
import { TIMESTAMP_OCTETS, writeTimestamp } from '../../../lib/gsm/timestamp.ts'
import type { Sent } from './network.ts'

/** Somebody's text to a modem; what it may say beside is the codec's. */
export interface Texted extends DeliverMessage {
  readonly from: string
  /** By default the first modem of the network. */
  readonly to?: string
  /** Which parts come, from 1, in which order; by default all, in theirs. */
  readonly order?: readonly number[]
}

/** What the centre puts on everything it sends. */
export interface Postmark {
  readonly nowMs: number
  readonly centre: string
  readonly utcOffsetMinutes: number
}

/** The PDUs of a text, as a modem gets them. */
export function deliverPdus({ order, ...text }: Texted, mark: Postmark): readonly string[] {
  const pdus = encodeDeliver({ smsc: mark.centre, timestamp: stamp(mark), ...text }).map(({ hex }) => hex)
  return order ? order.map(part => pdus[part - 1] ?? '') : pdus
}

/** What a modem wants sent; undefined where it makes no sense. */
export function readSubmit(pdu: string): Submit | undefined {
  const read = decodeOutgoing(pdu)
  return read.ok ? read.value : undefined
}

/** A part a modem sent, as the modem it was sent to gets it: user data are not touched. */
export function forwardPdu(part: Sent, mark: Postmark): string {
  const octets = Buffer.from(part.pdu, 'hex')
  const first = 1 + (octets[0] ?? 0)
  const pidAt = first + 4 + Math.ceil((octets[first + 2] ?? 0) / 2)
  const validity = ((octets[first] ?? 0) >> 3) & 3
  const dataAt = pidAt + 2 + (validity === 0 ? 0 : validity === 2 ? 1 : 7)

  const pdu = new Uint8Array(256)
  let at = writeServiceCentre(addressFrom(mark.centre), pdu, 0)
  // TP-MMS set, no more to send; TP-UDHI as it was (3GPP TS 23.040 §9.2.2.1).
  pdu[at] = 0x04 | ((octets[first] ?? 0) & 0x40)
  at = writeAddress(addressFrom(part.from), pdu, at + 1)
  pdu.set(octets.subarray(pidAt, pidAt + 2), at)
  const { ms, offsetQuarters } = stamp(mark)
  writeTimestamp(pdu, at + 2, ms, offsetQuarters)
  at += 2 + TIMESTAMP_OCTETS
  pdu.set(octets.subarray(dataAt), at)
  return Buffer.from(pdu.subarray(0, at + octets.length - dataAt))
    .toString('hex')
    .toUpperCase()
}

export function reportPdu(part: Sent, status: number, mark: Postmark): string {
  const { ms, offsetQuarters } = stamp(mark)
  const { reference, atMs } = part
  const to = part.submit.to
  return encodeStatusReport({
    to,
    reference,
    status,
    sentAtMs: atMs,
    dischargedAtMs: ms,
    offsetQuarters,
    smsc: mark.centre,
  }).hex
}

/** The texts of parts, in the order they became whole; what is not whole is not among them. */
export function joinTexts(parts: readonly Sent[]): readonly string[] {
  const texts: string[] = []
  const open = new Map<string, Deliver[]>()
  for (const { from, to, submit } of parts) {
    const part: Deliver = { ...submit, kind: 'deliver', from: submit.to, moreToSend: false }
    const key = `${from}|${to}|${groupKey(part) ?? ''}`
    const group = [...(open.get(key) ?? []), part]
    const { text, missing } = joinParts(group)
    if (missing.length > 0) {
      open.set(key, group)
      continue
    }
    open.delete(key)
    texts.push(text)
  }
  return texts
}

const stamp = ({ nowMs, utcOffsetMinutes }: Postmark) => ({
  ms: nowMs,
  offsetQuarters: Math.round(utcOffsetMinutes / 15),
})
