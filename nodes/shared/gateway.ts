import { SmsError, toSmsError } from '../../lib/errors.ts'
import { createGateway } from '../../lib/gateway.ts'
import type { Gateway, InUse } from '../../lib/gateway.ts'
import type { Provider } from '../../lib/provider.ts'
import type { NodeRedNode, Red } from './red.ts'
import { createRuntimeStore } from './store.ts'
import type { RuntimeStore } from './store.ts'

/** A node of any package that carries a provider. */
export type ProviderNode = NodeRedNode & { smsProvider?: Provider }

interface Shared {
  readonly gateway: Gateway
  readonly store: RuntimeStore
  readonly used: WeakSet<NodeRedNode>
  /** What nodes do once all nodes are there. */
  readonly starts: Map<NodeRedNode, () => void>
  readonly started: () => void
  readonly stopping: () => void
  users: number
}

/** One gateway per Node-RED runtime: it outlives deploys, so that what was queued goes on. */
const runtimes = new WeakMap<object, Shared>()

/** The gateway, for as long as `node` lives: it hears of the flows' starts and stops while anybody uses it. */
export function joinGateway(RED: Red, node: NodeRedNode): Gateway {
  const shared = sharedOf(RED)
  const { gateway, started, stopping } = shared
  if (shared.users === 0) {
    RED.events.on('flows:started', started)
    RED.events.on('flows:stopping', stopping)
  }
  shared.users += 1
  node.on('close', (_removed, done) => {
    shared.starts.delete(node)
    shared.users -= 1
    if (shared.users === 0) {
      RED.events.off('flows:started', started)
      RED.events.off('flows:stopping', stopping)
      stopping()
    }
    done()
  })
  return gateway
}

/** Calls `start` when all nodes are there: by then also providers named by `${ENV}`, and those of other packages. */
export function onceStarted(RED: Red, node: NodeRedNode, start: () => void): void {
  const { starts } = sharedOf(RED)
  const before = starts.get(node)
  starts.set(node, () => {
    before?.()
    start()
  })
}

/** Takes the provider a config node carries into use, until the node closes. */
export function useProvider(RED: Red, node: ProviderNode): void {
  const shared = sharedOf(RED)
  if (!node.smsProvider || shared.used.has(node)) return
  shared.used.add(node)
  const stop = shared.gateway.use(node.id, node.smsProvider)
  node.on('close', (_removed, done) => {
    void stop()
      .catch((error: unknown) => RED.log.warn(`[sms] a provider did not end cleanly: ${toSmsError(error).message}`))
      .finally(done)
  })
}

/** The provider with this id or name. Throws `SMS_CONFIG` in words that say what to do. */
export function findProvider(RED: Red, idOrName: string): InUse {
  if (!idOrName) throw new SmsError('SMS_CONFIG', 'no SMS provider is chosen')
  const { gateway } = sharedOf(RED)
  let found = gateway.find(idOrName)
  if (!found) {
    useForeignProviders(RED)
    found = gateway.find(idOrName)
  }
  if (!found)
    throw new SmsError('SMS_CONFIG', `there is no SMS provider «${idOrName.slice(0, 40)}»; is it disabled or deleted?`)
  return found
}

/** Config nodes of other packages do not know of us; any that carries a provider is taken into use when it is seen. */
export function useForeignProviders(RED: Red): void {
  RED.nodes.eachNode(({ id }) => {
    const node: ProviderNode | null | undefined = RED.nodes.getNode(id)
    if (node?.smsProvider) useProvider(RED, node)
  })
}

/** The gateway where any node has made it yet: whoever only looks must not. */
export function presentGateway(RED: Red): Gateway | undefined {
  return runtimes.get(runtimeOf(RED))?.gateway
}

/** Where messages of this runtime are kept. */
export function runtimeStore(RED: Red): RuntimeStore {
  return sharedOf(RED).store
}

const runtimeOf = (RED: Red): object => RED.httpNode || RED.events

function sharedOf(RED: Red): Shared {
  const key = runtimeOf(RED)
  const known = runtimes.get(key)
  if (known) return known
  const log = (level: 'info' | 'warn' | 'debug', text: string) => RED.log[level](`[sms] ${text}`)
  const store = createRuntimeStore(RED, log)
  const gateway = createGateway({ store: store.store, log })
  const starts = new Map<NodeRedNode, () => void>()
  const shared: Shared = {
    gateway,
    store,
    used: new WeakSet(),
    starts,
    users: 0,
    started() {
      store.choose()
      const due = [...starts.values()]
      starts.clear()
      for (const start of due) start()
      gateway.flowsStarted()
    },
    stopping: gateway.flowsStopping,
  }
  runtimes.set(key, shared)
  return shared
}
