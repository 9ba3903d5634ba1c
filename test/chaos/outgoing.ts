import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { SEND_PATH } from './flows.ts'
import type { SendRequest } from './flows.ts'
import type { Random } from './random.ts'

/** A message that is to be sent. It is taken in when Node-RED answered it 2xx; until then it is handed in again. */
export interface Order extends SendRequest {
  takenIn: boolean
  /** How often it was handed in, always under the same idempotency key. */
  tries: number
}

/** Hands messages in over HTTP, one after the other, whether or not Node-RED is there to take them. */
export interface Outgoing {
  readonly orders: readonly Order[]
  /** `intake`: a message is being handed in. */
  readonly moments: EventEmitter<Record<'intake', []>>
  /** Makes no more new ones. */
  finish(): void
  /** Ends it all. */
  end(): void
}

const PAUSE_MS = { least: 20, most: 180 }
const RETRY_MS = { least: 50, most: 500 }
/** So many may wait for their answer: a message in doubt does for a minute. */
const MOST_OPEN = 150
const RECIPIENTS = 20
/** These are answered as soon as they are stored, before the carrier was called, and not handed in again. */
const LATER = { probability: 0.5, mostMs: 4_000 }
/** An alarm that is repeated word for word: the carrier's list alone cannot tell the two apart. */
const TWIN_PROBABILITY = 0.3

export function startOutgoing(nodeRedUrl: string, random: Random): Outgoing {
  const orders: Order[] = []
  const moments: Outgoing['moments'] = new EventEmitter()
  const ending = new AbortController()
  const { signal } = ending
  let isFinished = false

  function create(): Order {
    const number = orders.length
    const before = orders.at(-1)
    const content =
      before && random.chance(TWIN_PROBABILITY)
        ? { to: before.to, text: before.text }
        : { to: `+380501234${100 + random.between(0, RECIPIENTS - 1)}`, text: `Outgoing ${number}` }
    const sendInMs = random.chance(LATER.probability) ? random.between(1, LATER.mostMs) : 0
    return { key: `key-${number}`, ...content, sendInMs, takenIn: false, tries: 0 }
  }

  async function handIn(order: Order): Promise<void> {
    const { key, to, text, sendInMs } = order
    while (!order.takenIn) {
      order.tries += 1
      moments.emit('intake')
      order.takenIn = await post(nodeRedUrl + SEND_PATH, { key, to, text, sendInMs }, signal)
      if (!order.takenIn) await delay(random.between(RETRY_MS.least, RETRY_MS.most), undefined, { signal })
    }
  }

  async function run(): Promise<void> {
    while (!isFinished) {
      if (orders.filter(({ takenIn }) => !takenIn).length < MOST_OPEN) {
        const order = create()
        orders.push(order)
        handIn(order).catch(() => {})
      }
      await delay(random.between(PAUSE_MS.least, PAUSE_MS.most), undefined, { signal })
    }
  }

  run().catch(() => {})
  return {
    orders,
    moments,
    finish() {
      isFinished = true
    },
    end: () => ending.abort(),
  }
}

async function post(url: string, body: SendRequest, signal: AbortSignal): Promise<boolean> {
  try {
    const headers = { 'content-type': 'application/json' }
    const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal })
    await reply.text()
    return reply.ok
  } catch {
    // Killed before it answered, or not there yet.
    return false
  }
}
