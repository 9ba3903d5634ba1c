import { readMemoryChoices, readOwnNumbers, textOf } from '../../at/answers.ts'
import type { ProviderHost } from '../../provider.ts'
import { ask, firstOk, isOk } from './connection.ts'
import type { Connection } from './connection.ts'
import { openSim } from './pin.ts'
import { profileOf } from './profiles.ts'
import type { Profile } from './profiles.ts'
import type { ModemPlan } from './settings.ts'
import type { Trouble } from './words.ts'

/** A modem that was set up. */
export interface SetUp {
  readonly profile: Profile
  /** Its memories, as `+CPMS` names them. */
  readonly memories: readonly string[]
  /** The `+CNMI` values that were set, as `2,1,0,1,0`; undefined where the modem takes none. */
  readonly cnmi: string | undefined
  /** Whether `+CMT` and `+CDS` are to be acknowledged with `+CNMA`. */
  readonly acknowledges: boolean
  /** Whether the modem refused what every modem takes once it has started to its end. */
  readonly isPartial: boolean
  /** Our own number, where the SIM knows it. */
  readonly number: string | undefined
  /** Whether it repeats all that it is sent, although it was told not to. */
  readonly echoes: boolean
}

export interface InitOptions {
  readonly plan: ModemPlan
  readonly notes: ProviderHost['notes']
  readonly signal: AbortSignal
  readonly log: (level: 'warn' | 'debug', text: string) => void
  /** Told as soon as it is known, as the SIM's lock is asked for in the modem's own way. */
  readonly onProfile: (profile: Profile) => void
}

/** One step of the setting up: the first of its commands that the modem takes. */
interface Step {
  readonly tries: readonly string[]
  /** What it means when it takes none; without it, nothing. */
  readonly needed?: Trouble
}

// Before the SIM is open. A reset first: a program before us may have left anything. It is no factory reset (&F), which
// may change the speed of the line.
const BEFORE_SIM: readonly Step[] = [
  { tries: ['Z'] },
  { tries: ['E0'] },
  { tries: ['V1'] },
  { tries: ['+CMEE=1'] },
  { tries: ['+CFUN=1'] },
]

// 3GPP TS 27.005 and TS 27.007; what follows a SIM that is open.
const AFTER_SIM: readonly Step[] = [
  { tries: ['+CSCS="GSM"', '+CSCS="IRA"'] },
  { tries: ['+CMGF=0'], needed: 'refuses' },
  { tries: ['+CREG=2', '+CREG=1'] },
  { tries: ['+CEREG=2', '+CEREG=1'] },
  { tries: ['+CUSD=1'] },
  // Keeps the link to the network open between the parts of a message.
  { tries: ['+CMMS=2', '+CMMS=1'] },
]

/**
 * How what comes in is told (TS 27.005 §3.4.1): messages are stored and announced, as then a crash loses none; reports
 * come straight, as modems are at their worst with a memory for these (SIM7600, EC25). What a modem refuses is tried
 * otherwise.
 */
const ANNOUNCED = [
  '2,1,0,1,0',
  '2,1,0,1',
  '1,1,0,1,0',
  '3,1,0,1,0',
  '2,1,0,1,1',
  '1,1,0,1,1',
  '2,1,0,2,0',
  '2,1,0,0,0',
  '1,1,0,0,0',
  '1,1,0,0,1',
  '2,1',
  '1,1',
  '2,2,0,1,0',
  '1,2,0,1,0',
  '1,2',
] as const
/** Messages are only stored. */
const SILENT = ['2,0,0,1,0', '1,0,0,1,0', '2,0,0,2,0', '2,0,0,0,0', '1,0'] as const

/** Sets a modem up, from whatever state it is in; resolves to what keeps it from working where something does. */
export async function setUp(connection: Connection, options: InitOptions): Promise<SetUp | Trouble> {
  const { plan, log } = options
  const refused = await take(connection, BEFORE_SIM)
  if (refused) return refused
  const profile = await identify(connection)
  options.onProfile(profile)
  for (const command of profile.quiet ?? []) await connection.run(command)

  const trouble = await openSim(connection, { ...options, pin: plan.pin })
  if (trouble) return trouble
  const later = await take(connection, AFTER_SIM)
  if (later) return later
  await take(connection, [{ tries: [plan.calls === 'ignore' ? '+CLIP=0' : '+CLIP=1'] }])

  const acknowledges = (await ask(connection, '+CSMS=1')) !== undefined
  const [memories] = readMemoryChoices(textOf((await ask(connection, '+CPMS=?')) ?? [], '+CPMS'))
  if (plan.storage !== undefined && !(await keepIn(connection, plan.storage)))
    log('warn', `the modem has no memory ${plan.storage}; its own is used`)
  if (
    plan.smsc !== undefined &&
    !(await ask(connection, `+CSCA="${plan.smsc}",${plan.smsc.startsWith('+') ? 145 : 129}`))
  )
    log('warn', 'the modem does not take the service centre; the one of its SIM card is used')
  const cnmi = await firstOk(
    connection,
    (plan.announces ? ANNOUNCED : SILENT).map(values => `+CNMI=${values}`),
  )
  if (!cnmi) log('warn', 'the modem announces no messages; it is asked for them')
  for (const command of plan.initCommands) {
    // Its values may be secret.
    const [name] = /^[^\w\s]?\w+/.exec(command) ?? ['']
    if (!(await ask(connection, command))) log('warn', `the modem refused a command of the settings: AT${name}`)
  }
  const own = await connection.run('+CNUM')
  const [number] = isOk(own) ? readOwnNumbers(own.lines) : []
  return {
    profile,
    memories: memoriesToSweep(memories ?? MEMORIES),
    cnmi: cnmi?.command.slice('+CNMI='.length),
    acknowledges,
    isPartial: cnmi === undefined || memories === undefined,
    number,
    echoes: own.echoed === true,
  }
}

async function take(connection: Connection, steps: readonly Step[]): Promise<Trouble | undefined> {
  for (const { tries, needed } of steps) {
    const done = await firstOk(connection, tries)
    if (!done && needed) return needed
  }
  return undefined
}

async function identify(connection: Connection): Promise<Profile> {
  const maker = (await ask(connection, '+CGMI')) ?? []
  const model = (await ask(connection, '+CGMM')) ?? []
  const told = [...maker, ...model]
  return profileOf((told.length > 0 ? told : ((await ask(connection, 'I')) ?? [])).join(' '))
}

/** Sets where what comes in is kept. */
async function keepIn(connection: Connection, storage: string): Promise<boolean> {
  const name = `"${storage}"`
  const tries = [`+CPMS=${name},${name},${name}`, `+CPMS=${name},${name}`, `+CPMS=${name}`]
  return (await firstOk(connection, tries)) !== undefined
}

/** SIM, modem, reports (TS 27.005 §3.2.2). */
const MEMORIES = ['SM', 'ME', 'SR'] as const

/** `MT` is SIM and modem together: beside these each message would be found twice. */
function memoriesToSweep(all: readonly string[]): readonly string[] {
  const known = new Set(all.map(name => name.toUpperCase()))
  const single = MEMORIES.filter(name => known.has(name))
  if (single.some(name => name !== 'SR')) return single
  return [known.has('MT') ? 'MT' : 'SM', ...single]
}
