import type { Clock } from '../../clock.ts'
import { toSmsError } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'
import type { Health, HealthReport } from '../../provider.ts'

export interface WatchOptions {
  readonly clock: Clock
  /** Resolves when the server is there; throws why it is not. */
  readonly greet: (signal: AbortSignal) => Promise<unknown>
  readonly health: (report: HealthReport) => void
  /** The server is there, for the first time or again. */
  readonly onBack: (signal: AbortSignal) => Promise<void>
}

/** How often a server that is there is looked for, and how long after a failure at first and at most. */
const WELL_MS = 60_000
const FIRST_MS = 1_000
const LONGEST_MS = 15_000
/** So long its first answer is awaited before anything is said of it. */
const PATIENCE_MS = 500

/** Tells how the server fares, from now on; the returned function ends it. */
export function startWatch({ clock, greet, health, onBack }: WatchOptions): () => void {
  const controller = new AbortController()
  const { signal } = controller
  let failures = 0
  let isWell = false
  let cancelNext = (): void => {}
  const cancelPatience = clock.after(PATIENCE_MS, () => health({ health: 'ready' }))

  function tell(report: HealthReport): void {
    cancelPatience()
    if (!signal.aborted) health(report)
  }

  async function look(): Promise<void> {
    try {
      await greet(signal)
      tell({ health: 'ready' })
      failures = 0
      if (!isWell) await onBack(signal)
      isWell = true
    } catch (thrown) {
      isWell = false
      failures += 1
      const error = toSmsError(thrown)
      tell({ health: HEALTHS[error.code] ?? 'connecting', error: error.toJSON() })
    }
    if (signal.aborted) return
    const againMs = isWell ? WELL_MS : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10))
    cancelNext = clock.after(againMs, () => void look())
  }

  void look()
  return () => {
    controller.abort()
    cancelNext()
    cancelPatience()
  }
}

/** What no waiting changes. */
const HEALTHS: Partial<Record<SmsErrorCode, Health>> = { SMS_AUTH: 'failed', SMS_CONFIG: 'failed' }
