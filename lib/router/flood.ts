import type { Clock } from '../clock.ts'

export interface FloodSettings {
  /** So many messages… */
  readonly messages: number
  /** …within this time are too many, */
  readonly withinMs: number
  /** and then none goes for so long. */
  readonly pauseMs: number
}

/** A breaker: too many messages in too short a time, as a loop in a flow makes them, and nothing goes for a while. */
export interface Flood {
  /** Whether one more message may go; counts it if so. */
  take(): boolean
  /** Milliseconds until messages go again; 0 when they do. */
  openMs(): number
}

/** `onOpen` is told once each time it opens. Time is the steady clock's, as a clock that is set makes no flood. */
export function createFlood({ messages, withinMs, pauseMs }: FloodSettings, clock: Clock, onOpen: () => void): Flood {
  /** When the latest messages went, the oldest first; never more than are allowed. */
  const times: number[] = []
  let openUntilMs = -Infinity

  return {
    openMs: () => Math.max(0, openUntilMs - clock.steadyMs()),
    take() {
      const nowMs = clock.steadyMs()
      if (nowMs < openUntilMs) return false
      while (times.length > 0 && times[0]! <= nowMs - withinMs) times.shift()
      if (times.length < messages) {
        times.push(nowMs)
        return true
      }
      openUntilMs = nowMs + pauseMs
      times.length = 0
      onOpen()
      return false
    },
  }
}
