import type { Clock } from './clock.ts'
import { SmsError } from './errors.ts'

/** Runs calls that each end by a deadline, or when they are all called off, whatever the called code does. */
export interface Calls {
  /**
   * Ends as `work` ends. When `timeoutMs` is over or the calls are called off, `signal` aborts: what `work` still says
   * within a moment counts, as it knows best how far it came; after that, or for an error that is no `SmsError`,
   * rejects with `SMS_UNKNOWN`.
   */
  run<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Aborts every call now. */
  callOff(reason: string): void
}

/** How long a call that was aborted may take to say how far it came. */
const LAST_WORD_MS = 200

export function createCalls(clock: Clock): Calls {
  const running = new Set<(reason: string) => void>()

  return {
    run<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const controller = new AbortController()
        let aborted: string | undefined
        const end = () => {
          cancelTimer()
          running.delete(abort)
        }
        const fail = (error: unknown) => {
          end()
          reject(aborted === undefined || error instanceof SmsError ? (error as Error) : unanswered(aborted))
        }
        const abort = (reason: string) => {
          if (aborted !== undefined) return
          aborted = reason
          cancelTimer()
          cancelTimer = clock.after(LAST_WORD_MS, () => fail(undefined))
          controller.abort()
        }
        let cancelTimer = clock.after(timeoutMs, () => abort(`no answer within ${timeoutMs / 1000} s`))
        running.add(abort)
        // Whatever is thrown or returned, at once or later, comes out as one promise.
        new Promise<T>(answer => answer(work(controller.signal))).then(value => {
          end()
          resolve(value)
        }, fail)
      })
    },
    callOff(reason) {
      for (const abort of running) abort(reason)
    },
  }
}

/** Resolves when `promise` has settled, either way, but not later than after `limitMs`. */
export function within(clock: Clock, limitMs: number, promise: Promise<unknown>): Promise<void> {
  return new Promise(resolve => {
    const cancel = clock.after(limitMs, resolve)
    const end = () => {
      cancel()
      resolve()
    }
    promise.then(end, end)
  })
}

const unanswered = (reason: string): SmsError => new SmsError('SMS_UNKNOWN', reason)
