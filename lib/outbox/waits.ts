import type { Clock } from '../clock.ts'
import { SmsError } from '../errors.ts'
import type { SmsErrorCode } from '../errors.ts'
import { isAccepted, isFailure } from '../message.ts'
import type { OutgoingState, SmsRecord } from '../message.ts'
import { copyRecord } from '../record.ts'
import type { StoredMessage } from '../store/store.ts'

/** What a sender waits for. */
export type Until = 'accepted' | 'delivered'

export interface Waits {
  wait(id: string, until: Until, timeoutMs: number, signal?: AbortSignal): Promise<SmsRecord>
  /** A message was stored: who waits for it at once, as most do, needs not read it back. */
  stored(message: StoredMessage): void
  changed(message: StoredMessage): void
}

export interface WaitsOptions {
  readonly clock: Clock
  readonly get: (id: string) => Promise<StoredMessage | undefined>
  /** Ends a message whose validity is over though its lane does not come to it. */
  readonly expire: (id: string) => Promise<void>
}

type Look = (message: StoredMessage) => void

/** A timer may be a little early by the wall clock, which says when a message expires. */
const EXPIRED_FOR_MS = 10

/** Those who wait for a message to get somewhere. */
export function createWaits({ clock, get, expire }: WaitsOptions): Waits {
  const waiting = new Map<string, Set<Look>>()
  const onAborted = createAborts()
  /** What was stored in this turn of the event loop, as it is now. */
  const fresh = new Map<string, StoredMessage>()

  return {
    wait(id, until, timeoutMs, signal) {
      return new Promise((resolve, reject) => {
        let latest: StoredMessage | undefined
        let isOver = false
        let cancelExpiry = (): void => {}

        const look: Look = message => {
          latest = message
          const { record } = message
          if (reached(record.state, until)) end(() => resolve(copyRecord(record)))
          else if (isFailure(record.state) || isUnresolved(message)) end(() => reject(endError(record)))
        }
        const end = (settle: () => void) => {
          isOver = true
          cancelTimer()
          cancelExpiry()
          cancelAbort()
          const others = waiting.get(id)
          if (others?.delete(look) && others.size === 0) waiting.delete(id)
          settle()
        }
        const cancelTimer = clock.after(timeoutMs, () => end(() => reject(timeoutError(latest, until, timeoutMs))))
        const cancelAbort = onAborted(signal, () =>
          end(() => reject(new SmsError('SMS_CANCELLED', 'the waiting was called off; the message was not'))),
        )
        const others = waiting.get(id)
        if (others) others.add(look)
        else waiting.set(id, new Set([look]))

        const begin = (message: StoredMessage | undefined) => {
          if (isOver) return
          if (!message) return end(() => reject(new SmsError('SMS_STORE', `no message with the id ${id} is stored`)))
          // What was told meanwhile is newer than what was read.
          if (!latest) look(message)
          const leftMs = message.expiresAtMs - clock.now()
          if (isOver || leftMs >= timeoutMs) return
          cancelExpiry = clock.after(leftMs + EXPIRED_FOR_MS, () => void expire(id).catch(() => {}))
        }
        const known = fresh.get(id)
        if (known) begin(known)
        else get(id).then(begin, (error: unknown) => end(() => reject(error)))
      })
    },
    stored(message) {
      if (fresh.size === 0) setImmediate(() => fresh.clear())
      fresh.set(message.record.id, message)
    },
    changed(message) {
      if (fresh.has(message.record.id)) fresh.set(message.record.id, message)
      for (const look of waiting.get(message.record.id) ?? []) look(message)
    },
  }
}

/** One listener per signal however many wait with it: each further one takes Node longer to add. */
function createAborts(): (signal: AbortSignal | undefined, run: () => void) => () => void {
  const bySignal = new WeakMap<AbortSignal, Set<() => void>>()
  return (signal, run) => {
    if (!signal) return () => {}
    if (signal.aborted) {
      queueMicrotask(run)
      return () => {}
    }
    const known = bySignal.get(signal)
    const runs = known ?? new Set()
    runs.add(run)
    if (!known) {
      bySignal.set(signal, runs)
      signal.addEventListener('abort', () => {
        for (const run of runs) run()
      })
    }
    return () => void runs.delete(run)
  }
}

/** Whoever sends on a schedule has done so when it is scheduled, be it here or with the carrier. */
const reached = (state: OutgoingState, until: Until) =>
  state === 'delivered' || (until === 'accepted' && (isAccepted(state) || state === 'scheduled'))

const isUnresolved = (message: StoredMessage) => message.record.state === 'unknown' && message.job === undefined

const CODE_OF_END: Partial<Record<OutgoingState, SmsErrorCode>> = {
  expired: 'SMS_EXPIRED',
  cancelled: 'SMS_CANCELLED',
  unknown: 'SMS_UNKNOWN',
}

function endError(record: StoredMessage['record']): SmsError {
  const code = CODE_OF_END[record.state] ?? record.error?.code ?? 'SMS_SEND'
  const message = record.error?.message ?? `the message ended as ${record.state}`
  return new SmsError(code, message, { providerCode: record.error?.providerCode })
}

function timeoutError(latest: StoredMessage | undefined, until: Until, timeoutMs: number): SmsError {
  const state = latest?.record.state ?? 'queued'
  const reason = latest?.record.error ? ` (${latest.record.error.message})` : ''
  const text = `not ${until} within ${timeoutMs / 1000} s; it is ${state}${reason} and goes on`
  return new SmsError('SMS_TIMEOUT', text, { providerCode: latest?.record.error?.providerCode })
}
