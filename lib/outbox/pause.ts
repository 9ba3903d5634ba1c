import type { Store } from '../store/store.ts'

/** Whether a lane is paused: durable, so that a restart does not send what its user held back. */
export interface Pause {
  /** As far as it is known: undefined until it was read. */
  readonly on: boolean | undefined
  /** Rejects with `SMS_STORE`. */
  read(): Promise<boolean>
  /** Takes effect with its commit. Rejects with `SMS_STORE`, and nothing has changed then. */
  set(on: boolean): Promise<void>
}

/** A note of the provider's; its own notes have no such name. */
const KEY = 'lane.paused'

/** `tell` hears when the lane is paused, also when that is read, and when it is no longer. */
export function createPause(store: Store, lane: string, tell: (on: boolean) => void): Pause {
  let known: boolean | undefined

  function learn(on: boolean): void {
    const before = known ?? false
    known = on
    if (on !== before) tell(on)
  }

  return {
    get on() {
      return known
    },
    // A store resolves in the order it was called in, so that what comes later here is newer.
    async read() {
      learn((await store.note(lane, KEY)) === 'yes')
      return known ?? false
    },
    async set(on) {
      await store.setNote(lane, KEY, on ? 'yes' : 'no')
      learn(on)
    },
  }
}
