import { toSmsError } from '../../lib/errors.ts'
import { serveConsole } from './console.ts'
import { onInput } from './input.ts'
import type { NodeConfig, NodeRedNode, Red } from './red.ts'
import { errorStatus } from './status.ts'

/**
 * Registers a flow node. Settings that cannot work are told when the node starts, and again with every message that
 * comes to it, so that none is dropped in silence.
 */
export function registerNode(RED: Red, type: string, start: (node: NodeRedNode, config: NodeConfig) => void): void {
  function FlowNode(this: NodeRedNode, config: NodeConfig): void {
    RED.nodes.createNode(this, config)
    try {
      start(this, config)
    } catch (thrown) {
      const error = toSmsError(thrown, 'SMS_CONFIG')
      this.error(error)
      this.status(errorStatus(error.code))
      onInput(this, () => Promise.reject(error))
    }
  }
  serveConsole(RED)
  RED.nodes.registerType(type, FlowNode)
}
