import { createDebounce } from '../../lib/debounce.ts'
import type { NodeRed } from '../support/node-red.ts'
import { interleave } from './compare.ts'
import { LOOP, loopFlow, runLoop } from './loop.ts'
import type { Side } from './loop.ts'
import { node, startBenchFlow } from './node-red.ts'
import { rateRow } from './row.ts'
import type { Row } from './row.ts'

const ROUNDS = 5
const EVENTS = 400_000
/** So often an edge comes, in the time of the debouncer: as it never is quiet, it tells every `MAX_WAIT_MS`. */
const EDGE_EVERY_MS = 0.1
/** Each sensor changes with so many edges, then it is the next one's turn. */
const EDGES = 3
const EDGES_AT_NODE = 20_000
const WINDOW_MS = 1_000
const MAX_WAIT_MS = 10_000

const [FEW, MANY] = [10, 10_000]

/** Edges per second, what is told of them included: through the core, and through the node in Node-RED. */
export async function debounce(): Promise<readonly Row[]> {
  const core = await interleave(ROUNDS, createRun(MANY), createRun(FEW))
  return [rateRow(`debounce, ${MANY} sensors, with ${FEW}`, core.rate), await throughNode(FEW), await throughNode(MANY)]
}

/** Against what Node-RED itself has for it: a trigger that waits, by topic, for what comes last. */
async function throughNode(sensors: number): Promise<Row> {
  const [ours, trigger] = (await Promise.all(
    [debounceNode(sensors), TRIGGER].map(side => startBenchFlow(() => loopFlow(side, { messages: 'edges', sensors }))),
  )) as [NodeRed, NodeRed]
  try {
    const run = (nodeRed: NodeRed) => () => runLoop(nodeRed, EDGES_AT_NODE, 50)
    const made = await interleave(ROUNDS, run(ours), run(trigger))
    return rateRow(`debounce node, ${sensors} sensors, trigger`, made.rate)
  } finally {
    await Promise.all([ours.stop(), trigger.stop()])
  }
}

/** Nothing comes out of a debouncer for each message, so who is done with one says so by a `complete` node. */
const debouncing = (type: string, properties: object): Side => ({
  entry: 'debounce',
  nodes: [
    node('debounce', type, properties, [[]]),
    node('completed', 'complete', { scope: ['debounce'], uncaught: false }, [[LOOP]]),
  ],
})

const debounceNode = (sensors: number): Side =>
  debouncing('sensor debounce', {
    sensors: Array.from({ length: sensors }, (_, index) => ({ topic: `house/${index}`, name: `Sensor ${index}` })),
    windowMs: WINDOW_MS,
    maxWaitMs: MAX_WAIT_MS,
    initial: 'report',
    unknown: 'ignore',
  })

const TRIGGER = debouncing('trigger', {
  op1: '',
  op1type: 'nul',
  op2: '',
  op2type: 'payl',
  duration: String(WINDOW_MS),
  units: 'ms',
  extend: true,
  overrideDelay: false,
  reset: '',
  bytopic: 'topic',
  topic: 'topic',
  outputs: 1,
})

/** A run is `EVENTS` edges, with the timer an owner would keep. */
function createRun(sensors: number): () => { rate: number } {
  const topics = Array.from({ length: sensors }, (_, index) => `house/floor/${index}/contact`)
  const core = createDebounce({
    sensors: topics.map(topic => ({ topic, name: topic.slice(6) })),
    windowMs: WINDOW_MS,
    maxWaitMs: MAX_WAIT_MS,
    initial: 'report',
    unknown: 'ignore',
  })
  let nowMs = 0
  let told = 0
  return () => {
    const startedAt = performance.now()
    for (let event = 0; event < EVENTS; event += 1) {
      nowMs += EDGE_EVERY_MS
      const change = Math.floor(event / EDGES)
      const on = (Math.floor(change / sensors) + event) % 2 === 0
      const { dueMs } = core.reading(topics[change % sensors]!, on, nowMs)
      if (dueMs !== undefined && dueMs <= nowMs) told += core.settle(nowMs)?.changes.length ?? 0
    }
    if (told === 0) throw new Error('the debouncer never told of a change')
    return { rate: (EVENTS / (performance.now() - startedAt)) * 1000 }
  }
}
