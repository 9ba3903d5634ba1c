import type { OutgoingMessage, ProviderHost, Settlement } from '../../provider.ts'
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
  { clock, ownerOf }: Pick<ProviderHost, 'clock' | 'ownerOf'>,
  signal: AbortSignal,
): Promise<Settlement> {
  const askedAtMs = clock.now()
  const before = ({ createdAtMs }: MessageResource, aheadMs: number) =>
    createdAtMs < Math.floor((message.attemptedAtMs + aheadMs - TOLERANCE_MS) / 1_000) * 1_000

  const { messages, complete, aheadMs } = await listMessages(api, { To: message.to }, before, MAX_PAGES, signal)
  const sender = message.from ? readSender(message.from, 'SMS_REQUEST') : account.from
  const candidates = messages
    .map(({ message: listed }: Listed) => listed)
    .filter(listed => !before(listed, aheadMs) && listed.direction.startsWith('outbound') && isFrom(sender, listed))
  await recall(candidates, claims, ownerOf)
  const free = candidates.filter(({ sid }) => (claims.ownerOf(sid) ?? message.id) === message.id)

  // The oldest, as our attempts came in this order; claimed in the same turn, so that its double gets another.
  const own = free.findLast(({ sid }) => claims.ownerOf(sid) === message.id)
  const found = own ?? free.findLast(isOurs(message))
  // It may be that of an equal message which has no answer yet, but will.
  if (found && !own && claims.hasRival(message)) return { outcome: 'open' }
  if (found) {
    claims.claim(found.sid, message.id)
    return { outcome: 'taken', receipt: toReceipt(found) }
  }
  const couldBeOurs = free.length > 0 && mayChangeText(message, sender)
  const isProof = complete && !couldBeOurs && askedAtMs - message.attemptedAtMs >= GRACE_MS
  return isProof ? { outcome: 'notTaken' } : { outcome: 'open' }
}

/** What was claimed in an earlier run only the store knows: one of two equal messages must not stand for both. */
async function recall(
  candidates: readonly MessageResource[],
  claims: Claims,
  ownerOf: ProviderHost['ownerOf'],
): Promise<void> {
  const unclaimed = candidates.filter(({ sid }) => claims.ownerOf(sid) === undefined)
  await Promise.all(
    unclaimed.map(async ({ sid }) => {
      const owner = await ownerOf(sid)
      if (owner !== undefined) claims.claim(sid, owner)
    }),
  )
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
