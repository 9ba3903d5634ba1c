import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { SmsError } from '../errors.ts'
import type { Provider, ProviderHost } from '../provider.ts'
import { createGuards } from './guards.ts'
import { planBy } from './plan.ts'
import { readRoutes } from './settings.ts'

export interface RouterSettings {
  readonly name: string
  /** The providers in the slots: `p1` … with ids or names. */
  readonly slots: ReadonlyMap<string, string>
  /** As the flow file has them; see `readRoutes`. */
  readonly routes?: unknown
  /** As the flow file has them; see `createGuards`. */
  readonly guards?: unknown
}

export interface RouterEffects {
  readonly clock?: Clock
  /** Prepares an expression over a message; without it expressions are `SMS_CONFIG`. */
  readonly compile?: (expression: string) => (message: object) => unknown
}

/** A provider that picks among others. Throws `SMS_CONFIG` for settings that cannot work. */
export function createRouter(settings: RouterSettings, { clock = systemClock, compile }: RouterEffects = {}): Provider {
  const { name, slots } = settings
  let host: ProviderHost | undefined
  let cancelCalm = (): void => {}
  if (slots.size === 0) throw new SmsError('SMS_CONFIG', 'the router has no providers to choose from')

  const routes = readRoutes(settings.routes, slots, {
    slot: slot => slots.get(slot),
    compile: compile ?? noExpressions,
    onFailure: reason => host?.log('warn', `the expression of a route failed: ${reason}`),
  })
  const running = (): ProviderHost => {
    if (!host) throw new SmsError('SMS_CONFIG', `${name} has not been started`)
    return host
  }
  const guards = createGuards(settings.guards, {
    clock,
    notes: {
      get: async key => running().notes.get(key),
      set: async (key, value) => running().notes.set(key, value),
    },
    onFlood(error, pauseMs) {
      host?.log('warn', error.message)
      host?.health({ health: 'degraded', error: error.toJSON() })
      cancelCalm()
      cancelCalm = clock.after(pauseMs, () => host?.health({ health: 'ready' }))
    },
  })
  const refusal = () => new SmsError('SMS_CONFIG', `${name} is a router: it sends nothing itself`)

  return {
    type: 'sms-router',
    name,
    // Nothing waits in a lane of its own.
    pace: { concurrency: 0 },
    numbers: { shortCodes: true },
    maxCharacters: Infinity,
    send: () => Promise.reject(refusal()),
    start(given) {
      host = given
    },
    stop() {
      cancelCalm()
      host = undefined
    },
    router: {
      members: () => [...slots.values()],
      plan: (message, state) => planBy({ name, routes }, message, state),
      admit: guards,
    },
  }
}

function noExpressions(): never {
  throw new SmsError('SMS_CONFIG', 'expressions cannot be used here')
}
