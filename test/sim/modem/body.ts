import type { Clock } from '../../../lib/clock.ts'
import type { Behaviour } from './behaviour.ts'
import { isRegistered } from './command.ts'
import type { Core, Registration } from './command.ts'
import { commandsOf } from './commands/index.ts'
import { registrationText } from './commands/network.ts'
import { createSubscriber } from './incoming.ts'
import { createInput } from './input.ts'
import { interpret } from './interpreter.ts'
import type { Outcome } from './interpreter.ts'
import type { AttachedLine, LineEvents } from './modem.ts'
import type { Network } from './network.ts'
import { createOutput } from './output.ts'
import type { Profile } from './profile.ts'
import { NUMERIC } from './reply.ts'
import { createSettings } from './settings.ts'
import type { SimCard } from './sim-card.ts'
import type { Storage } from './storage.ts'

export interface BodyOptions {
  readonly clock: Clock
  readonly profile: Profile
  readonly network: Network
  readonly number: string
  readonly sim: SimCard
  readonly storage: Storage
  readonly behaviour: Behaviour
  readonly registration: Registration
  readonly port: string
  readonly hooks: Parameters<typeof interpret>[2]
}

/** What is inside a modem: the line, the commands, the timers, and a life that a restart begins anew. */
export function createBody(options: BodyOptions) {
  const { clock, profile, network, behaviour, hooks } = options
  const commands = commandsOf(profile)
  const heard: string[] = []
  const watchers = new Set<(side: 'host' | 'modem', text: string) => void>()
  const portWatchers = new Set<(port: string | undefined) => void>()
  const timers = new Set<() => void>()
  let said = ''
  let port: string | undefined = options.port
  let line: LineEvents | undefined
  let registration = options.registration
  let isOn = true
  /** Lines that wait for a body to end. */
  let postponed: (readonly string[])[] = []
  let portsUsed = 0

  const output = createOutput(clock, behaviour, bytes => {
    if (!line) return
    const text = Buffer.from(bytes).toString('latin1')
    said += text
    for (const see of watchers) see('modem', text)
    line.data(bytes)
  })
  whenUnmuted(behaviour, output.release)

  const input = createInput(clock, behaviour, {
    command(text) {
      heard.push(text)
      carryOut(interpret(core, commands, hooks, text), text)
    },
    echo(text) {
      if (behaviour.echo === 'always' || (behaviour.echo === 'asSet' && core.settings.echo)) output.raw(text)
    },
    bodyLine() {
      if (core.settings.cmgf === 1) output.raw('\r\n> ')
    },
  })

  const subscriber = createSubscriber(options.number, () => core)
  const core: Core = {
    ...options,
    subscriber,
    settings: createSettings(profile, network.behaviour.centre),
    get registration() {
      return isOn ? registration : 'none'
    },
    call: undefined,
    ussd: undefined,
    acknowledge: undefined,
    say(...lines) {
      if (input.isInBody && !behaviour.unsolicitedInPrompt) postponed.push(lines)
      else output.lines(lines)
    },
    retry() {
      subscriber.flush()
      network.retry(subscriber)
    },
    restart: () => after(0, () => restart()),
    resetSettings() {
      core.settings = createSettings(profile, network.behaviour.centre)
    },
  }

  network.attach(subscriber)
  makeNoise()

  return {
    core,
    heard,
    get said() {
      return said
    },
    get port() {
      return port
    },
    get isOpen() {
      return line !== undefined
    },
    onPort(tell: (port: string | undefined) => void) {
      portWatchers.add(tell)
      return () => void portWatchers.delete(tell)
    },
    register(now: Registration) {
      registration = now
      for (const [name, key] of [
        ['+CREG', 'creg'],
        ['+CGREG', 'cgreg'],
        ['+CEREG', 'cereg'],
      ] as const)
        if (core.settings[key] > 0) core.say(`${name}: ${registrationText(core, core.settings[key], false)}`)
      if (isRegistered(core)) core.retry()
    },
    attach(events: LineEvents): AttachedLine | undefined {
      if (port === undefined || line) return undefined
      line = events
      const isOurs = () => line === events
      return {
        write: bytes => {
          if (!isOurs()) return
          for (const see of watchers) see('host', Buffer.from(bytes).toString('latin1'))
          input.feed(bytes)
        },
        close() {
          if (isOurs()) line = undefined
        },
      }
    },
    unplug,
    plug,
    restart,
    watch(see: (side: 'host' | 'modem', text: string) => void) {
      watchers.add(see)
      return () => void watchers.delete(see)
    },
    stop() {
      unplug('the modem is off')
      network.detach(subscriber)
    },
  }

  /** A timer that ends with this life of the modem. */
  function after(ms: number, run: () => void): void {
    const stop = clock.after(ms, () => {
      timers.delete(stop)
      run()
    })
    timers.add(stop)
  }

  /** At once where no time passes, so that a script of commands needs no clock. */
  function soon(ms: number, run: () => void): void {
    if (ms <= 0) run()
    else after(ms, run)
  }

  function carryOut(outcome: Outcome | undefined, text: string): void {
    if (!outcome) return
    const { latencyMs } = behaviour
    input.busy(true)
    soon(typeof latencyMs === 'number' ? latencyMs : latencyMs(text), () => speak(outcome))
  }

  function speak(outcome: Outcome): void {
    if (outcome.kind === 'silence') done()
    else if (outcome.kind === 'prompt') askForBody(outcome.take)
    else
      soon(outcome.lateMs, () => {
        const { blocks, final } = outcome.spoken
        for (const block of blocks) output.lines(block)
        if (!core.settings.quiet) {
          if (core.settings.verbose) output.lines([final])
          else output.raw(`${NUMERIC[final] ?? final}\r`)
        }
        done()
      })
  }

  function askForBody(take: (body: string | undefined) => Outcome): void {
    input.busy(true, behaviour.dropsEarly)
    soon(behaviour.promptDelayMs, () => {
      output.raw('\r\n> ')
      input.takeBody(body => {
        heard.push(body === undefined ? '<ESC>' : `${body}<^Z>`)
        carryOut(take(body), '')
      })
      input.busy(false)
    })
  }

  function done(): void {
    input.busy(false)
    const lines = postponed
    postponed = []
    for (const block of lines) core.say(...block)
  }

  function powerOff(): void {
    isOn = false
    for (const stop of timers) stop()
    timers.clear()
    output.clear()
    input.clear()
    postponed = []
    subscriber.clear()
    core.call?.end('missed')
    core.call = undefined
    core.ussd = undefined
    core.acknowledge?.(false)
    core.resetSettings()
    core.sim.restart()
  }

  function powerOn(says: readonly string[] | undefined): void {
    const boot = says ?? profile.boot.filter(text => !text.startsWith('+CPIN: READY') || core.sim.state === 'READY')
    input.busy(true, true)
    soon(behaviour.bootMs, () => {
      isOn = true
      input.busy(false)
      for (const text of boot) output.lines([text])
      makeNoise()
      core.retry()
    })
  }

  function unplug(reason: string): void {
    powerOff()
    port = undefined
    const open = line
    line = undefined
    open?.closed(reason)
    for (const tell of portWatchers) tell(undefined)
  }

  function plug(now?: string): void {
    if (port !== undefined) return
    port = now ?? nextPort(options.port, ++portsUsed)
    powerOn(undefined)
    for (const tell of portWatchers) tell(port)
  }

  function restart(says?: readonly string[]): void {
    if (profile.reenumerates) {
      unplug('the modem restarts')
      after(behaviour.bootMs, () => plug())
      return
    }
    powerOff()
    powerOn(says)
  }

  function makeNoise(): void {
    for (const { line: text, everyMs } of profile.noise) {
      const again = () => {
        core.say(text)
        after(everyMs, again)
      }
      after(everyMs, again)
    }
  }
}

const nextPort = (port: string, n: number) => port.replace(/\d*$/, digits => String(Number(digits) + n))

/** `mute` becomes a property that tells when it ends. */
function whenUnmuted(behaviour: Behaviour, release: () => void): void {
  let { mute } = behaviour
  Object.defineProperty(behaviour, 'mute', {
    enumerable: true,
    get: () => mute,
    set(now: Behaviour['mute']) {
      mute = now
      if (now === false) release()
    },
  })
}
