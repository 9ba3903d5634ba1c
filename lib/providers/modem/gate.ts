import type { Clock } from '../../clock.ts'
import type { SmsError } from '../../errors.ts'
import { sendingError, TROUBLES } from './words.ts'
import type { Trouble } from './words.ts'

/** What keeps messages from being sent, and what the system said of it. */
export interface Obstacle {
  readonly trouble: Trouble
  readonly told?: SmsError | undefined
}

/** Where who wants to send waits for the modem. */
export interface Gate {
  /** Resolves when nothing is in the way; rejects with what is, after `waitMs`, on abort, or at once if it may last. */
  pass(waitMs: number, signal?: AbortSignal): Promise<void>
  /** Something changed: those who wait look again. */
  changed(): void
}

export function createGate(clock: Clock, obstacle: () => Obstacle | undefined): Gate {
  const waiting = new Set<() => void>()
  return {
    pass: (waitMs, signal) =>
      new Promise((resolve, reject) => {
        const end = () => {
          cancel()
          waiting.delete(look)
          signal?.removeEventListener('abort', giveUp)
        }
        const giveUp = () => {
          end()
          const { trouble, told } = obstacle() ?? { trouble: 'starting' }
          reject(sendingError(trouble, told))
        }
        const look = () => {
          const found = obstacle()
          if (found === undefined) {
            end()
            resolve()
          } else if (TROUBLES[found.trouble].health === 'failed') giveUp()
        }
        const cancel = clock.after(waitMs, giveUp)
        waiting.add(look)
        signal?.addEventListener('abort', giveUp)
        if (signal?.aborted) giveUp()
        else look()
      }),
    changed() {
      for (const look of waiting) look()
    },
  }
}
