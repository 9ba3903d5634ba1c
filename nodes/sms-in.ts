import { setImmediate as nextTurn } from 'node:timers/promises'
import { createFilter } from '../lib/inbox/filter.ts'
import type { SmsRecord } from '../lib/message.ts'
import { followProvider } from './shared/follow.ts'
import { joinGateway } from './shared/gateway.ts'
import { choice, text } from './shared/property.ts'
import type { Red } from './shared/red.ts'
import { registerNode } from './shared/register.ts'
import { statusOf } from './shared/status.ts'

/** The node `sms in`: emits what arrives. */
export default function (RED: Red): void {
  registerNode(RED, 'sms in', (node, config) => {
    const { inbox } = joinGateway(RED, node)
    const filter = createFilter({
      listen: choice(config['listen'], ['messages', 'calls', 'both']),
      allowFrom: text(config['allowFrom']),
      match: text(config['match']),
      matchType: choice(config['matchType'], ['any', 'keyword', 'regex']),
    })

    const hear = async (record: SmsRecord) => {
      const found = filter(record)
      if (!found) return node.status(statusOf('filtered'))
      node.status(statusOf('received'))
      node.send({
        payload: record.type === 'call' ? record.from : record.text,
        from: record.from,
        topic: record.provider,
        ...(found.match !== undefined && { match: found.match }),
        sms: record,
      })
      // Node-RED delivers in a later turn of the event loop: what must not be lost is not done with before.
      await nextTurn()
    }

    followProvider(RED, node, {
      provider: text(config['provider']),
      idle: 'listening',
      listen: providerNode => inbox.listen(providerNode, hear),
    })
  })
}
