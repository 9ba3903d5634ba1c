import { interleave } from './compare.ts'
import type { HistoryFigures, QueueFigures, Task } from './large-store.ts'
import type { Loaded } from './load.ts'
import { loopFlow, runLoop } from './loop.ts'
import { startBenchFlow } from './node-red.ts'
import { startHelper } from './process.ts'
import { ACCOUNT, post, smsIn, TOKEN } from './receiving.ts'
import { limitRow, rateRow } from './row.ts'
import type { Row } from './row.ts'
import { smsOut } from './sending.ts'

const ROUNDS = 5
const WARM_UPS = 3
const WIDTH = 50
const GOAL = 0.7
/** What the default, a store on disk, is measured against. */
const ON_DISK: readonly object[] = []

/** What it costs that messages are kept on disk (`ours`), against memory (`peer`): through `sms out`, and webhooks. */
export async function durable(): Promise<readonly Row[]> {
  return [...(await out()), ...(await incoming()), ...(await large())]
}

async function out(): Promise<readonly Row[]> {
  const count = 4_000
  const twilio = await startHelper<{ url: string }>('far-end.ts')
  const { url } = twilio.said
  const [disk, memory] = await Promise.all(
    [smsOut(url, ON_DISK), smsOut(url)].map(side => startBenchFlow(() => loopFlow(side, { messages: 'sms' }))),
  )
  try {
    const rows: Row[] = []
    for (const [width, goal] of [[WIDTH, GOAL], [1]] as const) {
      const made = await interleave(
        ROUNDS,
        () => runLoop(disk!, width === 1 ? count / 4 : count, width),
        () => runLoop(memory!, width === 1 ? count / 4 : count, width),
        { warmUps: WARM_UPS },
      )
      rows.push(rateRow(`sms out, ${width} in flight, disk against memory`, made.rate, goal))
    }
    return rows
  } finally {
    await Promise.all([disk!.stop(), memory!.stop(), twilio.stop()])
  }
}

async function incoming(): Promise<readonly Row[]> {
  const count = 3_000
  const load = await startHelper<Loaded>('load.ts')
  const twilio = await startHelper<{ url: string }>('far-end.ts')
  const [disk, memory] = await Promise.all([
    startBenchFlow(url => smsIn(url, twilio.said.url, ON_DISK)),
    startBenchFlow(url => smsIn(url, twilio.said.url)),
  ])
  try {
    const order = { account: ACCOUNT, token: TOKEN, count, width: WIDTH, path: '/sms/hook' }
    const made = await interleave(
      ROUNDS,
      () => post(load, disk, order, count),
      () => post(load, memory, order, count),
      {
        warmUps: WARM_UPS,
      },
    )
    return [rateRow(`webhook, ${WIDTH} at once, disk against memory`, made.rate)]
  } finally {
    await Promise.all([disk, memory, load, twilio].map(part => part.stop()))
  }
}

/** Much in store: the peer's column is the limit. */
async function large(): Promise<readonly Row[]> {
  const messages = 1_000_000
  const waiting = 100_000
  const history = await inProcess<HistoryFigures>({ task: 'history', count: messages })
  const queue = await inProcess<QueueFigures>({ task: 'queue', count: waiting })
  return [
    ...Object.entries(history.p95Ms).map(([name, ms]) => limitRow(`1 M messages, history ${name}, p95`, ms, 5, 'ms')),
    limitRow('1 M messages: memory of the process', history.residentMb, 256, 'MB'),
    limitRow('100 k waiting: heap of one', Math.max(0, queue.heapBytesOfOne), 100, 'B'),
    limitRow('100 k waiting: memory of the process', queue.residentMb, 256, 'MB'),
    rateRow('100 k messages, 50 at once: enqueue', known(queue.enqueuePerSecond)),
    rateRow('100 k messages: drain', known(queue.drainPerSecond)),
  ]
}

async function inProcess<F extends object>(task: Task): Promise<F> {
  const program = await startHelper<F>('large-store.ts', ['--expose-gc'])
  try {
    return await program.ask(task)
  } finally {
    await program.stop()
  }
}

/** A figure with nothing to set against. */
const known = (ours: number) => ({ ours, peer: Number.NaN, ratio: Number.NaN })
