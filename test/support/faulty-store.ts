import type { Clock } from '../../lib/clock.ts'
import { SmsError } from '../../lib/errors.ts'
import type { Store } from '../../lib/store/store.ts'

export interface StoreFaults {
  /** Whether a call fails, having done nothing. */
  fails: (method: keyof Store) => boolean
  /** How long a call takes before it takes effect, and again as long before it is answered. */
  delayMs: (method: keyof Store) => number
}

/** A store on a disk that is slow, full, or away for a while; well until it is told otherwise. */
export function createFaultyStore(store: Store, clock: Clock): { store: Store; faults: StoreFaults } {
  const faults: StoreFaults = { fails: () => false, delayMs: () => 0 }
  const pass = async (ms: number) => {
    if (ms > 0) await new Promise<void>(resolve => clock.after(ms, resolve))
  }
  let turn: Promise<unknown> = Promise.resolve()
  const methods = Object.entries(store).map(([name, method]) => {
    const run = async (args: unknown[]) => {
      const delayMs = faults.delayMs(name as keyof Store)
      await pass(delayMs)
      if (faults.fails(name as keyof Store)) throw new SmsError('SMS_STORE', 'the disk is full')
      const result = await (method as (...args: unknown[]) => Promise<unknown>)(...args)
      await pass(delayMs)
      return result
    }
    // One after the other, as a store has it that resolves in the order of its calls.
    const call = (...args: unknown[]) => {
      const running = turn.then(() => run(args))
      turn = running.catch(() => {})
      return running
    }
    return [name, call]
  })
  return { store: Object.fromEntries(methods) as Store, faults }
}
