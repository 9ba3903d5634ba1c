import { SmsError } from '../lib/errors.ts'
import type { ProviderReport } from '../lib/gateway.ts'
import { OUTGOING_STATES } from '../lib/message.ts'
import type { SmsRecord, SmsState } from '../lib/message.ts'
import { followProvider } from './shared/follow.ts'
import { findProvider, joinGateway } from './shared/gateway.ts'
import { onInput } from './shared/input.ts'
import { choice, text } from './shared/property.ts'
import type { Message, Red } from './shared/red.ts'
import { registerNode } from './shared/register.ts'

/** What became of a message, without the steps on the way: what is emitted where no states are chosen. */
const OUTCOMES: readonly SmsState[] = ['accepted', 'delivered', 'expired', 'failed', 'cancelled', 'unknown']

/** The node `sms status`: emits what became of messages and how providers fare; on input it asks. */
export default function (RED: Red): void {
  registerNode(RED, 'sms status', (node, config) => {
    const gateway = joinGateway(RED, node)
    const provider = text(config['provider'])
    const listen = choice(config['listen'], ['both', 'deliveries', 'providers'])
    const states = new Set<SmsState>(readStates(config['states']))

    const tellMessage = (record: SmsRecord) => {
      if (states.has(record.state)) node.send({ payload: record.state, topic: record.provider, sms: record })
    }

    followProvider(RED, node, {
      provider,
      idle: 'listening',
      listen: providerNode => {
        const concerns = (id: string) => providerNode === undefined || providerNode === id
        const stops = [
          listen !== 'providers' &&
            gateway.on('message', record => concerns(record.providerNode) && tellMessage(record)),
          listen !== 'deliveries' &&
            gateway.on('provider', report => {
              if (concerns(report.id)) void describe(report).then(msg => node.send(msg))
            }),
        ]
        return () => {
          for (const stop of stops) if (stop) stop()
        }
      },
    })

    onInput(node, async (msg, { send }) => {
      if (msg.payload === 'balance') {
        const found = findProvider(RED, provider)
        send({ ...msg, topic: found.provider.name, payload: await gateway.balance(found.id) })
        return
      }
      const record = await gateway.query(readId(msg))
      send({ ...msg, payload: record.state, topic: record.provider, sms: record })
    })

    async function describe({ id, name, type, health, error }: ProviderReport): Promise<Message> {
      const queued = await gateway.outbox.waiting(id)
      return { payload: health, topic: name, provider: { name, type, health, reason: error?.message ?? '', queued } }
    }
  })
}

function readStates(given: unknown): readonly SmsState[] {
  const chosen = OUTGOING_STATES.filter(state => Array.isArray(given) && given.includes(state))
  return chosen.length > 0 ? chosen : OUTCOMES
}

/** The message that is asked about: a record in `msg.sms`, or its id as the payload. */
function readId(msg: Message): string {
  const id = (msg.sms as Partial<SmsRecord> | undefined)?.id ?? msg.payload
  if (typeof id !== 'string' || id === '')
    throw new SmsError('SMS_REQUEST', 'ask with a message id, msg.sms, or the payload "balance"')
  return id
}
