import type { NodeRed } from '../support/node-red.ts'
import { interleave } from './compare.ts'
import { LOOP, loopFlow, runLoop } from './loop.ts'
import type { Side } from './loop.ts'
import { functionNode, memoryStore, node, startBenchFlow } from './node-red.ts'
import { startHelper } from './process.ts'
import { costRow, rateRow } from './row.ts'
import type { Row } from './row.ts'

const ROUNDS = 7
/** The optimiser is done with a flow only after some ten thousand messages. */
const WARM_UPS = 3
const RUNS = [
  { width: 50, count: 6_000, goal: 3 },
  { width: 1, count: 1_500, goal: 1 },
] as const

const ACCOUNT = 'AC0123456789abcdef0123456789abcdef'
const TOKEN = 'of the bench'
const FROM = '+15005550006'

/**
 * Messages per second through a flow to Twilio: `sms out`, against the SDK in a function node. Each has its own
 * Node-RED, so that neither clears away what the other left in memory.
 */
export async function sending(): Promise<readonly Row[]> {
  const twilio = await startHelper<{ url: string; created?: number }>('far-end.ts')
  const { url } = twilio.said
  const [ours, sdk] = await Promise.all(
    [smsOut(url), inFunction(url)].map(side => startBenchFlow(() => loopFlow(side, { messages: 'sms' }))),
  )
  try {
    const rows: Row[] = []
    let expected = 0
    for (const { width, count, goal } of RUNS) {
      const run = (nodeRed: NodeRed) => async () => {
        const figures = await runLoop(nodeRed, count, width)
        expected += count
        const { created } = await twilio.ask({})
        if (created !== expected) throw new Error(`Twilio was asked for ${created} messages, not ${expected}`)
        return figures
      }
      const made = await interleave(ROUNDS, run(ours!), run(sdk!), { warmUps: WARM_UPS })
      rows.push(
        rateRow(`sending, ${width} in flight, twilio SDK`, made.rate, goal),
        costRow(`sending, ${width} in flight: CPU of a message`, made.cpuUs, 'µs'),
      )
    }
    return rows
  } finally {
    await Promise.all([ours!.stop(), sdk!.stop(), twilio.stop()])
  }
}

/** `sms out` to a Twilio at this address; `stored` says where messages are kept, nothing: on disk, the default. */
export function smsOut(apiUrl: string, stored: readonly object[] = [memoryStore]): Side {
  const account = {
    name: 'Bench',
    accountSid: ACCOUNT,
    from: FROM,
    receive: 'off',
    apiUrl,
    credentials: { authToken: TOKEN },
  }
  // Without reports, which the other side does not get either.
  const properties = {
    provider: 'account',
    to: 'to',
    toType: 'msg',
    text: 'payload',
    textType: 'msg',
    deliveryReport: false,
  }
  return {
    entry: 'sms out',
    nodes: [
      ...stored,
      { id: 'account', type: 'sms-twilio', ...account },
      node('sms out', 'sms out', properties, [[LOOP]]),
    ],
  }
}

function inFunction(apiUrl: string): Side {
  const setup = `
    const client = twilio('${ACCOUNT}', '${TOKEN}')
    client.api.baseUrl = '${apiUrl}'
    context.set('client', client)`
  const func = `
    const sent = await context.get('client').messages.create({ to: msg.to, from: '${FROM}', body: msg.payload })
    msg.sid = sent.sid
    return msg`
  return { entry: 'sdk', nodes: [functionNode('sdk', func, [[LOOP]], { setup, libs: { twilio: 'twilio' } })] }
}
