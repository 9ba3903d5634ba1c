import { SmsError } from '../errors.ts'
import { quote } from '../quote.ts'
import type { Member, Plan, RoutingState, Way } from './contract.ts'
import type { RouteOptions, RoutingFacts } from './facts.ts'
import type { Route } from './settings.ts'
import { chained } from './strategies.ts'

/** What a router plans with. */
export interface Routes {
  readonly name: string
  readonly routes: readonly Route[]
}

type Groups = readonly (readonly Way[])[]

/** The ways of a message by the first route that takes it. Routers among the slots contribute what they would plan. */
export async function planBy({ name, routes }: Routes, message: RoutingFacts, state: RoutingState): Promise<Plan> {
  const route = await firstThatTakes(routes, message, state)
  if (!route) return { refused: new SmsError('SMS_REQUEST', `no route of ${quote(name)} takes this message`) }
  const reasons: SmsError[] = []
  const slots: Groups[] = []
  for (const id of route.use) slots.push(await waysOf(id))
  const groups = arranged(route, slots, id => state.find(id)?.isAble() ?? false)
  if (groups.length > 0) return { route: `Router ${quote(name)}: ${route.label}`, groups: groups.map(eachOnce) }
  const [first] = reasons
  return {
    refused: new SmsError(
      first?.code ?? 'SMS_CONFIG',
      `${quote(name)}, ${route.label}: ${first?.message ?? 'no provider'}`,
    ),
  }

  async function waysOf(id: string): Promise<Groups> {
    const member = state.find(id)
    if (!member) return none(new SmsError('SMS_CONFIG', `there is no SMS provider ${quote(id)} in use`))
    const { router } = member.provider
    if (!router) return [[{ member, options: route!.options, through: [] }]]
    if (state.chain.some(before => before.id === member.id)) throw cycle([...state.chain, member])
    const plan = await router.plan(message, { ...state, chain: [...state.chain, member] })
    if ('refused' in plan) return none(plan.refused)
    return plan.groups.map(group => group.map(way => below(member, route!.options, way)))
  }

  function none(reason: SmsError): Groups {
    reasons.push(reason)
    return []
  }
}

async function firstThatTakes(
  routes: readonly Route[],
  message: RoutingFacts,
  state: RoutingState,
): Promise<Route | undefined> {
  for (const route of routes) if (await route.takes(message, state)) return route
  return undefined
}

function arranged(route: Route, slots: readonly Groups[], isAble: (id: string) => boolean): Groups {
  if (route.strategy === 'all') return slots.flat()
  if (route.strategy === 'failover') return chained(slots)
  const chosen = route.turn(index => isAble(route.use[index]!))
  return chained([slots[chosen]!, ...slots.filter((_, index) => index !== chosen)])
}

/** Who is nearer to the message has the last word on how it is sent. */
const below = (router: Member, options: RouteOptions, way: Way): Way => ({
  member: way.member,
  options: { ...way.options, ...options },
  through: [router, ...way.through],
})

/** A provider may be reached in several ways; the first one counts. */
function eachOnce(group: readonly Way[]): readonly Way[] {
  const ids = group.map(({ member }) => member.id)
  return group.filter(({ member }, index) => ids.indexOf(member.id) === index)
}

const cycle = (chain: readonly Member[]): SmsError =>
  new SmsError(
    'SMS_CONFIG',
    `these routers list each other: ${chain.map(({ provider }) => quote(provider.name)).join(' → ')}`,
  )
