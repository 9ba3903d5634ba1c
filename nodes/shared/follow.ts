import { toSmsError } from '../../lib/errors.ts'
import type { ProviderReport } from '../../lib/gateway.ts'
import { findProvider, joinGateway, onceStarted, useForeignProviders } from './gateway.ts'
import type { NodeRedNode, Red } from './red.ts'
import { errorStatus, healthStatus, statusOf } from './status.ts'
import type { StatusKey } from './status.ts'

export interface Following {
  /** Id or name; empty: every provider. */
  readonly provider: string
  /** What the status says while the provider is well. */
  readonly idle: StatusKey
  /** Starts what the node listens to, for each provider of a router; the returned function ends it. */
  readonly listen?: (providerNode: string | undefined) => () => void
}

/** Ties a node to its provider while it lives: listens, and shows in its status how the provider fares. */
export function followProvider(RED: Red, node: NodeRedNode, { provider, idle, listen }: Following): void {
  const gateway = joinGateway(RED, node)
  const stops: (() => void)[] = []

  const show = (report: ProviderReport) => node.status(healthStatus(report, idle))

  onceStarted(RED, node, () => {
    try {
      useForeignProviders(RED)
      const found = provider === '' ? undefined : findProvider(RED, provider)
      if (listen) for (const id of found ? gateway.under(found.id) : [undefined]) stops.push(listen(id))
      if (!found) return node.status(statusOf(idle))
      stops.push(gateway.on('provider', report => report.id === found.id && show(report)))
      show(found.report())
    } catch (thrown) {
      const error = toSmsError(thrown)
      node.error(error)
      node.status(errorStatus(error.code))
    }
  })
  node.on('close', (_removed, done) => {
    for (const stop of stops) stop()
    done()
  })
}
