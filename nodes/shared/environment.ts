import type { Given } from './admin.ts'
import type { NodeRedNode, Red } from './red.ts'

/** Replaces `${NAME}`, as the runtime does before a node sees its properties. */
export function withEnvironment(RED: Red, given: Given, node: NodeRedNode | undefined): Given {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? fromEnv(RED, value, node) : value]),
  )
}

function fromEnv(RED: Red, value: string, node: NodeRedNode | undefined): string {
  if (!/^\$\{[^{}]+\}$/.test(value)) return value
  let found: unknown
  // What is in no environment stays as it is, as in the runtime.
  RED.util.evaluateNodeProperty(value, 'env', node ?? ({} as NodeRedNode), {}, (_error, result) => {
    found = result
  })
  return typeof found === 'string' && found !== '' ? found : value
}
