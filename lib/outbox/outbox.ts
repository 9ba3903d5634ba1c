import type { Clock } from '../clock.ts'
import { within } from '../deadline.ts'
import type { SmsError } from '../errors.ts'
import { isAccepted } from '../message.ts'
import type { SmsRecord } from '../message.ts'
import type { Provider, StatusReport } from '../provider.ts'
import { copyRecord } from '../record.ts'
import { createOptOuts } from '../opt-out.ts'
import { asOf } from '../router/choose.ts'
import type { LaneWaits } from '../router/routing.ts'
import { createInsistence } from '../store/insist.ts'
import type { MessageKey, Store, StoredMessage, Transition } from '../store/store.ts'
import { readReport } from './answers.ts'
import { attach } from './attach.ts'
import type { Attachment } from './attach.ts'
import type { Sending } from './draft.ts'
import { createExpiry } from './expiry.ts'
import { createReroute } from './reroute.ts'
import { expiredError, isUndecided } from './send.ts'
import { createSubmit } from './submit.ts'
import { ended, reported } from './transitions.ts'
import { createWaits } from './waits.ts'
import type { Until } from './waits.ts'

/** The one outbox: owns every outgoing message from the moment it is stored to its final state. */
export interface Outbox {
  /**
   * Stores the messages, all in one transaction, and starts them on their way: as `sending` where their lane has room
   * for them at once. Resolves after the commit, to a record each; with a known idempotency key, to the record that is
   * there already. Throws `SMS_STORE`.
   */
  submit(sendings: readonly Sending[]): Promise<readonly SmsRecord[]>
  /**
   * Resolves when the message is `accepted` (or `scheduled`), or `delivered`. Rejects with the error it ended with,
   * `SMS_UNKNOWN` when doubt remains, `SMS_TIMEOUT` after `timeoutMs` (it stays in the outbox all the same),
   * `SMS_CANCELLED` on abort.
   */
  wait(id: string, until: Until, timeoutMs: number, signal?: AbortSignal): Promise<SmsRecord>
  /** Opens the lane of a provider. What waits in it goes on from where it was. */
  attach(lane: string, provider: Provider): Attachment
  /**
   * Applies a carrier's report; false when it told nothing new, or of no message of ours. One of a message whose
   * sending has not been answered yet is held, up to a second, until it is known whose it is.
   */
  report(lane: string, report: StatusReport): Promise<boolean>
  /** Applies what somebody decided; resolves to the record after the commit, or undefined when nothing was changed. */
  change(id: string, apply: Transition): Promise<SmsRecord | undefined>
  get(key: MessageKey): Promise<StoredMessage | undefined>
  waiting(lane: string): Promise<number>
  /** Milliseconds until a lane sends what is given to it: 0 now, Infinity where nobody knows, or it is not open. */
  waitMs(lane: string): number
  /** Routed messages that wait in lanes which cannot send now go to others that can; for when another may be there. */
  reroute(): void
  /** Ends what still tries to write; the store may be closed then. Attachments are their owners' to close. */
  close(): void
}

export interface OutboxOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: () => number
  /** Told of every change of state, after its commit. */
  readonly onChange: (record: SmsRecord) => void
  /** Told how a lane fares: the error it suffers from, or undefined when its carrier answers. */
  readonly onLane: (lane: string, error: SmsError | undefined, failures: number) => void
  /** Told when a lane is found or made paused, and when it goes on. */
  readonly onPause: (lane: string, on: boolean) => void
  /** Whether a provider says itself that it cannot send. */
  readonly isFailed?: (lane: string) => boolean
  readonly log: (level: 'warn' | 'debug', text: string) => void
}

/** How long a report may wait for the sending it reports on. */
const REPORT_AHEAD_MS = 1_000

export function createOutbox(options: OutboxOptions): Outbox {
  const { store, clock } = options
  const lanes = new Map<string, Attachment>()
  const isExpired = createExpiry(clock)
  const insistence = createInsistence(clock, options.log)
  const optOuts = createOptOuts(store)
  const waitMs: LaneWaits = id => (options.isFailed?.(id) ? Infinity : (lanes.get(id)?.waitMs() ?? Infinity))
  const reroute = createReroute({ store, waitMs, change: (id, apply) => change({ id }, apply) })
  /** Lanes whose carrier failed when it was last tried. */
  const troubled = new Set<string>()
  const waits = createWaits({ clock, get: async id => store.get({ id }), expire })

  async function change(key: MessageKey, apply: Transition): Promise<StoredMessage | undefined> {
    const made = await store.change(key, apply)
    if (!made) return undefined
    const { before, after } = made
    const isNewWork = after.job !== before.job || after.lane !== before.lane
    if (after.job && isNewWork) lanes.get(after.lane)?.wake(after.job)
    waits.changed(after)
    if (before.record.state !== after.record.state) options.onChange(after.record)
    return after
  }

  async function expire(id: string): Promise<void> {
    await change({ id }, message =>
      message.job === 'send' && isExpired(message) ? ended(message, 'expired', expiredError(), clock.now()) : undefined,
    )
  }

  return {
    submit: createSubmit({
      store,
      clock,
      lane: id => lanes.get(id),
      onChange: options.onChange,
      onStored: waits.stored,
    }),

    wait: waits.wait,

    attach(lane, provider) {
      const attachment = attach({
        ...options,
        lane,
        provider,
        isExpired,
        waitMs,
        onLane(id, error, failures) {
          options.onLane(id, error, failures)
          if (error) {
            troubled.add(id)
            reroute.lane(id)
          } else if (troubled.delete(id)) reroute.all()
        },
        onPause(id, on) {
          options.onPause(id, on)
          if (on) reroute.lane(id)
          else reroute.all()
        },
        refusal: ({ draft }) => insistence.insist(() => optOuts.check(lane, provider, draft.to)),
        onRefusal: ({ draft }) => insistence.insist(() => optOuts.refused(lane, provider, draft.to)),
        onSending: message => options.onChange(message.record),
        async commit(message, apply) {
          await insistence.insist(() => change({ id: message.record.id }, apply))
        },
      })
      lanes.set(lane, attachment)
      // A later attachment under the same id, after a redeploy, is not this one's to remove.
      const leave = () => lanes.get(lane) === attachment && lanes.delete(lane)
      return {
        ...attachment,
        drain() {
          leave()
          return attachment.drain()
        },
        close() {
          leave()
          return attachment.close()
        },
      }
    },

    async report(lane, given) {
      const report = readReport(given)
      if (!report) return false
      const { id, providerMessageId } = report
      let isOurs = false
      const apply: Transition = message => {
        const ours = asTold(message, lane, report)
        if (!ours) return undefined
        isOurs = true
        return reported(ours, report, clock.now())
      }
      const told = async (key: MessageKey) => !isOurs && (await change(key, apply)) !== undefined
      if (id !== undefined && (await told({ id }))) return true
      if (providerMessageId === undefined) return false
      const key = { providerNode: lane, providerMessageId }
      if (await told(key)) return true
      const attachment = lanes.get(lane)
      if (isOurs || !attachment) return false
      await within(clock, REPORT_AHEAD_MS, attachment.settled())
      return told(key)
    },

    async change(id, apply) {
      const after = await change({ id }, apply)
      return after && copyRecord(after.record)
    },

    get: async key => structuredClone(await store.get(key)),
    waiting: lane => store.waiting(lane),
    waitMs,
    reroute: reroute.all,
    close() {
      reroute.close()
      insistence.close()
    },
  }
}

/** A message as the one a lane reports on: also where it waits in another by now, if this one has it after all. */
function asTold(message: StoredMessage, lane: string, { state }: StatusReport): StoredMessage | undefined {
  if (message.lane === lane) return message
  return isUndecided(message) && isAccepted(state) ? asOf(message, lane) : undefined
}
