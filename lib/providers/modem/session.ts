import type { Trace, Unsolicited } from '../../at/contract.ts'
import { isRestart } from '../../at/unsolicited.ts'
import { within } from '../../deadline.ts'
import { SmsError, toSmsError } from '../../errors.ts'
import type { HealthReport, ProviderHost } from '../../provider.ts'
import type { OpenTransport } from '../../transport/contract.ts'
import type { Connection } from './connection.ts'
import { createGate } from './gate.ts'
import type { Obstacle } from './gate.ts'
import { setUp } from './init.ts'
import type { SetUp } from './init.ts'
import { createLadder } from './ladder.ts'
import type { Rung } from './ladder.ts'
import { openLine } from './line.ts'
import type { Line } from './line.ts'
import { pause } from './pause.ts'
import { GENERIC } from './profiles.ts'
import type { Profile } from './profiles.ts'
import { createRegistrations } from './registration.ts'
import type { Registrations } from './registration.ts'
import type { ModemPlan } from './settings.ts'
import { createWatch } from './watch.ts'
import { healthOf, sendingError, TROUBLES } from './words.ts'
import type { Trouble } from './words.ts'
import { createWishes } from './wishes.ts'

/** The life of one modem: opened, set up, watched, and begun anew, until it is stopped. */
export interface Session extends Connection {
  readonly registrations: Registrations
  /** Begins; the modem is not waited for. */
  start(): void
  /** Frees the port and ends every wait, within a second. */
  stop(): Promise<void>
  /** Something does not fit: look at the settings, or make them anew. */
  wish(rung: Rung): void
  /** Whether a memory is full of what is not ours to free. */
  full(is: boolean): void
  /** Whether the network takes its time for a message, and so nothing else can be said to the modem. */
  slow(is: boolean): void
}

export interface SessionOptions {
  readonly plan: ModemPlan
  readonly host: Pick<ProviderHost, 'clock' | 'notes' | 'log' | 'health'>
  readonly open: OpenTransport
  readonly trace?: Trace
  readonly onSetUp: (setUp: SetUp) => void
  /** It is not ready any more, for now. */
  readonly onPause: () => void
  /** What the modem says by itself and is not about the session. */
  readonly onUnsolicited: (code: Unsolicited) => void
  readonly onSweep: () => void
}

type State =
  | { readonly is: 'opening'; readonly trouble: Trouble; readonly told?: SmsError }
  | { readonly is: 'settingUp'; readonly line: Line }
  /** It answers, and yet cannot be used. */
  | { readonly is: 'troubled'; readonly line: Line; readonly trouble: Trouble }
  /** It answers nothing. */
  | { readonly is: 'deaf'; readonly line: Line }
  | { readonly is: 'ready'; readonly line: Line; readonly setUp: SetUp }
  | { readonly is: 'stopped' }

/** Between one opening and the next; a port that is back is found at once, so it is not long. */
const REOPEN_MS = [500, 1_000, 2_000, 4_000] as const
/** How long a modem that answers nothing any more is listened to before its port is opened anew. */
const DEAF_MS = 20_000
/** How often a modem in trouble is set up anew: a SIM may be put in. */
const TROUBLED_MS = 10_000
/** After so many times it is restarted, once in a while: some find their SIM only then. */
const RESET_AFTER = 6
const RESET_EVERY = 60
const MOST_REPAIRS = 3
const OFTEN = 5
const OFTEN_MS = 5_000
/** How long a modem takes to restart; who says so before is not waited for. */
const RESTART_MS = 10_000

export function createSession(options: SessionOptions): Session {
  const { plan, host, onPause } = options
  const { clock } = host
  const life = new AbortController()
  const registrations = createRegistrations()
  const wishes = createWishes(clock, life.signal)
  const gate = createGate(clock, obstacle)
  /** Ends with commands that belong together, and all that wait for their turn. */
  let used: Promise<unknown> = Promise.resolve()
  /** Aborted when the modem is not ready any more. */
  let readiness = new AbortController()
  let ladder = createLadder()
  let state: State = { is: 'opening', trouble: 'opening' }
  let profile: Profile = GENERIC
  let isFull = false
  let isSlow = false
  let told = ''
  let living: Promise<void> | undefined
  let cancelDeaf = () => {}

  function become(next: State): void {
    if (state.is === 'stopped') return
    const wasReady = state.is === 'ready'
    state = next
    if (wasReady && next.is !== 'ready') {
      readiness.abort()
      readiness = new AbortController()
      onPause()
    }
    changed()
  }

  function changed(): void {
    const report = health()
    const text = JSON.stringify(report)
    if (text !== told && state.is !== 'stopped') {
      told = text
      host.health(report)
    }
    gate.changed()
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = used.then(work)
    used = mine.catch(() => {})
    return mine
  }

  function obstacle(): Obstacle | undefined {
    if (state.is === 'opening' || state.is === 'troubled') return state
    if (state.is === 'ready') return registrations.trouble && { trouble: registrations.trouble }
    return { trouble: ({ deaf: 'mute', settingUp: 'starting', stopped: 'stopped' } as const)[state.is] }
  }

  function health(): HealthReport {
    const found = obstacle() ?? (isSlow ? { trouble: 'slow' } : isFull ? { trouble: 'memoryFull' } : undefined)
    return found ? healthOf(found.trouble, found.told) : { health: 'ready' }
  }

  function unready(): SmsError {
    const { trouble, told }: Obstacle = obstacle() ?? { trouble: 'starting' }
    return sendingError(trouble, told)
  }

  function wish(rung: Rung): void {
    // Nothing more must be begun with a modem that may have forgotten its settings.
    if (rung !== 'check' && state.is === 'ready') become({ is: 'settingUp', line: state.line })
    wishes.add(rung)
  }

  async function live(): Promise<void> {
    for (let failures = 0; !life.signal.aborted; failures++) {
      try {
        const line = await open()
        if (line !== 'mute') {
          failures = 0
          try {
            await attend(line)
          } finally {
            cancelDeaf()
            await line.close(sendingError('lost'))
          }
        } else failed('mute', undefined, failures)
      } catch (thrown) {
        failed('lost', toSmsError(thrown, 'SMS_CONNECTION'), failures)
      }
      await pause(clock, REOPEN_MS[Math.min(failures, REOPEN_MS.length - 1)]!, life.signal)
    }
  }

  function failed(trouble: 'mute' | 'lost', error: SmsError | undefined, failures: number): void {
    if (life.signal.aborted) return
    const message = error?.message ?? TROUBLES[trouble].message
    if (failures === REOPEN_MS.length) host.log('warn', `${message} (trying again every few seconds)`)
    become({ is: 'opening', trouble, ...(error && { told: error }) })
  }

  function open(): Promise<Line | 'mute'> {
    wishes.clear()
    ladder = createLadder()
    registrations.forget()
    return openLine({
      ...options,
      clock,
      baudRates: plan.baudRates,
      signal: life.signal,
      onUnsolicited: heard,
      onDeaf() {
        if ('line' in state) become({ is: 'deaf', line: state.line })
        cancelDeaf = clock.after(DEAF_MS, () => state.is === 'deaf' && wish('reopen'))
      },
      onHeard() {
        cancelDeaf()
        if (state.is === 'deaf') become({ is: 'settingUp', line: state.line })
        wish('setUp')
      },
      onClosed(error) {
        cancelDeaf()
        become({ is: 'opening', trouble: 'lost', told: error })
        wish('reopen')
      },
    })
  }

  /** Looks after an open line until it is to be closed. */
  async function attend(line: Line): Promise<void> {
    const watch = createWatch({ connection: session, clock, sweepMs: plan.sweepMs, registrations })
    become({ is: 'settingUp', line })
    let rung: Rung | undefined = 'setUp'
    let troubles = 0
    let repairs = 0
    let times: readonly number[] = []
    const isOften = () => {
      times = [...times, clock.steadyMs()].slice(-OFTEN)
      return times.length === OFTEN && clock.steadyMs() - times[0]! < OFTEN * OFTEN_MS
    }
    const isOver = () => life.signal.aborted || line.isClosed

    async function act(): Promise<void> {
      // A modem that gives a reason each time must not be set up without a pause.
      if (rung === 'setUp' && isOften()) await pause(clock, OFTEN_MS, life.signal)
      if (rung === 'reset') await restart(line)
      // What was not set up to its end cannot be looked at.
      if (state.is !== 'ready' || rung === 'setUp') {
        const found = await makeReady(line)
        troubles = found === undefined ? 0 : troubles + 1
        if (troubles % RESET_EVERY === RESET_AFTER) wish('reset')
        watch.begin()
        return
      }
      const found = await watch.look(state.setUp)
      changed()
      if (found === 'unset') wish('setUp')
      else if (found === 'sweep' || rung === 'check') options.onSweep()
    }

    while (!isOver() && rung !== 'reopen') {
      try {
        // Only the channel knows when one that answers nothing does again.
        if (state.is !== 'deaf') await act()
      } catch (thrown) {
        host.log('debug', toSmsError(thrown).message)
      }
      if (!isOver()) rung = await wishes.next(state.is === 'troubled' ? TROUBLED_MS : watch.everyMs)
      // Soon after its start a modem may refuse what it takes a moment later.
      if (rung === undefined && state.is === 'ready' && state.setUp.isPartial && repairs++ < MOST_REPAIRS)
        rung = 'setUp'
    }
  }

  async function restart(line: Line): Promise<void> {
    host.log('info', 'the modem is restarted')
    become({ is: 'settingUp', line })
    await used
    await line.run('+CFUN=1,1')
    if ((await wishes.next(RESTART_MS)) === 'reopen') wish('reopen')
  }

  async function makeReady(line: Line): Promise<Trouble | undefined> {
    if (state.is !== 'troubled') become({ is: 'settingUp', line })
    await used
    const made = await setUp(session, {
      plan,
      notes: host.notes,
      log: host.log,
      signal: life.signal,
      onProfile: found => (profile = found),
    })
    if (typeof made === 'string') {
      become({ is: 'troubled', line, trouble: made })
      return made
    }
    await registrations.ask(session)
    // What was set may be forgotten again: it is set up once more before it is used.
    if (life.signal.aborted || wishes.isSetUpWanted) return undefined
    become({ is: 'ready', line, setUp: made })
    options.onSetUp(made)
    return undefined
  }

  function heard(code: Unsolicited): void {
    const { name, text } = code
    if (isRestart(code)) wish('setUp')
    else if (name === '+CPIN' && (state.is === 'troubled' || !text.startsWith('READY'))) wish('setUp')
    else if (name === '+CREG' || name === '+CEREG' || name === '+CGREG') {
      registrations.heard(code)
      changed()
    } else options.onUnsolicited(code)
  }

  const session: Session = {
    clock,
    registrations,
    get profile() {
      return profile
    },
    async run(command, given) {
      if (!('line' in state)) throw unready()
      const { line } = state
      const climbed = ladder
      try {
        const answer = await line.run(command, given)
        climbed.answered(command)
        // It repeats what it was told not to: it has forgotten that, and the rest with it.
        if (answer.echoed && state.is === 'ready' && !state.setUp.echoes) wish('setUp')
        return answer
      } catch (thrown) {
        const isMute = thrown instanceof SmsError && thrown.code === 'SMS_TIMEOUT'
        if (isMute && state.is !== 'deaf' && climbed === ladder) wish(ladder.unanswered(command))
        throw thrown
      }
    },
    during: work =>
      inTurn(() => {
        if (state.is !== 'ready') throw unready()
        return work(readiness.signal)
      }),
    between: inTurn,
    ready: gate.pass,
    start() {
      living = live().catch((thrown: unknown) => host.log('warn', toSmsError(thrown).message))
    },
    async stop() {
      if ('line' in state) void state.line.close(sendingError('stopped')).catch(() => {})
      become({ is: 'stopped' })
      life.abort()
      if (living) await within(clock, STOP_MS, living)
    },
    wish,
    full(is) {
      isFull = is
      changed()
    },
    slow(is) {
      isSlow = is
      changed()
    },
  }
  // Who says nothing counts as ready.
  changed()
  return session
}

const STOP_MS = 900
