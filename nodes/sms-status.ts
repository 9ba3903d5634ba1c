import { SmsError } from '../lib/errors.ts'
import type { ProviderReport } from '../lib/gateway.ts'
import { TOLD_STATES } from '../lib/message.ts'
import type { SmsRecord, SmsState } from '../lib/message.ts'
import { followProvider } from './shared/follow.ts'
import { findProvider, joinGateway } from './shared/gateway.ts'
import { onInput } from './shared/input.ts'
import { choice, text } from './shared/property.ts'
import type { Message, Red } from './shared/red.ts'
import { registerNode } from './shared/register.ts'

/** What became of a message, without the steps on the way and calls: what is emitted where no states are chosen. */
const OUTCOMES: readonly SmsState[] = ['accepted', 'delivered', 'expired', 'failed', 'cancelled', 'unknown']

/** The node `sms status`: emits what became of messages and how providers fare; on input it asks, and takes commands. */
export default function (RED: Red): void {
  registerNode(RED, 'sms status', (node, config) => {
    const gateway = joinGateway(RED, node)
    const provider = text(config['provider'])
    const listen = choice(config['listen'], ['both', 'deliveries', 'providers'])
    const states = new Set<SmsState>(readStates(config['states']))

    const tellMessage = (record: SmsRecord) => {
      if (states.has(record.state)) node.send(tell(record))
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

    onInput(node, async (given, { send }) => {
      // What was carried out is not handed on, lest the next node do it too.
      const { command, ...msg } = given
      send({ ...msg, ...(await answers[readCommand(command, msg)](msg)) })
    })

    const answers: Record<Command, (msg: Message) => Promise<Message>> = {
      query: async msg => tell(await gateway.query(readId(msg))),
      cancel: async msg => tell(await gateway.cancel(readId(msg))),
      async balance() {
        const found = findProvider(RED, provider)
        return { topic: found.provider.name, payload: await gateway.balance(found.id) }
      },
      pause: async () => describe(await gateway.pause(chosen('pause'))),
      resume: async () => describe(await gateway.resume(chosen('resume'))),
    }

    /** Lest one word stop whatever there is. */
    function chosen(command: Command): string {
      if (provider === '') throw new SmsError('SMS_REQUEST', `choose a provider in this node to ${command} it`)
      return findProvider(RED, provider).id
    }

    async function describe({ id, name, type, health, error, paused }: ProviderReport): Promise<Message> {
      const reason = [...(paused ? ['paused by the user'] : []), ...(error ? [error.message] : [])].join('; ')
      const queued = await gateway.outbox.waiting(id)
      return { payload: health, topic: name, provider: { name, type, health, reason, queued } }
    }
  })
}

const tell = (record: SmsRecord): Message => ({ payload: record.state, topic: record.provider, sms: record })

type Command = (typeof COMMANDS)[number]
const COMMANDS = ['query', 'cancel', 'balance', 'pause', 'resume'] as const

/** What is to be done: `msg.command`; without one it is a question. */
function readCommand(given: unknown, { payload }: Message): Command {
  if (given === undefined || given === '') return payload === 'balance' ? 'balance' : 'query'
  const command = COMMANDS.find(word => word === given)
  if (!command) throw new SmsError('SMS_REQUEST', `msg.command is one of ${COMMANDS.join(', ')}`)
  return command
}

function readStates(given: unknown): readonly SmsState[] {
  const chosen = TOLD_STATES.filter(state => Array.isArray(given) && given.includes(state))
  return chosen.length > 0 ? chosen : OUTCOMES
}

/** The message that is meant: a record in `msg.sms`, or its id as the payload. */
function readId(msg: Message): string {
  const id = (msg.sms as Partial<SmsRecord> | undefined)?.id ?? msg.payload
  if (typeof id !== 'string' || id === '')
    throw new SmsError('SMS_REQUEST', 'ask with a message id, msg.sms, or the payload "balance"')
  return id
}
