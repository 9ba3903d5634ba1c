import type { LaneWaits } from '../router/routing.ts'
import type { Store, Transition } from '../store/store.ts'
import { rerouted } from './transitions.ts'

/** Takes routed messages out of lanes that cannot send. */
export interface Reroute {
  /** Looks through what waits in a lane. */
  lane(id: string): void
  /** Looks through all lanes that cannot send, also those that are not open. */
  all(): void
  /** Begins nothing more. */
  close(): void
}

export interface RerouteOptions {
  readonly store: Pick<Store, 'waitingRouted' | 'lanesRouted'>
  readonly waitMs: LaneWaits
  readonly change: (id: string, apply: Transition) => Promise<unknown>
}

/** Few at a time: an outage must not keep what can be sent from being sent. */
const BATCH = 100

/** A store that fails is not insisted upon: a lane in an outage tells of it again and again. */
export function createReroute({ store, waitMs, change }: RerouteOptions): Reroute {
  const running = new Set<string>()
  const again = new Set<string>()
  let closed = false

  async function run(lane: string): Promise<void> {
    if (running.has(lane)) return void again.add(lane)
    running.add(lane)
    try {
      do {
        again.delete(lane)
        await walk(lane)
      } while (again.has(lane) && !closed)
    } catch {
      // The next failure looks again.
    } finally {
      running.delete(lane)
    }
  }

  async function walk(lane: string): Promise<void> {
    let after: string | undefined
    // Where it can send again by now, what is left shall stay.
    while (!closed && waitMs(lane) > 0) {
      const messages = await store.waitingRouted(lane, BATCH, after)
      await Promise.all(messages.map(({ record }) => change(record.id, message => rerouted(message, lane, waitMs))))
      after = messages.at(-1)?.record.id
      if (messages.length < BATCH) return
    }
  }

  return {
    lane: id => void run(id),
    all() {
      void store.lanesRouted().then(
        lanes => lanes.forEach(lane => void run(lane)),
        () => {},
      )
    },
    close() {
      closed = true
    },
  }
}
