import type { Provider } from '../../lib/provider.ts'
import { portKey } from '../../lib/transport/same-port.ts'
import type { ProviderNode } from './gateway.ts'
import type { Red } from './red.ts'

/** The provider that is in use and keeps this port for itself, under whichever of its names; undefined where none does. */
export async function holderOf(RED: Red, port: string): Promise<Provider | undefined> {
  const [wanted, holders] = await Promise.all([portKey(port), holdersOf(RED)])
  return holders.get(wanted)
}

/** All ports that are kept, by `portKey`. */
export async function holdersOf(RED: Red): Promise<ReadonlyMap<string, Provider>> {
  const providers: Provider[] = []
  RED.nodes.eachNode(({ id }) => {
    const node: ProviderNode | null | undefined = RED.nodes.getNode(id)
    if (node?.smsProvider?.holds !== undefined) providers.push(node.smsProvider)
  })
  return new Map(
    await Promise.all(providers.map(async provider => [await portKey(provider.holds ?? ''), provider] as const)),
  )
}
