import { keepNewest } from '../../bounded.ts'
import { toSmsError } from '../../errors.ts'
import type { IncomingMessage, ProviderHost } from '../../provider.ts'
import type { Account } from './account.ts'
import type { Api } from './api.ts'
import { listMessages } from './list.ts'
import type { Listed } from './list.ts'
import { mediaOf } from './media.ts'
import type { MessageResource } from './message-resource.ts'

/** Reads what came in from the list of messages, again and again, one reading at a time. */
export interface Poller {
  /** Ends it at once; what is being read is left for the next start. */
  stop(): void
}

export interface PollOptions {
  readonly account: Account
  readonly api: Api
  readonly host: ProviderHost
  readonly everyMs: number
}

/** Notes that outlive a restart: when this provider first started, and the newest message it has handed on. */
const NOTES = { baseline: 'inbound.since', cursor: 'inbound.until' } as const

/** How far back each reading looks: messages may be listed late, and dates are whole seconds. */
const OVERLAP_MS = 3_600_000
/** `DateSent` counts days, in GMT. */
const DAY_MS = 24 * 3_600_000
const MAX_PAGES = 100
const KEPT_SEEN = 10_000
const RETRY_MS = { first: 15_000, most: 600_000 }

export function startPolling({ account, api, host, everyMs }: PollOptions): Poller {
  const abort = new AbortController()
  const seen = new Set<string>()
  let cancelTimer = (): void => {}
  let failures = 0

  async function turn(): Promise<void> {
    let nextMs = everyMs
    try {
      await poll()
      failures = 0
      if (!abort.signal.aborted) host.health({ health: 'ready' })
    } catch (thrown) {
      failures += 1
      const error = toSmsError(thrown)
      nextMs = Math.max(retryMs(everyMs, failures), error.retryAfterMs ?? 0)
      if (!abort.signal.aborted) {
        host.health({ health: error.code === 'SMS_AUTH' ? 'failed' : 'degraded', error: error.toJSON() })
      }
    }
    if (!abort.signal.aborted) cancelTimer = host.clock.after(nextMs, () => void turn())
  }

  async function poll(): Promise<void> {
    const baselineMs = await readBaseline(host)
    const cursorMs = readTime(await host.notes.get(NOTES.cursor))
    const sinceMs = cursorMs === undefined ? baselineMs : Math.max(baselineMs, cursorMs - OVERLAP_MS)
    const query = {
      // What a messaging service or a name gets is not found by its address; then the whole list is read.
      ...(account.from?.kind === 'number' && { To: account.from.value }),
      'DateSent>': new Date(sinceMs - DAY_MS).toISOString().slice(0, 10),
    }
    // The baseline is by our clock, the messages and the cursor by Twilio's.
    const tooOld = ({ createdAtMs }: MessageResource, aheadMs: number) =>
      createdAtMs < Math.max(cursorMs === undefined ? 0 : sinceMs, floorToSecond(baselineMs + aheadMs))

    const past = (message: MessageResource, aheadMs: number) => seen.has(message.sid) || tooOld(message, aheadMs)

    const listing = await listMessages(api, query, past, MAX_PAGES, abort.signal)
    if (!listing.complete)
      host.log('warn', 'Twilio lists messages that could not be read, or more of them than are read at once')
    const fresh = listing.messages
      .filter(({ message }) => !past(message, listing.aheadMs))
      .reverse()
      .sort((a, b) => a.message.createdAtMs - b.message.createdAtMs)

    let newestMs = cursorMs ?? 0
    try {
      for (const listed of fresh) {
        if (abort.signal.aborted) return
        const { sid, status, createdAtMs } = listed.message
        // Parts of it are still to come.
        if (status === 'receiving') continue
        if (isForUs(listed.message, account)) {
          await host.received(await toIncoming(listed, api, abort.signal))
          newestMs = Math.max(newestMs, createdAtMs)
        }
        remember(seen, sid)
      }
    } finally {
      if (newestMs > (cursorMs ?? 0)) await host.notes.set(NOTES.cursor, new Date(newestMs).toISOString())
    }
  }

  void turn()
  return {
    stop() {
      cancelTimer()
      abort.abort()
    },
  }
}

/** What was there before this provider first started is never handed on: old commands must not be carried out. */
async function readBaseline({ notes, clock }: ProviderHost): Promise<number> {
  const noted = readTime(await notes.get(NOTES.baseline))
  if (noted !== undefined) return noted
  const nowMs = clock.now()
  await notes.set(NOTES.baseline, new Date(nowMs).toISOString())
  return nowMs
}

/** Sooner than the next turn where that is far off, later where it is near: the network may be back any moment. */
function retryMs(everyMs: number, failures: number): number {
  return Math.min(RETRY_MS.most, Math.min(everyMs, RETRY_MS.first) * 2 ** Math.min(failures, 20))
}

function isForUs({ direction, messagingServiceSid, ...message }: MessageResource, { from }: Account): boolean {
  if (direction !== 'inbound' || message.from === undefined) return false
  return from?.kind !== 'service' || messagingServiceSid === undefined || messagingServiceSid === from.value
}

async function toIncoming({ message, raw }: Listed, api: Api, signal: AbortSignal): Promise<IncomingMessage> {
  const mediaUrls = message.media > 0 ? await mediaOf(message.sid, api, signal) : []
  return {
    providerMessageId: message.sid,
    from: message.from ?? '',
    ...(message.to !== '' && { to: message.to }),
    text: message.body,
    sentAtMs: message.sentAtMs ?? message.createdAtMs,
    ...(message.parts !== undefined && { parts: message.parts }),
    ...(mediaUrls.length > 0 && { mediaUrls }),
    raw,
  }
}

function remember(seen: Set<string>, sid: string): void {
  seen.add(sid)
  keepNewest(seen, KEPT_SEEN)
}

const floorToSecond = (ms: number): number => Math.floor(ms / 1_000) * 1_000

function readTime(noted: string | undefined): number | undefined {
  const ms = Date.parse(noted ?? '')
  return Number.isFinite(ms) ? ms : undefined
}
