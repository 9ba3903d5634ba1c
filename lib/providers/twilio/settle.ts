import type { OutgoingMessage, Settlement } from '../../provider.ts'
import { readSender } from './account.ts'
import type { Account, Sender } from './account.ts'
import type { Api } from './api.ts'
import type { Claims } from './claims.ts'
import { listMessages } from './list.ts'
import type { Listed } from './list.ts'
import { toReceipt } from './message-resource.ts'
import type { MessageResource } from './message-resource.ts'

/** A message that is not listed so long after the attempt was not taken. */
const GRACE_MS = 60_000
/** Twilio dates messages to the second, by a clock that we only know from the header of an answer. */
const TOLERANCE_MS = 5_000
const MAX_PAGES = 5

/**
 * What became of a message whose answer was lost, from the list of what its recipient was sent. Not filtered by
 * `DateSent`: a message that waits in Twilio's queue, for hours perhaps, has none yet.
 */
export async function settle(
  message: OutgoingMessage,
  account: Account,
  api: Api,
  claims: Claims,
  nowMs: number,
  signal: AbortSignal,
): Promise<Settlement> {
  const before = ({ createdAtMs }: MessageResource, aheadMs: number) =>
    createdAtMs < Math.floor((message.attemptedAtMs + aheadMs - TOLERANCE_MS) / 1_000) * 1_000

  const { messages, complete, aheadMs } = await listMessages(api, { To: message.to }, before, MAX_PAGES, signal)
  const sender = message.from ? readSender(message.from, 'SMS_REQUEST') : account.from
  const free = messages
    .map(({ message: listed }: Listed) => listed)
    .filter(listed => !before(listed, aheadMs) && listed.direction.startsWith('outbound') && isFrom(sender, listed))
    .filter(({ sid }) => (claims.ownerOf(sid) ?? message.id) === message.id)

  // The oldest, as our attempts came in this order; claimed in the same turn, so that its double gets another.
  const found = free.findLast(({ sid }) => claims.ownerOf(sid) === message.id) ?? free.findLast(isOurs(message))
  if (found) {
    claims.claim(found.sid, message.id)
    return { outcome: 'taken', receipt: toReceipt(found) }
  }
  const couldBeOurs = free.length > 0 && mayChangeText(message, sender)
  const isProof = complete && !couldBeOurs && nowMs - message.attemptedAtMs >= GRACE_MS
  return isProof ? { outcome: 'notTaken' } : { outcome: 'open' }
}

const isOurs =
  (message: OutgoingMessage) =>
  ({ body }: MessageResource): boolean =>
    plain(body.replace(TRIAL_PREFIX, '')) === plain(message.text)

/** What a trial account puts before every text. */
const TRIAL_PREFIX = /^Sent from your Twilio trial account - /

const plain = (text: string): string => text.replaceAll('\r\n', '\n').trim()

/** A name is left out: Twilio puts a number in its place where a country allows no names. */
function isFrom(sender: Sender | undefined, { from, messagingServiceSid }: MessageResource): boolean {
  if (sender?.kind === 'service') return messagingServiceSid === sender.value
  return sender?.kind !== 'number' || from === sender.value
}

/** A messaging service may replace characters and shorten links, and parameters may do that and more. */
function mayChangeText(message: OutgoingMessage, sender: Sender | undefined): boolean {
  return sender?.kind === 'service' || Object.keys(message.params ?? {}).length > 0
}
