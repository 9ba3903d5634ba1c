import type { Clock } from '../clock.ts'
import type { SmsRecord } from '../message.ts'
import type { IncomingMessage } from '../provider.ts'
import { copyRecord } from '../record.ts'
import type { Questions } from '../questions/contract.ts'
import { createInsistence } from '../store/insist.ts'
import type { Store } from '../store/store.ts'
import { createRingingCalls } from './calls.ts'
import { fragmentOf } from './join.ts'
import { createParts } from './parts.ts'
import { recordOf } from './record-of.ts'
import type { Source } from './record-of.ts'

/** The one inbox: stores what arrives, drops repeats, and hands each record to the flow once. */
export interface Inbox {
  /** A provider is in use: what waits from it may be handed over. */
  join(providerNode: string): void
  /**
   * Resolves after the commit, to false for a repeat; only then may the carrier be told that we have it. A part of a
   * longer message waits for the others, and after `partsTimeoutMs` without a further one is handed over `incomplete`.
   * A call that rang and comes again as `missed` is over; nobody hears it a second time.
   */
  received(source: Source, message: IncomingMessage): Promise<boolean>
  /**
   * Hears what comes in through one provider, or through every one. All that listen to a provider hear a record;
   * whether they use it is theirs: a record that was heard is done with. Who returns a promise has heard it when that
   * is settled, and hears it again should the process end before.
   */
  listen(providerNode: string | undefined, hear: Hear): () => void
  /** The flow is there: hand over what waited, and from now on what comes. */
  open(): void
  /** The flow is about to stop: what comes waits. */
  close(): void
  /** Ends what still tries to write; the store may be closed then. */
  end(): void
}

export interface InboxOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: (level: 'warn' | 'debug', text: string) => void
  /** Hears of each record once it is stored, whether or not a flow listens. */
  readonly onStored?: (record: SmsRecord) => void
  /** Hears of each call that is over, once that is stored. */
  readonly onCallEnded?: (record: SmsRecord) => void
  /** Comes before those who listen: what a question takes for its answer, no listener hears. */
  readonly questions?: Pick<Questions, 'awaits' | 'take'>
  /** How long a record waits for somebody to listen. */
  readonly maxAgeMs?: number
  readonly partsTimeoutMs?: number
}

const MAX_AGE_MS = 24 * 3_600_000
/** A phone out of reach may get the parts of one message far apart; Kannel waits for as long. */
const PARTS_TIMEOUT_MS = 30 * 60_000
const BATCH = 50

/** What it returns is awaited. */
type Hear = (record: SmsRecord) => unknown

interface Listener {
  readonly providerNode: string | undefined
  readonly hear: Hear
}

export function createInbox(options: InboxOptions): Inbox {
  const { store, clock, log, maxAgeMs = MAX_AGE_MS, partsTimeoutMs: timeoutMs = PARTS_TIMEOUT_MS } = options
  const listeners = new Set<Listener>()
  const providers = new Set<string>()
  const busy = new Set<string>()
  const again = new Set<string>()
  const startedAtMs = clock.now()
  const startedSteadyMs = clock.steadyMs()
  const { insist, close: endInsisting } = createInsistence(clock, log)
  const parts = createParts({ store, clock, log, timeoutMs, deliver: keep })
  const calls = createRingingCalls({ store, clock, insist, onEnded: record => options.onCallEnded?.(record) })
  let isOpen = false
  let loadingParts: Promise<void> | undefined

  const listenersOf = (providerNode: string) =>
    isOpen ? [...listeners].filter(by => by.providerNode === undefined || by.providerNode === providerNode) : []

  /** What came in since we run is young enough while we are, also where the clock was set meanwhile. */
  function sinceMs(): number {
    const isYoung = clock.steadyMs() - startedSteadyMs < maxAgeMs
    return (isYoung ? Math.min(startedAtMs, clock.now()) : clock.now()) - maxAgeMs
  }

  /** Hands over what waits of one provider, one batch after the other, never two at a time. */
  async function drain(providerNode: string): Promise<void> {
    if (busy.has(providerNode)) return void again.add(providerNode)
    busy.add(providerNode)
    do {
      again.delete(providerNode)
      // Taken once, however many there are: those that nobody wanted wait again when all were offered.
      const unheard: End[] = []
      let isMore: boolean
      do {
        // Where nobody listens nothing is taken, but what has become too old is given up.
        const limit = isHeard(providerNode) ? BATCH : 0
        const records = (await insist(() => store.takeReceived(providerNode, limit, sinceMs()))) ?? []
        const ends = await Promise.all(records.map(hand))
        await finish(ends.filter(({ outcome }) => outcome === 'handed'))
        unheard.push(...ends.filter(({ outcome }) => outcome === 'waiting'))
        isMore = limit > 0 && records.length === limit
      } while (isMore)
      await finish(unheard)
    } while (again.has(providerNode))
    busy.delete(providerNode)
  }

  async function finish(ends: readonly End[]): Promise<void> {
    for (const outcome of ['handed', 'waiting'] as const) {
      const ids = ends.filter(end => end.outcome === outcome).map(({ id }) => id)
      if (ids.length > 0) await insist(() => store.finishReceived(ids, outcome))
    }
  }

  const isHeard = (providerNode: string) =>
    listenersOf(providerNode).length > 0 || (isOpen && (options.questions?.awaits(providerNode) ?? false))

  async function hand(record: SmsRecord): Promise<End> {
    if (isOpen && (await options.questions?.take(copyRecord(record)))) return { id: record.id, outcome: 'handed' }
    const hearing = listenersOf(record.providerNode)
    await Promise.all(
      hearing.map(async ({ hear }) => {
        try {
          await hear(copyRecord(record))
        } catch {
          log('warn', 'a flow failed while it was handed an incoming message')
        }
      }),
    )
    return { id: record.id, outcome: hearing.length > 0 ? 'handed' : 'waiting' }
  }

  function drainAll(): void {
    for (const providerNode of providers) void drain(providerNode)
  }

  function join(providerNode: string): void {
    providers.add(providerNode)
    if (isOpen) void drain(providerNode)
  }

  async function keep(record: SmsRecord): Promise<boolean> {
    const isNew = await store.receive(record)
    if (!isNew) return false
    options.onStored?.(record)
    if (record.state === 'ringing') calls.began(record)
    join(record.providerNode)
    return true
  }

  async function keepCall(record: SmsRecord): Promise<boolean> {
    if (await keep(record)) return true
    const { providerNode, providerMessageId, state } = record
    return state === 'missed' && providerMessageId !== undefined && calls.over({ providerNode, providerMessageId })
  }

  return {
    join,
    async received(source, message) {
      const record = recordOf(source, message, clock.now())
      const fragment = fragmentOf(record, message)
      if (fragment) return parts.received(fragment)
      return record.type === 'call' ? keepCall(record) : keep(record)
    },
    listen(providerNode, hear) {
      const listener = { providerNode, hear }
      listeners.add(listener)
      if (providerNode !== undefined) join(providerNode)
      else if (isOpen) drainAll()
      return () => void listeners.delete(listener)
    },
    open() {
      isOpen = true
      drainAll()
      loadingParts ??= insist(parts.load)
    },
    close() {
      isOpen = false
    },
    end() {
      endInsisting()
      parts.end()
      calls.end()
    },
  }
}

interface End {
  readonly id: string
  readonly outcome: 'handed' | 'waiting'
}
