import { SmsError } from '../../lib/errors.ts'
import type { SmsRecord } from '../../lib/message.ts'
import { evaluate } from './property.ts'
import type { Message, NodeRedNode, Red } from './red.ts'

export interface Recipient {
  readonly to: unknown
  /** Id of the provider to answer through. */
  readonly carrier?: string
}

/** Who is texted, and through which carrier where the message answers one that came through it. Throws `SMS_REQUEST`. */
export async function readRecipient(
  RED: Red,
  node: NodeRedNode,
  { to, toType }: { readonly to: unknown; readonly toType: string },
  msg: Message,
): Promise<Recipient> {
  if (toType !== 'reply') return { to: await evaluate(RED, node, to, toType, msg) }
  const record = msg.sms as Partial<SmsRecord> | undefined
  if (record?.direction !== 'in' || !record.from || !record.providerNode) {
    throw new SmsError('SMS_REQUEST', 'only an incoming message can be replied to; msg.sms is none')
  }
  return { to: record.from, carrier: record.providerNode }
}
