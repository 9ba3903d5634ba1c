import { SmsError } from '../../errors.ts'
import type { Call, MessageDraft, OutgoingMessage, Receipt } from '../../provider.ts'
import { readSender } from './account.ts'
import type { Account, Sender } from './account.ts'
import type { Api } from './api.ts'
import { deliveryError } from './error-codes.ts'
import { readMessage, stateOf, toReceipt } from './message-resource.ts'

/** Twilio's documented limits of `Body` and `MediaUrl`. */
export const MAX_CHARACTERS = 1600
const MAX_MEDIA = 10

/** `SendAt`: this far ahead at least and at most (errors 35114, 35117). */
const HOLD_MS = { least: 300_000, most: 35 * 24 * 3_600_000 }
/** What a request may need to get there. */
const HOLD_MARGIN_MS = 10_000

/** `ValidityPeriod`, in seconds. */
const VALIDITY_S = { least: 1, most: 36_000 }

/** Throws `SmsError` for what Twilio would not take. */
export function checkDraft(draft: MessageDraft, account: Account): void {
  senderOf(draft, account)
  if (draft.flash) throw new SmsError('SMS_UNSUPPORTED', 'Twilio sends no flash messages')
  if (draft.text.length > MAX_CHARACTERS)
    throw new SmsError('SMS_REQUEST', `the text has ${draft.text.length} characters; Twilio takes ${MAX_CHARACTERS}`)
  const { mediaUrls = [] } = draft
  if (mediaUrls.length > MAX_MEDIA)
    throw new SmsError('SMS_REQUEST', `the message has ${mediaUrls.length} media; Twilio takes ${MAX_MEDIA}`)
  if (draft.text === '' && mediaUrls.length === 0 && draft.params?.['ContentSid'] === undefined)
    throw new SmsError('SMS_REQUEST', 'the message has neither a text nor media')
}

/** Whether Twilio holds the message itself: only a messaging service does. */
export function holdsUntil(draft: MessageDraft, account: Account, sendAtMs: number, nowMs: number): boolean {
  const aheadMs = sendAtMs - nowMs
  return senderOf(draft, account).kind === 'service' && aheadMs >= HOLD_MS.least && aheadMs <= HOLD_MS.most
}

/** Creates the message. Throws as `Api.post` does. */
export async function send(
  message: OutgoingMessage,
  account: Account,
  api: Api,
  nowMs: number,
  { signal }: Call,
): Promise<Receipt> {
  const { body } = await api.post('Messages.json', formOf(message, account, nowMs), signal)
  const created = readMessage(body)
  if (!created) throw new SmsError('SMS_UNKNOWN', 'Twilio answered without saying which message it made of this')
  if (stateOf(created.status) === 'failed') {
    const { code, message: says, providerCode } = deliveryError(created.errorCode, created.status)
    throw new SmsError(code, says, { providerCode, retryable: false })
  }
  return toReceipt(created)
}

/** The fields of a creation. `params` go along as they are, but never in place of a field that is set here. */
function formOf(message: OutgoingMessage, account: Account, nowMs: number): URLSearchParams {
  const form = new URLSearchParams({ To: message.to })
  const sender = senderOf(message, account)
  form.set(sender.kind === 'service' ? 'MessagingServiceSid' : 'From', sender.value)
  if (message.text !== '') form.set('Body', message.text)
  for (const url of message.mediaUrls ?? []) form.append('MediaUrl', url)
  if (message.deliveryReport && account.callbackUrl) form.set('StatusCallback', statusCallback(account, message.id))
  if (message.validityMinutes !== undefined) {
    const seconds = Math.round(message.validityMinutes * 60)
    form.set('ValidityPeriod', String(Math.min(VALIDITY_S.most, Math.max(VALIDITY_S.least, seconds))))
  }
  if (message.sendAtMs !== undefined && message.sendAtMs > nowMs) {
    // An attempt may come later than was planned; too near, Twilio would refuse it: rather a little late than early.
    const atMs = Math.max(message.sendAtMs, nowMs + HOLD_MS.least + HOLD_MARGIN_MS)
    form.set('ScheduleType', 'fixed')
    form.set('SendAt', `${new Date(atMs).toISOString().slice(0, 19)}Z`)
  }
  addParams(form, message.params)
  return form
}

function senderOf(draft: MessageDraft, account: Account): Sender {
  if (draft.from !== undefined && draft.from !== '') return readSender(draft.from, 'SMS_REQUEST')
  if (!account.from)
    throw new SmsError('SMS_CONFIG', 'neither the message nor the Twilio account says what to send from')
  return account.from
}

/**
 * Our id rides along, so that a report settles a message whose answer was lost. The fragment, which Twilio keeps for
 * itself and does not sign, makes it try again also when we answer 5xx (`rp`, at most `rc` times):
 * https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
function statusCallback(account: Account, id: string): string {
  return `${account.callbackUrl}/status?id=${encodeURIComponent(id)}#rc=3&rp=5xx,ct,rt`
}

function addParams(form: URLSearchParams, params: MessageDraft['params'] = {}): void {
  const ours = new Set(form.keys())
  for (const [name, given] of Object.entries(params)) {
    if (ours.has(name)) continue
    const values: unknown[] = Array.isArray(given) ? given : [given]
    for (const value of values) {
      if (value === undefined || value === null) continue
      form.append(name, typeof value === 'string' ? value : JSON.stringify(value))
    }
  }
}
