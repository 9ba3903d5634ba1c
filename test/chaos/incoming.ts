import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Twilio } from '../sim/twilio.ts'
import { createCalls } from '../sim/twilio-calls.ts'
import { ACCOUNT_SID, AUTH_TOKEN, OWN_NUMBER } from './flows.ts'
import type { Random } from './random.ts'

/** A message somebody texted to us. */
export interface Texted {
  readonly sid: string
  readonly from: string
  readonly text: string
  readonly createdAtMs: number
  readonly way: Way
  /** Node-RED answered the webhook 2xx. */
  acknowledged: boolean
  /** How often the webhook was called. */
  calls: number
}

/** Brings messages by webhook as a carrier does, each again and again until it is acknowledged, and some once more. */
export interface Incoming {
  readonly texted: readonly Texted[]
  /** `webhook`: a call is being made. */
  readonly moments: EventEmitter<Record<'webhook', []>>
  /** Makes no more new ones. */
  finish(): void
  /** Ends it all. */
  end(): void
}

const PAUSE_MS = { least: 20, most: 250 }
const RETRY_MS = { least: 50, most: 400 }
/**
 * How we may learn of a message: most are brought by webhook and found in the carrier's list, too. Of some the webhook
 * is missed, and some are gone from the list.
 */
const WAYS = { both: 6, onlyListed: 1, onlyCalled: 3 }
export type Way = keyof typeof WAYS
/** The carrier did not hear our acknowledgement. */
const AGAIN = { probability: 0.15, mostMs: 3_000 }

export function startIncoming(twilio: Twilio, webhookUrl: string, random: Random): Incoming {
  const texted: Texted[] = []
  const moments: Incoming['moments'] = new EventEmitter()
  const calls = createCalls()
  const ending = new AbortController()
  const { signal } = ending
  let isFinished = false

  async function create(): Promise<Texted> {
    const from = `+380671234${random.between(100, 120)}`
    const text = `Incoming ${texted.length}`
    const way = random.pick(WAYS)
    const sid = way === 'onlyCalled' ? unlistedSid(texted.length) : await list(from, text)
    return { sid, from, text, createdAtMs: Date.now(), way, acknowledged: false, calls: 0 }
  }

  async function list(from: string, body: string): Promise<string> {
    const { message } = await twilio.receive({ accountSid: ACCOUNT_SID, from, to: OWN_NUMBER, body, silent: true })
    return message.sid
  }

  async function call(message: Texted): Promise<boolean> {
    message.calls += 1
    moments.emit('webhook')
    const status = (await calls.post(webhookUrl, fieldsOf(message), AUTH_TOKEN)) ?? 0
    return status >= 200 && status < 300
  }

  async function bring(message: Texted): Promise<void> {
    while (!message.acknowledged) {
      message.acknowledged = await call(message)
      if (!message.acknowledged) await delay(random.between(RETRY_MS.least, RETRY_MS.most), undefined, { signal })
    }
    if (!random.chance(AGAIN.probability)) return
    await delay(random.between(0, AGAIN.mostMs), undefined, { signal })
    await call(message)
  }

  async function run(): Promise<void> {
    while (!isFinished) {
      const message = await create()
      texted.push(message)
      if (message.way !== 'onlyListed') bring(message).catch(() => {})
      await delay(random.between(PAUSE_MS.least, PAUSE_MS.most), undefined, { signal })
    }
  }

  run().catch(() => {})
  return {
    texted,
    moments,
    finish() {
      isFinished = true
    },
    end() {
      ending.abort()
      calls.close()
    },
  }
}

/** Such as the simulated carrier makes none. */
const unlistedSid = (number: number): string => `SMf${number.toString(16).padStart(31, '0')}`

const fieldsOf = ({ sid, from, text }: Texted): Record<string, string> => ({
  AccountSid: ACCOUNT_SID,
  ApiVersion: '2010-04-01',
  Body: text,
  From: from,
  MessageSid: sid,
  NumMedia: '0',
  NumSegments: '1',
  SmsStatus: 'received',
  To: OWN_NUMBER,
})
