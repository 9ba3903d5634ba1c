import type { Clock } from '../clock.ts'
import { compose } from '../compose.ts'
import type { Via } from '../compose.ts'
import { SmsError, toSmsError } from '../errors.ts'
import type { SmsRecord } from '../message.ts'
import type { Sending } from '../outbox/draft.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { quote } from '../quote.ts'
import type { Question } from './book.ts'

/** Who takes longer than the validity of a message to say that it is over has no say. */
const SETTLE_MS = 5_000

export interface SendingOptions {
  readonly clock: Clock
  readonly outbox: Pick<Outbox, 'submit' | 'wait' | 'get' | 'change'>
  /** A provider in use, by id or name. */
  readonly find: (idOrName: string) => Via | undefined
}

/** How a question becomes messages, and what becomes of these. */
export function createSending({ clock, outbox, find }: SendingOptions) {
  return {
    /** The messages of a first try. */
    first: (question: Question, sendings: readonly Sending[], timeoutMs: number): readonly Sending[] =>
      sendings.map((sending, index) => ({
        idempotencyKey: keyOf(question, index),
        // A question that comes when nobody waits for its answer any more only confuses.
        validityMs: timeoutMs,
        ...sending,
      })),

    /** The messages of the latest try, be it a repetition or one that a restart came into. */
    async again(question: Question, asker: { retryText: string; timeoutMs: number }): Promise<readonly Sending[]> {
      const via = find(question.provider)
      if (!via) throw new SmsError('SMS_CONFIG', `there is no SMS provider ${quote(question.provider)} in use`)
      const { sendAt, idempotencyKey, ...options } = question.options
      const isFirst = question.tries === 1
      const given = { ...(sendAt !== undefined && { sendAt }), ...(idempotencyKey !== undefined && { idempotencyKey }) }
      const wanted = {
        to: question.to,
        text: isFirst ? question.text : asker.retryText || question.text,
        options: isFirst ? { ...options, ...given } : options,
        onDoubt: 'fail',
      } as const
      const { sendings, failures } = await compose(wanted, via, clock.now())
      const [failure] = failures
      if (sendings.length === 0 && failure) throw new SmsError(failure.code, failure.message, failure)
      return this.first(question, sendings, asker.timeoutMs)
    },

    /** What is kept of a try that is in the outbox. */
    begun(sendings: readonly Sending[], records: readonly SmsRecord[]): Partial<Question> {
      const starts = sendings.map(({ notBeforeMs, draft }) => notBeforeMs ?? draft.sendAtMs ?? 0)
      const startsAtMs = Math.max(...starts)
      const messages = records.map(({ id }) => id)
      return { messages, latest: messages[0]!, ...(startsAtMs > 0 && { startsAtMs }) }
    },

    /** Resolves when the first of a question's messages is with its carrier; rejects with `SmsError` when none can be. */
    async accepted({ messages, startsAtMs = 0 }: Question, timeoutMs: number, signal: AbortSignal): Promise<void> {
      const ms = Math.max(0, startsAtMs - clock.now()) + timeoutMs + SETTLE_MS
      try {
        await Promise.any(messages.map(id => outbox.wait(id, 'accepted', ms, signal)))
      } catch (thrown) {
        throw toSmsError(thrown instanceof AggregateError ? thrown.errors[0] : thrown)
      }
    },

    /** Resolves with the error when all of a question's messages turn out not to reach anybody; else rejects, or never. */
    async undeliverable({ messages }: Question, timeoutMs: number, signal: AbortSignal): Promise<SmsError> {
      const failed = async (id: string): Promise<SmsError> => {
        try {
          await outbox.wait(id, 'delivered', timeoutMs, signal)
        } catch (thrown) {
          const error = toSmsError(thrown)
          if (error.code !== 'SMS_TIMEOUT') return error
        }
        throw new SmsError('SMS_REQUEST', 'it is there, or may be')
      }
      const errors = await Promise.all(messages.map(failed))
      return errors[0]!
    },

    /** The sender of what came in, written as recipients are. */
    async senderOf({ from = '', providerNode }: SmsRecord): Promise<string> {
      const { parseRecipient } = await import('../phone.ts')
      try {
        return parseRecipient(from, find(providerNode)?.provider.numbers)
      } catch {
        return from
      }
    },
  }
}

/** Each try of each way is a message of its own, which a restart must not send once more. */
const keyOf = ({ id, tries }: Question, way: number): string => `question ${id}.${tries}.${way}`
