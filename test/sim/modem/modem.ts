import { SmsError } from '../../../lib/errors.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { OpenTransport, TransportEvents } from '../../../lib/transport/contract.ts'
import { QUIET } from './behaviour.ts'
import type { Behaviour, Fault } from './behaviour.ts'
import { createBody } from './body.ts'
import type { Override } from './interpreter.ts'
import { createNetwork } from './network.ts'
import type { Network } from './network.ts'
import { PROFILES } from './profile.ts'
import type { MemoryName, Profile, ProfileName } from './profile.ts'
import type { Registration } from './command.ts'
import type { Settings } from './settings.ts'
import { createSimCard } from './sim-card.ts'
import type { SimCard, SimCardOptions } from './sim-card.ts'
import { createStorage } from './storage.ts'
import type { Memory, Storage } from './storage.ts'

/** A GSM modem that is none: it answers AT commands as one, on a line in memory, or on a port, see `serve.ts`. */
export interface VirtualModem {
  /** As a driver opens it: by a name that stays, whatever port it is on. One line at a time. */
  readonly open: OpenTransport
  /** Opens the port of that name, as `port` gives it; there is none of it after the modem came back on another. */
  openPort(port: string): OpenTransport
  /** As a test types into it. */
  connect(): Line
  /** Opens it, as `open` does, for who serves it on a port; undefined while it is unplugged or taken. */
  attach(events: LineEvents): AttachedLine | undefined

  readonly number: string
  readonly profile: Profile
  readonly network: Network
  /** Any property may be set at any time; `mute` set to `false` tells what was held. */
  readonly behaviour: Behaviour
  readonly sim: SimCard
  readonly storage: Storage
  memory(name: MemoryName): Memory
  /** What was set by commands; a restart forgets it. */
  readonly settings: Readonly<Settings>
  /** What it is with the network; `none` while it is off. */
  registration: Registration
  /** `ttyUSB0`; undefined while it is unplugged. */
  readonly port: string | undefined
  /** Whether somebody has its line open. */
  readonly isOpen: boolean
  /** Tells the port's name when it is plugged in, and undefined when it is unplugged. */
  onPort(tell: (port: string | undefined) => void): () => void
  /** Command lines it was given, and bodies, oldest first; what was lost while deaf is not here. */
  readonly heard: readonly string[]
  /** Everything it said, as text. */
  readonly said: string

  /** Makes a command go wrong, the next time or as often as it says. */
  inject(fault: Fault): void
  /** Answers a command itself: `modem.on('+CMGS', () => ['+CMS ERROR: 38'])`. Undefined: as usual. */
  on(name: string, answer: Override): () => void
  /** Says lines that belong together, unasked. */
  say(...lines: readonly string[]): void
  /** Mute for so long; then it tells what was held, or goes on as if nothing was. */
  mute(ms: number, how?: 'hold' | 'drop'): void
  /** Somebody pulls it out: the line is closed. */
  unplug(reason?: string): void
  /** Plugs it in again, restarted, by default on the next port. */
  plug(port?: string): void
  /** It starts anew by itself: settings are lost, and it says so, or does not; the line stays, or, on USB, goes. */
  restart(options?: { readonly says?: readonly string[] }): void
  /** Forgets all settings, as some do in silence after a brown-out. */
  loseSettings(): void
  /** Tells its watchers of every line of both sides; for logs. */
  watch(see: (side: 'host' | 'modem', text: string) => void): () => void
  /** Off, for good: timers end, the line closes. */
  stop(): void
}

/** A line in memory. */
export interface Line {
  write(text: string | Uint8Array): void
  /** Called with everything that comes, from the start on. */
  onData(see: (bytes: Uint8Array) => void): void
  readonly text: string
  close(): void
}

export interface LineEvents {
  data(bytes: Uint8Array): void
  closed(reason?: string): void
}

export interface AttachedLine {
  write(bytes: Uint8Array): void
  close(): void
}

export interface ModemOptions {
  readonly clock?: Clock
  readonly profile?: ProfileName
  /** Its own number. */
  readonly number?: string
  /** Shared with other modems; by default one of its own. */
  readonly network?: Network
  readonly sim?: SimCardOptions
  readonly behaviour?: Partial<Behaviour>
  /** Slots, where they differ from the profile's. */
  readonly memories?: Readonly<Partial<Record<MemoryName, number>>>
  readonly registration?: Registration
  readonly port?: string
}

/** A modem, plugged in, on and registered. */
export function createVirtualModem(options: ModemOptions = {}): VirtualModem {
  const network = options.network ?? createNetwork(options.clock === undefined ? {} : { clock: options.clock })
  const profile = PROFILES[options.profile ?? 'generic']
  const faults: Fault[] = []
  const overrides = new Map<string, Override>()
  const body = createBody({
    clock: options.clock ?? network.clock,
    profile,
    network,
    number: options.number ?? '+380501234567',
    sim: createSimCard(options.sim),
    storage: createStorage({ ...profile.memories, ...options.memories }, profile.firstIndex),
    behaviour: { ...QUIET, ussd: profile.ussd, ...options.behaviour },
    registration: options.registration ?? 'home',
    port: options.port ?? 'ttyUSB0',
    hooks: { faults, overrides },
  })
  const { core } = body
  let unmute: (() => void) | undefined

  const modem: VirtualModem = {
    number: core.number,
    profile,
    network,
    behaviour: core.behaviour,
    sim: core.sim,
    storage: core.storage,
    memory(name) {
      const memory = core.storage[name]
      if (!memory) throw new Error(`this modem has no memory ${name}`)
      return memory
    },
    get settings() {
      return core.settings
    },
    get registration() {
      return core.registration
    },
    set registration(registration) {
      body.register(registration)
    },
    get port() {
      return body.port
    },
    get isOpen() {
      return body.isOpen
    },
    onPort: body.onPort,
    get heard() {
      return body.heard
    },
    get said() {
      return body.said
    },
    inject: fault => void faults.push(fault),
    on(name, answer) {
      overrides.set(name, answer)
      return () => void overrides.delete(name)
    },
    say: core.say,
    mute(ms, how = 'hold') {
      core.behaviour.mute = how
      unmute?.()
      unmute = core.clock.after(ms, () => {
        core.behaviour.mute = false
      })
    },
    unplug: reason => body.unplug(reason ?? 'it was unplugged'),
    plug: port => body.plug(port),
    restart: options => body.restart(options?.says),
    loseSettings: core.resetSettings,
    watch: body.watch,
    stop() {
      unmute?.()
      body.stop()
    },
    attach: body.attach,
    open: (events, signal) => openTransport(body.attach, events, signal),
    openPort: port => async (events, signal) => {
      if (port !== body.port) throw new SmsError('SMS_CONNECTION', `there is no port ${port}`)
      return openTransport(body.attach, events, signal)
    },
    connect() {
      let text = ''
      const watchers: ((bytes: Uint8Array) => void)[] = []
      const line = body.attach({
        data(bytes) {
          text += Buffer.from(bytes).toString('latin1')
          for (const see of watchers) see(bytes)
        },
        closed() {},
      })
      if (!line) throw new Error('the modem is unplugged, or its line is taken')
      return {
        write: bytes => line.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
        onData(see) {
          if (text !== '') see(Buffer.from(text, 'latin1'))
          watchers.push(see)
        },
        get text() {
          return text
        },
        close: line.close,
      }
    },
  }
  return modem
}

async function openTransport(
  attach: VirtualModem['attach'],
  events: TransportEvents,
  signal: AbortSignal,
): ReturnType<OpenTransport> {
  if (signal.aborted) throw new SmsError('SMS_CANCELLED', 'the opening was called off')
  let isOpen = true
  const end = (error?: SmsError) => {
    if (!isOpen) return
    isOpen = false
    events.closed(error)
  }
  const line = attach({
    data: events.data,
    closed: reason => end(new SmsError('SMS_CONNECTION', reason ?? 'the line closed')),
  })
  if (!line) throw new SmsError('SMS_CONNECTION', 'there is no modem there, or another program uses it')
  return {
    async write(bytes) {
      if (!isOpen) throw new SmsError('SMS_CONNECTION', 'the line is closed')
      line.write(bytes)
    },
    async close() {
      line.close()
      end()
    },
    async setBaudRate() {},
  }
}
