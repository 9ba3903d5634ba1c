import type { Clock } from '../../lib/clock.ts'
import type { HealthReport, IncomingMessage, ProviderHost, StatusReport } from '../../lib/provider.ts'

/** A host that keeps what a provider brings, as the gateway would, and shows it. */
export interface RecordingHost extends ProviderHost {
  received: ProviderHost['received']
  readonly messages: readonly IncomingMessage[]
  readonly reports: readonly StatusReport[]
  readonly healths: readonly HealthReport[]
  readonly logs: readonly string[]
  /** What `ownerOf` tells: our id by the carrier's. */
  readonly owners: Map<string, string>
  /** Makes the store fail until it is told otherwise. */
  fail(failing: boolean): void
  /** Resolves when so many messages in all are there. */
  brought(count: number): Promise<void>
  /** Resolves when a health that fits was reported, before or after this call. */
  fares(health: HealthReport['health']): Promise<HealthReport>
}

/** With the same `notes` it is the host of the next life of the same config node. */
export function createHost(clock: Clock, notes = new Map<string, string>(), known = new Set<string>()): RecordingHost {
  const messages: IncomingMessage[] = []
  const reports: StatusReport[] = []
  const healths: HealthReport[] = []
  const logs: string[] = []
  const owners = new Map<string, string>()
  let failing = false
  const waiting = new Set<() => void>()

  const store = async (): Promise<void> => {
    if (failing) throw new Error('the store is full')
  }
  const changed = () => {
    for (const look of waiting) look()
  }
  const until = <T>(look: () => T | undefined): Promise<T> =>
    new Promise(resolve => {
      const check = () => {
        const found = look()
        if (found === undefined) return
        waiting.delete(check)
        resolve(found)
      }
      waiting.add(check)
      check()
    })

  return {
    clock,
    messages,
    reports,
    healths,
    logs,
    owners,
    async received(message) {
      await store()
      const { providerMessageId } = message
      if (providerMessageId !== undefined && known.has(providerMessageId)) return false
      if (providerMessageId !== undefined) known.add(providerMessageId)
      messages.push(message)
      changed()
      return true
    },
    async reported(report) {
      await store()
      reports.push(report)
      return true
    },
    health(report) {
      healths.push(report)
      changed()
    },
    ownerOf: async providerMessageId => owners.get(providerMessageId),
    notes: {
      async get(key) {
        await store()
        return notes.get(key)
      },
      async set(key, value) {
        await store()
        notes.set(key, value)
      },
    },
    log(level, text) {
      logs.push(`${level}: ${text}`)
    },
    fail(now) {
      failing = now
    },
    brought: count => until(() => (messages.length >= count ? true : undefined)).then(() => {}),
    fares: health => until(() => healths.findLast(report => report.health === health)),
  }
}
