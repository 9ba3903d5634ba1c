import type { NodeRed } from '../support/node-red.ts'
import type { Figures } from './compare.ts'
import { node } from './node-red.ts'

/** What runs in a loop: nodes that take a message at `entry` and give one back to `LOOP` when they are done with it. */
export interface Side {
  readonly entry: string
  readonly nodes: readonly object[]
}

/** The id of the node that drives the loop: the end of a side is wired to it. */
export const LOOP = 'loop'

interface Ran {
  readonly ms: number
  readonly cpuMs: number
  readonly failed: string
}

/**
 * A flow in which a node keeps so many messages on their way through a side: whoever is measured, the driver costs the
 * same. `messages` says which, as driver/loop.js knows them.
 */
export function loopFlow(side: Side, messages: object): readonly object[] {
  return [
    node(LOOP, 'bench loop', messages, [[side.entry]]),
    // What fails must not leave the loop waiting.
    node('caught', 'catch', { scope: null, uncaught: false }, [[LOOP]]),
    ...side.nodes,
  ]
}

/** What a message cost: how many went through in a second, and the microseconds Node-RED computed for each. */
export interface LoopFigures extends Figures {
  readonly rate: number
  readonly cpuUs: number
}

/** Sends so many messages through the side of a `loopFlow`. */
export async function runLoop(nodeRed: NodeRed, count: number, width: number): Promise<LoopFigures> {
  const reply = await fetch(`${nodeRed.url}/run?count=${count}&width=${width}`, { signal: AbortSignal.timeout(60_000) })
  if (!reply.ok) throw new Error(`the loop answered ${reply.status}: ${await reply.text()}`)
  const { ms, cpuMs, failed } = (await reply.json()) as Ran
  if (failed) throw new Error(`a message failed: ${failed}`)
  return { rate: (count / ms) * 1000, cpuUs: (cpuMs / count) * 1000 }
}
