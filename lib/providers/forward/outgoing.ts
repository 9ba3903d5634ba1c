import { SmsError } from '../../errors.ts'
import type { SendOptions, SmsRecord } from '../../message.ts'
import type { OutgoingMessage, Receipt } from '../../provider.ts'
import { isObject, readTagged, writeTagged } from './jsonex.ts'
import { fromDigits, toDigits } from './numbers.ts'

/*
 * A message on its way from a client to the server, and the server's answer, as smsframework has them: `message`. What
 * it has no place for goes beside that, in `sms`, where it does not look: only two of ours read and answer it.
 */

/** A message as the body of a request; `client` is what the provider is called here, as smsframework says too. */
export function writeOutgoing(message: OutgoingMessage, client: string): object {
  const { to, text, from, encoding, transliterate, flash, mediaUrls, category } = message
  const options = {
    ...(message.deliveryReport && { status_report: true }),
    // smsframework's word for a sender that is no number.
    ...(from !== undefined && /\p{L}/u.test(from) && { senderId: from }),
    ...(message.validityMinutes !== undefined && { expires: message.validityMinutes }),
    ...(!message.allowReply && { allow_reply: false }),
  }
  const attributes = {
    src: from ?? null,
    dst: toDigits(to),
    body: text,
    provider: client,
    provider_options: writeTagged({ name: 'OutgoingMessageOptions', attributes: options }),
    provider_params: message.params ?? {},
    // What smsframework's `route(…)` sets: the server finds its provider, or the route of its router, by them.
    ...(category !== undefined && { routing_values: category.split('/') }),
  }
  return {
    message: writeTagged({ name: 'OutgoingMessage', attributes }),
    sms: {
      id: message.id,
      to,
      ...(encoding !== 'auto' && { encoding }),
      ...(transliterate && { transliterate }),
      ...(flash && { flash }),
      ...(mediaUrls && { mediaUrls }),
    },
  }
}

/** What a client wants sent. */
export interface Order {
  readonly to: string
  readonly text: string
  /** To be read by `readOptions`. */
  readonly options: Readonly<Partial<Record<keyof SendOptions, unknown>>>
  /** The client's own id for the message, by which a repeat is known; smsframework has none. */
  readonly id?: string
  /** Whether `sms` was there to be read: it is one of ours, and reads it too. */
  readonly isOurs: boolean
  /** As they came: an answer has them too. */
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Throws `SMS_REQUEST` for what is no message. */
export function readOrder(json: Readonly<Record<string, unknown>>): Order {
  const tagged = readTagged(json['message'])
  if (tagged?.name !== 'OutgoingMessage') throw new SmsError('SMS_REQUEST', 'the request holds no OutgoingMessage')
  const { attributes } = tagged
  const { src, dst, body, provider_params: params, routing_values: routing } = attributes
  if (typeof dst !== 'string') throw new SmsError('SMS_REQUEST', 'the message has no recipient (dst)')
  const sms = isObject(json['sms']) ? json['sms'] : undefined
  const given = attributes['provider_options']
  const { senderId, status_report, allow_reply, expires, escalate } = readTagged(given)?.attributes ?? {}
  return {
    to: typeof sms?.['to'] === 'string' ? sms['to'] : fromDigits(dst),
    text: typeof body === 'string' ? body : '',
    options: {
      from: senderId ?? src,
      deliveryReport: status_report ?? false,
      allowReply: allow_reply ?? true,
      validityMinutes: expires,
      // Delivered faster and dearer, says smsframework; here it goes before the others.
      priority: escalate === true ? 1 : undefined,
      category: Array.isArray(routing) && routing.length > 0 ? routing.map(String).join('/') : undefined,
      params: isObject(params) && Object.keys(params).length > 0 ? params : undefined,
      encoding: sms?.['encoding'],
      transliterate: sms?.['transliterate'],
      flash: sms?.['flash'],
      mediaUrls: sms?.['mediaUrls'],
    },
    ...(typeof sms?.['id'] === 'string' && sms['id'] !== '' && { id: sms['id'] }),
    isOurs: sms !== undefined,
    attributes,
  }
}

/** The answer to an order that was taken: the message with the id by which reports will name it, and its provider. */
export function writeTaken({ attributes, isOurs }: Pick<Order, 'attributes' | 'isOurs'>, record: SmsRecord): object {
  const { id, provider, state, from, parts, encoding, price } = record
  return {
    message: writeTagged({
      name: 'OutgoingMessage',
      attributes: { src: null, ...attributes, provider, msgid: id },
    }),
    ...(isOurs && { sms: { state, from, parts, encoding, price } }),
  }
}

/** The receipt in an answer, or undefined for what is none. Which of its facts can be meant, the outbox sees. */
export function readTaken(json: Readonly<Record<string, unknown>>): Receipt | undefined {
  const tagged = readTagged(json['message'])
  if (tagged?.name !== 'OutgoingMessage') return undefined
  const { msgid, provider } = tagged.attributes
  const sms = isObject(json['sms']) ? json['sms'] : {}
  const { from, parts, encoding, price } = sms as Partial<SmsRecord>
  return {
    ...(isId(msgid) && { providerMessageId: String(msgid) }),
    // What the server still has in its own queue it answers for: to us it is accepted.
    state: sms['state'] === 'delivered' ? 'delivered' : 'accepted',
    ...(from !== undefined && { from }),
    ...(parts !== undefined && { parts }),
    ...(encoding !== undefined && { encoding }),
    ...(price !== undefined && { price }),
    ...(typeof provider === 'string' && { raw: { provider } }),
  }
}

/** Python counts in numbers, too. */
export const isId = (value: unknown): value is string | number =>
  (typeof value === 'string' && value !== '') || typeof value === 'number'
