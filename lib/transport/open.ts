import { SmsError } from '../errors.ts'
import type { OpenTransport } from './contract.ts'
import { openSerial } from './serial.ts'
import { openTcp, parseTcpAddress } from './tcp.ts'

/**
 * The way to open an address: `tcp://host:port` of a serial server, or a serial port by its path or name (`/dev/…`,
 * `COM6`). Throws `SMS_CONFIG` for what can be neither.
 */
export function openTransport(address: string, { baudRate }: { readonly baudRate: number }): OpenTransport {
  const trimmed = address.trim()
  if (/^tcp:/i.test(trimmed)) return openTcp(parseTcpAddress(trimmed))
  if (trimmed === '') throw new SmsError('SMS_CONFIG', 'no port is entered for the modem')
  const [, variable] = /^\$\{([^{}]+)\}$/.exec(trimmed) ?? []
  if (variable !== undefined)
    throw new SmsError(
      'SMS_CONFIG',
      `the port is to come from the environment variable ${variable}, which is not set: enter the port instead, or set it`,
    )
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(trimmed) || !/^(\/|COM\d|\\\\)/i.test(trimmed))
    throw new SmsError(
      'SMS_CONFIG',
      'a port is a path such as /dev/serial/by-id/…, a name such as COM6, or tcp://host:port',
    )
  return openSerial({ path: trimmed, baudRate })
}
