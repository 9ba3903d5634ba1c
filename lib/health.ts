import type { ErrorInfo, SmsError } from './errors.ts'
import type { Health, HealthReport } from './provider.ts'

/** How a provider fares: the worse of what it says itself and what its lane meets. */
export interface HealthWatch {
  report(): WatchReport
  /** What the provider says. */
  own(report: HealthReport): void
  /** What its lane met: an error after so many failures in a row, or none. */
  lane(error: SmsError | undefined, failures: number): void
  /** Whether its lane sends nothing, as its user wants it. */
  paused(on: boolean): void
}

export interface WatchReport extends HealthReport {
  /** Its user has it send nothing: `degraded`, without an error unless it is `degraded` or `failed` by itself. */
  readonly paused?: true
}

const BADNESS = { ready: 0, connecting: 1, degraded: 2, failed: 3 } as const satisfies Record<Health, number>

/** Errors of an attempt that tell of the carrier or the account, not of the one message. */
const LANE_HEALTH: Partial<Record<SmsError['code'], Health>> = {
  SMS_CONNECTION: 'degraded',
  SMS_LIMITS: 'degraded',
  SMS_SERVER: 'degraded',
  SMS_UNKNOWN: 'degraded',
  SMS_AUTH: 'failed',
  SMS_CREDIT: 'failed',
  SMS_CONFIG: 'failed',
  SMS_STORE: 'failed',
}

/** So many failures in a row, and a carrier that is out of reach counts as failed. */
const FAILED_AFTER = 3

const READY: HealthReport = { health: 'ready' }

/** `tell` hears of each change: another health, or another reason for it. */
export function createHealthWatch(tell: (report: WatchReport) => void): HealthWatch {
  let own = READY
  let lane = READY
  let paused = false
  let told: WatchReport | undefined

  function report(): WatchReport {
    if (!paused) return worse(own, lane)
    // What the lane met before may long be over, and it meets nothing now.
    return { ...worse(own, { health: 'degraded' }), paused }
  }

  function changed(): void {
    const next = report()
    const isKnown = told?.health === next.health && told.error?.code === next.error?.code && told.paused === next.paused
    if (isKnown) return
    told = next
    tell(next)
  }

  return {
    report,
    own(next) {
      own = readHealth(next)
      changed()
    },
    lane(error, failures) {
      lane = error ? laneHealth(error, failures) : READY
      changed()
    },
    paused(on) {
      paused = on
      changed()
    },
  }
}

const worse = (one: HealthReport, other: HealthReport): HealthReport =>
  BADNESS[other.health] > BADNESS[one.health] ? other : one

function laneHealth(error: SmsError, failures: number): HealthReport {
  const health = LANE_HEALTH[error.code]
  // One message was refused: that is no matter of the provider's health.
  if (health === undefined) return READY
  return { health: health === 'degraded' && failures >= FAILED_AFTER ? 'failed' : health, error: error.toJSON() }
}

/** A provider may be anybody's code; what is no health at all is none to be proud of. */
function readHealth({ health, error }: HealthReport): HealthReport {
  const known = Object.hasOwn(BADNESS, health) ? health : 'degraded'
  return { health: known, ...(error && { error: plain(error) }) }
}

const plain = ({ code, message, providerCode }: ErrorInfo): ErrorInfo => ({
  code,
  message,
  ...(providerCode !== undefined && { providerCode }),
})
