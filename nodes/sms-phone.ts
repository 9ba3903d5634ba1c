import { keepNewest } from '../lib/bounded.ts'
import { SmsError } from '../lib/errors.ts'
import type { SmsRecord } from '../lib/message.ts'
import type { TestCarrier, Texted } from '../lib/providers/test/index.ts'
import { followProvider } from './shared/follow.ts'
import { findProvider } from './shared/gateway.ts'
import { onInput } from './shared/input.ts'
import { text } from './shared/property.ts'
import type { Red } from './shared/red.ts'
import { registerNode } from './shared/register.ts'
import { statusOf } from './shared/status.ts'

/** Nobody answers a message after so many others. */
const KEPT = 1_000

/** The node `sms phone`: a virtual phone on a simulated carrier. */
export default function (RED: Red): void {
  registerNode(RED, 'sms phone', (node, config) => {
    const provider = text(config['provider'])
    /** Messages whose sender takes no replies, by id, so that answering one can be refused. */
    const unanswerable = new Set<string>()

    const carrier = (): { id: string; phones: TestCarrier } => {
      const { id, provider: phones } = findProvider(RED, provider)
      if (!('subscribe' in phones)) throw new SmsError('SMS_CONFIG', 'a virtual phone needs a simulated carrier')
      return { id, phones: phones as TestCarrier }
    }

    const number = async (): Promise<string> => {
      const { parseRecipient } = await import('../lib/phone.ts')
      return parseRecipient(text(config['number']), carrier().phones.numbers)
    }

    const receive = (message: Texted, own: string) => {
      const { id: providerNode, phones } = carrier()
      const at = new Date().toISOString()
      const { from } = message
      if (!message.allowReply) unanswerable.add(message.providerMessageId)
      keepNewest(unanswerable, KEPT)
      node.status(statusOf('received'))
      const sms: SmsRecord = {
        id: message.providerMessageId,
        type: 'message',
        direction: 'in',
        provider: phones.name,
        providerNode,
        ...(from !== undefined && { from }),
        to: own,
        text: message.text,
        state: 'received',
        receivedAt: at,
        createdAt: at,
        updatedAt: at,
      }
      node.send({ payload: message.text, ...(from !== undefined && { from }), topic: phones.name, sms })
    }

    followProvider(RED, node, {
      provider,
      idle: 'ready',
      listen: () => {
        let stop: (() => void) | undefined
        let closed = false
        void number().then(
          own => {
            if (!closed) stop = carrier().phones.subscribe(own, message => receive(message, own))
          },
          error => node.error(error),
        )
        return () => {
          closed = true
          stop?.()
        }
      },
    })

    onInput(node, async (msg, { status }) => {
      const answered = (msg.sms as Partial<SmsRecord> | undefined)?.id
      if (answered !== undefined && unanswerable.has(answered)) {
        throw new SmsError('SMS_UNSUPPORTED', 'the sender of node message takes no replies')
      }
      const content = text(msg.payload)
      if (content === '') throw new SmsError('SMS_REQUEST', 'there is no text in the payload')
      await carrier().phones.text(await number(), content, typeof msg.to === 'string' ? msg.to : undefined)
      status(statusOf('accepted'))
    })
  })
}
