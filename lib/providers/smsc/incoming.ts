import { createHash } from 'node:crypto'
import type { IncomingMessage } from '../../provider.ts'
import { readNumber } from './error-codes.ts'
import type { FormFields } from './form-fields.ts'
import { digitsOf } from './message-id.ts'
import { PROOFS } from './signature.ts'

/** An entry of `get.php?get_answers=1`; undefined for what is none. */
export function readAnswer(json: unknown): { id: number; message: IncomingMessage } | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const { id, phone, message, to_phone: to } = json as Record<string, unknown>
  const number = readNumber(id)
  if (number === undefined || typeof phone !== 'string' || phone === '') return undefined
  return {
    id: number,
    message: {
      providerMessageId: String(number),
      from: numberFrom(phone),
      ...(typeof to === 'string' && to !== '' && { to: numberFrom(to) }),
      text: typeof message === 'string' ? message : '',
      // Its times are in the time zone of the account, which the API does not tell: they are only in here.
      raw: json,
    },
  }
}

/** A callback that brings a message; undefined where it names no sender. */
export function readMessage(fields: FormFields): IncomingMessage | undefined {
  const phone = fields.text('phone').trim()
  if (phone === '') return undefined
  const to = fields.text('to').trim()
  const sentAtMs = readTime(fields, 'time') ?? readTime(fields, 'sent')
  return {
    ...idOf(fields),
    from: numberFrom(phone),
    ...(to !== '' && { to: numberFrom(to) }),
    text: fields.text('mes'),
    ...(sentAtMs !== undefined && { sentAtMs }),
    raw: rawOf(fields),
  }
}

/** A callback of the service that waits for a call; undefined where it names no caller. */
export function readCall(fields: FormFields): IncomingMessage | undefined {
  const phone = fields.text('phone').trim()
  if (phone === '') return undefined
  const sentAtMs = readTime(fields, 'ts')
  return {
    type: 'call',
    providerMessageId: `call:${digitsOf(phone)}:${fields.text('ts')}`,
    from: numberFrom(phone),
    text: '',
    ...(sentAtMs !== undefined && { sentAtMs }),
    raw: rawOf(fields),
  }
}

/** What two tellings of one message have in common, where one of them has no id. */
export function printOf({ from, to = '', text }: IncomingMessage): string {
  return createHash('sha256').update(`${from}\n${to}\n${text.trim()}`).digest('base64url').slice(0, 22)
}

/** Without an id, a repeat is known by its time; without either it cannot be told from a second message. */
function idOf(fields: FormFields): Pick<IncomingMessage, 'providerMessageId'> {
  const id = readNumber(fields.text('id'))
  if (id !== undefined && id > 0) return { providerMessageId: String(id) }
  const time = fields.text('time') || fields.text('sent')
  if (time === '') return {}
  const parts = ['phone', 'mes', 'to'].map(name => fields.text(name))
  return {
    providerMessageId: `~${createHash('sha256')
      .update([...parts, time].join('\n'))
      .digest('hex')
      .slice(0, 32)}`,
  }
}

/** Digits of a whole number with its country code get their `+`; short numbers and names stay as they are. */
function numberFrom(phone: string): string {
  return /^[1-9]\d{6,14}$/.test(phone) ? `+${phone}` : phone
}

/** Seconds since 1970, as text; anything else is in a time zone we do not know. */
function readTime(fields: FormFields, name: string): number | undefined {
  const seconds = readNumber(fields.text(name))
  return seconds !== undefined && seconds > 1_000_000_000 && seconds < 100_000_000_000 ? seconds * 1_000 : undefined
}

function rawOf(fields: FormFields): Record<string, string> {
  const names = fields.names().filter(name => !PROOFS.has(name))
  return Object.fromEntries(names.map(name => [name, fields.text(name)]))
}
