import type { NodeRed } from '../support/node-red.ts'
import { interleave } from './compare.ts'
import { LOOP, loopFlow, runLoop } from './loop.ts'
import type { Side } from './loop.ts'
import { memoryStore, node, startBenchFlow } from './node-red.ts'
import { costRow, rateRow } from './row.ts'
import type { Row } from './row.ts'

const ROUNDS = 5
/** Sent at once, a message costs so little that the optimiser is done only after some ten thousand. */
const WARM_UPS = 3
const RUNS = [
  { width: 50, count: 6_000 },
  { width: 1, count: 1_500 },
] as const
const LOGIN = { user: 'bench', password: 'of the bench' } as const
const PATH = 'bench'

/**
 * What it costs that the carrier is at another Node-RED: messages through a client and its server (`ours`) against the
 * same given to the carrier at once (`peer`). Both of the two Node-REDs count.
 */
export async function forward(): Promise<readonly Row[]> {
  const server = await startBenchFlow(() => serverFlow)
  const sides = [client(server.url), direct].map(side => startBenchFlow(() => loopFlow(side, { messages: 'sms' })))
  const [remote, near] = await Promise.all(sides)
  try {
    const rows: Row[] = []
    for (const { width, count } of RUNS) {
      const made = await interleave(
        ROUNDS,
        async () => {
          const before = await computedUs(server)
          const { rate, cpuUs } = await runLoop(remote!, count, width)
          return { rate, cpuUs: cpuUs + ((await computedUs(server)) - before) / count }
        },
        () => runLoop(near!, count, width),
        { warmUps: WARM_UPS },
      )
      rows.push(
        rateRow(`forwarded, ${width} in flight, sent at once`, made.rate),
        costRow(`forwarded, ${width} in flight: CPU of a message`, made.cpuUs, 'µs'),
      )
    }
    return rows
  } finally {
    await Promise.all([server.stop(), remote!.stop(), near!.stop()])
  }
}

/** How long a Node-RED with a node `bench count` has computed. */
async function computedUs({ url }: NodeRed): Promise<number> {
  const { cpu } = (await (await fetch(`${url}/received`)).json()) as { cpu: NodeJS.CpuUsage }
  return cpu.user + cpu.system
}

const carrier = { id: 'carrier', type: 'sms-test', name: 'Bench', mode: 'null', faults: {} }

const serverFlow = [
  memoryStore,
  carrier,
  {
    id: 'server',
    type: 'sms-forward-server',
    name: 'For the bench',
    path: PATH,
    provider: carrier.id,
    clients: [{ id: 'client', slot: 1, name: 'Bench', url: '', events: [] }],
    credentials: { user1: LOGIN.user, password1: LOGIN.password },
  },
  node('count', 'bench count', {}),
]

const client = (serverUrl: string): Side =>
  through({
    id: 'remote',
    type: 'sms-forward-client',
    name: 'Remote',
    serverUrl: `${serverUrl}/sms/${PATH}`,
    credentials: LOGIN,
  })

const direct = through(carrier)

function through(provider: { readonly id: string; readonly type: string; readonly [property: string]: unknown }): Side {
  const properties = {
    provider: provider.id,
    to: 'to',
    toType: 'msg',
    text: 'payload',
    textType: 'msg',
    deliveryReport: false,
  }
  return { entry: 'sms out', nodes: [memoryStore, provider, node('sms out', 'sms out', properties, [[LOOP]])] }
}
