import type { Clock } from '../clock.ts'
import { toSmsError } from '../errors.ts'
import type { SmsError, SmsErrorCode } from '../errors.ts'
import type { Pace } from '../provider.ts'
import type { Job, Store, StoredMessage } from '../store/store.ts'
import { createOutage } from './outage.ts'
import type { Outcome } from './outage.ts'
import { createBucket } from './pace.ts'
import type { Pause } from './pause.ts'
import { createPump } from './pump.ts'
import type { Reservation, Room } from './pump.ts'

/** One provider's way out: takes due work from the store, in order, as wide and as fast as its pace allows. */
export interface Lane {
  /** There may be new work. */
  wake(job: Job): void
  /** The carrier is there again: what waits for that, rests and retries, waits no longer. */
  back(): void
  /** Room for messages that can be sent as soon as they are stored; undefined where they must wait for their turn. */
  reserve(limit: number): Reservation | undefined
  /** Takes no more. Resolves when the work in flight has ended. */
  close(): Promise<void>
  /** Milliseconds until it sends again what is given to it: 0 now, Infinity where nobody knows. */
  waitMs(): number
  /** Resolves when the sendings in flight now have ended. */
  settled(): Promise<void>
}

export interface LaneOptions {
  readonly id: string
  readonly pace: Pace
  readonly store: Store
  readonly clock: Clock
  readonly random: () => number
  /** While it is on nothing is taken to be sent; asking goes on. */
  readonly pause: Pick<Pause, 'on' | 'read'>
  /** How long a question may be with one who asks it. */
  readonly leaseMs: number
  /** Makes one attempt and commits what came of it. */
  readonly send: (message: StoredMessage) => Promise<Outcome>
  /** Asks once and commits what was answered. */
  readonly ask: (message: StoredMessage) => Promise<void>
  /** Gives back what was taken in the moment the lane closed or was paused. */
  readonly giveBack: (message: StoredMessage) => Promise<void>
  /** Told after each attempt: the error that makes the lane rest or fail, or undefined when all is well. */
  readonly onOutcome: (error: SmsError | undefined, failures: number) => void
}

/** Questions to a carrier are few; so many go at once, beside the sendings. */
const ASKS_AT_ONCE = 4
/** No provider gains by more, and each holds a message that would be in doubt. */
const WIDEST = 1_000
/** Errors by which a carrier refuses whatever comes from this account. The lane does not rest, but others are better. */
const REFUSES_ALL: ReadonlySet<SmsErrorCode> = new Set(['SMS_AUTH', 'SMS_CREDIT', 'SMS_CONFIG'])
/** Then it may have been mended. */
const REFUSED_MS = 60_000
/** NTP moves a clock by less than this without setting it. */
const SET_BACK_MS = 2_000

export function createLane(options: LaneOptions): Lane {
  const { clock, store, id, pause } = options
  const width = readWidth(options.pace)
  const bucket = createBucket(options.pace.perSecond)
  const outage = createOutage(clock, options.random)
  let refusedUntilMs = -Infinity
  let closed = false
  let waitsAreStale = true
  let offsetMs = clock.now() - clock.steadyMs()

  const send = createPump({
    ...common('send'),
    room(inFlight): Room {
      if (pause.on === true) return { free: 0 }
      const restMs = outage.restMs()
      if (restMs > 0) return { free: 0, againMs: restMs }
      // After a rest one message goes first, to see whether the carrier is back.
      const free = (outage.failures > 0 ? 1 : width) - inFlight
      const steadyMs = clock.steadyMs()
      const available = bucket.available(steadyMs)
      return free > 0 && available < 1
        ? { free: 0, againMs: bucket.waitMs(steadyMs) }
        : { free: Math.min(free, available) }
    },
    async take(limit) {
      if (pause.on ?? (await pause.read())) return []
      const messages = await take('send', limit)
      bucket.spend(messages.length)
      if (messages.length === 0) outage.noneLeft()
      return messages
    },
    spend: bucket.spend,
    async work(message) {
      if (pause.on === true) {
        await options.giveBack(message)
        return false
      }
      const since = outage.failures
      const outcome = await options.send(message)
      outage.ended(outcome, message.attempts, since)
      if (outcome === 'answered') refusedUntilMs = -Infinity
      else if (outcome !== 'untried' && REFUSES_ALL.has(outcome.code)) refusedUntilMs = clock.steadyMs() + REFUSED_MS
      if (!closed && outcome !== 'untried') tell(outcome)
      return outcome !== 'answered'
    },
    giveBack: options.giveBack,
  })
  const ask = createPump({
    ...common('ask'),
    room: inFlight => ({ free: ASKS_AT_ONCE - inFlight }),
    take: limit => take('ask', limit),
    spend() {},
    async work(message) {
      await options.ask(message)
      return true
    },
    // It comes again when its lease is over, or with the next who opens this lane.
    giveBack: async () => {},
  })

  async function take(job: Job, limit: number): Promise<readonly StoredMessage[]> {
    const latestMs = clock.now() - clock.steadyMs()
    if (latestMs < offsetMs - SET_BACK_MS) waitsAreStale = true
    offsetMs = latestMs
    if (waitsAreStale) {
      await store.retryNow(id)
      waitsAreStale = false
    }
    return store.take(id, job, limit, clock.now(), options.leaseMs)
  }

  function common(job: Job) {
    return {
      clock,
      nextDue: () => store.nextDue(id, job),
      onStore: (error: unknown) =>
        error === undefined ? tell(outage.error ?? 'answered') : tell(toSmsError(error, 'SMS_STORE')),
    }
  }

  function tell(outcome: 'answered' | SmsError): void {
    options.onOutcome(outcome === 'answered' ? undefined : outcome, outage.failures)
  }

  return {
    wake: job => {
      if (width > 0) (job === 'send' ? send : ask).turn()
    },
    back() {
      refusedUntilMs = -Infinity
      if (outage.failures > 0) {
        outage.over()
        tell('answered')
      }
      waitsAreStale = true
      if (width > 0) for (const pump of [send, ask]) pump.turn()
    },
    reserve: limit => (pause.on === false ? send.reserve(limit) : undefined),
    waitMs() {
      if (width === 0 || pause.on === true) return Infinity
      return Math.max(outage.restMs(), refusedUntilMs - clock.steadyMs(), 0)
    },
    async close() {
      closed = true
      await Promise.all([send.close(), ask.close()])
    },
    settled: send.settled,
  }
}

/** A provider that says nothing that can be meant goes one by one. */
function readWidth({ concurrency }: Pace): number {
  if (concurrency === 0) return 0
  return concurrency >= 1 ? Math.min(Math.floor(concurrency), WIDEST) : 1
}
