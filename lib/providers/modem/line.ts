import { createChannel } from '../../at/channel.ts'
import type { Channel, Trace, Unsolicited } from '../../at/contract.ts'
import type { Clock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'
import type { OpenTransport } from '../../transport/contract.ts'
import { createSpeedSearch } from './speed.ts'

/** A line that is open, with a modem at its end that answers. */
export interface Line {
  readonly run: Channel['run']
  readonly baudRate: number
  readonly isClosed: boolean
  /** Ends every wait with the error, and frees the port within a second. */
  close(error: SmsError): Promise<void>
}

export interface LineOptions {
  readonly open: OpenTransport
  readonly clock: Clock
  readonly baudRates: readonly number[]
  readonly signal: AbortSignal
  readonly onUnsolicited: (code: Unsolicited) => void
  readonly onDeaf: () => void
  readonly onHeard: () => void
  /** The line is gone, unless we closed it. */
  readonly onClosed: (error: SmsError) => void
  readonly trace?: Trace
}

/** Opens a line; `mute` when the port opens and nobody answers. Rejects as `OpenTransport` does. */
export async function openLine(options: LineOptions): Promise<Line | 'mute'> {
  const { clock, signal } = options
  let hear: (bytes: Uint8Array) => void = () => {}
  let whenClosed: (error: SmsError) => void = () => {}
  const searching = new AbortController()
  const stop = () => searching.abort()
  signal.addEventListener('abort', stop)

  let closed: SmsError | undefined
  const transport = await options.open(
    {
      data: bytes => hear(bytes),
      closed(error = new SmsError('SMS_CONNECTION', 'the line to the modem was closed')) {
        closed = error
        stop()
        whenClosed(error)
      },
    },
    signal,
  )
  const search = createSpeedSearch({ transport, clock, baudRates: options.baudRates, signal: searching.signal })
  hear = search.data
  let baudRate: number | undefined
  try {
    baudRate = await search.find()
  } catch (error) {
    await transport.close()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
  if (closed) throw closed
  if (baudRate === undefined || signal.aborted) {
    await transport.close()
    return 'mute'
  }

  const channel = createChannel({ ...options, transport })
  hear = channel.data
  let isOurs = false
  whenClosed = error => {
    channel.end(error)
    if (!isOurs) options.onClosed(error)
  }
  return {
    run: channel.run,
    baudRate,
    get isClosed() {
      return closed !== undefined
    },
    async close(error) {
      isOurs = true
      channel.end(error)
      await transport.close()
    },
  }
}
