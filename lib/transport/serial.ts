import type { SerialPort } from 'serialport'
import { SmsError } from '../errors.ts'
import type { OpenTransport } from './contract.ts'
import { createLine } from './line.ts'
import { opening } from './opening.ts'
import { explainPort } from './port-errors.ts'
import { lookAt } from './presence.ts'

export interface SerialOptions {
  /** As `/dev/serial/by-id/…`, `/dev/ttyUSB0`, `COM6`. */
  readonly path: string
  readonly baudRate: number
  /** Loads the native package, which may be missing. */
  readonly load?: LoadSerialPort
}

/** What `import('serialport')` gives, as far as it is used. */
export type LoadSerialPort = () => Promise<{ SerialPort: typeof SerialPort }>

/** Opens a serial port, 8N1 without flow control, for us alone. */
export function openSerial({ path, baudRate, load = loadSerialPort }: SerialOptions): OpenTransport {
  return async (events, signal) => {
    const { SerialPort } = await loadOrExplain(load)
    const port = createPort(SerialPort, path, baudRate)
    const presence = await lookAt(path)
    return opening(signal, path, ({ done, fail }) => {
      let unwanted = false
      // Any error of a stream without a listener would end the process.
      port.on('error', () => {})
      port.open(error => {
        if (error) return fail(explainPort(path, error))
        if (unwanted) return port.close(() => {})
        raiseModemLines(port)
        const stopLooking = presence.watch(() => gone())
        const line = createLine(wireOf(port, stopLooking), events)
        const gone = () => line.lost(new SmsError('SMS_CONNECTION', `${path} is gone: was the modem unplugged?`))
        port.on('data', (bytes: Buffer) => line.data(bytes))
        port.on('error', wrong => line.lost(explainPort(path, wrong)))
        port.once('close', gone)
        done(line.transport)
      })
      // Opening cannot be stopped: a port that opens later is closed then.
      return () => {
        unwanted = true
      }
    })
  }
}

/** Loads the package only here, as it is native: who has no modem need not have it. */
export const loadSerialPort: LoadSerialPort = () => import('serialport')

/** Loads it, or rejects with `SMS_CONFIG` and what to do about it. */
export async function loadOrExplain(load: LoadSerialPort): ReturnType<LoadSerialPort> {
  try {
    return await load()
  } catch {
    const machine = `${process.platform}-${process.arch}`
    throw new SmsError(
      'SMS_CONFIG',
      `the package serialport does not load on this machine (${machine}): reinstall the package, or reach the modem ` +
        'through a serial server, tcp://host:port',
    )
  }
}

function createPort(Port: typeof SerialPort, path: string, baudRate: number): SerialPort {
  try {
    // Without hupcl the modem keeps DTR when we close, and so neither resets nor hangs up.
    return new Port({ path, baudRate, autoOpen: false, lock: true, hupcl: false })
  } catch {
    throw new SmsError('SMS_CONFIG', `${path} cannot be opened at ${baudRate} baud: check the port and the speed`)
  }
}

/** Some modems speak only while DTR is up. A pty has no such lines (ENOTTY), and Windows has raised them at opening. */
function raiseModemLines(port: SerialPort): void {
  if (process.platform !== 'win32') port.set({ dtr: true, rts: true }, () => {})
}

function wireOf(port: SerialPort, onClose: () => void): Parameters<typeof createLine>[0] {
  return {
    write: (bytes, written) => void port.write(bytes, written),
    close(closed) {
      onClose()
      if (!port.isOpen) return closed()
      port.close(() => closed())
    },
    setBaudRate: baud =>
      new Promise((resolve, reject) => {
        port.update({ baudRate: baud }, error => {
          if (error) reject(new SmsError('SMS_CONNECTION', `the port does not take a speed of ${baud} baud`))
          else resolve()
        })
      }),
  }
}
