import type { Content } from './content.ts'
import type { Address } from './pdu.ts'

/** A message to be sent. */
export interface SubmitMessage extends Content {
  /** `+` and digits, or digits with `*#abc`. */
  readonly to: string | Address
  /** The service centre; absent, the modem takes the one it is set to. */
  readonly smsc?: string | Address | undefined
  readonly deliveryReport?: boolean | undefined
  /** How long the centre is to try, rounded up to what TP-VP can say, at most 63 weeks. */
  readonly validityMinutes?: number | undefined
  readonly replyPath?: boolean | undefined
  readonly rejectDuplicates?: boolean | undefined
  /** TP-PID; 0 unless given. */
  readonly pid?: number | undefined
}

/** A message as a network delivers it. */
export interface DeliverMessage extends Content {
  /** A number, or a name of up to 11 characters. */
  readonly from: string | Address
  readonly smsc?: string | Address | undefined
  /** When the centre took it, and how many quarters of an hour its clock is ahead of UTC; 2000 in UTC unless given. */
  readonly timestamp?: { readonly ms: number; readonly offsetQuarters?: number | undefined } | undefined
  readonly moreToSend?: boolean | undefined
  readonly reportRequested?: boolean | undefined
  readonly replyPath?: boolean | undefined
  /** TP-PID; 0 unless given. */
  readonly pid?: number | undefined
}

/** A report as a network delivers it. */
export interface StatusReportMessage {
  readonly to: string | Address
  /** TP-MR of the part it is about. */
  readonly reference: number
  /** TP-ST. */
  readonly status: number
  readonly sentAtMs: number
  readonly dischargedAtMs: number
  /** How many quarters of an hour both times are ahead of UTC; 0 unless given. */
  readonly offsetQuarters?: number | undefined
  readonly smsc?: string | Address | undefined
}
