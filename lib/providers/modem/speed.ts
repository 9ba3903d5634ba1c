import type { Clock } from '../../clock.ts'
import type { Transport } from '../../transport/contract.ts'
import { pause } from './pause.ts'

export interface SpeedOptions {
  readonly transport: Pick<Transport, 'write' | 'setBaudRate'>
  readonly clock: Clock
  /** Likeliest first. */
  readonly baudRates: readonly number[]
  /** Ends the search. */
  readonly signal: AbortSignal
}

/** Finds out whether a modem answers, and at which speed. */
export interface SpeedSearch {
  /** What the line brings meanwhile. */
  data(bytes: Uint8Array): void
  /** Resolves to the speed; undefined when nobody answered in `MUTE_MS`. Rejects when the line is closed. */
  find(): Promise<number | undefined>
}

/** How long a modem that says nothing is tried before its port is opened anew. */
const MUTE_MS = 12_000
/** A quick look at all speeds first, then time for a modem that is slow or still starting. */
const WAIT_MS = { first: 400, later: 1_500 } as const
/** Answers to earlier looks may still come, and must not be taken for those to what follows. */
const LATE_MS = 1_500
const QUIET_MS = 60

/** A program before us may have left the modem in the midst of a text (ESC), or in numeric or silent results (V1, Q0). */
const PROBES = ['\x1b\rAT\r', '\x1b\rATQ0V1\r'] as const
const RESULT = /(?:^|[\r\n])(?:OK|ERROR|\+CM[ES] ERROR: \d+)\r/g

export function createSpeedSearch({ transport, clock, baudRates, signal }: SpeedOptions): SpeedSearch {
  let heard = ''
  let asked = 0
  let answered = 0
  let wake = () => {}

  /** Waits until something was answered, but not longer. */
  async function wait(ms: number): Promise<void> {
    const woken = new AbortController()
    wake = () => woken.abort()
    signal.addEventListener('abort', wake, { signal: woken.signal })
    await pause(clock, ms, woken.signal)
    woken.abort()
  }

  async function probe(round: number, waitMs: number): Promise<boolean> {
    heard = ''
    asked += 1
    const before = answered
    await transport.write(Buffer.from(PROBES[round % PROBES.length] ?? PROBES[0], 'latin1'))
    if (answered === before) await wait(waitMs)
    return answered > before
  }

  async function hearLate(): Promise<void> {
    await pause(clock, QUIET_MS, signal)
    while (answered < asked && !signal.aborted) {
      const before = answered
      await wait(LATE_MS)
      if (answered === before) return
    }
  }

  return {
    data(bytes) {
      heard += Buffer.from(bytes).toString('latin1')
      const found = heard.match(RESULT)
      if (!found) return
      answered += found.length
      heard = heard.slice(heard.lastIndexOf('\r'))
      wake()
    },
    async find() {
      const startMs = clock.steadyMs()
      for (let round = 0; ; round++) {
        for (const baudRate of baudRates) {
          if (baudRates.length > 1) await transport.setBaudRate(baudRate)
          const isQuick = round === 0 && baudRates.length > 1
          if (await probe(round, isQuick ? WAIT_MS.first : WAIT_MS.later)) {
            await hearLate()
            return baudRate
          }
          if (signal.aborted || clock.steadyMs() - startMs >= MUTE_MS) return undefined
        }
      }
    },
  }
}
