import type { Clock } from '../../../lib/clock.ts'

/** A voice call between a modem and somebody. */
export interface Call {
  readonly direction: 'in' | 'out'
  readonly from: string
  readonly to: string
  readonly startedAtMs: number
  readonly state: CallState
  /** Either side ends it; `refused` is how a call that rings ends on this side. */
  end(how?: 'ended' | 'refused' | 'missed'): void
  answer(): void
  /** Called once, when the call is over. */
  onEnd(run: () => void): void
}

export type CallState = 'ringing' | 'active' | 'ended' | 'refused' | 'missed'

export interface Calls {
  readonly all: readonly Call[]
  start(call: Pick<Call, 'direction' | 'from' | 'to'>): Call
}

/** The calls of a network. */
export function createCalls(clock: Clock): Calls {
  const all: Call[] = []
  return {
    all,
    start(parties) {
      let state: CallState = 'ringing'
      const whenOver: (() => void)[] = []
      const isOver = () => state !== 'ringing' && state !== 'active'
      const call: Call = {
        ...parties,
        startedAtMs: clock.now(),
        get state() {
          return state
        },
        end(how) {
          if (isOver()) return
          state = how ?? (state === 'active' ? 'ended' : 'missed')
          for (const run of whenOver) run()
        },
        answer() {
          if (state === 'ringing') state = 'active'
        },
        onEnd(run) {
          if (isOver()) run()
          else whenOver.push(run)
        },
      }
      all.push(call)
      return call
    },
  }
}
