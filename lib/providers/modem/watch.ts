import { textOf } from '../../at/answers.ts'
import type { Clock } from '../../clock.ts'
import { ask } from './connection.ts'
import type { Connection } from './connection.ts'
import type { SetUp } from './init.ts'
import type { Registrations } from './registration.ts'

/** Looks after a modem that is ready, now and then: it may have hung, restarted in silence, or lost the network. */
export interface Watch {
  readonly everyMs: number
  begin(): void
  /** `unset`: it has forgotten its settings; `sweep`: it is time to look for messages. Rejects as `run` does. */
  look(setUp: SetUp): Promise<'well' | 'unset' | 'sweep'>
}

export interface WatchOptions {
  readonly connection: Pick<Connection, 'run'>
  readonly clock: Clock
  readonly sweepMs: number
  readonly registrations: Registrations
}

/**
 * A modem that hung is noticed, and one that restarted in silence, within this and the time of one answer. Setting it up
 * takes two seconds or three, and what came in meanwhile is to be there within six.
 */
const LOOK_MS = 2_500
/** An answer that needs no network. */
const ANSWER_MS = 2_000
const REGISTRATION_MS = 30_000

export function createWatch({ connection, clock, sweepMs, registrations }: WatchOptions): Watch {
  let sweptMs = 0
  let registrationMs = 0

  const isDue = (sinceMs: number, ms: number) => clock.steadyMs() - sinceMs >= ms

  return {
    everyMs: Math.min(LOOK_MS, sweepMs),
    begin() {
      sweptMs = clock.steadyMs()
      registrationMs = sweptMs
    },
    async look({ cnmi }) {
      // Not every modem can be asked what it is set to.
      const lines = await ask(connection, '+CNMI?', { timeoutMs: ANSWER_MS })
      const now = textOf(lines ?? [], '+CNMI')
      if (now !== undefined && cnmi !== undefined && !isSame(now, cnmi)) return 'unset'
      if (registrations.trouble !== undefined || isDue(registrationMs, REGISTRATION_MS)) {
        registrationMs = clock.steadyMs()
        await registrations.ask(connection)
      }
      if (!isDue(sweptMs, sweepMs)) return 'well'
      sweptMs = clock.steadyMs()
      return 'sweep'
    },
  }
}

/** Only what was set is compared, with what the modem tells of it. */
function isSame(now: string, set: string): boolean {
  const [told, wanted] = [now, set].map(values => values.split(',').map(value => value.trim())) as [string[], string[]]
  return wanted.every((value, place) => told[place] === undefined || told[place] === value)
}
