import type { Clock } from '../clock.ts'
import type { SmsRecord } from '../message.ts'
import type { Insistence } from '../store/insist.ts'
import type { MessageKey, Store } from '../store/store.ts'

/** Sees to it that no call rings for ever: what is stored as `ringing` becomes `missed`. */
export interface RingingCalls {
  /** It was stored: should nobody say that it is over, it is after `LONGEST_MS`. */
  began(record: SmsRecord): void
  /** It is over. Resolves after the commit, to whether that was not known; rejects with `SMS_STORE`. */
  over(key: MessageKey): Promise<boolean>
  /** Ends every wait; what rings then is missed when the store is opened again. */
  end(): void
}

export interface RingingCallsOptions {
  readonly store: Pick<Store, 'endCall'>
  readonly clock: Clock
  readonly insist: Insistence['insist']
  /** Hears of each call that is missed, once that is stored. */
  readonly onEnded: (record: SmsRecord) => void
}

/** Networks let a phone ring for three minutes or less (3GPP TS 24.008 §11.3, T301); they may tell it late. */
export const LONGEST_MS = 240_000

export function createRingingCalls({ store, clock, insist, onEnded }: RingingCallsOptions): RingingCalls {
  const cancels = new Map<string, () => void>()
  let isEnded = false

  async function over(key: MessageKey): Promise<boolean> {
    const record = await store.endCall(key, clock.now())
    if (!record) return false
    cancels.get(record.id)?.()
    cancels.delete(record.id)
    onEnded(record)
    return true
  }

  return {
    began({ id }) {
      if (isEnded) return
      const late = () => {
        cancels.delete(id)
        void insist(() => over({ id }))
      }
      cancels.set(id, clock.after(LONGEST_MS, late))
    },
    over,
    end() {
      isEnded = true
      for (const cancel of cancels.values()) cancel()
      cancels.clear()
    },
  }
}
