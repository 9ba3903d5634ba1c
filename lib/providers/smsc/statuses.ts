import type { ErrorInfo, SmsErrorCode } from '../../errors.ts'
import type { OutgoingState } from '../../message.ts'

/** `status.php` and callbacks: what SMSC says of a message. -3, «not found», is none of them. */
export const STATUSES = {
  [-2]: ['accepted', 'paused'],
  [-1]: ['accepted', 'waits to be sent'],
  0: ['accepted', 'handed to the operator'],
  1: ['delivered', 'delivered'],
  2: ['delivered', 'read'],
  3: ['expired', 'its validity ended', 'SMS_EXPIRED'],
  4: ['delivered', 'its link was opened'],
  20: ['failed', 'it cannot be delivered', 'SMS_SEND'],
  22: ['failed', 'the number is wrong', 'SMS_REQUEST'],
  23: ['failed', 'it is forbidden: a double, too many to one number, a blacklist, the text or the sender', 'SMS_SEND'],
  24: ['failed', 'the account has too little money', 'SMS_CREDIT'],
  25: ['failed', 'the number cannot be reached', 'SMS_SEND'],
} as const satisfies Record<number, readonly [state: OutgoingState, words: string, code?: SmsErrorCode]>

/** The status of a message SMSC does not know, or not yet. */
export const NOT_FOUND = -3

/** `err`: why a message was not delivered. A code where it tells more than the status does. */
export const REASONS = {
  1: ['there is no such subscriber'],
  6: ['the phone is out of reach'],
  11: ['the subscriber has no SMS service'],
  12: ['the phone failed'],
  13: ['the phone failed'],
  21: ['SMS are not supported'],
  200: ['it was only a trial: the account is in test mode'],
  219: ['the SIM card was replaced'],
  237: ['nobody answered the call'],
  239: ['this IP address may not send', 'SMS_AUTH'],
  240: ['the line was busy'],
  241: ['the text could not be converted'],
  242: ['an answering machine answered the call'],
  243: ['there is no contract for it', 'SMS_UNSUPPORTED'],
  245: ['no status was received'],
  246: ['it was the wrong time of day', 'SMS_LIMITS'],
  247: ['the limit of messages was reached', 'SMS_LIMITS'],
  248: ['there is no route to the number', 'SMS_UNSUPPORTED'],
  249: ['the form of the number is wrong', 'SMS_REQUEST'],
  250: ['the settings of the account block it'],
  251: ['the limit of messages to this number was reached', 'SMS_LIMITS'],
  252: ['the number is blocked'],
  253: ['a filter took it for spam'],
  254: ['the sender name is not registered'],
  255: ['the operator refused it'],
} as const satisfies Record<number, readonly [words: string, code?: SmsErrorCode]>

/** A status as ours; undefined for one that is not known. */
export function stateOf(status: number): OutgoingState | undefined {
  return row(status)?.[0]
}

/** Why a message failed or expired; undefined for another status, which has no error. */
export function errorOf(status: number, err: number | undefined): ErrorInfo | undefined {
  const [state, words, statusCode = 'SMS_SEND'] = row(status) ?? []
  if (state !== 'failed' && state !== 'expired') return undefined
  const [reason, code] = reasonOf(err)
  return {
    // An expired message is one whatever kept it from its phone.
    code: state === 'failed' ? (code ?? statusCode) : statusCode,
    message: `SMSC reports: ${words}${reason === undefined ? '' : `; ${reason}`}`,
    providerCode: err === undefined || err === 0 ? status : err,
  }
}

type Row = readonly [state: OutgoingState, words: string, code?: SmsErrorCode]

const row = (status: number): Row | undefined =>
  Object.hasOwn(STATUSES, status) ? STATUSES[status as keyof typeof STATUSES] : undefined

function reasonOf(err: number | undefined): readonly [words?: string, code?: SmsErrorCode] {
  if (err === undefined || err === 0) return []
  return Object.hasOwn(REASONS, err) ? REASONS[err as keyof typeof REASONS] : [`error ${err}, which is not known here`]
}
