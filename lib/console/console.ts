import type { Clock } from '../clock.ts'
import { compose, failuresError } from '../compose.ts'
import { SmsError } from '../errors.ts'
import type { Gateway, InUse } from '../gateway.ts'
import { isFinal } from '../message.ts'
import type { SmsRecord } from '../message.ts'
import type { Decision } from '../outbox/transitions.ts'
import type { Provider } from '../provider.ts'
import { quote } from '../quote.ts'
import type { StoredMessage } from '../store/store.ts'
import { createOverview } from './overview.ts'
import { readSearch } from './read-search.ts'
import { search } from './search.ts'
import { createTraffic, readBounds } from './traffic.ts'
import type { Detail } from './views.ts'

/** What comes with a request: names in the path and parameters, or what the body says. */
export type Given = Readonly<Record<string, unknown>>

/**
 * What the console asks for and has done, each as plain data for JSON. All throw `SmsError`: `SMS_REQUEST` for what
 * cannot be meant or is too late, else as the gateway does.
 */
export type Console = ReturnType<typeof createConsole>

export function createConsole(gateway: Gateway, clock: Clock) {
  const { store, outbox } = gateway
  const overview = createOverview(gateway, clock)
  const traffic = createTraffic(store, clock)

  function provider(given: Given): InUse {
    const found = gateway.find(textOf(given, 'provider'))
    if (!found) throw new SmsError('SMS_CONFIG', `there is no SMS provider ${quote(textOf(given, 'provider'))} in use`)
    return found
  }

  const change = async (act: (id: string) => Promise<SmsRecord>, given: Given) => ({
    record: listed(await act(textOf(given, 'id'))),
  })

  return {
    async overview() {
      return { providers: await overview.views() }
    },

    async messages(given: Given) {
      const page = await search(store, readSearch(given))
      return { ...page, records: page.records.map(listed) }
    },

    async message(given: Given): Promise<Detail> {
      const id = textOf(given, 'id')
      const message = await outbox.get({ id })
      if (!message) throw new SmsError('SMS_REQUEST', `no message of ours has the id ${quote(id)}`)
      const carrier = gateway.find(message.lane)?.provider
      return { record: listed(message.record), trail: await store.trail(id), can: possible(message, carrier) }
    },

    traffic: async (given: Given) => ({ spans: await traffic(readBounds(given['bounds'])) }),

    retry: (given: Given) => change(gateway.retry, given),
    cancel: (given: Given) => change(gateway.cancel, given),
    query: (given: Given) => change(gateway.query, given),
    settle: (given: Given) => change(id => gateway.settle(id, decision(given)), given),

    pause: (given: Given) => gateway.pause(provider(given).id),
    resume: (given: Given) => gateway.resume(provider(given).id),
    balance: (given: Given) => overview.balance(provider(given).id),

    async send(given: Given) {
      const wanted = { to: textOf(given, 'to'), text: textOf(given, 'text'), options: {}, onDoubt: 'fail' } as const
      const { sendings, failures } = await compose(wanted, provider(given), clock.now())
      if (sendings.length === 0) throw failuresError(failures, failures.length)
      const records = await outbox.submit(sendings)
      return { records: records.map(listed), failures }
    },

    /** Somebody's phone texts us through a simulated carrier. */
    async text(given: Given) {
      const carrier = provider(given).provider as Provider & Partial<SimulatedCarrier>
      if (!('subscribe' in carrier) || typeof carrier.text !== 'function')
        throw new SmsError('SMS_UNSUPPORTED', `${carrier.name} is no simulated carrier`)
      const { parseRecipient } = await import('../phone.ts')
      const [from, text] = [parseRecipient(textOf(given, 'from'), carrier.numbers), textOf(given, 'text')]
      if (text.trim() === '') throw new SmsError('SMS_REQUEST', 'the text is empty')
      await carrier.text(from, text)
      return {}
    },
  }
}

interface SimulatedCarrier {
  text(from: string, text: string): Promise<void>
}

/** Without what no console shows and nobody bounded. */
function listed({ raw: _raw, ref: _ref, ...record }: SmsRecord): SmsRecord {
  return record
}

function possible({ record, job }: StoredMessage, carrier: Provider | undefined): Detail['can'] {
  const { state, providerMessageId } = record
  const isHeld = (state === 'accepted' || state === 'scheduled') && carrier?.cancel !== undefined
  return {
    cancel: state === 'queued' || (state === 'scheduled' && job === 'send') || isHeld,
    retry: carrier !== undefined && (state === 'failed' || state === 'expired' || state === 'cancelled'),
    settle: state === 'unknown',
    query: carrier?.queryStatus !== undefined && providerMessageId !== undefined && !isFinal(state),
  }
}

const DECISIONS: readonly Decision[] = ['taken', 'notTaken', 'resend']

function decision(given: Given): Decision {
  const decision = DECISIONS.find(word => word === given['decision'])
  if (!decision) throw new SmsError('SMS_REQUEST', `decision must be one of ${DECISIONS.join(', ')}`)
  return decision
}

function textOf(given: Given, name: string): string {
  const value = given[name]
  if (typeof value !== 'string') throw new SmsError('SMS_REQUEST', `${name} must be a text`)
  return value
}
