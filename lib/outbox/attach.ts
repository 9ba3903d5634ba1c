import type { Clock } from '../clock.ts'
import { createCalls, within } from '../deadline.ts'
import { SmsError } from '../errors.ts'
import type { Provider } from '../provider.ts'
import type { Store } from '../store/store.ts'
import { askOnce } from './ask.ts'
import type { Carrier } from './carrier.ts'
import { createLane } from './lane.ts'
import type { Lane } from './lane.ts'
import { createPause } from './pause.ts'
import { sendOnce } from './send.ts'
import { givenBack } from './transitions.ts'

/** A provider with its lane open. */
export interface Attachment extends Pick<Lane, 'wake' | 'back' | 'reserve' | 'waitMs'> {
  /** Runs another call to the carrier under the same deadline and the same end. */
  call<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /**
   * Holds back what would be sent, or lets it go again; what is in flight ends. It is so until it is changed, also after
   * a restart. Rejects with `SMS_STORE`.
   */
  pause(on: boolean): Promise<void>
  /** Resolves when the sendings that are in flight now have ended. */
  settled(): Promise<void>
  /** Takes no more, and lets attempts in flight end for a moment. */
  drain(): Promise<void>
  /** Drains, then calls off what is in flight: what has no answer by then is in doubt. Ends within a second. */
  close(): Promise<void>
}

export interface AttachOptions extends Pick<
  Carrier,
  'commit' | 'isExpired' | 'refusal' | 'onRefusal' | 'onSending' | 'waitMs'
> {
  readonly lane: string
  readonly provider: Provider
  readonly store: Store
  readonly clock: Clock
  readonly random: () => number
  readonly onLane: (lane: string, error: SmsError | undefined, failures: number) => void
  readonly onPause: (lane: string, on: boolean) => void
}

const TIMEOUT_MS = 30_000
const LONGEST_TIMEOUT_MS = 10 * 60_000
/** How long an attempt in flight may still end by itself when its lane closes; Node-RED gives 15 s for all. */
const DRAIN_MS = 400
/** Then, how long what was called off may take to have its last word and commit its doubt. */
const CLOSE_MS = 500
/** Longer than an answer can take, so that a question is not asked by two at once. */
const LEASE_BEYOND_MS = 60_000

export function attach(options: AttachOptions): Attachment {
  const { provider, clock } = options
  const calls = createCalls(clock)
  const timeoutMs = readTimeout(provider)
  let closed = false
  let drained: Promise<void> | undefined

  const call: Carrier['call'] = async work => {
    if (closed) throw new SmsError('SMS_CANCELLED', `${provider.name} is being closed`)
    return calls.run(timeoutMs, work)
  }
  const carrier: Carrier = { ...options, call, isClosed: () => closed }
  const pause = createPause(options.store, options.lane, on => options.onPause(options.lane, on))
  const lane = createLane({
    ...options,
    pause,
    id: options.lane,
    pace: provider.pace,
    leaseMs: timeoutMs + LEASE_BEYOND_MS,
    send: message => sendOnce(message, carrier),
    ask: message => askOnce(message, carrier),
    giveBack: message => options.commit(message, current => givenBack(current, clock.now())),
    onOutcome: (error, failures) => options.onLane(options.lane, error, failures),
  })
  lane.wake('send')
  lane.wake('ask')
  // Not only with the first message, so that it shows. A lane that sends asks again when this fails.
  pause.read().catch(() => {})

  const drain = () => (drained ??= within(clock, DRAIN_MS, lane.close()))

  return {
    wake: lane.wake,
    back: lane.back,
    reserve: lane.reserve,
    waitMs: lane.waitMs,
    call,
    async pause(on) {
      await pause.set(on)
      lane.wake('send')
    },
    settled: lane.settled,
    drain,
    async close() {
      await drain()
      closed = true
      calls.callOff('Node-RED stopped while the answer was awaited')
      await within(clock, CLOSE_MS, lane.close())
    },
  }
}

function readTimeout({ pace: { timeoutMs = TIMEOUT_MS } }: Provider): number {
  return timeoutMs > 0 ? Math.min(timeoutMs, LONGEST_TIMEOUT_MS) : TIMEOUT_MS
}
