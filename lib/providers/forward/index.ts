import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { createHttpClient } from '../../http.ts'
import type { Provider, ProviderHost } from '../../provider.ts'
import { createApi } from './api.ts'
import type { PeerKind } from './api.ts'
import { createEarlyReports } from './early.ts'
import { createReceiver } from './receive.ts'
import { readLogin, readPeer } from './settings.ts'
import type { ForwardClientSettings } from './settings.ts'
import { createTurns } from './turns.ts'
import { startWatch } from './watch.ts'

export type { ForwardClientSettings } from './settings.ts'

export interface ForwardEffects {
  readonly clock?: Clock
}

/** Names that need no translation. */
const PEERS = { ours: 'Node-RED', smsframework: 'py-smsframework' } as const satisfies Record<PeerKind, string>
/** 255 parts of 153 characters (3GPP TS 23.040 §9.2.3.24.1): what the server's carrier takes, only the server knows. */
const MAX_CHARACTERS = 255 * 153
/**
 * The outbox asks about what was in doubt before a restart in the moment in which it begins to send; so long a message
 * waits, that it may not overtake those.
 */
const DOUBTS_FIRST_MS = 250

/**
 * Sends and receives through a remote server, ours or py-smsframework's. Throws `SMS_CONFIG` when a setting is missing
 * or wrong.
 */
export function createForwardClient(
  settings: ForwardClientSettings,
  { clock = systemClock }: ForwardEffects = {},
): Provider {
  const server = readPeer(settings.serverUrl, settings, "the server's")
  const callback = readLogin({ user: settings.callbackUser, password: settings.callbackPassword }, 'the callback')
  const http = createHttpClient({ clock })
  const api = createApi(settings.name, server, http, () => clock.now())
  let host: ProviderHost | undefined
  let stopWatch = (): void => {}
  let ready: Promise<void> | undefined
  let endWait = (): void => {}

  const early = createEarlyReports({ clock, reported: async report => (await host?.reported(report)) ?? false })
  const turns = createTurns({
    api,
    clock,
    report: async report => host?.reported(report),
  })

  const provider: Provider = {
    type: 'sms-forward-client',
    name: settings.name,
    // One at a time: the server gets them in the order they were sent in.
    pace: { concurrency: 1 },
    // The server may know short codes.
    numbers: { shortCodes: true },
    maxCharacters: MAX_CHARACTERS,
    // Where the server may not call here, nothing pushes reports.
    asksForReports: callback === undefined,

    async send(message, { signal }) {
      await ready
      return early.during(() => turns.send(message, signal))
    },

    settle: (message, { signal }) => turns.settle(message, signal),

    queryStatus: (message, { signal }) => api.ask(message, signal),

    async probe({ signal }) {
      const peer = await api.greet(signal)
      // py-smsframework looks at the login of what is sent only.
      return {
        outcome: peer === 'ours' ? 'worked' : 'reached',
        facts: { server: `${new URL(server.url).host} (${PEERS[peer]})` },
      }
    },

    start(given) {
      host = given
      ready = new Promise(resolve => {
        const cancel = clock.after(DOUBTS_FIRST_MS, resolve)
        endWait = () => {
          cancel()
          resolve()
        }
      })
      stopWatch = startWatch({ clock, greet: api.greet, health: given.health, onBack: turns.settleAll })
    },

    async stop() {
      host = undefined
      stopWatch()
      endWait()
      await http.close()
    },

    webhook: createReceiver(callback, () => host, early.report),
  }

  // py-smsframework would send again what it is asked about: then doubt stays, at once rather than after minutes.
  const { settle } = provider
  Object.defineProperty(provider, 'settle', { get: () => (api.peer === 'smsframework' ? undefined : settle) })
  return provider
}
