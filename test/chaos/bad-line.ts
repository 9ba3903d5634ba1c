import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { answer, listen, readBody } from '../support/http-server.ts'
import type { Reply } from '../support/http-server.ts'
import type { Random } from './random.ts'

/** What lies between Node-RED and its carrier: it delays, refuses and loses, before the carrier and after it. */
export interface BadLine {
  readonly url: string
  /** `request` when a message is on its way to the carrier, `answer` when its answer is on its way back. */
  readonly moments: EventEmitter<Record<'request' | 'answer', []>>
  /** How often each thing happened to a message. */
  readonly happened: Readonly<Record<Fate, number>>
  /** From now on all is well. */
  calm(): void
  close(): Promise<void>
}

export type Fate = keyof typeof FATES

interface Exchange {
  readonly forward: () => Promise<Reply>
  readonly wait: () => Promise<unknown>
}

/** What can happen to a request, and how often. Only what `limited` stands for is documented as not processed. */
const FATES = {
  good: { weight: 35, run: ({ forward }: Exchange) => forward() },
  slowThere: {
    weight: 20,
    async run({ forward, wait }: Exchange) {
      await wait()
      return forward()
    },
  },
  slowBack: {
    weight: 20,
    async run({ forward, wait }: Exchange) {
      const reply = await forward()
      await wait()
      return reply
    },
  },
  answerLost: {
    weight: 8,
    async run({ forward }: Exchange): Promise<Reply> {
      await forward()
      return { fault: 'cut' }
    },
  },
  neverAnswered: {
    weight: 2,
    async run({ forward }: Exchange): Promise<Reply> {
      await forward()
      return { fault: 'silent' }
    },
  },
  lostThere: {
    weight: 3,
    async run({ wait }: Exchange): Promise<Reply> {
      await wait()
      return { fault: 'cut' }
    },
  },
  broken: { weight: 2, run: async (): Promise<Reply> => ({ status: 503, body: 'upstream connect error' }) },
  limited: {
    weight: 10,
    run: async (): Promise<Reply> => ({
      status: 429,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: 20429, message: 'Too Many Requests', status: 429 }),
    }),
  },
} as const satisfies Record<string, { weight: number; run: (exchange: Exchange) => Promise<Reply> }>

const NAMES = Object.keys(FATES) as Fate[]
const WEIGHTS = Object.fromEntries(NAMES.map(name => [name, FATES[name].weight])) as Record<Fate, number>

const LONGEST_MS = 500

export async function startBadLine(carrierUrl: string, random: Random): Promise<BadLine> {
  const moments: BadLine['moments'] = new EventEmitter()
  const happened = Object.fromEntries(NAMES.map(name => [name, 0])) as Record<Fate, number>
  let isCalm = false

  const { url, close } = await listen(async (request, response) => {
    const body = await readBody(request)
    const isMessage = request.method === 'POST'
    const fate = isCalm ? 'good' : random.pick(WEIGHTS)
    if (isMessage) {
      happened[fate] += 1
      moments.emit('request')
    }
    const reply = await FATES[fate].run({
      forward: () => forward(carrierUrl, request, body),
      wait: () => delay(random.between(20, LONGEST_MS)),
    })
    // Whoever asked may have been killed meanwhile; the carrier has what it has all the same.
    if (!response.destroyed) answer(response, reply)
    if (isMessage) moments.emit('answer')
  })

  return {
    url,
    moments,
    happened,
    calm() {
      isCalm = true
    },
    close,
  }
}

async function forward(carrierUrl: string, { method, url, headers }: IncomingMessage, body: string): Promise<Reply> {
  const { authorization = '', 'content-type': type = '' } = headers
  const reply = await fetch(carrierUrl + url, {
    method: method!,
    headers: { authorization, 'content-type': type },
    ...(body !== '' && { body }),
  })
  const kept = ['content-type', 'date'].map(name => [name, reply.headers.get(name) ?? ''])
  return { status: reply.status, headers: Object.fromEntries(kept), body: await reply.text() }
}
