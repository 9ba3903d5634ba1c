import type { SmsError } from '../errors.ts'

/** A line to a modem, open: bytes both ways, a serial port or a TCP connection. */
export interface Transport {
  /** Resolves when the bytes were handed over. Rejects with `SMS_CONNECTION` once the line is closed. */
  write(bytes: Uint8Array): Promise<void>
  /**
   * Closes it, frees the port, and resolves within a second whatever the far end does; `closed` of the events is told
   * too. Further calls do nothing.
   */
  close(): Promise<void>
  /** Changes the speed of a serial port, in baud; does nothing where there is none. */
  setBaudRate(baud: number): Promise<void>
}

export interface TransportEvents {
  /** What came, in pieces of any size; nothing is told after `closed`. */
  data(bytes: Uint8Array): void
  /** The line is no more; told once, with the reason unless we closed it. */
  closed(error?: SmsError): void
}

/**
 * Opens a line, or rejects with `SMS_CONNECTION` (no such port, busy, refused) or `SMS_CONFIG` (no such address at
 * all) and a reason people understand; `signal` calls the opening off.
 */
export type OpenTransport = (events: TransportEvents, signal: AbortSignal) => Promise<Transport>

/** A serial port of this machine. */
export interface Port {
  /** As `/dev/ttyUSB0` or `COM6`. */
  readonly path: string
  /** A name that stays when ports are numbered anew, `/dev/serial/by-id/…`. */
  readonly byId?: string
  readonly manufacturer?: string
  readonly product?: string
  readonly serialNumber?: string
  /** Of the USB device, four hexadecimal digits in lower case. */
  readonly vendorId?: string
  readonly productId?: string
}
