import { keepNewest } from '../../bounded.ts'
import type { Clock } from '../../clock.ts'
import { SmsError, toSmsError } from '../../errors.ts'
import type { Call, OutgoingMessage, Receipt } from '../../provider.ts'
import type { Account } from './account.ts'
import type { Api, Fields } from './api.ts'
import type { Batches } from './batches.ts'
import { isCrowded, refusalError } from './error-codes.ts'
import type { Refusal } from './error-codes.ts'
import { fieldsOf, isLater, senderOf } from './form.ts'
import { digitsOf, numberOf } from './message-id.ts'
import type { MessageKey } from './message-id.ts'
import type { Prices } from './prices.ts'
import { askStanding, toReceipt } from './standing.ts'
import { receiptOf, readTaken } from './taken.ts'

export interface SendOptions {
  readonly account: Account
  readonly api: Api
  readonly batches: Batches
  readonly prices: Prices
  readonly clock: () => Clock
  /** Told before each sending which number and phone stand for which message of ours. */
  readonly onHand: (key: MessageKey, id: string) => void
}

/** What messages are handed over by, alone or with others of the same text. */
export interface Sender {
  /** What came of each message, in their order. Never rejects. */
  sendMany(messages: readonly OutgoingMessage[], call: Call): Promise<readonly (Receipt | SmsError)[]>
}

/** So many phones in one request: more of them would make one doubt out of too many. */
export const MOST_PHONES = 100
/** `status.php` may be asked about a message five times a minute, of which settling needs some. */
const ASK_AGAIN_MS = 20_000
const KEPT_ASKED = 1_000
/** Refusals that may be for one of several recipients. */
const OF_ONE_RECIPIENT: ReadonlySet<number> = new Set([1, 6, 7, 8])

export function createSender({ account, api, batches, prices, clock, onHand }: SendOptions): Sender {
  const askedAtMs = new Map<string, number>()
  const nowMs = () => clock().now()

  async function send(message: OutgoingMessage, { signal }: Call): Promise<Receipt> {
    await batches.end([message.id]).catch(() => {})
    onHand({ number: numberOf(message.id), phone: digitsOf(message.to) }, message.id)
    const fields = { ...fieldsOf(message, account, nowMs()), phones: message.to, id: String(numberOf(message.id)) }
    const answer = await api.hand({ ...fields, ...ALWAYS }, signal)
    if ('refusal' in answer) return doubled(message, answer.refusal, signal)
    return complete(receiptOf(readTaken(answer.json), message.to, 1, prices), message)
  }

  /**
   * 9 says that the same was sent within the minute: perhaps by an earlier attempt of ours whose answer was lost. Only
   * the status of our number tells that from another message with the same words.
   */
  async function doubled(message: OutgoingMessage, refusal: Refusal, signal: AbortSignal): Promise<Receipt> {
    if (refusal.number !== 9 || isCrowded(refusal)) throw refusalError(refusal)
    const steadyMs = clock().steadyMs()
    if (steadyMs - (askedAtMs.get(message.id) ?? -Infinity) < ASK_AGAIN_MS) throw refusalError(refusal)
    const key = { number: numberOf(message.id), phone: digitsOf(message.to) }
    const standing = await askStanding(api, key, signal).catch(() => {
      throw new SmsError('SMS_UNKNOWN', 'SMSC says it was sent a moment ago, and cannot be asked whether it was')
    })
    if (standing) return complete(toReceipt(key, standing, prices), message)
    askedAtMs.set(message.id, steadyMs)
    keepNewest(askedAtMs, KEPT_ASKED)
    throw refusalError(refusal)
  }

  function complete(receipt: Receipt, message: OutgoingMessage): Receipt {
    const sender = senderOf(message, account)
    return {
      ...receipt,
      ...(receipt.state === undefined && isLater(message, nowMs()) && { state: 'scheduled' as const }),
      ...(sender !== undefined && sender !== '.' && { from: sender }),
    }
  }

  async function sendTogether(batch: Batch, call: Call): Promise<readonly (Receipt | SmsError)[]> {
    const { messages, fields } = batch
    const [first] = messages
    if (first === undefined || messages.length === 1) return oneByOne(messages, call)
    const ids = messages.map(({ id }) => id)
    const number = numberOf(first.id)
    const forAll = (error: SmsError) => messages.map(() => error)
    try {
      await batches.begin(ids, number)
    } catch {
      // What is not kept could not be settled.
      return oneByOne(messages, call)
    }
    for (const { id, to } of messages) onHand({ number, phone: digitsOf(to) }, id)
    try {
      const phones = messages.map(({ to }) => to).join(',')
      const answer = await api.hand({ ...fields, phones, id: String(number), ...ALWAYS }, call.signal)
      if ('refusal' in answer) {
        if (answer.refusal.number === 9 && !isCrowded(answer.refusal))
          return forAll(new SmsError('SMS_UNKNOWN', 'SMSC says it was sent a moment ago', { providerCode: 9 }))
        await batches.end(ids).catch(() => {})
        const isOfOne = OF_ONE_RECIPIENT.has(answer.refusal.number)
        return isOfOne ? await oneByOne(messages, call) : forAll(refusalError(answer.refusal))
      }
      const read = readTaken(answer.json)
      const results = messages.map(message =>
        outcome(() => complete(receiptOf(read, message.to, messages.length, prices), message)),
      )
      await batches.end(ids.filter((_, at) => !isDoubt(results[at]))).catch(() => {})
      return results
    } catch (thrown) {
      const error = toSmsError(thrown, 'SMS_UNKNOWN')
      if (!isDoubt(error)) await batches.end(ids).catch(() => {})
      return forAll(error)
    }
  }

  const oneByOne = (messages: readonly OutgoingMessage[], call: Call): Promise<(Receipt | SmsError)[]> =>
    Promise.all(
      messages.map(message => send(message, call).catch((thrown: unknown) => toSmsError(thrown, 'SMS_UNKNOWN'))),
    )

  return {
    async sendMany(messages, call) {
      const results = new Map<OutgoingMessage, Receipt | SmsError>()
      const readable = messages.flatMap((message): [OutgoingMessage, Fields][] => {
        try {
          return [[message, fieldsOf(message, account, nowMs())]]
        } catch (thrown) {
          results.set(message, toSmsError(thrown, 'SMS_REQUEST'))
          return []
        }
      })
      await Promise.all(
        inBatches(readable).map(async batch => {
          const outcomes = await sendTogether(batch, call)
          batch.messages.forEach((message, at) => results.set(message, outcomes[at]!))
        }),
      )
      return messages.map(message => results.get(message)!)
    },
  }
}

/** Whatever is asked: all recipients with what was found about each, price and balance. */
const ALWAYS = { op: '1', cost: '3' } as const

interface Batch {
  readonly messages: OutgoingMessage[]
  readonly fields: Fields
}

/** Messages that differ in nothing but their recipients, no phone twice in a batch. */
function inBatches(messages: readonly (readonly [OutgoingMessage, Fields])[]): Batch[] {
  const batches: Batch[] = []
  const open = new Map<string, Batch>()
  for (const [message, fields] of messages) {
    const same = JSON.stringify(fields)
    const batch = open.get(same)
    const isFull = batch && batch.messages.length >= MOST_PHONES
    if (batch && !isFull && batch.messages.every(({ to }) => to !== message.to)) batch.messages.push(message)
    else {
      const fresh = { messages: [message], fields }
      batches.push(fresh)
      open.set(same, fresh)
    }
  }
  return batches
}

const isDoubt = (result: Receipt | SmsError | undefined): boolean =>
  result instanceof SmsError && result.code === 'SMS_UNKNOWN'

function outcome(read: () => Receipt): Receipt | SmsError {
  try {
    return read()
  } catch (thrown) {
    return toSmsError(thrown, 'SMS_UNKNOWN')
  }
}
