import { SmsError } from '../errors.ts'
import { readOptions } from '../options.ts'
import { quote } from '../quote.ts'
import { readWhen } from './conditions.ts'
import type { Condition, ConditionContext } from './conditions.ts'
import type { RouteOptions } from './facts.ts'
import { readList } from './lists.ts'
import { createTurns, STRATEGIES } from './strategies.ts'
import type { Strategy } from './strategies.ts'

/** One row of a router's list, ready for use. */
export interface Route {
  /** As the record says it: `route 2 «alarms»`. */
  readonly label: string
  readonly takes: Condition
  readonly strategy: Strategy
  /** Ids or names of providers, in order. */
  readonly use: readonly string[]
  readonly turn: ReturnType<typeof createTurns>
  readonly options: RouteOptions
}

/** As in the contract's `SendOptions`; what concerns the recipient or the whole sending is the message's to say. */
const OPTIONS = ['from', 'params', 'validityMinutes', 'priority', 'encoding', 'transliterate'] as const

/**
 * Routes as the flow file has them: `{ name?, when?, strategy?, use?, weights?, options? }`. No route at all is one that
 * takes everything; a route that names no slots uses all that are filled. Throws `SMS_CONFIG` naming the route.
 */
export function readRoutes(given: unknown, slots: ReadonlyMap<string, string>, context: ConditionContext): Route[] {
  const rows: readonly unknown[] = Array.isArray(given) && given.length > 0 ? given : [{}]
  return rows.map((row, index) => {
    try {
      return readRoute(row, index + 1, slots, context)
    } catch (error) {
      if (!(error instanceof SmsError)) throw error
      throw new SmsError('SMS_CONFIG', `route ${index + 1}: ${error.message}`)
    }
  })
}

function readRoute(
  given: unknown,
  place: number,
  slots: ReadonlyMap<string, string>,
  context: ConditionContext,
): Route {
  if (typeof given !== 'object' || given === null) throw new SmsError('SMS_CONFIG', 'it is not an object')
  const { name, when, strategy, use, weights, options } = given as Readonly<Record<string, unknown>>
  const [title] = readList(name)
  const named = readList(use)
  const chosen = (named.length > 0 ? named : [...slots.keys()]).map(slot => {
    const provider = slots.get(slot)
    if (provider === undefined) throw new SmsError('SMS_CONFIG', `there is no provider in ${quote(slot)}`)
    return provider
  })
  if (chosen.length === 0) throw new SmsError('SMS_CONFIG', 'it has no providers to choose from')
  return {
    label: title === undefined ? `route ${place}` : `route ${place} ${quote(title)}`,
    takes: readWhen(when, context),
    strategy: readStrategy(strategy),
    use: chosen,
    turn: createTurns(readWeights(weights, chosen.length)),
    options: readRouteOptions(options),
  }
}

function readStrategy(given: unknown): Strategy {
  if (given === undefined || given === '') return 'failover'
  const strategy = STRATEGIES.find(word => word === given)
  if (!strategy) throw new SmsError('SMS_CONFIG', `a strategy is one of ${STRATEGIES.join(', ')}`)
  return strategy
}

/** In the order of the slots; where one is missing it is 1. */
function readWeights(given: unknown, count: number): readonly number[] {
  const list = readList(given)
  return Array.from({ length: count }, (_, index) => {
    const weight = Number(list[index] ?? 1)
    if (!(weight > 0 && weight <= 1_000)) throw new SmsError('SMS_CONFIG', 'weights are numbers above 0, up to 1000')
    return weight
  })
}

function readRouteOptions(given: unknown): RouteOptions {
  const options = readOptions(given)
  const foreign = Object.keys(options).find(name => !(OPTIONS as readonly string[]).includes(name))
  if (foreign !== undefined) throw new SmsError('SMS_CONFIG', `a route has no option ${quote(foreign)}`)
  return options
}
