import { soundProvider } from './broken-provider.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { within } from './deadline.ts'
import { SmsError } from './errors.ts'
import type { ErrorInfo } from './errors.ts'
import { createEvents } from './events.ts'
import { createHealthWatch } from './health.ts'
import type { HealthWatch } from './health.ts'
import { createInbox } from './inbox/inbox.ts'
import type { Inbox } from './inbox/inbox.ts'
import type { SmsRecord } from './message.ts'
import { sent } from './outbox/ask.ts'
import type { Attachment } from './outbox/attach.ts'
import { createByHand } from './outbox/by-hand.ts'
import type { ByHand } from './outbox/by-hand.ts'
import { createOptOuts } from './opt-out.ts'
import { createOutbox } from './outbox/outbox.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { Balance, Health, Provider, ProviderHost } from './provider.ts'
import { quote } from './quote.ts'
import type { RoutingHost } from './router/contract.ts'
import { createRouterNews, reportsBelow, routerHealth } from './router/health.ts'
import { below, leavesOf } from './router/members.ts'
import { createQuestions } from './questions/questions.ts'
import type { Questions } from './questions/contract.ts'
import { copyRecord } from './record.ts'
import type { Store } from './store/store.ts'

/** Everything one runtime shares: the providers in use, one outbox, one inbox, one store. */
export interface Gateway extends ByHand {
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly questions: Questions
  readonly store: Store
  /**
   * Takes a provider into use under the id of its config node; the returned function ends that, within a second. What
   * is no provider, as one of another package may be, is in use as one that says so.
   */
  use(id: string, provider: Provider): () => Promise<void>
  /** A provider in use, by id or by name. */
  find(idOrName: string): InUse | undefined
  providers(): readonly InUse[]
  /** The ids of a provider and, where it is a router, of all below it: those whose messages are meant by it. */
  under(id: string): readonly string[]
  /** Asks the carrier about a message of ours; the record as it is then. Throws `SmsError`. */
  query(id: string): Promise<SmsRecord>
  balance(idOrName: string): Promise<Balance>
  /**
   * Holds back what a provider has to send until it is resumed, also over restarts; what is in flight ends, receiving
   * and asking go on. Resolves to how it fares then. Rejects with `SMS_CONFIG` for one not in use, or `SMS_STORE`.
   */
  pause(idOrName: string): Promise<ProviderReport>
  resume(idOrName: string): Promise<ProviderReport>
  on<E extends keyof GatewayEvents>(event: E, hear: (value: GatewayEvents[E]) => void): () => void
  /** The flow is there to hear; until then, and after `flowsStopping`, events wait. */
  flowsStarted(): void
  flowsStopping(): void
  /** Ends everything, the store last. */
  close(): Promise<void>
}

export interface GatewayEvents {
  /** A message changed its state, or a call that rang is over. */
  readonly message: SmsRecord
  /** A message or a call came in and is stored. */
  readonly received: SmsRecord
  /** A provider fares otherwise than before. */
  readonly provider: ProviderReport
}

export interface InUse {
  readonly id: string
  readonly provider: Provider
  /** What is in use besides, for routers to pick among. */
  readonly routing: RoutingHost
  report(): ProviderReport
}

/** How a provider fares, as `sms status` shows it. */
export interface ProviderReport {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly health: Health
  readonly error?: ErrorInfo
  /** Its user has it send nothing. */
  readonly paused?: true
}

export interface GatewayOptions {
  /** Open already; the gateway closes it. */
  readonly store: Store
  readonly clock?: Clock
  readonly random?: () => number
  readonly log: (level: 'info' | 'warn' | 'debug', text: string) => void
}

/** What a stop may take after the lane was drained. */
const STOP_MS = 550

interface Member extends InUse {
  /** Whether what is given to it now goes out now. */
  isAble(): boolean
  /** Whether it says itself that it cannot send. */
  isFailed(): boolean
  readonly health: HealthWatch
  readonly attachment: Attachment
}

export function createGateway(options: GatewayOptions): Gateway {
  const { store, clock = systemClock, random = Math.random, log } = options
  const used = new Map<string, Member>()
  const stops = new Set<() => Promise<void>>()
  const events = createEvents<GatewayEvents>(
    { message: copyRecord, received: copyRecord, provider: report => report },
    event => log('warn', `a flow failed while it was told of a ${event}`),
  )
  const outbox = createOutbox({
    store,
    clock,
    random,
    log,
    onChange: record => events.emit('message', record),
    onLane: (lane, error, failures) => used.get(lane)?.health.lane(error, failures),
    onPause: (lane, on) => used.get(lane)?.health.paused(on),
    isFailed: lane => used.get(lane)?.isFailed() ?? false,
  })
  const routing: RoutingHost = { find, waitMs: outbox.waitMs }
  const tellRouters = createRouterNews(
    () => used.values(),
    report => events.emit('provider', report),
  )
  const under = (id: string) => below(id, find).map(member => member.id)
  const questions = createQuestions({ store, clock, outbox, find, under, log })
  const inbox = createInbox({
    store,
    clock,
    log,
    questions,
    onStored: record => events.emit('received', record),
    onCallEnded: record => events.emit('message', record),
  })
  const optOuts = createOptOuts(store)

  function find(idOrName: string): Member | undefined {
    const byId = used.get(idOrName)
    if (byId) return byId
    return [...used.values()].find(({ provider }) => provider.name === idOrName)
  }

  function need(idOrName: string): Member {
    const member = find(idOrName)
    if (!member) throw new SmsError('SMS_CONFIG', `there is no SMS provider ${quote(idOrName)} in use`)
    return member
  }

  function use(id: string, given: Provider): () => Promise<void> {
    const provider = soundProvider(given)
    let fared: Health = 'ready'
    const fares = () => (provider.router ? routerHealth(health.report(), reportsBelow(id, find)) : health.report())
    const health = createHealthWatch(report => {
      if (used.get(id) !== member) return
      if (report.health === 'failed') log('warn', `${provider.name}: ${report.error?.message ?? 'failed'}`)
      if (provider.router) return tellRouters()
      events.emit('provider', member.report())
      outbox.reroute()
      tellRouters()
    })
    const member: Member = {
      id,
      provider,
      health,
      attachment: outbox.attach(id, provider),
      routing,
      isFailed: () => fared === 'failed',
      isAble: () =>
        provider.router ? leavesOf(id, find).some(leaf => leaf.isAble()) : used.has(id) && outbox.waitMs(id) === 0,
      report: () => ({ id, name: provider.name, type: provider.type, ...fares() }),
    }
    used.set(id, member)
    inbox.join(id)
    const host: ProviderHost = {
      clock,
      async received(message) {
        // First, so that a wish that could not be noted is not acknowledged; a repeat of it changes nothing.
        await optOuts.heard(id, provider, message)
        return inbox.received({ id, name: provider.name }, message)
      },
      reported: report => outbox.report(id, report),
      health(report) {
        const before = fared
        fared = report.health
        health.own(report)
        if (report.health === 'ready' && before !== 'ready') member.attachment.back()
      },
      ownerOf: async providerMessageId => (await store.get({ providerNode: id, providerMessageId }))?.record.id,
      notes: { get: key => store.note(id, key), set: (key, value) => store.setNote(id, key, value) },
      log: (level, text) => log(level, `${provider.name}: ${text}`),
    }
    let ended: Promise<void> | undefined
    // Not in the constructor of a node, where an error would be the node's end.
    Promise.resolve()
      .then(() => ended ?? provider.start?.(host))
      .catch((error: unknown) => health.own({ health: 'failed', error: asInfo(error) }))

    async function end(): Promise<void> {
      if (used.get(id) === member) used.delete(id)
      stops.delete(stop)
      // A provider that stops ends what it has in flight: what can still end well comes first.
      await member.attachment.drain()
      const stopping = Promise.resolve().then(() => provider.stop?.())
      await Promise.all([member.attachment.close(), within(clock, STOP_MS, stopping)])
    }
    const stop = () => (ended ??= end())
    stops.add(stop)
    return stop
  }

  async function setPaused(idOrName: string, on: boolean): Promise<ProviderReport> {
    const member = need(idOrName)
    if (member.provider.router)
      throw new SmsError('SMS_UNSUPPORTED', `${member.provider.name} is a router: pause the providers it picks among`)
    await member.attachment.pause(on)
    return member.report()
  }

  return {
    ...createByHand({ outbox, clock, find: lane => used.get(lane), need }),
    outbox,
    inbox,
    questions,
    store,
    use,
    find,
    providers: () => [...used.values()],
    under,

    async query(id) {
      const message = await outbox.get({ id })
      if (!message) throw new SmsError('SMS_REQUEST', `no message of ours has the id ${quote(id)}`)
      const { provider, attachment } = need(message.lane)
      if (!provider.queryStatus)
        throw new SmsError('SMS_UNSUPPORTED', `${provider.name} cannot be asked about a message`)
      if (message.record.providerMessageId !== undefined) {
        const report = await attachment.call(signal => provider.queryStatus!(sent(message), { signal }))
        if (report) await outbox.report(message.lane, { ...report, id })
      }
      return (await outbox.get({ id }))?.record ?? message.record
    },

    async balance(idOrName) {
      const [only, ...others] = leavesOf(need(idOrName).id, find)
      if (!only || others.length > 0)
        throw new SmsError('SMS_UNSUPPORTED', 'this router has several accounts: ask one of them')
      const { provider, attachment } = need(only.id)
      if (!provider.balance) throw new SmsError('SMS_UNSUPPORTED', `${provider.name} tells no balance`)
      return attachment.call(signal => provider.balance!({ signal }))
    },

    pause: idOrName => setPaused(idOrName, true),
    resume: idOrName => setPaused(idOrName, false),

    on: events.on,

    flowsStarted() {
      // What waits for a provider that is gone goes elsewhere, where it may.
      outbox.reroute()
      tellRouters()
      questions.flowsStarted()
      events.open()
      inbox.open()
    },
    flowsStopping() {
      events.close()
      inbox.close()
    },
    async close() {
      await Promise.all([...stops].map(stop => stop()))
      inbox.close()
      inbox.end()
      questions.close()
      outbox.close()
      await store.close()
    },
  }
}

const asInfo = (error: unknown): ErrorInfo =>
  error instanceof SmsError ? error.toJSON() : { code: 'SMS_PROVIDER', message: 'the provider could not be started' }
