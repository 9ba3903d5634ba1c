import type { SmsError } from '../errors.ts'

/** One modem's command line: a command in flight at a time, in the order they were asked for. */
export interface Channel {
  /**
   * Sends `AT` + `command` and resolves to what was answered, whatever it was: an error the modem answers is an answer.
   * Rejects only with `SMS_TIMEOUT` (no final result code in time: what comes later is discarded, and the line is made
   * clean by a probe before the next command), `SMS_CONNECTION` (the line closed), or `SMS_CANCELLED` (`signal`).
   * `SmsError.cause` of a rejection after the last byte of a body was written is a `BodyWritten`.
   */
  run(command: string, options?: CommandOptions): Promise<Answer>
  /** Ends every wait with `error`; the line itself is its owner's to close. */
  end(error: SmsError): void
  /** Bytes as the transport brings them. */
  data(bytes: Uint8Array): void
}

export interface CommandOptions {
  /** By default what the table of commands says, such as 60 s for the result of `+CMGS`. */
  readonly timeoutMs?: number
  /** Sent when the modem prompts with `> `, ended with 0x1A; ESC is sent when no prompt comes in time. */
  readonly body?: string
  readonly signal?: AbortSignal
  /** Goes before what waits. */
  readonly urgent?: boolean
}

/** What a command was answered with. */
export interface Answer {
  /** Information lines, without echo and unsolicited codes, in order. */
  readonly lines: readonly string[]
  readonly result: Result
}

/** Final result codes (V.250 §5.7, 3GPP TS 27.007 §9, TS 27.005 §3.2.5). */
export type Result =
  | { readonly code: 'OK' }
  | { readonly code: 'ERROR' | 'NO CARRIER' | 'BUSY' | 'NO ANSWER' | 'NO DIALTONE' | 'COMMAND NOT SUPPORT' }
  /** `number` absent where the modem answers in words (`+CMEE=2`). */
  | { readonly code: '+CME ERROR' | '+CMS ERROR'; readonly number?: number; readonly text: string }

/** An unsolicited code with the line that belongs to it, such as the PDU after `+CMT:`. */
export interface Unsolicited {
  /** As `+CMTI`, `RING`, `RDY`, `^SMMEMFULL`. */
  readonly name: string
  /** What follows the colon, trimmed; empty without one. */
  readonly text: string
  /** The second line of `+CMT`, `+CDS`, `+CBM`. */
  readonly pdu?: string
}
