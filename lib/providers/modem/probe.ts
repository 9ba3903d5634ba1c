import { readPin, textOf } from '../../at/answers.ts'
import type { Clock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'
import type { Finding } from '../../provider.ts'
import type { OpenTransport } from '../../transport/contract.ts'
import { createFacade } from './checks.ts'
import type { Readings } from './checks.ts'
import type { Connection } from './connection.ts'
import { isOk } from './connection.ts'
import { openLine } from './line.ts'
import { GENERIC } from './profiles.ts'
import { createRegistrations } from './registration.ts'
import type { Registrations } from './registration.ts'
import type { ModemPlan } from './settings.ts'
import { sendingError } from './words.ts'

export interface ProbeOptions {
  readonly plan: Pick<ModemPlan, 'baudRates' | 'pin'>
  readonly open: OpenTransport
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Opens the port, asks the modem about itself and closes it again; a PIN is never tried, as each wrong one counts.
 * Throws `SmsError` saying why it cannot be used.
 */
export async function probeModem({ plan, open, clock, signal }: ProbeOptions): Promise<Finding> {
  const found = await onLine({ open, clock, signal, baudRates: plan.baudRates }, async (connection, baudRate) => {
    const { outcome, facts } = await findOut(connection, createRegistrations(), plan.pin !== undefined)
    return { outcome, facts: { ...facts, ...(plan.baudRates.length > 1 && { speed: String(baudRate) }) } }
  })
  if (found === 'mute') throw sendingError('mute')
  return found
}

/** What a modem, whose line is open, tells of itself and its network. Throws as `probeModem` does. */
export async function findOut(connection: Connection, registrations: Registrations, hasPin: boolean): Promise<Finding> {
  const sim = await askSim(connection, hasPin)
  const modem = createFacade({
    connection,
    registrations,
    allowAt: false,
    ussd: () => Promise.reject(sendingError('stopped')),
    balance: () => Promise.reject(sendingError('stopped')),
    onCommand: () => {},
  })
  const readings = await modem.check(['identity', 'network', 'signal'])
  return { outcome: 'worked', facts: { ...(sim !== undefined && { sim }), ...factsOf(readings) } }
}

/** Runs `work` on a line that is opened for it alone, and closed when it ends or `signal` aborts; `mute` if nobody answers. */
export async function onLine<T>(
  options: {
    readonly open: OpenTransport
    readonly clock: Clock
    readonly signal: AbortSignal
    readonly baudRates: readonly number[]
  },
  work: (connection: Connection, baudRate: number) => Promise<T>,
): Promise<T | 'mute'> {
  const { clock, signal } = options
  const nothing = () => {}
  const line = await openLine({
    ...options,
    onUnsolicited: nothing,
    onDeaf: nothing,
    onHeard: nothing,
    onClosed: nothing,
  })
  if (line === 'mute') return line
  const giveUp = () => void line.close(new SmsError('SMS_TIMEOUT', 'the modem took too long to answer'))
  signal.addEventListener('abort', giveUp)
  try {
    const connection = {
      clock,
      profile: GENERIC,
      run: line.run,
      during: <R>(work: (signal: AbortSignal) => Promise<R>) => work(signal),
      between: <R>(work: () => Promise<R>) => work(),
      ready: () => Promise.resolve(),
    }
    return await work(connection, line.baudRate)
  } finally {
    signal.removeEventListener('abort', giveUp)
    await line.close(sendingError('stopped'))
  }
}

/** `pin` and `unread`, or nothing where all is well. */
async function askSim(connection: Connection, hasPin: boolean): Promise<string | undefined> {
  const answer = await connection.run('+CPIN?')
  if (isOk(answer)) {
    const waits = readPin(textOf(answer.lines, '+CPIN'))
    if (waits === 'SIM PUK') throw sendingError('puk')
    if (waits === 'SIM PIN' && !hasPin) throw sendingError('pinNeeded')
    return waits === 'SIM PIN' ? 'pin' : waits === 'READY' ? undefined : waits
  }
  // 3GPP TS 27.007 §9.2.1: no SIM. Other errors are such of modems that are still starting.
  const { result } = answer
  if ('number' in result && result.number === 10) throw sendingError('noSim')
  return 'unread'
}

function factsOf({ identity = {}, network, signal }: Readings): Finding['facts'] {
  const { manufacturer, model, number } = identity
  const modem = [manufacturer, model].filter(Boolean).join(' ')
  const operator = [network?.operator, network?.technology && `(${network.technology})`].filter(Boolean).join(' ')
  const strength = signal?.dbm === undefined ? '' : `${signal.dbm} dBm, ${signal.percent} %`
  return {
    ...(modem !== '' && { modem }),
    ...(number !== undefined && { number }),
    ...(network && { registration: network.state === 'registered' && network.roaming ? 'roaming' : network.state }),
    ...(operator !== '' && { operator }),
    ...(strength !== '' && { signal: strength }),
  }
}
