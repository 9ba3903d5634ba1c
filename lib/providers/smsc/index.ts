import { keepNewest } from '../../bounded.ts'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'
import { createHttpClient } from '../../http.ts'
import type { Call, MessageDraft, Provider, ProviderHost } from '../../provider.ts'
import { readAccount } from './account.ts'
import type { SmscSettings } from './account.ts'
import { createApi } from './api.ts'
import { createBatches } from './batches.ts'
import { askBalance, estimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { gather } from './gather.ts'
import { checkDraft, holdsUntil, MAX_CHARACTERS } from './form.ts'
import { digitsOf, numberOf, readKey, toText } from './message-id.ts'
import { startPolling } from './poll.ts'
import type { Poller } from './poll.ts'
import { createPrices } from './prices.ts'
import { createSender, MOST_PHONES } from './send.ts'
import { settle } from './settle.ts'
import { askStanding, toReport } from './standing.ts'
import { createUnlisted } from './unlisted.ts'
import type { Unlisted } from './unlisted.ts'
import { createWebhook } from './webhook.ts'

export type { SmscSettings } from './account.ts'

/** What SMSC can do beyond the contract. */
export interface SmscProvider extends Provider {
  /** What a message would cost; sends nothing. Throws `SmsError`. */
  estimate(draft: MessageDraft, call: Call): Promise<Estimate>
}

export interface SmscEffects {
  /** For deadlines and pauses; for the present, only until there is a host with its own. */
  readonly clock?: Clock
  /** In place of SMSC's own hosts, the main one first. */
  readonly hosts?: readonly string[]
}

const POLL_SECONDS = { usual: 30, least: 20 }
/** What a webhook missed is found this late at most. */
const RECONCILE_MS = 600_000
/** So that all spare hosts can be tried within the time one attempt has. */
const CONNECT_TIMEOUT_MS = 5_000
const KEPT_OWNERS = 10_000
/** Two hundred texts of which none is like another go through four at a time. */
const TIMEOUT_MS = 60_000

/** An account at SMSC. Throws `SMS_CONFIG` when a setting is missing or wrong. */
export function createSmsc(settings: SmscSettings, { clock = systemClock, hosts }: SmscEffects = {}): SmscProvider {
  const read = readAccount(settings)
  const account = hosts === undefined ? read : { ...read, hosts }
  const http = createHttpClient({ clock, connectTimeoutMs: CONNECT_TIMEOUT_MS })
  const prices = createPrices()
  const owners = new Map<string, string>()
  const ending = new AbortController()
  const isHooked = settings.receive === 'webhook'
  let running: { readonly host: ProviderHost; readonly unlisted: Unlisted } | undefined
  let poller: Poller | undefined
  let refused: SmsError | undefined

  const clockNow = () => running?.host.clock ?? clock
  const nowMs = () => clockNow().now()
  const notes = () => running?.host.notes
  const batches = createBatches(notes)
  const api = createApi({ account, http, clock, onAnswer: lets })
  const sender = createSender({
    account,
    api,
    batches,
    prices,
    clock: clockNow,
    onHand(key, id) {
      owners.set(toText(key), id)
      keepNewest(owners, KEPT_OWNERS)
    },
  })

  /** SMSC answered: it lets us in, or does not. */
  function lets(error: SmsError | undefined): void {
    if (error?.code === refused?.code) return
    refused = error
    fares(error)
  }

  /** Without the secret nothing that comes by webhook could be believed: that is not well, whatever else is. */
  function fares(error: SmsError | undefined): void {
    const lacking = isHooked && account.callbackSecret === undefined ? NO_SECRET : undefined
    const told = error ?? refused ?? lacking
    const health = told === undefined ? 'ready' : told.code === 'SMS_AUTH' ? 'failed' : 'degraded'
    running?.host.health({ health, ...(told && { error: told.toJSON() }) })
  }

  return {
    type: 'sms-smsc',
    name: settings.name,
    pace: {
      // They go in few requests, of which the API lets so many through at once as SMSC does.
      concurrency: 2 * MOST_PHONES,
      timeoutMs: TIMEOUT_MS,
      ...(settings.ratePerSecond !== undefined && { perSecond: settings.ratePerSecond }),
    },
    numbers: settings.defaultCountry === undefined ? {} : { defaultCountry: settings.defaultCountry },
    maxCharacters: MAX_CHARACTERS,
    asksForReports: !isHooked || account.callbackSecret === undefined,
    respectsOptOut: settings.optOut ?? false,

    check: checkDraft,
    holdsUntil: (_draft, sendAtMs, nowMs) => holdsUntil(sendAtMs, nowMs),
    send: gather(sender.sendMany),
    estimate: (draft, call) => estimate(draft, { account, api, prices, nowMs: nowMs() }, call),

    settle: (message, { signal }) =>
      settle(
        message,
        { api, batches, prices, nowMs: nowMs(), reported: async said => running?.host.reported(said) ?? false },
        signal,
      ),

    async queryStatus({ id, providerMessageId, to }, { signal }) {
      const key = readKey(providerMessageId) ?? { number: numberOf(id), phone: digitsOf(to) }
      const standing = await askStanding(api, key, signal)
      const report = standing && toReport(key, standing, prices)
      return report && { ...report, id }
    },

    async balance({ signal }) {
      const amount = await askBalance(api, prices, signal)
      const { currency } = prices
      return { amount, ...(currency !== undefined && { currency }), text: [amount, currency].join(' ').trim() }
    },

    async probe({ signal }) {
      const amount = await askBalance(api, prices, signal)
      return {
        outcome: 'worked',
        facts: {
          ...(settings.login !== undefined && { account: settings.login }),
          balance: [amount, prices.currency].join(' ').trim(),
        },
      }
    },

    start(host) {
      running = { host, unlisted: createUnlisted(host.notes) }
      fares(undefined)
      if (settings.receive !== 'off') {
        poller = startPolling({ api, ...running, everyMs: pollingMs(settings), onTurn: fares })
      }
      // Tells at once whether the account lets us in, and the currency of every price.
      askBalance(api, prices, ending.signal).catch(() => {})
    },

    async stop() {
      running = undefined
      poller?.stop()
      ending.abort()
      await http.close()
    },

    webhook: createWebhook({
      secret: account.callbackSecret,
      prices,
      running: () => running,
      ownerOf: key => owners.get(toText(key)),
    }),
  }
}

const NO_SECRET = new SmsError(
  'SMS_CONFIG',
  'the callback secret is missing: without it, what is sent to the webhook is refused, as anybody may have sent it',
)

function pollingMs({ receive, pollSeconds = POLL_SECONDS.usual }: SmscSettings): number {
  return receive === 'webhook' ? RECONCILE_MS : Math.max(POLL_SECONDS.least, pollSeconds) * 1_000
}
