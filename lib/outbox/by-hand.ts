import type { Clock } from '../clock.ts'
import { SmsError } from '../errors.ts'
import type { OutgoingState, SmsRecord } from '../message.ts'
import type { Provider } from '../provider.ts'
import { quote } from '../quote.ts'
import { afresh, inLane, placed } from '../router/choose.ts'
import type { LaneWaits } from '../router/routing.ts'
import type { StoredMessage, Transition } from '../store/store.ts'
import { sent } from './ask.ts'
import type { Attachment } from './attach.ts'
import { sendingAgain } from './draft.ts'
import type { Outbox } from './outbox.ts'
import { calledOff, cancelledError, decided } from './transitions.ts'
import type { Decision } from './transitions.ts'

/** What people decide about single messages of ours. Each resolves to the record as it is then. */
export interface ByHand {
  /**
   * Calls a message off: at once while it waits here, by asking the carrier while that holds it. Rejects with
   * `SMS_REQUEST` where it is too late (it is being sent, in doubt, over, or the carrier says so), with
   * `SMS_UNSUPPORTED` where the carrier takes nothing back, with `SMS_CONFIG` where its provider is not in use.
   */
  cancel(id: string): Promise<SmsRecord>
  /**
   * Ends the doubt about an `unknown` message: `taken` makes it `accepted`, `notTaken` makes it `failed`, `resend` sends
   * it again. Reports that come later still move it. Rejects with `SMS_REQUEST` for one in any other state.
   */
  settle(id: string, decision: Decision): Promise<SmsRecord>
  /**
   * Sends a `failed`, `expired` or `cancelled` message again, at once, as a new one: with an id and a validity of its
   * own, and the same draft, category, reference and priority. Resolves to the new record. Rejects with `SMS_REQUEST`
   * for one in any other state, with `SMS_CONFIG` where its provider is not in use.
   */
  retry(id: string): Promise<SmsRecord>
}

export interface ByHandOptions {
  readonly outbox: Outbox
  readonly clock: Clock
  readonly find: (lane: string) => InUse | undefined
  /** The same, but throws `SMS_CONFIG` where it is not in use. */
  readonly need: (lane: string) => InUse
}

interface InUse {
  readonly provider: Provider
  readonly attachment: Attachment
}

export function createByHand({ outbox, clock, find, need }: ByHandOptions): ByHand {
  /** What `apply` made of a message, or nothing and what it was then. */
  async function change(id: string, apply: Transition): Promise<{ after?: SmsRecord; found: StoredMessage }> {
    let found: StoredMessage | undefined
    const after = await outbox.change(id, message => {
      found = message
      return apply(message)
    })
    if (!found) throw unknownId(id)
    return after ? { after, found } : { found }
  }

  /** Takes a message back from a carrier that holds it. */
  async function recall(message: StoredMessage): Promise<SmsRecord> {
    const { id } = message.record
    const { provider, attachment } = need(message.lane)
    if (!provider.cancel) throw new SmsError('SMS_UNSUPPORTED', `${provider.name} has the message and takes none back`)
    // Anything but a plain yes, from anybody's code, is none.
    const isBack: unknown = await attachment.call(signal => provider.cancel!(sent(message), { signal }))
    if (isBack !== true) throw new SmsError('SMS_REQUEST', `it is too late: ${provider.name} did not take it back`)
    await outbox.report(message.lane, { id, state: 'cancelled', error: cancelledError().toJSON() })
    return (await outbox.get({ id }))?.record ?? message.record
  }

  return {
    async cancel(id) {
      const { after, found } = await change(id, message => calledOff(message, clock.now()))
      if (after) return after
      const tooLate = TOO_LATE[found.record.state]
      if (tooLate !== undefined) throw new SmsError('SMS_REQUEST', tooLate)
      return recall(found)
    },

    async settle(id, decision) {
      const { after, found } = await change(id, message => {
        return decided(message, decision, clock.now(), find(message.lane)?.provider.asksForReports ?? false)
      })
      if (after) return after
      const { state } = found.record
      const reason = state === 'unknown' ? 'as taken, notTaken or resend' : `while its state is unknown; it is ${state}`
      throw new SmsError('SMS_REQUEST', `a message can be settled only ${reason}`)
    },

    async retry(id) {
      const message = await outbox.get({ id })
      if (!message) throw unknownId(id)
      const { state } = message.record
      if (!CAN_BE_RETRIED.has(state))
        throw new SmsError('SMS_REQUEST', `it is ${state}; only what failed is sent again`)
      const again = placedAnew(message, outbox.waitMs, find)
      const { provider } = need(again.lane)
      const sending = sendingAgain(again, provider.name)
      provider.check?.(sending.draft)
      const [record] = await outbox.submit([sending])
      return record!
    },
  }
}

/** A routed message goes where a new one would, among the ways it had that are in use; any other where it was. */
function placedAnew(message: StoredMessage, waitMs: LaneWaits, find: ByHandOptions['find']): StoredMessage {
  if (!message.routing) return message
  const routing = afresh(message.routing)
  const inUse = routing.candidates.filter(({ lane }) => find(lane))
  return inUse.length === 0 ? message : inLane(message, routing, placed({ ...routing, candidates: inUse }, waitMs))
}

/** Why a message that does not wait here cannot be called off; without a word, the carrier may be asked. */
const TOO_LATE: Partial<Record<OutgoingState, string>> = {
  sending: 'it is being sent at this moment; try again when that has ended',
  unknown: 'it may have been sent; settle that first',
  delivered: 'it is over: it was delivered',
  expired: 'it is over: it had expired',
  failed: 'it is over: it had failed',
  cancelled: 'it is over: it was cancelled before',
}

const CAN_BE_RETRIED: ReadonlySet<OutgoingState> = new Set(['failed', 'expired', 'cancelled'])

const unknownId = (id: string) => new SmsError('SMS_REQUEST', `no message of ours has the id ${quote(id)}`)
