import { toSmsError } from '../../lib/errors.ts'
import type { Message, NodeRedNode, NodeStatus, Outputs } from './red.ts'
import { errorStatus } from './status.ts'

export interface InputTools {
  /** Sends on; may be called any number of times, not after the handler has ended. */
  readonly send: (outputs: Outputs) => void
  readonly status: (status: NodeStatus) => void
  /** Aborts when the node closes: what waits for it must end then. */
  readonly signal: AbortSignal
}

/**
 * The one place that ends a message: `done` is called exactly once, whatever the handler does. What it throws goes to
 * Catch and shows as a red status; what it throws because the node closes is no failure of the message.
 */
export function onInput(node: NodeRedNode, handle: (msg: Message, tools: InputTools) => void | Promise<void>): void {
  const closing = new AbortController()
  node.on('close', (_removed, done) => {
    closing.abort()
    done()
  })

  node.on('input', (msg, send, done) => {
    let ended = false
    const tools: InputTools = {
      signal: closing.signal,
      send: outputs => {
        if (!ended) send(outputs)
      },
      status: status => {
        if (!closing.signal.aborted) node.status(status)
      },
    }
    const end = (thrown?: unknown) => {
      ended = true
      if (thrown === undefined || closing.signal.aborted) return done()
      const error = toSmsError(thrown)
      node.status(errorStatus(error.code))
      done(error)
    }
    // An async function, so that what the handler throws at once becomes a rejection too.
    void (async () => handle(msg, tools))().then(() => end(), end)
  })
}
