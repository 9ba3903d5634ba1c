import { connect } from 'node:net'
import { SmsError } from '../errors.ts'
import type { OpenTransport } from './contract.ts'
import { createLine } from './line.ts'
import { opening } from './opening.ts'

export interface TcpAddress {
  readonly host: string
  readonly port: number
}

/** Reads `tcp://host:port`, an IPv6 address in brackets. Throws `SMS_CONFIG`. */
export function parseTcpAddress(address: string): TcpAddress {
  const [, bracketed, plain, digits] =
    /^tcp:\/\/(?:\[([0-9a-f:.%\w]+)\]|([^\s/:@[\]]+)):(\d{1,5})\/?$/i.exec(address) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host === undefined || !(port > 0 && port < 65_536))
    throw new SmsError(
      'SMS_CONFIG',
      'the address of a serial server is tcp://host:port, such as tcp://192.168.1.20:4001',
    )
  return { host, port }
}

/**
 * Opens a TCP connection to a serial server that passes bytes on as they are (raw, not Telnet). What happens to a
 * connection that dies without a word, keep-alive finds out after some minutes, and the channel's deadlines before.
 */
export function openTcp({ host, port }: TcpAddress): OpenTransport {
  const what = `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`
  return (events, signal) =>
    opening(signal, what, ({ done, fail }) => {
      const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS })
      // An error after the end of all would else end the process.
      socket.on('error', error => fail(new SmsError('SMS_CONNECTION', `${what}: ${explain(error)}`)))
      socket.once('connect', () => {
        const line = createLine(
          {
            write: (bytes, written) => void socket.write(bytes, written),
            close(closed) {
              if (socket.closed) return closed()
              socket.once('close', closed)
              if (socket.writableFinished) return socket.destroy()
              // What was written last may still go, but a far end that reads nothing is not waited for.
              socket.end()
              const timer = setTimeout(() => socket.destroy(), LINGER_MS)
              socket.once('finish', () => socket.destroy())
              socket.once('close', () => clearTimeout(timer))
            },
            setBaudRate: async () => {},
          },
          events,
        )
        socket.on('data', bytes => line.data(bytes))
        socket.on('error', error => line.lost(new SmsError('SMS_CONNECTION', `${what}: ${explain(error)}`)))
        socket.once('end', () => line.lost(new SmsError('SMS_CONNECTION', `${what} closed the connection`)))
        socket.once('close', () => line.lost(new SmsError('SMS_CONNECTION', `${what} closed the connection`)))
        done(line.transport)
      })
      return () => socket.destroy()
    })
}

const KEEP_ALIVE_MS = 30_000
const LINGER_MS = 300

function explain(error: NodeJS.ErrnoException): string {
  return REASONS[error.code ?? ''] ?? `the connection failed (${error.code ?? 'for an unknown reason'})`
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the host refused the connection: is the serial server running, and is this its port?',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'no host of this name',
  EAI_AGAIN: 'the name of the host could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  EHOSTDOWN: 'the host is down',
  ETIMEDOUT: 'the host did not answer',
  EACCES: 'the connection was not permitted',
}
