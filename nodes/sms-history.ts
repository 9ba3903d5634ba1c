import { SmsError } from '../lib/errors.ts'
import { copyRecord } from '../lib/record.ts'
import { joinGateway } from './shared/gateway.ts'
import { questionIn, readQuestion } from './shared/history-query.ts'
import type { Question } from './shared/history-query.ts'
import { onInput } from './shared/input.ts'
import type { NodeConfig, Red } from './shared/red.ts'
import { registerNode } from './shared/register.ts'

/** The node `sms history`: looks messages and calls up. */
export default function (RED: Red): void {
  registerNode(RED, 'sms history', (node, config) => {
    const { store } = joinGateway(RED, node)
    const settings = readSettings(config)

    onInput(node, async (msg, { send, status }) => {
      const records = await store.history(readQuestion({ ...settings, ...questionIn(msg) }, Date.now()))
      // A number needs no translation.
      status({ fill: records.length > 0 ? 'green' : 'grey', shape: 'dot', text: String(records.length) })
      send({ ...msg, payload: records.map(copyRecord) })
    })
  })
}

/** What the dialog asks for where a message does not. `type` is taken: it is the type of every node. */
function readSettings(config: NodeConfig): Question {
  const { recordType: type, direction, number, since, state, limit } = config
  const settings = { type, direction, number, since, state, limit }
  try {
    readQuestion(settings, Date.now())
  } catch (error) {
    throw error instanceof SmsError ? new SmsError('SMS_CONFIG', error.message) : error
  }
  return settings
}
