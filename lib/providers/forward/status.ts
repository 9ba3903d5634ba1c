import { ERROR_CODES } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'
import type { OutgoingState, SmsRecord } from '../../message.ts'
import type { StatusReport } from '../../provider.ts'
import { isObject, readTagged, writeTagged, writeTime } from './jsonex.ts'
import { isId } from './outgoing.ts'

/*
 * What became of a message, from the server to the client it belongs to. In smsframework the class of a status says it;
 * its flags are attributes of the class, and do not travel.
 */

/** Our states as its classes; what has none is still on its way, and not told. */
const CLASSES: Partial<Record<OutgoingState, string>> = {
  accepted: 'MessageAccepted',
  delivered: 'MessageDelivered',
  expired: 'MessageExpired',
  failed: 'MessageError',
  cancelled: 'MessageError',
}

/** Whether a client is told of this state. */
export const isTold = (record: SmsRecord): boolean => CLASSES[record.state as OutgoingState] !== undefined

/** `clientId`: the client's own id for the message, where it gave one. */
export function writeStatus(record: SmsRecord, clientId: string | undefined): object {
  const { id, state, error, parts, price } = record
  const attributes = {
    msgid: id,
    rtime: writeTime(Date.parse(record.updatedAt)),
    meta: {},
    status: error?.message ?? state,
    provider: record.provider,
    ...(error?.providerCode !== undefined && { status_code: error.providerCode }),
  }
  return {
    status: writeTagged({ name: CLASSES[state as OutgoingState] ?? 'MessageStatus', attributes }),
    sms: { id: clientId, state, code: error?.code, parts, price },
  }
}

/** A report; `unknown` for a status that says nothing we know, undefined for what is no status. */
export function readStatus(json: Readonly<Record<string, unknown>>): StatusReport | 'unknown' | undefined {
  const tagged = readTagged(json['status'])
  const msgid = tagged?.attributes['msgid']
  if (!tagged || !isId(msgid)) return undefined
  const sms = (isObject(json['sms']) ? json['sms'] : {}) as Partial<SmsRecord> & { code?: unknown }
  const { status, status_code: providerCode } = tagged.attributes
  const state = stateOf(tagged.name, tagged.attributes, sms.state)
  if (state === undefined) return 'unknown'
  const isFailure = state === 'failed' || state === 'expired' || state === 'cancelled'
  return {
    ...(typeof sms.id === 'string' && { id: sms.id }),
    providerMessageId: String(msgid),
    state,
    ...(sms.parts !== undefined && { parts: sms.parts }),
    ...(sms.price !== undefined && { price: sms.price }),
    ...(isFailure && {
      error: {
        code: isCode(sms.code) ? sms.code : state === 'expired' ? 'SMS_EXPIRED' : 'SMS_SEND',
        message: typeof status === 'string' && status !== '' ? status.slice(0, 300) : `the message ${state}`,
        ...(isId(providerCode) && { providerCode }),
      },
    }),
  }
}

function stateOf(
  name: string,
  attributes: Readonly<Record<string, unknown>>,
  ours: string | undefined,
): OutgoingState | undefined {
  if (ours !== undefined && Object.hasOwn(CLASSES, ours)) return ours as OutgoingState
  if (Object.hasOwn(STATES, name)) return STATES[name]
  const flag = FLAGS.find(([name]) => attributes[name] === true)
  const text = typeof attributes['status'] === 'string' ? attributes['status'].trim().toLowerCase() : ''
  return flag?.[1] ?? (Object.hasOwn(WORDS, text) ? WORDS[text] : undefined)
}

/** The classes of smsframework, and those its Clickatell provider derives from them, one for each code of Clickatell's. */
const STATES: Readonly<Record<string, OutgoingState>> = {
  MessageAccepted: 'accepted',
  MessageDelivered: 'delivered',
  MessageExpired: 'expired',
  MessageError: 'failed',
  S002: 'accepted',
  S003: 'accepted',
  S008: 'accepted',
  S011: 'accepted',
  S004: 'delivered',
  S005: 'failed',
  S006: 'failed',
  S007: 'failed',
  S009: 'failed',
  S012: 'failed',
  S010: 'expired',
}

/** Where a status has its flags as attributes of its own: the first that is set counts. */
const FLAGS: readonly (readonly [attribute: string, state: OutgoingState])[] = [
  ['error', 'failed'],
  ['expired', 'expired'],
  ['delivered', 'delivered'],
  ['accepted', 'accepted'],
]

/** What carriers write as the text of a status, where its class is one of their own. */
const WORDS: Readonly<Record<string, OutgoingState>> = {
  accepted: 'accepted',
  sent: 'accepted',
  queued: 'accepted',
  delivered: 'delivered',
  expired: 'expired',
  failed: 'failed',
  undelivered: 'failed',
  rejected: 'failed',
  error: 'failed',
}

const isCode = (code: unknown): code is SmsErrorCode => typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)
