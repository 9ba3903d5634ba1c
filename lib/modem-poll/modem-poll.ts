import type { Clock } from '../clock.ts'
import { SmsError, toSmsError } from '../errors.ts'
import type { Health } from '../provider.ts'
import type { Check, ModemFacade } from '../providers/modem/checks.ts'
import { askModem } from './ask.ts'
import type { Poll } from './ask.ts'
import { createNews } from './news.ts'
import { createSchedule } from './schedule.ts'

/** Asks a modem about itself, by itself and when told to. */
export interface ModemPoll {
  /** Where there is an interval, asks now and from now on. */
  begin(): void
  /** How the modem fares: one that is down is not asked. */
  fares(health: Health): void
  /** Asks at once, in whatever state the modem is. Rejects with `SmsError` where every check failed. */
  ask(signal: AbortSignal): Promise<Poll>
  end(): void
}

export interface ModemPollOptions {
  readonly modem: Pick<ModemFacade, 'check'>
  readonly checks: readonly Check[]
  /** 0: only when told to. */
  readonly everyMs: number
  /** What to tell of what it asked by itself; who asks is always answered. */
  readonly emit: 'always' | 'change'
  readonly clock: Clock
  /** Hears what it asked by itself; `isTold` says whether the flow is to hear it. */
  readonly heard: (poll: Poll, isTold: boolean) => void
  /** Nothing could be read; the same reason once, until something could. */
  readonly failed: (error: SmsError) => void
}

export function createModemPoll(options: ModemPollOptions): ModemPoll {
  const { modem, checks, everyMs, emit, clock, heard, failed } = options
  const life = new AbortController()
  const news = createNews()
  const schedule = everyMs > 0 && checks.length > 0 ? createSchedule({ clock, everyMs, run }) : undefined
  let lastReason = ''

  async function run(): Promise<boolean> {
    try {
      const poll = await askModem(modem, checks, life.signal)
      if (life.signal.aborted) return true
      lastReason = ''
      const isNew = news.take(poll)
      heard(poll, isNew || emit === 'always')
    } catch (thrown) {
      if (life.signal.aborted) return true
      const error = toSmsError(thrown)
      // It went down meanwhile, which is told by how it fares.
      if (error.code === 'SMS_CONNECTION') return false
      if (error.message !== lastReason) failed(error)
      lastReason = error.message
    }
    return true
  }

  return {
    begin: () => schedule?.begin(),
    fares: health => schedule?.possible(health === 'ready' || health === 'degraded'),
    async ask(signal) {
      if (checks.length === 0) throw new SmsError('SMS_CONFIG', 'nothing is chosen to ask the modem for')
      const poll = await askModem(modem, checks, AbortSignal.any([signal, life.signal]))
      news.take(poll)
      return poll
    },
    end() {
      life.abort()
      schedule?.end()
    },
  }
}
