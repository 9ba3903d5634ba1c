import type { SmsRecord } from '../../message.ts'
import type { IncomingMessage } from '../../provider.ts'
import { isObject, readTagged, readTime, writeTagged, writeTime } from './jsonex.ts'
import { fromDigits, toDigits } from './numbers.ts'
import { isId } from './outgoing.ts'

/*
 * A message or a call that came to the server and goes on to a client. smsframework makes its `IncomingMessage` of six
 * attributes, all of which must be there; what it has no place for stands beside it, in `sms`.
 */

/** `token`: by which the server that forwards it knows it again, should it come back by others. */
export function writeIncoming(record: SmsRecord, token: string): object {
  const { id, type, from = '', to, text, sentAt, parts, encoding, mediaUrls, incomplete } = record
  const attributes = {
    msgid: record.providerMessageId ?? id,
    src: toDigits(from),
    body: text,
    dst: to === undefined ? null : toDigits(to),
    rtime: writeTime(Date.parse(record.receivedAt ?? record.createdAt)),
    meta: {},
    provider: record.provider,
  }
  return {
    message: writeTagged({ name: 'IncomingMessage', attributes }),
    sms: {
      id,
      type,
      from,
      to,
      sentAt,
      parts,
      encoding,
      mediaUrls,
      incomplete,
      ...(type === 'call' && { state: record.state }),
      path: [...pathOf(record), token],
    },
  }
}

/** The servers that a message which came in was forwarded by, by their tokens. */
export function pathOf({ raw }: Pick<SmsRecord, 'raw'>): readonly string[] {
  const path = isObject(raw) ? raw['path'] : undefined
  return Array.isArray(path) ? path.filter(token => typeof token === 'string') : []
}

/** What came in, or undefined for what is no message. */
export function readIncoming(json: Readonly<Record<string, unknown>>): IncomingMessage | undefined {
  const attributes = readTagged(json['message'])?.attributes
  const { src, body, dst, rtime, msgid, provider } = attributes ?? {}
  if (!attributes || typeof src !== 'string' || typeof body !== 'string') return undefined
  const sms = (isObject(json['sms']) ? json['sms'] : {}) as Partial<SmsRecord>
  const { parts, encoding, mediaUrls } = sms
  const to = sms.to ?? (typeof dst === 'string' && dst !== '' ? fromDigits(dst) : undefined)
  const sentAtMs = sms.sentAt === undefined ? readTime(rtime) : Date.parse(sms.sentAt)
  const path = pathOf({ raw: sms })
  const providerMessageId = sms.id ?? idOf(attributes)
  return {
    ...(sms.type === 'call' && { type: 'call', state: sms.state === 'missed' ? 'missed' : 'ringing' }),
    ...(providerMessageId !== undefined && { providerMessageId }),
    from: sms.from ?? fromDigits(src),
    ...(to !== undefined && { to }),
    text: body,
    ...(sentAtMs !== undefined && !Number.isNaN(sentAtMs) && { sentAtMs }),
    ...(Number.isInteger(parts) && { parts: parts! }),
    ...((encoding === 'gsm7' || encoding === 'ucs2') && { encoding }),
    ...(Array.isArray(mediaUrls) && { mediaUrls: mediaUrls.filter(url => typeof url === 'string') }),
    ...(sms.incomplete === true && { incomplete: true }),
    raw: {
      ...(typeof provider === 'string' && { provider }),
      ...(isId(msgid) && { msgid }),
      ...(path.length > 0 && { path }),
    },
  }
}

/**
 * By what a repeat of smsframework's is known. Not by its id alone: its simulated carrier counts from 1 with each start,
 * and two carriers of one server may count alike.
 */
function idOf({ msgid, provider, src, rtime }: Readonly<Record<string, unknown>>): string | undefined {
  const time = isObject(rtime) && Array.isArray(rtime['?']) ? (rtime['?'] as unknown[])[1] : undefined
  if (!isId(msgid) && typeof time !== 'string') return undefined
  return [provider, msgid, time, src].map(part => (isId(part) ? String(part) : '')).join('/')
}
