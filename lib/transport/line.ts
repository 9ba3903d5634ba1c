import { SmsError } from '../errors.ts'
import type { Transport, TransportEvents } from './contract.ts'

/** What a kind of line does itself; the rest is the same for all. */
export interface Wire {
  /** Calls `done` once the bytes were handed over, or with what went wrong; it may also never be called. */
  write(bytes: Uint8Array, done: (error?: Error | null) => void): void
  /** Lets go of the line and calls `done`, which may also never come. */
  close(done: () => void): void
  setBaudRate(baud: number): Promise<void>
}

export interface Line {
  readonly transport: Transport
  data(bytes: Uint8Array): void
  /** The far end or the system closed the line, for a reason. */
  lost(error: SmsError): void
}

/** A transport over a wire that is open: told of its end once, and every write ends with it. */
export function createLine(wire: Wire, events: TransportEvents): Line {
  const pending = new Set<(error: SmsError) => void>()
  let closing: Promise<void> | undefined

  function finish(error: SmsError | undefined): Promise<void> {
    if (closing) return closing
    const reason = error ?? closedError()
    for (const reject of pending) reject(reason)
    pending.clear()
    closing = new Promise(resolve => {
      const timer = setTimeout(resolve, CLOSE_MS)
      wire.close(() => {
        clearTimeout(timer)
        resolve()
      })
    })
    events.closed(error)
    return closing
  }

  return {
    transport: {
      write(bytes) {
        if (closing) return Promise.reject(closedError())
        return new Promise((resolve, reject) => {
          pending.add(reject)
          wire.write(bytes, error => {
            pending.delete(reject)
            if (error) reject(new SmsError('SMS_CONNECTION', `writing to the modem failed: ${error.message}`))
            else resolve()
          })
        })
      },
      close: () => finish(undefined),
      setBaudRate: baud => (closing ? Promise.reject(closedError()) : wire.setBaudRate(baud)),
    },
    data(bytes) {
      if (!closing) events.data(bytes)
    },
    lost: error => void finish(error),
  }
}

// Of the second that closing may take; a port whose driver hangs is left to the system.
const CLOSE_MS = 900

const closedError = (): SmsError => new SmsError('SMS_CONNECTION', 'the line to the modem is closed')
