import type { Clock } from '../../clock.ts'
import { toSmsError } from '../../errors.ts'
import type { ErrorInfo } from '../../errors.ts'
import type { OpenTransport } from '../../transport/contract.ts'
import { readName } from './checks.ts'
import { onLine } from './probe.ts'

/** What a port was found to be. */
export type Detected =
  | { readonly port: string; readonly is: 'modem'; readonly baudRate: number; readonly name: string }
  | { readonly port: string; readonly is: 'silent' }
  /** It cannot be opened, or what is behind it failed in the midst. */
  | { readonly port: string; readonly is: 'failed'; readonly error: ErrorInfo }

export interface DetectOptions {
  readonly open: (port: string) => OpenTransport
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** The two speeds nearly all modems answer at, and how long one port may take. */
const BAUD_RATES = [115_200, 9_600] as const
const PORT_MS = 4_500

/** Asks all these ports at once whether a modem is behind them, within `PORT_MS`. Never rejects. */
export function detectModems(ports: readonly string[], options: DetectOptions): Promise<Detected[]> {
  return Promise.all(ports.map(port => detect(port, options)))
}

async function detect(port: string, { open, clock, signal }: DetectOptions): Promise<Detected> {
  const ending = new AbortController()
  const end = () => ending.abort()
  const cancel = clock.after(PORT_MS, end)
  signal.addEventListener('abort', end)
  try {
    const line = { open: open(port), clock, signal: ending.signal, baudRates: BAUD_RATES }
    const found = await onLine<Detected>(line, async (connection, baudRate) => {
      // It answered: that it will not say what it is makes it no less a modem.
      const name = await readName(connection).catch(() => '')
      return { port, is: 'modem', baudRate, name }
    })
    return found === 'mute' ? { port, is: 'silent' } : found
  } catch (thrown) {
    return { port, is: 'failed', error: toSmsError(thrown).toJSON() }
  } finally {
    cancel()
    signal.removeEventListener('abort', end)
  }
}
