import type { StatusOutcome } from './pdu.ts'

/** What a TP-ST octet says (3GPP TS 23.040 §9.2.3.15): what became of the message, and why, in the standard's words. */
export function describeStatus(tpSt: number): { readonly outcome: StatusOutcome; readonly text: string } {
  const known = STATUSES.get(tpSt)
  if (known) return { outcome: known[0], text: known[1] }
  // Reserved values above 0x7f say nothing; the standard has them taken for "service rejected".
  const group = tpSt > 0x7f ? PERMANENT : tpSt & 0x60
  const kind = (tpSt & 0x1f) >= 0x10 && tpSt <= 0x7f ? 'specific to the service centre' : 'reserved'
  return { outcome: OUTCOMES[group] ?? 'failed', text: `${GROUPS[group]}, ${kind} (0x${hex(tpSt)})` }
}

const PERMANENT = 0x40
const hex = (octet: number): string => octet.toString(16).toUpperCase().padStart(2, '0')

const OUTCOMES: Readonly<Record<number, StatusOutcome>> = {
  0x00: 'forwarded',
  0x20: 'pending',
  0x40: 'failed',
  0x60: 'failed',
}

const GROUPS: Readonly<Record<number, string>> = {
  0x00: 'transaction completed',
  0x20: 'temporary error, still trying',
  0x40: 'permanent error',
  0x60: 'temporary error, gave up',
}

const STATUSES: ReadonlyMap<number, readonly [StatusOutcome, string]> = new Map([
  [0x00, ['delivered', 'received by the recipient']],
  [0x01, ['forwarded', 'forwarded to the recipient, delivery cannot be confirmed']],
  [0x02, ['forwarded', 'replaced by the service centre']],
  [0x20, ['pending', 'congestion, still trying']],
  [0x21, ['pending', 'recipient busy, still trying']],
  [0x22, ['pending', 'no response from the recipient, still trying']],
  [0x23, ['pending', 'service rejected, still trying']],
  [0x24, ['pending', 'quality of service not available, still trying']],
  [0x25, ['pending', 'error at the recipient, still trying']],
  [0x40, ['failed', 'remote procedure error']],
  [0x41, ['failed', 'incompatible destination']],
  [0x42, ['failed', 'connection rejected by the recipient']],
  [0x43, ['failed', 'not obtainable']],
  [0x44, ['failed', 'quality of service not available']],
  [0x45, ['failed', 'no interworking available']],
  [0x46, ['expired', 'validity period expired']],
  [0x47, ['failed', 'deleted by the sender']],
  [0x48, ['failed', 'deleted by the service centre']],
  [0x49, ['failed', 'message does not exist']],
  [0x60, ['failed', 'congestion, gave up']],
  [0x61, ['failed', 'recipient busy, gave up']],
  [0x62, ['failed', 'no response from the recipient, gave up']],
  [0x63, ['failed', 'service rejected, gave up']],
  [0x64, ['failed', 'quality of service not available, gave up']],
  [0x65, ['failed', 'error at the recipient, gave up']],
])
