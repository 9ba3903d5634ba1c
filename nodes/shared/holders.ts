import type { InUse } from '../../lib/gateway.ts'
import type { Health } from '../../lib/provider.ts'
import { portKey } from '../../lib/transport/same-port.ts'
import { presentGateway, useForeignProviders } from './gateway.ts'
import type { Red } from './red.ts'

/** Of several nodes that name one port, one has it open: that which fares best. */
const BEST_FIRST: readonly Health[] = ['ready', 'degraded', 'connecting', 'failed']

/** The provider that is in use and keeps this port for itself, under whichever of its names; undefined where none does. */
export async function holderOf(RED: Red, port: string): Promise<InUse | undefined> {
  const [wanted, holders] = await Promise.all([portKey(port), holdersOf(RED)])
  return holders.get(wanted)
}

/** All ports that are kept, by `portKey`. */
export async function holdersOf(RED: Red): Promise<ReadonlyMap<string, InUse>> {
  useForeignProviders(RED)
  const holding = (presentGateway(RED)?.providers() ?? []).filter(({ provider }) => provider.holds !== undefined)
  const keyed = await Promise.all(
    holding.map(async inUse => [await portKey(inUse.provider.holds ?? ''), inUse, rankOf(inUse)] as const),
  )
  // Of two entries with one key, a map keeps the later.
  return new Map(keyed.sort(([, , one], [, , other]) => other - one).map(([key, inUse]) => [key, inUse]))
}

const rankOf = (inUse: InUse): number => BEST_FIRST.indexOf(inUse.report().health)
