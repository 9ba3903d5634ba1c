import type { Clock } from '../clock.ts'
import { compose } from '../compose.ts'
import { SmsError, toSmsError } from '../errors.ts'
import type { Gateway, InUse } from '../gateway.ts'
import type { SmsRecord } from '../message.ts'
import { readOptions } from '../options.ts'
import { isId, readOrder, writeTaken } from '../providers/forward/outgoing.ts'
import { isObject, readTagged } from '../providers/forward/jsonex.ts'
import { writeStatus } from '../providers/forward/status.ts'
import { ownerOf, toRef } from './owner.ts'

/** Takes the orders of clients and answers what they ask. Rejects with `SmsError`. */
export interface Desk {
  /** Sends a message; resolves when its carrier has taken it, or after a while, when it waits here to be sent. */
  order(client: string, json: Json): Promise<object>
  /** The present state of a message the client has sent. */
  status(client: string, json: Json): Promise<object>
}

export interface DeskOptions {
  /** The id of the server's config node. */
  readonly id: string
  readonly gateway: Pick<Gateway, 'outbox'>
  /** What messages go out through. Throws `SMS_CONFIG`. */
  readonly provider: () => InUse
  readonly clock: Clock
  /** Aborts when the server stops: who waits is answered then. */
  readonly signal: AbortSignal
}

export type Json = Readonly<Record<string, unknown>>

/** Below the ten seconds in which a webhook must have answered. */
const WAIT_MS = 8_000
/** A carrier that is in trouble will not take it now: its message waits here, and the client's next need not. */
const WAIT_IN_TROUBLE_MS = 500

export function createDesk({ id, gateway, provider, clock, signal }: DeskOptions): Desk {
  const { outbox } = gateway

  async function take(client: string, order: ReturnType<typeof readOrder>): Promise<SmsRecord> {
    const via = provider()
    const options = readOptions({
      ...order.options,
      ref: toRef({ server: id, client, ...(order.id !== undefined && { id: order.id }) }),
      idempotencyKey: order.id === undefined ? undefined : `forward/${id}/${client}/${order.id}`,
    })
    const { sendings, failures } = await compose(
      { to: order.to, text: order.text, options, onDoubt: 'fail' },
      via,
      clock.now(),
    )
    const [failure] = failures
    if (failure) throw new SmsError(failure.code, failure.message, { providerCode: failure.providerCode })
    // A list of recipients is no business of smsframework's: it has one.
    if (sendings.length !== 1) throw new SmsError('SMS_REQUEST', 'a message has one recipient')
    const [record] = await outbox.submit(sendings)
    const isWell = via.report().health === 'ready'
    return accepted(record!, isWell ? WAIT_MS : WAIT_IN_TROUBLE_MS)
  }

  async function accepted(record: SmsRecord, waitMs: number): Promise<SmsRecord> {
    try {
      return await outbox.wait(record.id, 'accepted', waitMs, signal)
    } catch (thrown) {
      const error = toSmsError(thrown)
      const latest = (await outbox.get({ id: record.id }))?.record ?? record
      // It is stored, and goes on: what becomes of it is reported.
      if (GOES_ON.has(latest.state)) return latest
      // Also while it is still being settled: who asks again later learns what came of it.
      if (latest.state === 'unknown') throw new SmsError('SMS_UNKNOWN', latest.error?.message ?? error.message)
      // It has ended here: to bring it again would change nothing.
      throw new SmsError(error.code, error.message, { providerCode: error.providerCode, retryable: false })
    }
  }

  return {
    async order(client, json) {
      const order = readOrder(json)
      return writeTaken(order, await take(client, order))
    },

    async status(client, json) {
      const msgid = readTagged(json['status'])?.attributes['msgid']
      const message = isId(msgid) ? await outbox.get({ id: String(msgid) }) : undefined
      const owner = message && ownerOf(message.record)
      if (!message || owner?.server !== id || owner.client !== client)
        throw new SmsError('SMS_REQUEST', 'no message of yours has this id')
      const { status, sms } = writeStatus(message.record, owner.id) as { status: object; sms: object }
      return isObject(json['sms']) ? { status, sms } : { status }
    },
  }
}

const GOES_ON: ReadonlySet<string> = new Set(['scheduled', 'queued', 'sending', 'accepted', 'delivered'])
