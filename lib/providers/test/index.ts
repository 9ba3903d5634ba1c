import { keepNewest } from '../../bounded.ts'
import type { Clock } from '../../clock.ts'
import { systemClock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'
import type { IncomingMessage, OutgoingMessage, Provider, ProviderHost, Receipt, StatusReport } from '../../provider.ts'

export interface TestSettings {
  readonly name: string
  /**
   * `loopback`: virtual subscribers receive and reply. `log`: messages go to the log. `null`: they vanish.
   * All three accept everything, as smsframework's providers of these names do.
   */
  readonly mode: 'loopback' | 'log' | 'null'
  readonly faults?: Faults
  readonly defaultCountry?: string
}

/** What goes wrong, and how often, in per cent of messages. */
export interface Faults {
  /** The carrier refuses the message. */
  readonly refusals?: number
  /** The carrier takes the message, and its answer is lost. */
  readonly lostAnswers?: number
  /** The delivery report never comes. */
  readonly lostReports?: number
  /** The carrier takes this long to answer, in milliseconds. */
  readonly delayMs?: number
}

/** A message as a virtual subscriber gets it. */
export interface Texted {
  readonly providerMessageId: string
  readonly from?: string
  readonly to: string
  readonly text: string
  readonly allowReply: boolean
  /** Answers the sender; without effect where the sender takes no replies. */
  reply(text: string): Promise<void>
}

/** A simulated carrier, and what a virtual phone needs of it. */
export interface TestCarrier extends Provider {
  /** Puts a phone on the network; the returned function takes it off. */
  subscribe(number: string, receive: (message: Texted) => void | Promise<void>): () => void
  /** A phone, or any number, texts us. */
  text(from: string, text: string, to?: string): Promise<void>
  /** All messages in both directions since the last call. */
  traffic(): readonly (OutgoingMessage | IncomingMessage)[]
}

export interface TestEffects {
  readonly clock?: Clock
  /** 0 to 1, as `Math.random`. */
  readonly random?: () => number
}

/** Kept of the traffic at most, should nobody ever read it. */
const MAX_TRAFFIC = 10_000

export function createTestCarrier(settings: TestSettings, effects: TestEffects = {}): TestCarrier {
  const { clock = systemClock, random = Math.random } = effects
  const faults = settings.faults ?? {}
  const subscribers = new Map<string, Set<(message: Texted) => void | Promise<void>>>()
  const taken = new Map<string, Receipt>()
  let traffic: (OutgoingMessage | IncomingMessage)[] = []
  let host: ProviderHost | undefined
  // smsframework counts from 1; a new carrier under the same name must not, or its messages were taken for repeats.
  let lastId = clock.now()

  const happens = (percent = 0) => percent > 0 && random() * 100 < percent

  function record(message: OutgoingMessage | IncomingMessage): void {
    traffic.push(message)
    if (traffic.length > MAX_TRAFFIC) traffic.shift()
  }

  async function receive(message: IncomingMessage): Promise<void> {
    record(message)
    await host?.received(message)
  }

  async function deliver(message: OutgoingMessage, providerMessageId: string): Promise<boolean> {
    const phones = subscribers.get(message.to)
    for (const phone of phones ?? []) {
      await phone({
        providerMessageId,
        ...(message.from !== undefined && { from: message.from }),
        to: message.to,
        text: message.text,
        allowReply: message.allowReply,
        async reply(text) {
          if (message.allowReply) await receive(incoming(message.to, text, message.from))
        },
      })
    }
    return phones !== undefined
  }

  const incoming = (from: string, text: string, to?: string): IncomingMessage => ({
    providerMessageId: String(++lastId),
    from,
    text,
    ...(to !== undefined && { to }),
    sentAtMs: clock.now(),
  })

  return {
    type: 'sms-test',
    name: settings.name,
    pace: { concurrency: 10 },
    numbers: {
      shortCodes: true,
      ...(settings.defaultCountry !== undefined && { defaultCountry: settings.defaultCountry }),
    },
    maxCharacters: 1600,

    start(given) {
      host = given
      host.health({ health: 'ready' })
    },
    stop() {
      host = undefined
    },

    async send(message, { signal }) {
      if (faults.delayMs) await pause(clock, faults.delayMs, signal)
      if (happens(faults.refusals))
        throw new SmsError('SMS_SEND', 'the simulated carrier refused the message', { providerCode: 'SIMULATED' })
      const receipt: Receipt = { providerMessageId: String(++lastId) }
      record(message)
      // From here on it is taken, also if a phone throws: then that is told, and no report follows.
      remember(taken, message.id, receipt)
      if (settings.mode === 'log') host?.log('info', `Sent SMS to ${message.to}: ${message.text}`)
      const reached = settings.mode === 'loopback' && (await deliver(message, receipt.providerMessageId!))
      if (settings.mode === 'loopback' && message.deliveryReport && !happens(faults.lostReports)) {
        await host?.reported(reportOf(message, receipt, reached))
      }
      if (happens(faults.lostAnswers)) throw new SmsError('SMS_UNKNOWN', 'the answer of the simulated carrier was lost')
      return receipt
    },

    async settle(message) {
      const receipt = taken.get(message.id)
      return receipt ? { outcome: 'taken', receipt } : { outcome: 'notTaken' }
    },

    async queryStatus(message) {
      const receipt = taken.get(message.id)
      if (!receipt) return undefined
      return { id: message.id, ...receipt, state: subscribers.has(message.to) ? 'delivered' : 'accepted' }
    },

    async balance() {
      return { amount: '0', currency: 'XXX', text: 'simulated: everything is free' }
    },

    subscribe(number, receive) {
      const phones = subscribers.get(number) ?? new Set()
      subscribers.set(number, phones.add(receive))
      return () => {
        phones.delete(receive)
        if (phones.size === 0 && subscribers.get(number) === phones) subscribers.delete(number)
      }
    },

    text: (from, text, to) => receive(incoming(from, text, to)),

    traffic() {
      const seen = traffic
      traffic = []
      return seen
    },
  }
}

/** smsframework's loopback reports `delivered` where a subscriber exists, else `accepted`. */
function reportOf(message: OutgoingMessage, receipt: Receipt, reached: boolean): StatusReport {
  return { id: message.id, ...receipt, state: reached ? 'delivered' : 'accepted' }
}

function remember(taken: Map<string, Receipt>, id: string, receipt: Receipt): void {
  taken.set(id, receipt)
  keepNewest(taken, MAX_TRAFFIC)
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, resolve)
    const callOff = () => {
      cancel()
      reject(new SmsError('SMS_CONNECTION', 'called off before the simulated carrier was reached'))
    }
    if (signal.aborted) callOff()
    else signal.addEventListener('abort', callOff)
  })
}
