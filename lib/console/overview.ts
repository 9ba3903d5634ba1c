import type { Clock } from '../clock.ts'
import { within } from '../deadline.ts'
import type { Gateway, InUse } from '../gateway.ts'
import type { Balance, Provider } from '../provider.ts'
import type { BalanceView, Line, ProviderView } from './views.ts'

export interface Overview {
  views(): Promise<readonly ProviderView[]>
  /** Asks the carrier. Throws `SmsError`. */
  balance(id: string): Promise<Balance>
}

/** Asking a modem holds up what it sends, so it is not asked more often than this. */
const ASK_EVERY_MS = 30_000
const ASK_WITHIN_MS = 8_000
/** As long as nobody minds waiting for the rest of what there is to see. */
const MOMENT_MS = 1_000

export function createOverview(gateway: Gateway, clock: Clock): Overview {
  const balances = new Map<string, BalanceView>()
  const lines = new Map<string, { atMs: number; line?: Line }>()

  /** What is known of it, asked for anew where that is old; at first, what is told within a moment. */
  async function lineOf({ id, provider, report }: InUse): Promise<Line | undefined> {
    const check = modemCheck(provider)
    if (!check) return undefined
    const { health } = report()
    if (health === 'failed' || health === 'connecting') {
      // It may come back somewhere else.
      lines.delete(id)
      return undefined
    }
    const known = lines.get(id)
    if (known && clock.steadyMs() - known.atMs < ASK_EVERY_MS) return known.line
    const asking = { ...known, atMs: clock.steadyMs() }
    lines.set(id, asking)
    const asked = check(['signal', 'network'], AbortSignal.timeout(ASK_WITHIN_MS))
      .then(readLine, () => undefined)
      .then(line => {
        if (lines.get(id) === asking) lines.set(id, { atMs: clock.steadyMs(), ...(line && { line }) })
      })
    if (!known?.line) await within(clock, MOMENT_MS, asked)
    return lines.get(id)?.line
  }

  async function view(member: InUse): Promise<ProviderView> {
    const { id, provider } = member
    const line = await lineOf(member)
    const balance = balances.get(id)
    return {
      ...member.report(),
      queued: await gateway.outbox.waiting(id),
      can: { balance: provider.balance !== undefined, text: 'text' in provider && 'subscribe' in provider },
      ...(balance && { balance }),
      ...(line && { line }),
    }
  }

  return {
    async views() {
      const members = gateway.providers()
      for (const known of [balances, lines]) {
        for (const id of known.keys()) if (!members.some(member => member.id === id)) known.delete(id)
      }
      return Promise.all(members.map(view))
    },
    async balance(id) {
      const balance = await gateway.balance(id)
      balances.set(id, { ...balance, at: new Date(clock.now()).toISOString() })
      return balance
    },
  }
}

type Check = (names: readonly string[], signal: AbortSignal) => Promise<Readings>

interface Readings {
  readonly signal?: { readonly percent?: number; readonly dbm?: number }
  readonly network?: { readonly operator?: string; readonly roaming?: boolean; readonly technology?: string }
}

/** What a provider that is a modem has besides: whoever made it. */
function modemCheck(provider: Provider): Check | undefined {
  const { modem } = provider as Provider & { modem?: { check?: unknown } }
  return typeof modem?.check === 'function' ? (...given) => (modem as { check: Check }).check(...given) : undefined
}

function readLine({ signal, network }: Readings): Line {
  return {
    ...(network?.operator !== undefined && { operator: network.operator }),
    ...(network?.roaming && { roaming: true }),
    ...(network?.technology !== undefined && { technology: network.technology }),
    ...(signal?.percent !== undefined && { percent: signal.percent }),
    ...(signal?.dbm !== undefined && { dbm: signal.dbm }),
  }
}
