import type { SmsError } from '../errors.ts'
import type { Transport } from '../transport/contract.ts'

/** What `createChannel(options): Channel` of `channel.ts` is given. */
export interface ChannelOptions {
  /** Where commands are written; what the line brings is handed to `Channel.data` by its owner. */
  readonly transport: Pick<Transport, 'write'>
  readonly clock: Timers
  /** Told as they come, in order, also while a command runs and while the line is made clean. It must not throw. */
  readonly onUnsolicited: (code: Unsolicited) => void
  /**
   * After a time-out the modem answered none of several probes. What waits was rejected with `SMS_TIMEOUT`, and so is at
   * once whatever is asked for from now on; probing goes on until the modem is heard or the channel ended.
   */
  readonly onDeaf?: () => void
  /** It answers again, and the line is clean; its settings may be lost. */
  readonly onHeard?: () => void
  readonly trace?: Trace
}

/** What a channel needs of a clock; `lib/clock.ts` has it. */
export interface Timers {
  readonly steadyMs: () => number
  readonly after: (ms: number, run: () => void) => () => void
}

/** Gets what goes over the line, as text without line ends; never throws. `createTrace` of `trace.ts` makes one. */
export interface Trace {
  /** A command with its `AT`, or a body, ended with 0x1A. */
  sent(text: string): void
  /** A line, or `> `. */
  received(text: string): void
  /** What happened besides, such as a time-out. */
  note(text: string): void
}

/** One modem's command line: a command in flight at a time, in the order they were asked for. */
export interface Channel {
  /**
   * Sends `AT` + `command` and resolves to what was answered, whatever it was: an error the modem answers is an answer.
   * Rejects only with `SMS_TIMEOUT` (no final result code in time: what comes later is discarded, and the line is made
   * clean by a probe before the next command), `SMS_UNKNOWN` (the same, where the body is known to be taken),
   * `SMS_CONNECTION` (the line closed), or `SMS_CANCELLED` (`signal`).
   * `isBodyWritten` of `errors.ts` tells of a rejection that the body was, or may have been, written with its 0x1A.
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
  /**
   * Told when the body goes out, with what to call should it show by other means that it was taken: then its answer is
   * waited for three seconds more, and no longer.
   */
  readonly onBody?: (taken: () => void) => void
  readonly signal?: AbortSignal
  /** Goes before what waits. */
  readonly urgent?: boolean
}

/** What a command was answered with. */
export interface Answer {
  /** Information lines, without echo and unsolicited codes, in order. */
  readonly lines: readonly string[]
  readonly result: Result
  /** The modem repeated what it was sent, as it does unless told not to (V.250 §6.2.4, ATE0). */
  readonly echoed?: true
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
