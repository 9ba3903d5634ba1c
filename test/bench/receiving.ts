import type { NodeRed } from '../support/node-red.ts'
import { interleave } from './compare.ts'
import type { Load, Loaded } from './load.ts'
import { functionNode, memoryStore, node, startBenchFlow } from './node-red.ts'
import { startHelper } from './process.ts'
import type { Helper } from './process.ts'
import { costRow, rateRow } from './row.ts'
import type { Row } from './row.ts'

const ROUNDS = 7
/** The optimiser is done with a flow only after some ten thousand messages. */
const WARM_UPS = 3
const RUNS = [
  { width: 50, count: 5_000 },
  { width: 1, count: 2_000 },
] as const
const GOAL = 1

export const ACCOUNT = 'AC0123456789abcdef0123456789abcdef'
export const TOKEN = 'of the bench'

/** Webhooks per second: verified, stored and in the flow, against `http in` and a function that answers unseen. */
export async function receiving(): Promise<readonly Row[]> {
  const load = await startHelper<Loaded>('load.ts')
  // An account that receives also asks the API for what a webhook missed.
  const twilio = await startHelper<{ url: string }>('far-end.ts')
  const [ours, peer] = await Promise.all([
    startBenchFlow(url => smsIn(url, twilio.said.url)),
    startBenchFlow(() => plainHttp),
  ])
  try {
    const rows: Row[] = []
    for (const { width, count } of RUNS) {
      const order = { account: ACCOUNT, token: TOKEN, count, width }
      const made = await interleave(
        ROUNDS,
        () => post(load, ours, { ...order, path: '/sms/hook' }, count),
        () => post(load, peer, { ...order, path: '/plain' }, 0),
        { warmUps: WARM_UPS },
      )
      rows.push(
        rateRow(`receiving, ${width} at once, http in`, made.rate, GOAL),
        costRow(`receiving, ${width} at once: CPU of a message`, made.cpuUs, 'µs'),
      )
    }
    return rows
  } finally {
    await Promise.all([ours, peer, load, twilio].map(part => part.stop()))
  }
}

/** Has so many webhooks called; they count as done when `arriving` of them have come into the flow. */
export async function post(load: Helper<Loaded>, nodeRed: NodeRed, order: Omit<Load, 'url'>, arriving: number) {
  const before = await count(nodeRed)
  const { ms, refused, refusedWith } = await load.ask({ ...order, url: nodeRed.url })
  if (refused > 0) throw new Error(`${order.path} answered ${refused} times other than 200, first ${refusedWith}`)
  const startedAt = performance.now()
  const after = await arrived(nodeRed, before.received + arriving)
  const cpuUs = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  return {
    rate: (order.count / (ms + performance.now() - startedAt)) * 1000,
    cpuUs: cpuUs / order.count,
  }
}

const WITHIN_MS = 10_000

/** Resolves when so many messages have come out of `sms in` and no more. */
async function arrived(nodeRed: NodeRed, wanted: number): Promise<Counted> {
  const startedAt = performance.now()
  for (;;) {
    const counted = await count(nodeRed)
    if (counted.received === wanted) return counted
    if (counted.received > wanted || performance.now() - startedAt > WITHIN_MS)
      throw new Error(`${counted.received} messages came into the flow, not ${wanted}`)
  }
}

/** What the node `bench count` tells; the times in microseconds. */
interface Counted {
  readonly received: number
  readonly cpu: { readonly user: number; readonly system: number }
}

async function count(nodeRed: NodeRed): Promise<Counted> {
  const reply = await fetch(`${nodeRed.url}/received`)
  return (await reply.json()) as Counted
}

const COUNT = node('count', 'bench count', {})

/** A webhook with `sms in` behind it; `stored` as for `smsOut`. */
export const smsIn = (publicUrl: string, apiUrl: string, stored: readonly object[] = [memoryStore]) => [
  ...stored,
  {
    id: 'account',
    type: 'sms-twilio',
    name: 'Bench',
    accountSid: ACCOUNT,
    receive: 'webhook',
    path: 'hook',
    publicUrl,
    apiUrl,
    credentials: { authToken: TOKEN },
  },
  node('sms in', 'sms in', { provider: 'account', listen: 'messages', match: '', matchType: 'any' }, [['count']]),
  COUNT,
]

const ANSWER = `
  msg.payload = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
  msg.headers = { 'content-type': 'text/xml' }
  return msg`

const plainHttp = [
  node('in', 'http in', { url: '/plain', method: 'post' }, [['answer']]),
  functionNode('answer', ANSWER, [['out']]),
  node('out', 'http response', { statusCode: '' }),
  COUNT,
]
