import type { Clock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'

/** The main host, and others that do the same. */
export interface Hosts {
  /**
   * Runs `request` against one host after the other until one is reached. Another host is only asked where the one
   * before surely got nothing (`SMS_CONNECTION`). Throws what the first of them threw when none is reached.
   */
  reach<T>(request: (host: string) => Promise<T>, signal: AbortSignal | undefined): Promise<T>
}

/** How long a spare host stays the first to be asked, so that not each message waits for a host that is down. */
const STICKY_MS = 10 * 60_000

export function createHosts(hosts: readonly string[], clock: Clock): Hosts {
  let first = 0
  let stickyUntilMs = 0

  return {
    async reach(request, signal) {
      if (clock.steadyMs() >= stickyUntilMs) first = 0
      let unreached: unknown
      for (let tried = 0; tried < hosts.length; tried += 1) {
        const at = (first + tried) % hosts.length
        try {
          const answer = await request(hosts[at]!)
          if (tried > 0) {
            first = at
            stickyUntilMs = clock.steadyMs() + STICKY_MS
          }
          return answer
        } catch (error) {
          const reached = !(error instanceof SmsError) || error.code !== 'SMS_CONNECTION'
          if (reached || signal?.aborted) throw error
          unreached ??= error
        }
      }
      throw unreached
    },
  }
}
