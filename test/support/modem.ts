import { createGateway } from '../../lib/gateway.ts'
import type { Gateway, ProviderReport } from '../../lib/gateway.ts'
import type { SendOptions, SmsRecord } from '../../lib/message.ts'
import { compose } from '../../lib/compose.ts'
import { createModem } from '../../lib/providers/modem/index.ts'
import type { ModemProvider, ModemSettings } from '../../lib/providers/modem/index.ts'
import { createMemoryStore } from '../../lib/store/memory.ts'
import type { Store } from '../../lib/store/store.ts'
import { createVirtualModem } from '../sim/modem/modem.ts'
import type { ModemOptions, VirtualModem } from '../sim/modem/modem.ts'
import { createManualClock } from './clock.ts'
import type { ManualClock } from './clock.ts'

/** A modem in a network, in use by a gateway, on a clock that tests command. */
export interface ModemRig {
  readonly clock: ManualClock
  readonly modem: VirtualModem
  readonly store: Store
  readonly gateway: Gateway
  readonly provider: ModemProvider
  /** What reached the flow, in order. */
  readonly heard: SmsRecord[]
  /** How the provider fared, each change. */
  readonly fares: ProviderReport[]
  /** Every state a message of ours took, as `text: state`. */
  readonly changes: string[]
  readonly log: string[]
  /** Sends to one recipient; resolves to the id. */
  send(text: string, to?: string, options?: SendOptions): Promise<string>
  state(id: string): Promise<string>
  record(id: string): Promise<SmsRecord>
  /** The provider stops and the process ends; then another one starts with the same store and the same modem. */
  restart(settings?: Partial<ModemSettings>): Promise<ModemRig>
  /** Ends without a word, as a crash does: nothing is written any more. */
  crash(settings?: Partial<ModemSettings>): Promise<ModemRig>
  end(): Promise<void>
}

export interface RigOptions {
  readonly settings?: Partial<ModemSettings>
  readonly modem?: ModemOptions
  readonly store?: Store
  /** Whether to wait until it is ready; it is, unless said otherwise. */
  readonly ready?: boolean
}

export const ME = '+380501112233'
export const OTHER = '+380671112233'

export async function createModemRig(options: RigOptions = {}): Promise<ModemRig> {
  const clock = createManualClock()
  const modem = createVirtualModem({ clock, ...options.modem })
  const store = options.store ?? createMemoryStore()
  await store.open(clock.now())
  return begin(clock, modem, store, options)
}

async function begin(
  clock: ManualClock,
  modem: VirtualModem,
  store: Store,
  { settings = {}, ready = true }: RigOptions,
): Promise<ModemRig> {
  let isDead = false
  const log: string[] = []
  const heard: SmsRecord[] = []
  const fares: ProviderReport[] = []
  const changes: string[] = []
  const gateway = createGateway({
    store: mortal(store, () => isDead),
    clock,
    random: () => 0,
    log: (level, text) => log.push(`${level}: ${text}`),
  })
  gateway.on('provider', report => fares.push(report))
  gateway.on('message', record => changes.push(`${record.text.slice(0, 20)}: ${record.state}`))
  gateway.inbox.listen(undefined, record => void heard.push(record))
  gateway.flowsStarted()
  const provider = createModem(
    { name: 'Modem', port: '/dev/ttyUSB0', ...settings },
    { open: modem.open, random: () => 0 },
  )
  gateway.use('m', provider)
  // Setting it up takes some turns of the event loop, and no time.
  if (ready) for (let i = 0; i < 20 && fares.at(-1)?.health !== 'ready'; i++) await clock.advance(100)

  /** Time stands still for nobody else, so closing needs the clock to go on. */
  async function through<T>(ending: Promise<T>): Promise<T> {
    let isOver = false
    void ending.finally(() => (isOver = true))
    for (let i = 0; i < 30 && !isOver; i++) await clock.advance(50)
    return ending
  }

  const rig: ModemRig = {
    clock,
    modem,
    store,
    gateway,
    provider,
    heard,
    fares,
    changes,
    log,
    async send(text, to = ME, sendOptions = {}) {
      const { sendings } = await compose(
        { to, text, options: sendOptions, onDoubt: 'fail' },
        gateway.find('m')!,
        clock.now(),
      )
      const [record] = await gateway.outbox.submit(sendings)
      return record!.id
    },
    async record(id) {
      return (await store.get({ id }))!.record
    },
    state: async id => (await store.get({ id }))!.record.state,
    async restart(next = settings) {
      await rig.end()
      await store.open(clock.now())
      return begin(clock, modem, store, { settings: { ...settings, ...next } })
    },
    async crash(next = settings) {
      isDead = true
      // What it leaves behind is a port that is free again.
      await through(Promise.resolve(provider.stop?.()))
      await store.open(clock.now())
      return begin(clock, modem, store, { settings: { ...settings, ...next } })
    },
    end: () => through(gateway.close()),
  }
  return rig
}

/** A store that takes nothing more of a process that is gone, and never answers it. */
function mortal(store: Store, isDead: () => boolean): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      const method = Reflect.get(target, name, receiver) as (...args: unknown[]) => unknown
      if (name === 'close') return async () => {}
      return (...args: unknown[]) => (isDead() ? new Promise(() => {}) : method.apply(target, args))
    },
  })
}
