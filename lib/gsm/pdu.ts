/*
 * The shapes of what the codec reads and writes (3GPP TS 23.040 §9.2.2). The codec is pure: bytes are `Uint8Array`,
 * PDUs are hexadecimal text in upper case as AT commands carry them, and nothing here ever throws on what came from a
 * modem: a PDU that makes no sense is a `PduFault`.
 */

/** What was read, or why it could not be. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: PduFault }

/** Why a PDU is none, with everything that is known of it: it is shown to people and then freed. */
export interface PduFault {
  readonly reason: 'notHex' | 'truncated' | 'inconsistent' | 'unsupported'
  /** What is wrong with which field, in the words of the standard. */
  readonly message: string
  /** Where reading stopped, in octets from the start. */
  readonly at: number
  /** As it came. */
  readonly raw: string
  /** What had been read before; never text that may be wrong. */
  readonly from?: string
}

/** A number or a name as an address field holds it (§9.1.2.5). */
export interface Address {
  /** `+` and digits where it is international, digits with `*#abc` otherwise, or the text of an alphanumeric one. */
  readonly number: string
  /** Type-of-number, 0 to 7; 1 is international, 5 alphanumeric. */
  readonly ton: number
  /** Numbering-plan-identification, 0 to 15; 1 is E.164. */
  readonly npi: number
}

/** A service centre time stamp (§9.2.3.11): local time and its offset in quarters of an hour. */
export interface Timestamp {
  /** ISO 8601 with the offset it came with, as in `2011-02-28T11:50:50-05:00`. */
  readonly iso: string
  readonly ms: number
}

/** How user data is written (TP-DCS, 3GPP TS 23.038 §4). */
export interface DataCoding {
  readonly octet: number
  readonly alphabet: 'gsm7' | '8bit' | 'ucs2'
  readonly compressed: boolean
  /** Message class; 0 is shown at once and not kept ("flash"). */
  readonly class?: 0 | 1 | 2 | 3
  /** Message waiting indication. */
  readonly waiting?: Waiting
}

export interface Waiting {
  readonly kind: 'voicemail' | 'fax' | 'email' | 'other'
  readonly active: boolean
  /** Whether the message is to be kept, beside its indication. */
  readonly store: boolean
  readonly count?: number
}

/** One information element of a user data header (§9.2.3.24). */
export interface HeaderElement {
  readonly iei: number
  readonly data: Uint8Array
}

/** What a user data header says. */
export interface UserDataHeader {
  readonly elements: readonly HeaderElement[]
  readonly concat?: Concat
  readonly ports?: { readonly destination: number; readonly source: number; readonly bits: 8 | 16 }
  /** National language identifiers (3GPP TS 23.038 §6.2.1.2.4). */
  readonly singleShift?: number
  readonly lockingShift?: number
  readonly waiting?: Waiting
}

/** Which part of which message this is (§9.2.3.24.1 and §9.2.3.24.8). */
export interface Concat {
  readonly reference: number
  readonly bits: 8 | 16
  readonly total: number
  readonly index: number
}

/** User data as it came, read as far as it can be. */
export interface UserData {
  readonly coding: DataCoding
  readonly header?: UserDataHeader
  /** Absent for 8-bit data; of a UCS-2 part it may end in half a surrogate pair, so join `octets` first. */
  readonly text?: string
  /** Without the header. In GSM 7-bit one septet per octet. */
  readonly octets: Uint8Array
  /** What the ports or the coding say it is, where it is no text for people. */
  readonly special?: 'wap-push' | 'mms-notification' | 'data'
}

/** A message that came in (§9.2.2.1). */
export interface Deliver extends UserData {
  readonly kind: 'deliver'
  readonly smsc?: Address
  readonly from: Address
  readonly pid: number
  readonly timestamp?: Timestamp
  readonly moreToSend: boolean
  readonly reportRequested: boolean
  readonly replyPath: boolean
}

/** A message as it is handed to the network (§9.2.2.2). */
export interface Submit extends UserData {
  readonly kind: 'submit'
  readonly smsc?: Address
  readonly to: Address
  readonly reference: number
  readonly pid: number
  readonly validity?: Validity
  readonly rejectDuplicates: boolean
  readonly reportRequested: boolean
  readonly replyPath: boolean
}

/** TP-VP (§9.2.3.12). */
export type Validity =
  | { readonly format: 'relative'; readonly minutes: number }
  | { readonly format: 'absolute'; readonly until: Timestamp }
  | { readonly format: 'enhanced'; readonly octets: Uint8Array; readonly seconds?: number }

/** What became of a message of ours (§9.2.2.3). */
export interface StatusReport {
  readonly kind: 'status-report'
  readonly smsc?: Address
  /** TP-MR: the reference `+CMGS` answered for the part. */
  readonly reference: number
  readonly to: Address
  readonly sentAt?: Timestamp
  readonly dischargedAt?: Timestamp
  /** TP-ST (§9.2.3.15). */
  readonly status: number
  readonly outcome: StatusOutcome
}

/**
 * What TP-ST means: it arrived; it was given away without being known to have arrived; the centre still tries; it still
 * tries although something is wrong; it gave up.
 */
export type StatusOutcome = 'delivered' | 'forwarded' | 'pending' | 'failed' | 'expired'

/** A PDU ready for `AT+CMGS=<tpduLength>`. */
export interface EncodedPdu {
  /** With the service centre's address in front. */
  readonly hex: string
  /** Octets without the service centre's address, which `+CMGS`, `+CMGL` and `+CMGR` count. */
  readonly tpduLength: number
}
