import { readBattery, readIccid, readOwnNumbers, readSignal, textOf } from '../../at/answers.ts'
import type { Battery, Signal } from '../../at/answers.ts'
import { readOperator } from '../../at/registration.ts'
import type { RegistrationState, Technology } from '../../at/registration.ts'
import { readMemories } from '../../at/storage.ts'
import { SmsError } from '../../errors.ts'
import type { Balance } from '../../provider.ts'
import { ask, firstOk, isOk } from './connection.ts'
import type { Connection } from './connection.ts'
import type { Registrations } from './registration.ts'
import { refuseControls } from './settings.ts'

export const CHECKS = ['signal', 'network', 'balance', 'storage', 'identity', 'battery', 'messages'] as const
export type Check = (typeof CHECKS)[number]

/** What a modem tells of itself: only what was asked for, and of that only what it knows. */
export interface Readings {
  readonly signal?: Signal
  readonly network?: NetworkReading
  readonly balance?: Balance
  /** The memory that what comes in is kept in. */
  readonly storage?: { readonly memory?: string; readonly used: number; readonly total: number }
  readonly identity?: IdentityReading
  readonly battery?: Battery
  /** How many messages lie in the modem. */
  readonly messages?: number
}

export interface NetworkReading {
  readonly state: RegistrationState
  readonly roaming: boolean
  readonly operator?: string
  readonly technology?: Technology
  readonly lac?: string
  readonly cell?: string
}

export interface IdentityReading {
  readonly manufacturer?: string
  readonly model?: string
  readonly revision?: string
  readonly imei?: string
  readonly imsi?: string
  readonly iccid?: string
  readonly number?: string
}

/** What nodes besides the sending and receiving ones may ask of a modem: `provider.modem`. */
export interface ModemFacade {
  /** Resolves to what the modem told; rejects where it cannot be asked at all. */
  check(names: readonly Check[], signal?: AbortSignal): Promise<Readings>
  /** Sends an AT command, with or without `AT`; resolves to its lines, the result last. `SMS_CONFIG` unless allowed. */
  command(at: string, signal?: AbortSignal): Promise<readonly string[]>
  ussd(code: string, signal?: AbortSignal): Promise<string>
  balance(signal?: AbortSignal): Promise<Balance>
}

export interface ChecksOptions {
  readonly connection: Connection
  readonly registrations: Registrations
  readonly allowAt: boolean
  readonly ussd: ModemFacade['ussd']
  readonly balance: ModemFacade['balance']
  /** A command of a stranger's may have changed any setting. */
  readonly onCommand: () => void
}

export function createFacade(options: ChecksOptions): ModemFacade {
  const { connection, registrations, allowAt, ussd, balance, onCommand } = options

  const readings: { readonly [C in Check]: (signal?: AbortSignal) => Promise<Readings[C] | undefined> } = {
    async signal() {
      return readSignal(textOf(await lines('+CSQ'), '+CSQ'))
    },
    async network() {
      await registrations.ask(connection)
      const best = registrations.best
      if (!best) return undefined
      // A name, whichever form another program left it in.
      await lines('+COPS=3,0')
      const operator = readOperator(textOf(await lines('+COPS?'), '+COPS'))
      const technology = best.technology ?? operator?.technology
      return {
        ...best,
        ...(operator?.name !== undefined && { operator: operator.name }),
        ...(technology && { technology }),
      }
    },
    balance,
    async storage() {
      const all = readMemories(textOf(await lines('+CPMS?'), '+CPMS'))
      return all[2] ?? all[0]
    },
    async identity() {
      const imei = await digits('+CGSN')
      const imsi = await digits('+CIMI')
      const iccid = readIccid((await firstOk(connection, connection.profile.iccid))?.lines ?? [])
      const [number] = readOwnNumbers(await lines('+CNUM'))
      return {
        ...named('manufacturer', await word('+CGMI')),
        ...named('model', await word('+CGMM')),
        ...named('revision', await word('+CGMR')),
        ...named('imei', imei),
        ...named('imsi', imsi),
        ...named('iccid', iccid),
        ...named('number', number),
      }
    },
    async battery() {
      return readBattery(textOf(await lines('+CBC'), '+CBC'))
    },
    async messages() {
      const all = readMemories(textOf(await lines('+CPMS?'), '+CPMS'))
      const byName = new Map(all.map(({ memory = '', used }) => [memory, used]))
      return all.length === 0 ? undefined : [...byName.values()].reduce((sum, used) => sum + used, 0)
    },
  }

  const lines = async (command: string) => (await ask(connection, command)) ?? []

  const word = (command: string) => readWord(connection, command)

  async function digits(command: string): Promise<string | undefined> {
    return (await lines(command)).map(line => /\d{14,17}/.exec(line)?.[0]).find(found => found !== undefined)
  }

  return {
    async check(names, signal) {
      const found: Record<string, unknown> = {}
      for (const name of CHECKS) {
        if (!names.includes(name)) continue
        const reading = await readings[name](signal)
        if (reading !== undefined) found[name] = reading
      }
      return found
    },
    async command(at, signal) {
      if (!allowAt) throw new SmsError('SMS_CONFIG', 'the settings of the modem do not allow AT commands from flows')
      const command = at.trim().replace(/^AT/i, '')
      refuseControls(command, 'SMS_REQUEST')
      try {
        const answer = await connection.between(() => connection.run(command, signal ? { signal } : {}))
        return isOk(answer) ? [...answer.lines, 'OK'] : [...answer.lines, resultText(answer.result)]
      } finally {
        onCommand()
      }
    },
    ussd,
    balance,
  }
}

/** What a modem calls itself: make and model. Rejects as `Connection.run` does. */
export async function readName(connection: Pick<Connection, 'run'>): Promise<string> {
  const words = [await readWord(connection, '+CGMI'), await readWord(connection, '+CGMM')]
  return words.filter(Boolean).join(' ')
}

/** The first line, some with the command's name in front. */
async function readWord(connection: Pick<Connection, 'run'>, command: string): Promise<string | undefined> {
  const [line] = (await ask(connection, command)) ?? []
  return line
    ?.replace(/^\+[A-Z]+:\s*/, '')
    .replace(/^"(.*)"$/, '$1')
    .trim()
}

const resultText = (result: Awaited<ReturnType<Connection['run']>>['result']): string =>
  'text' in result ? `${result.code}: ${result.number ?? result.text}` : result.code

const named = <N extends string>(name: N, value: string | undefined): { readonly [K in N]?: string } =>
  (value === undefined || value === '' ? {} : { [name]: value }) as { readonly [K in N]?: string }
