import { existsSync, readFileSync, rmSync, watch } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createSqliteStore } from '../../lib/store/sqlite/index.ts'
import { startTwilio } from '../sim/twilio.ts'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'
import { startBadLine } from './bad-line.ts'
import { compare } from './books.ts'
import type { Findings, FlowLine, StoreLine } from './books.ts'
import { ACCOUNT_SID, AUTH_TOKEN, flows, HISTORY_PATH, WEBHOOK_PATH } from './flows.ts'
import { startIncoming } from './incoming.ts'
import type { Texted } from './incoming.ts'
import { killingMoment, killingMoments } from './kills.ts'
import type { Moment } from './kills.ts'
import { startOutgoing } from './outgoing.ts'
import type { Order } from './outgoing.ts'
import { seeded } from './random.ts'

export interface ChaosOptions {
  readonly kills: number
  readonly seed: number
  /** Hears how it goes on, a line at a time. */
  readonly tell?: (line: string) => void
}

export interface Chaos extends Findings {
  /** How often Node-RED was killed in which moment. */
  readonly kills: Readonly<Partial<Record<Moment, number>>>
  /** How often each thing happened to a message between Node-RED and its carrier. */
  readonly line: Readonly<Record<string, number>>
}

/** By then, a minute after which the carrier's list proves that it did not take a message, asked at ever longer pauses. */
const SETTLED_WITHIN_MS = 6 * 60_000
const LOOK_EVERY_MS = 500
/** States that a message does not stay in; in doubt it stays only where nothing could be found out. */
const OPEN_STATES = ['scheduled', 'queued', 'sending', 'unknown'] as const

/**
 * Kills a real Node-RED again and again while messages go out and come in, over a line that delays, refuses and loses;
 * then leaves it alone until all is settled, stops it, and compares what the carrier, the store and the flow say.
 */
export async function runChaos({ kills, seed, tell = () => {} }: ChaosOptions): Promise<Chaos> {
  const random = seeded(seed)
  const userDir = await installPackage()
  const bookFile = join(userDir, 'book.jsonl')
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const twilio = await startTwilio({ accounts: { [ACCOUNT_SID]: { authToken: AUTH_TOKEN } } })
  const line = await startBadLine(twilio.url, random.fork())
  let running: NodeRed | undefined

  const start = (signal: AbortSignal): Promise<NodeRed> =>
    startNodeRed({
      version: 5,
      userDir,
      port,
      signal,
      settings: { nodesDir: [join(import.meta.dirname, 'book')] },
      env: { CHAOS_BOOK: bookFile },
      onLine: said => /\[error\]|Error:/.test(said) && tell(`  Node-RED: ${said}`),
    })

  try {
    // Deploys, and notes from when on messages of the carrier's list are new.
    running = await start(new AbortController().signal)
    await running.deploy(flows({ apiUrl: line.url, publicUrl }))
    await until(() => twilio.requests.list > 0, 10_000)
    const outgoing = startOutgoing(publicUrl, random.fork())
    const incoming = startIncoming(twilio, `${publicUrl}/sms/${WEBHOOK_PATH}`, random.fork())
    await running.stop()
    const bookWatch = watch(bookFile)
    const occasions = {
      intake: { on: outgoing.moments, event: 'intake' },
      request: { on: line.moments, event: 'request' },
      answer: { on: line.moments, event: 'answer' },
      webhook: { on: incoming.moments, event: 'webhook' },
      handed: { on: bookWatch, event: 'change' },
    }

    const killed: Partial<Record<Moment, number>> = {}
    for (const [index, moment] of killingMoments(kills, random).entries()) {
      const power = new AbortController()
      const starting = start(power.signal)
      starting.catch(() => {})
      // One that does not start says why, unless it was killed.
      const failing = starting.then(
        () => new Promise<never>(() => {}),
        (error: unknown) => (power.signal.aborted ? undefined : Promise.reject(error as Error)),
      )
      await Promise.race([killingMoment(moment, occasions, starting, random), failing])
      power.abort()
      running = await starting.catch(() => undefined)
      await running?.stop()
      killed[moment] = (killed[moment] ?? 0) + 1
      tell(`kill ${index + 1} of ${kills}: ${moment}; ${outgoing.orders.length} out, ${incoming.texted.length} in`)
    }

    bookWatch.close()
    outgoing.finish()
    incoming.finish()
    line.calm()
    const lastStartMs = Date.now()
    running = await start(new AbortController().signal)
    tell('left alone until all is settled …')
    const isSettled = () => settled(publicUrl, bookFile, outgoing.orders, incoming.texted, lastStartMs)
    const settledInTime = await until(isSettled, SETTLED_WITHIN_MS)
    const settledMs = Date.now() - lastStartMs
    outgoing.end()
    incoming.end()
    await twilio.settled()
    await running.stop()

    const findings = compare({
      orders: outgoing.orders,
      texted: incoming.texted,
      ledger: twilio.messages,
      store: await readStore(join(userDir, 'sms', 'messages.db')),
      flow: readBook(bookFile),
      lastStartMs,
    })
    tell(settledInTime ? `settled after ${Math.round(settledMs / 1_000)} s` : 'NOT SETTLED in time')
    return { ...findings, kills: killed, line: line.happened }
  } finally {
    await running?.stop()
    await line.close()
    await twilio.stop()
    rmSync(userDir, { recursive: true, force: true })
  }
}

async function settled(
  nodeRedUrl: string,
  bookFile: string,
  orders: readonly Order[],
  texted: readonly Texted[],
  lastStartMs: number,
): Promise<boolean> {
  if (!orders.every(({ takenIn }) => takenIn)) return false
  if (!texted.every(({ acknowledged, way }) => acknowledged || way === 'onlyListed')) return false
  const seen = new Set(readBook(bookFile).map(({ providerMessageId }) => providerMessageId))
  const expected = texted.filter(({ acknowledged, createdAtMs }) => acknowledged || createdAtMs < lastStartMs)
  if (!expected.every(({ sid }) => seen.has(sid))) return false
  for (const state of OPEN_STATES) {
    const reply = await fetch(`${nodeRedUrl}${HISTORY_PATH}?direction=out&state=${state}`)
    if (((await reply.json()) as unknown[]).length > 0) return false
  }
  return true
}

function readBook(file: string): readonly FlowLine[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map(line => JSON.parse(line) as FlowLine)
}

async function readStore(path: string): Promise<readonly StoreLine[]> {
  const store = createSqliteStore({ path, retentionDays: 0 })
  await store.open(Date.now())
  try {
    const records = await store.history({ limit: Infinity })
    return await Promise.all(records.map(async record => ({ record, trail: await store.trail(record.id) })))
  } finally {
    await store.close()
  }
}

/** Resolves to whether it came true in time. */
async function until(isTrue: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const endMs = performance.now() + timeoutMs
  while (!(await isTrue())) {
    if (performance.now() > endMs) return false
    await delay(LOOK_EVERY_MS)
  }
  return true
}

/** All runs have the same address, as it is in the callbacks of the messages. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
