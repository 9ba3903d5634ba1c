import { SmsError } from '../../errors.ts'

/** Lets so many calls through at once, the others in the order they came. */
export interface Gate {
  /** Runs `work` when there is room. Throws `SMS_CONNECTION` when called off before. */
  through<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>
}

export function createGate(width: number): Gate {
  const waiting = new Set<() => void>()
  let free = width

  function leave(): void {
    const [next] = waiting
    if (next === undefined) free += 1
    else next()
  }

  function enter(signal: AbortSignal | undefined): Promise<void> {
    if (free > 0 && !signal?.aborted) {
      free -= 1
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        waiting.delete(next)
        signal?.removeEventListener('abort', abort)
        settle()
      }
      const next = () => end(resolve)
      const abort = () => end(() => reject(new SmsError('SMS_CONNECTION', 'it was called off before SMSC was asked')))
      if (signal?.aborted) return abort()
      waiting.add(next)
      signal?.addEventListener('abort', abort)
    })
  }

  return {
    async through(work, signal) {
      await enter(signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
