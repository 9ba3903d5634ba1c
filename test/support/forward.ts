import { createForwardServer } from '../../lib/forward-server/index.ts'
import type { ClientSettings, ForwardServer } from '../../lib/forward-server/index.ts'
import { createGateway } from '../../lib/gateway.ts'
import type { Gateway } from '../../lib/gateway.ts'
import type { SmsRecord } from '../../lib/message.ts'
import type { Provider, ProviderHost, WebhookReply, WebhookRequest } from '../../lib/provider.ts'
import { createForwardClient } from '../../lib/providers/forward/index.ts'
import { createMemoryStore } from '../../lib/store/memory.ts'
import type { Store } from '../../lib/store/store.ts'
import { fakeCarrier } from './carrier.ts'
import type { FakeCarrier } from './carrier.ts'
import { listen, readBody } from './http-server.ts'

export const CLIENT = { user: 'cabin', password: 'the-password-of-the-cabin' } as const
export const CALLBACK = { callbackUser: 'home', callbackPassword: 'the-password-of-the-home' } as const

type Answer = (request: WebhookRequest) => Promise<WebhookReply>

/** An address on the loopback that answers with whatever webhook it is given, as the mount of Node-RED does. */
export interface Address {
  readonly url: string
  /** Nothing: nobody is there, and connections are cut. */
  serve(answer: Answer | undefined): void
  /** Hands requests on and cuts the next so many answers off. */
  loseAnswers(count: number): void
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body: string }[]
  close(): Promise<void>
}

export async function openAddress(): Promise<Address> {
  let serving: Answer | undefined
  let lost = 0
  const requests: { method: string; path: string; body: string }[] = []
  const server = await listen(async (request, response) => {
    const body = await readBody(request)
    const { method = '', url: path = '' } = request
    if (!serving) {
      response.socket?.destroy()
      return
    }
    requests.push({ method, path, body })
    const kind = path.endsWith('/im') ? 'im' : path.endsWith('/status') ? 'status' : 'any'
    const headers = request.headers as Record<string, string | undefined>
    const reply = await serving({ method, url: path, kind, headers, body: Buffer.from(body) })
    if (method === 'POST' && lost > 0) {
      lost -= 1
      response.socket?.resetAndDestroy()
      return
    }
    if (reply.contentType !== undefined) response.setHeader('content-type', reply.contentType)
    response.writeHead(reply.status).end(reply.body ?? '')
  })
  return {
    ...server,
    url: `${server.url}/sms/path`,
    requests,
    serve(answer) {
      serving = answer
    },
    loseAnswers(count) {
      lost = count
    },
  }
}

/** A runtime with one provider: what a Node-RED is, without Node-RED. */
export interface Instance {
  readonly gateway: Gateway
  readonly store: Store
  readonly host: ProviderHost
  readonly received: readonly SmsRecord[]
  /** Resolves when so many messages have come in. */
  came(count: number): Promise<void>
  /** Resolves to the record of a message when it is in this state. */
  becomes(id: string, state: string): Promise<SmsRecord>
  /** Sends a text, with more in its draft or a category, and a reference; resolves to the id of its record. */
  send(
    text: string,
    more?: { readonly category?: string; readonly [field: string]: unknown },
    ref?: object,
  ): Promise<string>
  readonly log: readonly string[]
  /** As a power cut: what is stored stays. */
  end(): Promise<void>
}

export async function startInstance(provider: Provider, store: Store = createMemoryStore()): Promise<Instance> {
  const received: SmsRecord[] = []
  const log: string[] = []
  const waiting = new Set<() => void>()
  const changed = () => {
    for (const look of waiting) look()
  }
  const until = <T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> =>
    new Promise(resolve => {
      const check = () =>
        void Promise.resolve(look()).then(found => {
          if (found === undefined) return
          waiting.delete(check)
          resolve(found)
        })
      waiting.add(check)
      check()
    })
  await store.open(Date.now())
  // It is the test's to close, after the last life of the instance.
  const gateway = createGateway({ store: { ...store, close: async () => {} }, log: (_level, text) => log.push(text) })
  let host!: ProviderHost
  const start = provider.start?.bind(provider)
  // Not a copy: what it offers may change.
  const watched = Object.defineProperties({}, Object.getOwnPropertyDescriptors(provider)) as Provider
  watched.start = given => {
    host = given
    return start?.(given)
  }
  gateway.use('carrier', watched)
  gateway.on('message', changed)
  gateway.inbox.listen(undefined, record => {
    received.push(record)
    changed()
  })
  await Promise.resolve()
  return {
    gateway,
    store,
    get host() {
      return host
    },
    received,
    came: count => until(() => (received.length >= count ? true : undefined)).then(() => {}),
    becomes: (id, state) =>
      until(async () => {
        const record = (await gateway.outbox.get({ id }))?.record
        return record?.state === state ? record : undefined
      }),
    async send(text, { category, ...more } = {}, ref) {
      const draft = {
        to: '+12025550123',
        text,
        encoding: 'auto',
        transliterate: false,
        flash: false,
        deliveryReport: true,
        allowReply: true,
        ...more,
      } as const
      const [record] = await gateway.outbox.submit([
        {
          lane: 'carrier',
          providerName: provider.name,
          draft,
          parts: 1,
          encoding: 'gsm7',
          onDoubt: 'fail',
          ...(ref && { ref }),
          ...(category !== undefined && { category }),
        },
      ])
      return record!.id
    },
    log,
    end: () => gateway.close(),
  }
}

/** A server and a client of ours, each at its address. */
export interface Pair {
  readonly carrier: FakeCarrier
  readonly server: Instance & { readonly forward: ForwardServer }
  readonly client: Instance
  readonly at: { readonly server: Address; readonly client: Address }
  restartServer(settings?: Partial<ClientSettings>): Promise<void>
  restartClient(): Promise<void>
  endServer(): Promise<void>
  endClient(): Promise<void>
  close(): Promise<void>
}

export async function startPair(
  carrier: FakeCarrier = fakeCarrier(),
  settings: Partial<ClientSettings> = {},
): Promise<Pair> {
  const at = { server: await openAddress(), client: await openAddress() }
  const stores = { server: createMemoryStore(), client: createMemoryStore() }

  async function startServer(more: Partial<ClientSettings> = settings): Promise<Pair['server']> {
    const instance = await startInstance(carrier, stores.server)
    const { gateway } = instance
    const log = instance.log as string[]
    const forward = createForwardServer({
      id: 'server',
      name: 'Home',
      gateway,
      provider: () => gateway.find('carrier')!,
      clients: [
        { name: 'Cabin', url: at.client.url, events: ['messages', 'statuses'], ...CLIENT, ...CALLBACK, ...more },
      ],
      log: (_level, text) => log.push(text),
    })
    forward.start()
    gateway.flowsStarted()
    at.server.serve(forward.answer)
    return Object.assign(instance, { forward })
  }

  async function startClient(): Promise<Instance> {
    const provider = createForwardClient({ name: 'Remote', serverUrl: at.server.url, ...CLIENT, ...CALLBACK })
    const instance = await startInstance(provider, stores.client)
    instance.gateway.flowsStarted()
    at.client.serve(provider.webhook)
    return instance
  }

  const pair = {
    carrier,
    at,
    server: await startServer(),
    client: await startClient(),
    async endServer() {
      at.server.serve(undefined)
      // As Node-RED does before it stops any node: from then on nobody hears.
      pair.server.gateway.flowsStopping()
      await pair.server.forward.stop()
      await pair.server.end()
    },
    async endClient() {
      at.client.serve(undefined)
      await pair.client.end()
    },
    async restartServer(more?: Partial<ClientSettings>) {
      pair.server = await startServer(more)
    },
    async restartClient() {
      pair.client = await startClient()
    },
    async close() {
      await Promise.all([pair.endServer(), pair.endClient()])
      await Promise.all([at.server.close(), at.client.close()])
    },
  }
  return pair
}
