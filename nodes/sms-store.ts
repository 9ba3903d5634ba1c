import { toSmsError } from '../lib/errors.ts'
import { joinGateway, runtimeStore } from './shared/gateway.ts'
import { choice, number, text } from './shared/property.ts'
import type { NodeConfig, NodeRedNode, Red } from './shared/red.ts'

/** The config node `sms-store`: where messages are kept. */
export default function (RED: Red): void {
  function SmsStore(this: NodeRedNode, config: NodeConfig): void {
    RED.nodes.createNode(this, config)
    joinGateway(RED, this)
    try {
      runtimeStore(RED).set(this, {
        backend: choice(config['backend'], ['sqlite', 'memory']),
        path: text(config['path']),
        retentionDays: number(config['retentionDays'], 'the days messages are kept', { fallback: 90 }),
      })
    } catch (thrown) {
      this.error(toSmsError(thrown, 'SMS_CONFIG'))
    }
  }
  RED.nodes.registerType('sms-store', SmsStore)
}
