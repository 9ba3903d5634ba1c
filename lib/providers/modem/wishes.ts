import type { Clock } from '../../clock.ts'
import { worseOf } from './ladder.ts'
import type { Rung } from './ladder.ts'
import { pause } from './pause.ts'

/** What is to be done with a modem next: the worst of what was wished for since it was last asked. */
export interface Wishes {
  add(rung: Rung): void
  /** Resolves to it, or to undefined after `ms` without one, or when everything ends. */
  next(ms: number): Promise<Rung | undefined>
  clear(): void
  /** Whether what waits is more than a look. */
  readonly isSetUpWanted: boolean
}

export function createWishes(clock: Clock, life: AbortSignal): Wishes {
  let wished: Rung | undefined
  let wake = () => {}
  return {
    add(rung) {
      wished = worseOf(wished, rung)
      wake()
    },
    async next(ms) {
      if (wished === undefined) {
        const woken = new AbortController()
        wake = () => woken.abort()
        life.addEventListener('abort', wake, { signal: woken.signal })
        await pause(clock, ms, woken.signal)
        woken.abort()
      }
      const found = wished
      wished = undefined
      return found
    },
    clear() {
      wished = undefined
    },
    get isSetUpWanted() {
      return wished !== undefined && wished !== 'check'
    },
  }
}
