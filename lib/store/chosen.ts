import type { Clock } from '../clock.ts'
import { toSmsError } from '../errors.ts'
import type { Store } from './store.ts'

/** A store whose engine is chosen later, and may be changed: until one is open, calls wait. */
export interface ChosenStore extends Store {
  /**
   * Opens this engine in place of the one in use, which is closed. Never rejects: while an engine does not open, every
   * call rejects with the reason, and opening is tried again.
   */
  choose(engine: Store): Promise<void>
}

type Method = Exclude<keyof Store, 'open' | 'close'>

const METHODS = Object.keys({
  add: 1,
  take: 1,
  nextDue: 1,
  retryNow: 1,
  change: 1,
  get: 1,
  trail: 1,
  waiting: 1,
  waitingRouted: 1,
  lanesRouted: 1,
  receive: 1,
  takeReceived: 1,
  finishReceived: 1,
  endCall: 1,
  addFragment: 1,
  fragmentGroups: 1,
  dropFragments: 1,
  history: 1,
  counts: 1,
  note: 1,
  setNote: 1,
  prune: 1,
} satisfies Record<Method, 1>) as Method[]

/** An engine that did not open may do so later: a disk comes back, another Node-RED ends. */
const RETRY_MS = 5_000

export function createChosenStore(clock: Clock, log: (level: 'warn', text: string) => void): ChosenStore {
  let announce: (store: Promise<Store>) => void
  let opened: Promise<Store> = new Promise(resolve => {
    announce = resolve
  })
  opened.catch(() => {})
  let engine: Store | undefined
  let cancelRetry = (): void => {}

  async function open(next: Store): Promise<void> {
    const opening = Promise.resolve()
      .then(() => next.open(clock.now()))
      .then(() => next)
    opened = opening
    // Told below and to whoever calls; nobody may be there to hear it.
    opened.catch(() => {})
    announce(opening)
    try {
      await opening
    } catch (error) {
      log('warn', toSmsError(error, 'SMS_STORE').message)
      if (opened === opening) cancelRetry = clock.after(RETRY_MS, () => void open(next))
    }
  }

  const calls = METHODS.map(method => [
    method,
    async (...args: unknown[]) => ((await opened)[method] as (...args: unknown[]) => unknown)(...args),
  ])

  return {
    ...(Object.fromEntries(calls) as Record<Method, never>),
    async choose(next) {
      cancelRetry()
      const before = engine
      engine = next
      await before?.close()
      await open(next)
    },
    async open() {},
    async close() {
      cancelRetry()
      await engine?.close()
    },
  }
}
