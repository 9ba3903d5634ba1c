import type { Clock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'
import type { OutgoingMessage, Receipt, Settlement, StatusReport } from '../../provider.ts'
import type { Api } from './api.ts'

/**
 * Sends one message after the other, and keeps them in order also where answers are lost: what is in doubt goes first,
 * again and with the same id, which a server of ours takes once.
 */
export interface Turns {
  send(message: OutgoingMessage, signal?: AbortSignal): Promise<Receipt>
  settle(message: OutgoingMessage, signal?: AbortSignal): Promise<Settlement>
  /** The server is back: sends again what is in doubt. */
  settleAll(signal: AbortSignal): Promise<void>
}

export interface TurnsOptions {
  readonly api: Api
  readonly clock: Clock
  /** Tells the outbox what came of a message that it did not ask about. */
  readonly report: (report: StatusReport) => Promise<unknown>
}

/** What is worth sending at all is worth it for a day, unless it says otherwise (as in the outbox). */
const VALID_MS = 24 * 3_600_000

interface Doubt {
  readonly message: OutgoingMessage
  readonly untilMs: number
}

export function createTurns({ api, clock, report }: TurnsOptions): Turns {
  const doubts = new Map<string, Doubt>()

  function doubt(message: OutgoingMessage): void {
    const untilMs =
      message.validityMinutes === undefined
        ? message.createdAtMs + VALID_MS
        : clock.now() + message.validityMinutes * 60_000
    doubts.set(message.id, { message, untilMs })
  }

  /** One attempt; where no answer tells what came of it, the message is in doubt. */
  async function attempt(message: OutgoingMessage, signal?: AbortSignal): Promise<Receipt | SmsError> {
    try {
      const answer = await api.send(message, signal)
      // The server may be in doubt itself; to ask it again changes nothing.
      if ('receipt' in answer || !answer.refusal.retryable) doubts.delete(message.id)
      return 'receipt' in answer ? answer.receipt : answer.refusal
    } catch (error) {
      if (error instanceof SmsError && error.code === 'SMS_UNKNOWN') doubt(message)
      throw error
    }
  }

  /** Only a server that takes an id once may be sent a message again. Throws while that cannot be told. */
  async function knowsIds(signal?: AbortSignal): Promise<boolean> {
    try {
      return (api.peer ?? (await api.greet(signal))) === 'ours'
    } catch (thrown) {
      // It answered, and not as ours does.
      if (thrown instanceof SmsError && thrown.code === 'SMS_PROVIDER') return false
      throw thrown
    }
  }

  async function clear({ message, untilMs }: Doubt, signal?: AbortSignal): Promise<void> {
    const leftMinutes = Math.ceil((untilMs - clock.now()) / 60_000)
    if (leftMinutes <= 0 || !(await knowsIds(signal))) return void doubts.delete(message.id)
    const outcome = await attempt(
      message.validityMinutes === undefined ? message : { ...message, validityMinutes: leftMinutes },
      signal,
    )
    if (!(outcome instanceof SmsError)) {
      const { providerMessageId, state = 'accepted' } = outcome
      await report({
        id: message.id,
        ...(providerMessageId !== undefined && { providerMessageId }),
        state: state === 'delivered' ? state : 'accepted',
      })
    } else if (outcome.retryable) throw outcome
    else if (outcome.code !== 'SMS_UNKNOWN') {
      await report({ id: message.id, state: 'failed', error: outcome.toJSON() })
    }
  }

  async function clearBefore(id: string | undefined, signal?: AbortSignal): Promise<void> {
    // Our ids rise with time.
    const earlier = [...doubts.keys()].filter(other => other !== id).sort()
    for (const other of earlier) {
      const open = doubts.get(other)
      if (open) await clear(open, signal)
    }
  }

  return {
    async send(message, signal) {
      try {
        await clearBefore(message.id, signal)
      } catch (thrown) {
        const { message: reason, retryAfterMs } = thrown as SmsError
        throw new SmsError('SMS_CONNECTION', `an earlier message is in doubt, and goes first: ${reason}`, {
          retryAfterMs,
        })
      }
      const outcome = await attempt(message, signal)
      if (outcome instanceof SmsError) throw outcome
      return outcome
    },

    async settle(message, signal) {
      // Noted at once, so that no later message overtakes it.
      doubt(message)
      if (!(await knowsIds(signal))) {
        doubts.delete(message.id)
        throw new SmsError('SMS_UNSUPPORTED', 'this server would take the message again: it cannot be asked')
      }
      const outcome = await attempt(message, signal)
      if (!(outcome instanceof SmsError)) return { outcome: 'taken', receipt: outcome }
      if (!outcome.retryable && outcome.code !== 'SMS_UNKNOWN') {
        await report({ id: message.id, state: 'failed', error: outcome.toJSON() })
      }
      return { outcome: 'open' }
    },

    settleAll: signal => clearBefore(undefined, signal),
  }
}
