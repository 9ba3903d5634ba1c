import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'
import { createHttpClient } from '../../http.ts'
import type { Provider, ProviderHost } from '../../provider.ts'
import { readAccount } from './account.ts'
import type { TwilioSettings } from './account.ts'
import { createApi } from './api.ts'
import { createClaims } from './claims.ts'
import { readMessage, toReport } from './message-resource.ts'
import { createNumberWebhooks } from './number-webhook.ts'
import type { NumberWebhooks } from './number-webhook.ts'
import { startPolling } from './poll.ts'
import type { Poller } from './poll.ts'
import { probe } from './probe.ts'
import { checkDraft, holdsUntil, MAX_CHARACTERS, send } from './send.ts'
import { settle } from './settle.ts'
import { createWebhook } from './webhook.ts'

export type { TwilioSettings } from './account.ts'
export type { NumberWebhook } from './number-webhook.ts'

/** What Twilio can do beyond the contract. */
export interface TwilioProvider extends Provider {
  readonly numberWebhooks: NumberWebhooks
}

export interface TwilioEffects {
  /** For the deadlines of requests; for the present, only until there is a host with its own. */
  readonly clock?: Clock
}

/** Twilio's API takes as many at once; how many a second it sends on is up to each sender number. */
const CONCURRENCY = 50
const POLL_SECONDS = { usual: 30, least: 5 }
/** What a webhook missed is found this late at most. */
const RECONCILE_MS = 600_000

/** A Twilio account. Throws `SMS_CONFIG` when a setting is missing or wrong. */
export function createTwilio(settings: TwilioSettings, { clock = systemClock }: TwilioEffects = {}): TwilioProvider {
  const account = readAccount(settings)
  const http = createHttpClient({ clock })
  const nowMs = () => (host?.clock ?? clock).now()
  const api = createApi(account, http, nowMs)
  const claims = createClaims()
  let host: ProviderHost | undefined
  let poller: Poller | undefined

  return {
    type: 'sms-twilio',
    name: settings.name,
    pace: {
      concurrency: CONCURRENCY,
      ...(settings.ratePerSecond !== undefined && { perSecond: settings.ratePerSecond }),
    },
    numbers: {
      ...(settings.defaultCountry !== undefined && { defaultCountry: settings.defaultCountry }),
      ...(settings.to !== undefined && { defaultRecipients: settings.to }),
    },
    maxCharacters: MAX_CHARACTERS,
    asksForReports: account.callbackUrl === undefined,
    respectsOptOut: settings.optOut ?? true,

    check: draft => checkDraft(draft, account),
    holdsUntil: (draft, sendAtMs, nowMs) => holdsUntil(draft, account, sendAtMs, nowMs),

    async send(message, call) {
      const end = claims.begin(message)
      try {
        const receipt = await send(message, account, api, nowMs(), call)
        if (receipt.providerMessageId !== undefined) claims.claim(receipt.providerMessageId, message.id)
        return receipt
      } finally {
        end()
      }
    },

    async settle(message, { signal }) {
      return host ? settle(message, account, api, claims, host, signal) : { outcome: 'open' }
    },

    async queryStatus({ id, providerMessageId }, { signal }) {
      if (providerMessageId === undefined) return undefined
      try {
        const { body } = await api.get(resource(providerMessageId), signal)
        const message = readMessage(body)
        const report = message && toReport(message)
        return report && { ...report, id }
      } catch (error) {
        if (isRefusal(error)) return undefined
        throw error
      }
    },

    async cancel({ providerMessageId }, { signal }) {
      if (providerMessageId === undefined) return false
      try {
        const { body } = await api.post(
          resource(providerMessageId),
          new URLSearchParams({ Status: 'canceled' }),
          signal,
        )
        return readMessage(body)?.status === 'canceled'
      } catch (error) {
        if (isRefusal(error)) return false
        throw error
      }
    },

    async balance({ signal }) {
      const { body } = await api.get('Balance.json', signal)
      const { balance: amount, currency } = body
      if (typeof amount !== 'string' || typeof currency !== 'string')
        throw new SmsError('SMS_PROVIDER', 'Twilio told no balance')
      return { amount, currency, text: `${amount} ${currency}` }
    },

    probe: ({ signal }) => probe(account, http, nowMs, signal),
    numberWebhooks: createNumberWebhooks(account, http, api, nowMs),

    start(given) {
      host = given
      host.health({ health: 'ready' })
      if (settings.receive !== 'off') poller = startPolling({ account, api, host, everyMs: pollingMs(settings) })
    },

    async stop() {
      host = undefined
      poller?.stop()
      await http.close()
    },

    webhook: createWebhook(account, claims, () => host),
  }
}

const resource = (sid: string): string => `Messages/${encodeURIComponent(sid)}.json`

/** Twilio answered, and said no: it does not know the message, or can do no more about it. */
const isRefusal = (error: unknown): boolean =>
  error instanceof SmsError && (error.code === 'SMS_REQUEST' || error.code === 'SMS_SEND')

function pollingMs({ receive, pollSeconds = POLL_SECONDS.usual }: TwilioSettings): number {
  return receive === 'webhook' ? RECONCILE_MS : Math.max(POLL_SECONDS.least, pollSeconds) * 1_000
}
