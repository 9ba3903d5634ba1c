// A durable store that holds much, in a process of its own, so that its memory is nobody else's.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGateway } from '../../lib/gateway.ts'
import type { Provider } from '../../lib/provider.ts'
import { draftMessage } from '../../lib/outbox/draft.ts'
import type { Sending } from '../../lib/outbox/draft.ts'
import { createSqliteStore } from '../../lib/store/sqlite/index.ts'
import type { HistoryQuery, Store } from '../../lib/store/store.ts'

/** `history`: ask a store of so many messages; `queue`: put so many into the outbox, then let them go. */
export interface Task {
  readonly task: keyof typeof TASKS
  readonly count: number
}

/** Megabytes are of the process; times in milliseconds. */
export interface HistoryFigures {
  readonly p95Ms: Readonly<Record<string, number>>
  readonly addPerSecond: number
  readonly residentMb: number
}

export interface QueueFigures {
  readonly enqueuePerSecond: number
  readonly drainPerSecond: number
  /** What a message that waits takes of the heap. */
  readonly heapBytesOfOne: number
  readonly residentMb: number
}

const LANE = 'bench'
const WIDTH = 50
const NUMBERS = 10_000
const ASKED = 300

const TASKS = { history, queue }

process.on('message', ({ task, count }: Task) => void run(task, count).then(figures => process.send!(figures)))
process.once('disconnect', () => process.exit())
process.send!({})

async function run(task: Task['task'], count: number): Promise<HistoryFigures | QueueFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'sms-bench-'))
  const store = createSqliteStore({ path: join(folder, 'messages.db'), retentionDays: 0 })
  try {
    await store.open(Date.now())
    return await TASKS[task](store, count)
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function history(store: Store, count: number): Promise<HistoryFigures> {
  const spanMs = 30 * 24 * 3_600_000
  const fromMs = Date.now() - spanMs
  const batch = 1_000
  const startedAt = performance.now()
  for (let made = 0; made < count; made += batch) {
    await store.add(Array.from({ length: batch }, (_, i) => kept(made + i, fromMs + ((made + i) / count) * spanMs)))
  }
  const addPerSecond = perSecond(count, startedAt)
  const recentMs = Date.now() - 24 * 3_600_000
  const queries: Readonly<Record<string, (i: number) => HistoryQuery>> = {
    newest: () => ({ limit: 100 }),
    'of a number': i => ({ number: number(i * 37), limit: 100 }),
    'of a state': () => ({ state: 'failed', limit: 100 }),
    'of a day and number': i => ({ number: number(i * 53), sinceMs: recentMs, direction: 'out', limit: 100 }),
  }
  const p95Ms: Record<string, number> = {}
  for (const [name, query] of Object.entries(queries)) {
    const times: number[] = []
    for (let i = 0; i < ASKED; i += 1) {
      const askedAt = performance.now()
      await store.history(query(i))
      times.push(performance.now() - askedAt)
    }
    p95Ms[name] = times.toSorted((a, b) => a - b)[Math.floor(ASKED * 0.95)]!
  }
  return { p95Ms, addPerSecond, residentMb: residentMb() }
}

async function queue(store: Store, count: number): Promise<QueueFigures> {
  const gateway = createGateway({ store, log: () => {} })
  await enqueue(gateway.outbox.submit, 2_000, 'warm-up')
  const before = heap()
  const enqueuedAt = performance.now()
  await enqueue(gateway.outbox.submit, count, LANE)
  const enqueuePerSecond = perSecond(count, enqueuedAt)
  const heapBytesOfOne = (heap() - before) / count
  const rssMb = residentMb()

  let sent = 0
  const drained = new Promise<void>(resolve => {
    gateway.on('message', ({ state }) => {
      if (state === 'accepted' && (sent += 1) === count) resolve()
    })
  })
  gateway.flowsStarted()
  const drainedAt = performance.now()
  gateway.use(LANE, taker)
  await drained
  const drainPerSecond = perSecond(count, drainedAt)
  await gateway.close()
  return { enqueuePerSecond, drainPerSecond, heapBytesOfOne, residentMb: rssMb }
}

/** A carrier that takes everything at once. */
const taker: Provider = {
  type: 'sms-bench',
  name: 'Bench',
  pace: { concurrency: WIDTH },
  numbers: {},
  maxCharacters: 1_600,
  send: async () => ({}),
}

async function enqueue(
  submit: (sendings: readonly Sending[]) => Promise<unknown>,
  count: number,
  lane: string,
): Promise<void> {
  let left = count
  const one = async () => {
    while (left > 0) {
      left -= 1
      await submit([sending(left, lane)])
    }
  }
  await Promise.all(Array.from({ length: WIDTH }, one))
}

const number = (i: number): string => `+3805${String(i % NUMBERS).padStart(8, '0')}`

const sending = (i: number, lane: string): Sending => ({
  lane,
  providerName: 'Bench',
  draft: {
    to: number(i),
    text: `Door: open, window: closed, message ${i}`,
    encoding: 'auto',
    transliterate: false,
    flash: false,
    deliveryReport: false,
    allowReply: true,
  },
  parts: 1,
  encoding: 'gsm7',
  onDoubt: 'fail',
})

/** A message that is over: one in a hundred has failed. */
function kept(i: number, createdAtMs: number) {
  const { job: _job, ...message } = draftMessage(sending(i, LANE), createdAtMs)
  const state = i % 100 === 0 ? ('failed' as const) : ('delivered' as const)
  return { ...message, job: undefined, record: { ...message.record, state } }
}

const perSecond = (count: number, startedAt: number): number => (count / (performance.now() - startedAt)) * 1000

const residentMb = (): number => process.memoryUsage.rss() / 2 ** 20

/** Bytes in use after a collection, which the caller's `--expose-gc` allows. */
function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
