import type { ErrorInfo } from '../errors.ts'
import type { WatchReport } from '../health.ts'
import type { Member } from './contract.ts'
import { below } from './members.ts'

interface Reporting<R extends MemberReport> extends Pick<Member, 'id' | 'provider'> {
  report(): R
}

/** How a member of a router fares. */
interface MemberReport extends WatchReport {
  readonly name: string
}

/**
 * How a router fares: `ready` where all its members can send, `degraded` with the reason of the first that is not well
 * where some can, `failed` where none can (`connecting` where one may soon). Its own word counts where it is worse.
 */
export function routerHealth(own: WatchReport, members: readonly MemberReport[]): WatchReport {
  const cannot = members.filter(({ health, paused }) => paused || health === 'failed' || health === 'connecting')
  const unwell = members.find(({ health }) => health !== 'ready')
  if (!unwell) return own
  if (cannot.length < members.length) return own.health === 'degraded' ? own : { health: 'degraded', ...reason(unwell) }
  const connecting = members.find(({ health }) => health === 'connecting')
  return connecting ? { health: 'connecting', ...reason(connecting) } : { health: 'failed', ...reason(unwell) }
}

function reason({ name, error, paused }: MemberReport): { error?: ErrorInfo } {
  if (error) return { error: { ...error, message: `${name}: ${error.message}` } }
  return paused ? { error: { code: 'SMS_BLOCKED', message: `${name} is paused` } } : {}
}

/** How those fare that a router ends up with; one that is not in use has failed. */
export function reportsBelow<R extends MemberReport>(
  id: string,
  find: (idOrName: string) => Reporting<R> | undefined,
): readonly MemberReport[] {
  const missing: string[] = []
  const members = below(id, find, name => missing.push(name))
  return [
    ...members.filter(({ provider }) => !provider.router).map(member => member.report()),
    ...missing.map(name => ({ name, health: 'failed', error: NOT_IN_USE }) as const),
  ]
}

const NOT_IN_USE: ErrorInfo = { code: 'SMS_CONFIG', message: 'it is not in use' }

/** Tells of each router in use that fares otherwise than when it was last told of. */
export function createRouterNews<R extends MemberReport>(
  used: () => Iterable<Reporting<R>>,
  tell: (report: R) => void,
): () => void {
  const told = new WeakMap<object, string>()
  return () => {
    for (const { provider, report } of used()) {
      if (!provider.router) continue
      const now = report()
      const fares = [now.health, now.error?.code, now.error?.message].join(' ')
      if (told.get(provider) === fares) continue
      told.set(provider, fares)
      tell(now)
    }
  }
}
