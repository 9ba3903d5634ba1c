import { createTrace, joinTraces } from '../../at/trace.ts'
import type { TraceOptions } from '../../at/trace.ts'
import type { Unsolicited } from '../../at/contract.ts'
import { systemClock } from '../../clock.ts'
import { SmsError, toSmsError } from '../../errors.ts'
import type { Call, Provider, ProviderHost } from '../../provider.ts'
import type { OpenTransport } from '../../transport/contract.ts'
import { openTransport } from '../../transport/open.ts'
import { noBalanceError, readBalance } from './balance.ts'
import { createCalls } from './calls.ts'
import { createFacade } from './checks.ts'
import type { ModemFacade } from './checks.ts'
import { createDelivery } from './delivery.ts'
import { createHanded } from './handed.ts'
import { createLedger } from './ledger.ts'
import { findOut, probeModem } from './probe.ts'
import { createReceiver } from './receive.ts'
import { createReports } from './reports.ts'
import { checkDraft, createSender } from './send.ts'
import { createSession } from './session.ts'
import { readSettings } from './settings.ts'
import type { ModemPlan, ModemSettings } from './settings.ts'
import { createUnfreed } from './unfreed.ts'
import { createUssd } from './ussd.ts'
import { sendingError } from './words.ts'

export type { ModemSettings } from './settings.ts'

export interface ModemEffects {
  /** Instead of the port the settings name. */
  readonly open?: OpenTransport
  readonly random?: () => number
  /** Gets a transcript of the line, besides the masked one among the debug lines of the log. */
  readonly transcript?: Pick<TraceOptions, 'write' | 'mask'> | undefined
}

/** A provider that is a modem, and can be asked about itself. */
export interface ModemProvider extends Provider {
  readonly modem: ModemFacade
}

/** What the other carriers take too; more parts than that no phone shows as one text. */
const MAX_CHARACTERS = 1600
/** A part takes three seconds, and up to sixty where the network is slow; the outbox allows no more than this. */
const TIMEOUT_MS = 600_000

/** A GSM modem. Throws `SMS_CONFIG` when a setting is wrong. */
export function createModem(settings: ModemSettings, effects: ModemEffects = {}): ModemProvider {
  const plan = readSettings(settings)
  const open = effects.open ?? openTransport(plan.port, { baudRate: plan.baudRates[0] ?? 115_200 })
  let running: Running | undefined

  function need(): Running {
    if (!running) throw sendingError('stopped')
    return running
  }

  const provider: ModemProvider = {
    type: 'sms-modem',
    name: settings.name,
    pace: {
      concurrency: 1,
      timeoutMs: TIMEOUT_MS,
      ...(settings.ratePerMinute !== undefined && { perSecond: settings.ratePerMinute / 60 }),
    },
    numbers: {
      shortCodes: true,
      ...(settings.defaultCountry !== undefined && { defaultCountry: settings.defaultCountry }),
    },
    maxCharacters: MAX_CHARACTERS,
    respectsOptOut: settings.optOut ?? false,

    check: checkDraft,
    send: async (message, call) => (await need().sender()).send(message, call),
    settle: async message => (await need().sender()).settle(message),
    ...(plan.balanceUssd !== undefined && { balance: ({ signal }: Call) => need().modem.balance(signal) }),

    holds: plan.port,
    // A port is for one alone: who has it open asks for who has not.
    probe: ({ signal }) => running?.probe() ?? probeModem({ plan, open, clock: systemClock, signal }),

    start(host) {
      running = run(plan, host, open, effects)
    },
    async stop() {
      const ending = running
      running = undefined
      await ending?.stop()
    },

    modem: {
      check: async (...given) => need().modem.check(...given),
      command: async (...given) => need().modem.command(...given),
      ussd: async (...given) => need().modem.ussd(...given),
      balance: async (...given) => need().modem.balance(...given),
    },
  }
  return provider
}

type Running = ReturnType<typeof run>

/** Codes that say that messages may be there, or that there is no room for more. */
const SWEEP_CODES = /^(SMS (Ready|READY|DONE)|PB DONE|\^SMMEMFULL|\+SMSFULL|\+CMSMEMFULL)$/

/** Everything that lives from the start of a provider to its stop. */
function run(plan: ModemPlan, host: ProviderHost, open: OpenTransport, effects: ModemEffects) {
  const { random = Math.random, transcript } = effects
  const { clock, notes, log } = host
  const ledger = createLedger(notes)
  const unfreed = createUnfreed(notes)
  const trace = joinTraces([
    createTrace({ write: line => log('debug', line), clock, mask: true }),
    ...(transcript ? [createTrace({ ...transcript, clock })] : []),
  ])
  let number: string | undefined
  let stopped = false

  const session = createSession({
    plan,
    host,
    open,
    trace,
    onSetUp(made) {
      if (made.number !== undefined && made.number !== number) {
        number = made.number
        void notes.set(NUMBER, made.number).catch(() => {})
      }
      receiver.begin(made.memories)
      handed.begin(made.acknowledges)
    },
    onPause() {
      receiver.pause()
      handed.pause()
    },
    onSweep: () => receiver.sweep(),
    onUnsolicited: heard,
  })
  const sender = createSender({
    connection: session,
    ledger,
    random,
    log,
    before: () => handed.settled(ACKNOWLEDGED_MS),
    onAlarm: () => session.wish('setUp'),
    onSlow: session.slow,
  })
  const reports = createReports({ host, ledger, sender })
  const delivery = createDelivery({ host, unfreed, reports, number: () => number })
  const common = { connection: session, host, delivery, onUnset: () => session.wish('setUp') }
  const receiver = createReceiver({ ...common, onFull: session.full })
  const handed = createHanded({ ...common, onUnacknowledged: () => session.wish('check') })
  const calls = createCalls({ connection: session, host, mode: plan.calls, number: () => number })
  const ussd = createUssd(session)

  const codes: Readonly<Record<string, (code: Unsolicited) => void>> = {
    '+CMTI': receiver.announced,
    '+CDSI': receiver.announced,
    '+CMT': handed.took,
    '+CDS': handed.took,
    '+CUSD': ussd.heard,
    '+CLIP': calls.named,
    '+CRING': calls.rang,
    RING: calls.rang,
    'NO CARRIER': calls.over,
    'NO ANSWER': calls.over,
    BUSY: calls.over,
    '^CEND': calls.over,
    'VOICE CALL: END': calls.over,
    MISSED_CALL: calls.over,
  }

  function heard(code: Unsolicited): void {
    codes[code.name]?.(code)
    if (SWEEP_CODES.test(code.name) || (code.name === '+QIND' && /sms/i.test(code.text))) receiver.sweep()
  }

  /** What is noted of earlier runs comes before all else. */
  async function load(): Promise<void> {
    await Promise.all([ledger.load(), unfreed.load()])
    number = (await notes.get(NUMBER)) || undefined
  }

  let loading: Promise<void> | undefined
  const loaded = () =>
    (loading ??= load().catch((thrown: unknown) => {
      loading = undefined
      throw new SmsError('SMS_SERVER', `nothing was sent, as notes cannot be read: ${toSmsError(thrown).message}`)
    }))

  async function begin(): Promise<void> {
    while (!stopped) {
      try {
        await loaded()
        break
      } catch (thrown) {
        host.health({ health: 'failed', error: toSmsError(thrown, 'SMS_STORE').toJSON() })
        await new Promise<void>(resolve => (cancelLoading = clock.after(LOAD_AGAIN_MS, resolve)))
      }
    }
    if (!stopped) session.start()
  }
  let cancelLoading = () => {}
  void begin()

  return {
    async sender() {
      await loaded()
      return sender
    },
    probe: () => findOut(session, session.registrations, plan.pin !== undefined),
    modem: createFacade({
      connection: session,
      registrations: session.registrations,
      allowAt: plan.allowAt,
      ussd: ussd.ask,
      async balance(signal) {
        if (plan.balanceUssd === undefined) throw noBalanceError()
        return readBalance(await ussd.ask(plan.balanceUssd, signal), plan.balancePattern)
      },
      onCommand: () => session.wish('check'),
    }),
    async stop() {
      stopped = true
      cancelLoading()
      receiver.end()
      handed.end()
      calls.end()
      ussd.end(sendingError('stopped'))
      await session.stop()
    },
  }
}

/** The note with our own number. */
const NUMBER = 'number'
const LOAD_AGAIN_MS = 5_000
/** How long the next part waits for what came in to be acknowledged. */
const ACKNOWLEDGED_MS = 2_000
