import { randomUUID } from 'node:crypto'
import { systemClock } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { within } from '../deadline.ts'
import { SmsError, toSmsError } from '../errors.ts'
import type { Gateway, InUse } from '../gateway.ts'
import { createHttpClient } from '../http.ts'
import type { SmsRecord } from '../message.ts'
import type { WebhookReply, WebhookRequest } from '../provider.ts'
import { createGate } from '../providers/forward/basic-auth.ts'
import { pathOf } from '../providers/forward/incoming.ts'
import { isObject, readJson } from '../providers/forward/jsonex.ts'
import { reply } from '../providers/forward/receive.ts'
import { isTold } from '../providers/forward/status.ts'
import { writeError } from '../providers/forward/wire-errors.ts'
import { createInsistence } from '../store/insist.ts'
import { readClients } from './clients.ts'
import type { Client, ClientSettings } from './clients.ts'
import { createDelivery } from './delivery.ts'
import type { Delivery } from './delivery.ts'
import { createDesk } from './desk.ts'
import { ownerOf } from './owner.ts'
import { createQueue } from './queue.ts'
import type { Entry, Queue } from './queue.ts'

export type { ClientEvent, ClientSettings } from './clients.ts'

/** Lets remote clients, ours or py-smsframework's, use this instance. */
export interface ForwardServer {
  /** Answers one request of a client. Never rejects. */
  answer(request: WebhookRequest): Promise<WebhookReply>
  /** The providers are there: orders are taken, and clients are told what happens from now on. */
  start(): void
  /** Ends every wait, within a second. */
  stop(): Promise<void>
}

export interface ForwardServerOptions {
  /** The id of its config node: under it is kept what waits. */
  readonly id: string
  readonly name: string
  readonly gateway: Gateway
  /** What messages go out through. Throws `SMS_CONFIG`. */
  readonly provider: () => InUse
  readonly clients: readonly ClientSettings[]
  readonly clock?: Clock
  readonly log: (level: 'info' | 'warn' | 'debug', text: string) => void
}

interface Subscriber {
  readonly client: Client
  readonly queue: Queue
  readonly delivery: Delivery
}

/** How far back a change is looked for that a crash kept from being told, and among how many messages. */
const MISSED_MS = 7 * 24 * 3_600_000
const MISSED_AMONG = 1_000
const STOP_MS = 900

/** Throws `SMS_CONFIG` where a client's settings cannot work. */
export function createForwardServer(options: ForwardServerOptions): ForwardServer {
  const { id, gateway, clock = systemClock } = options
  const { store } = gateway
  const clients = readClients(options.clients)
  const log = (level: 'info' | 'warn', text: string) => options.log(level, `${options.name}: ${text}`)
  const gate = createGate(clients.flatMap(client => (client.login ? [[client.login, client] as const] : [])))
  const http = createHttpClient({ clock })
  const insistence = createInsistence(clock, log)
  const stopping = new AbortController()
  const desk = createDesk({ ...options, clock, signal: stopping.signal })
  /** Under this it knows again what it has forwarded. */
  const token = randomUUID()
  const subscribers = clients.flatMap(subscribe)
  const ends: (() => void)[] = []
  let isRunning = false

  function subscribe(client: Client): Subscriber[] {
    const { name, peer } = client
    if (!peer) return []
    const keyOf = (key: string) => `${client.id}.${key}`
    const queue = createQueue({
      get: key => insistence.insist(() => store.note(owner(), keyOf(key))),
      set: (key, text) => insistence.insist(() => store.setNote(owner(), keyOf(key), text())),
      now: () => clock.now(),
      onFull: lost => log('warn', `too much waits for ${name}: the oldest ${lost} are let go`),
    })
    return [{ client, queue, delivery: createDelivery({ name, peer, token, queue, http, clock, log }) }]
  }

  const owner = () => `forward.${id}`

  function push({ queue, delivery }: Subscriber, kind: Entry['kind'], record: SmsRecord): void {
    queue.push({ kind, sinceMs: clock.now(), record })
    delivery.turn()
  }

  function hear(record: SmsRecord): void {
    // It went out from here, and came back by other servers.
    if (pathOf(record).includes(token)) return
    for (const subscriber of subscribers) if (subscriber.client.wants(record)) push(subscriber, 'im', record)
  }

  function tell(record: SmsRecord): void {
    // Of what came in, only a call changes: it rang, and is over.
    if (record.direction === 'in') return hear(record)
    for (const subscriber of subscribers) if (isFor(subscriber, record)) push(subscriber, 'status', record)
  }

  function isFor({ client }: Subscriber, record: SmsRecord): boolean {
    const by = ownerOf(record)
    // Another server's client is no client of ours.
    return isTold(record) && (by === undefined || by.server === id) && client.isToldOf(record, by?.client)
  }

  /** Brings what waits since before, and tells what changed in the moment of a crash. */
  async function resume(): Promise<void> {
    const toldMs = await Promise.all(subscribers.map(({ queue }) => queue.load()))
    const sinceMs = clock.now() - MISSED_MS
    const query = { type: 'message', direction: 'out', sinceMs, limit: MISSED_AMONG } as const
    const recent = (await insistence.insist(() => store.history(query))) ?? []
    const byChange = recent.toSorted((one, other) => one.updatedAt.localeCompare(other.updatedAt))
    for (const [index, subscriber] of subscribers.entries()) {
      for (const record of byChange) {
        // One that is told twice does no harm: states only move forward.
        if (Date.parse(record.updatedAt) > toldMs[index]! && isFor(subscriber, record))
          push(subscriber, 'status', record)
      }
      subscriber.delivery.turn()
    }
  }

  async function serve(client: Client, request: WebhookRequest): Promise<WebhookReply> {
    // Whoever calls is there to be called.
    subscribers.find(subscriber => subscriber.client === client)?.delivery.turn(true)
    if (request.method === 'GET') return reply(200, { sms: {} })
    const json = readJson(request.body.toString('utf8'))
    const isOurs = isObject(json?.['sms'])
    try {
      if (!json) throw new SmsError('SMS_REQUEST', 'the request is not JSON')
      if (!isRunning) throw new SmsError('SMS_CONNECTION', 'the server is starting or stopping')
      const serving = request.kind === 'status' ? desk.status : desk.order
      return reply(200, await serving(client.id, json))
    } catch (thrown) {
      return reply(json ? 500 : 400, writeError(toSmsError(thrown), isOurs))
    }
  }

  return {
    async answer(request) {
      const client = gate(request.headers['authorization'])
      return client ? serve(client, request) : { status: 401 }
    },

    start() {
      isRunning = true
      if (subscribers.length === 0) return
      // First what is kept is asked for, so that it is there before anything new is.
      void resume()
      ends.push(gateway.inbox.listen(undefined, hear), gateway.on('message', tell))
    },

    async stop() {
      isRunning = false
      for (const end of ends.splice(0)) end()
      stopping.abort()
      await within(clock, STOP_MS, Promise.all(subscribers.map(({ delivery }) => delivery.stop())))
      insistence.close()
      await http.close()
    },
  }
}
