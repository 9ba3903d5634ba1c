import { SmsError } from '../../errors.ts'
import type { MessageDraft, OutgoingMessage } from '../../provider.ts'
import { checkSender } from './account.ts'
import type { Account } from './account.ts'
import type { Fields } from './api.ts'
import { readParameters } from './parameters.ts'

/** The longest `mes` SMSC documents. */
export const MAX_CHARACTERS = 1000

/** How far ahead SMSC is left to hold a message: a minute for the way there, and as long as anybody plans by SMS. */
const HOLD_MS = { least: 60_000, most: 30 * 24 * 3_600_000 }

/** `valid`: 00:01 to 24:00. */
const VALID_MINUTES = { least: 1, most: 24 * 60 }

/** Throws `SmsError` for what SMSC would not take. */
export function checkDraft(draft: MessageDraft): void {
  // Other kinds of message have other senders: an e-mail's is an address.
  const params = readParameters(draft.params)
  if (draft.from !== undefined && draft.from !== '' && Object.keys(params).length === 0)
    checkSender(draft.from, 'SMS_REQUEST')
  if (draft.mediaUrls?.length)
    throw new SmsError('SMS_UNSUPPORTED', 'media cannot be sent through SMSC from here; smsOptions.params may do it')
  if (draft.text.length > MAX_CHARACTERS)
    throw new SmsError('SMS_REQUEST', `the text has ${draft.text.length} characters; SMSC takes ${MAX_CHARACTERS}`)
}

/** Whether SMSC holds the message itself. */
export function holdsUntil(sendAtMs: number, nowMs: number): boolean {
  const aheadMs = sendAtMs - nowMs
  return aheadMs >= HOLD_MS.least && aheadMs <= HOLD_MS.most
}

/** The fields of a message without its recipients and number. What the contract has words for wins over `params`. */
export function fieldsOf(message: MessageDraft & Partial<OutgoingMessage>, account: Account, nowMs: number): Fields {
  const sender = senderOf(message, account)
  const { validityMinutes: minutes, sendAtMs } = message
  return {
    ...(account.translit !== '0' && { translit: account.translit }),
    ...readParameters(message.params),
    mes: message.text,
    ...(sender !== undefined && { sender }),
    ...(message.flash && { flash: '1' }),
    ...(minutes !== undefined && { valid: hoursAndMinutes(minutes) }),
    // `0` and the seconds since 1970, so that no time zone comes into it.
    ...(isLater(message, nowMs) && { time: `0${Math.round(sendAtMs! / 1_000)}` }),
  }
}

/** What the message is sent from; undefined leaves it to the account. `.` switches that off, too. */
export function senderOf(draft: MessageDraft, account: Account): string | undefined {
  return draft.from || account.sender
}

export function isLater({ sendAtMs }: MessageDraft, nowMs: number): boolean {
  return sendAtMs !== undefined && sendAtMs > nowMs
}

function hoursAndMinutes(given: number): string {
  const minutes = Math.min(VALID_MINUTES.most, Math.max(VALID_MINUTES.least, Math.round(given)))
  return [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':')
}
