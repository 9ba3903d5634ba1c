import type { Clock } from '../clock.ts'

/** Repeats a step until the store takes it: what it must not miss, as forgetting would lose a message or send it twice. */
export interface Insistence {
  /** Resolves to what `step` resolves to at last; undefined when everything ends before. */
  insist<T>(step: () => Promise<T>): Promise<T | undefined>
  /** Ends every waiting; what is not done by now is not done. */
  close(): void
}

const PAUSE_MS = 1_000

export function createInsistence(clock: Clock, log: (level: 'warn', text: string) => void): Insistence {
  const waiting = new Set<() => void>()
  let closed = false
  let failing = false

  const pause = () =>
    new Promise<void>(resolve => {
      const end = () => {
        cancel()
        waiting.delete(end)
        resolve()
      }
      const cancel = clock.after(PAUSE_MS, end)
      waiting.add(end)
    })

  return {
    async insist(step) {
      while (!closed) {
        try {
          const result = await step()
          failing = false
          return result
        } catch {
          // One line for a failing store, however many wait for it.
          if (!failing) log('warn', 'the store failed; trying again until it works')
          failing = true
        }
        if (!closed) await pause()
      }
      return undefined
    },
    close() {
      closed = true
      for (const end of waiting) end()
    },
  }
}
