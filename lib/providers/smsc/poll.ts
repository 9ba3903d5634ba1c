import { SmsError, toSmsError } from '../../errors.ts'
import type { ProviderHost } from '../../provider.ts'
import type { Api } from './api.ts'
import { printOf, readAnswer } from './incoming.ts'
import type { Unlisted } from './unlisted.ts'

/** Reads what came in from SMSC's list, again and again, one reading at a time. */
export interface Poller {
  /** Ends it at once; what is being read is left for the next start. */
  stop(): void
}

export interface PollOptions {
  readonly api: Api
  readonly host: ProviderHost
  readonly unlisted: Unlisted
  readonly everyMs: number
  /** Told when a reading failed, or succeeded after that. */
  readonly onTurn: (error: SmsError | undefined) => void
}

/** The id of the latest message that was handed on, or was there before this provider first started. */
const NOTE = 'inbound.after'
/** `hour`: how far back the list goes. */
const LONGEST_HOURS = '168'
/** `cnt`: all there is in one reading, so that its order does not matter. */
const MOST_ENTRIES = '10000'
const LIST_MAX_BYTES = 32_000_000
const RETRY_MS = { first: 30_000, most: 600_000 }

export function startPolling({ api, host, unlisted, everyMs, onTurn }: PollOptions): Poller {
  const abort = new AbortController()
  let cancelTimer = (): void => {}
  let failures = 0

  async function turn(): Promise<void> {
    let nextMs = everyMs
    try {
      await poll()
      failures = 0
      if (!abort.signal.aborted) onTurn(undefined)
    } catch (thrown) {
      failures += 1
      const error = toSmsError(thrown)
      nextMs = Math.max(retryMs(everyMs, failures), error.retryAfterMs ?? 0)
      if (!abort.signal.aborted) onTurn(error)
    }
    if (!abort.signal.aborted) cancelTimer = host.clock.after(nextMs, () => void turn())
  }

  async function poll(): Promise<void> {
    const after = readAfter(await host.notes.get(NOTE))
    const answers = await list(api, after, abort.signal)
    if (after === undefined) {
      // What was there before the first start is never handed on: old commands must not be carried out.
      await host.notes.set(NOTE, String(answers.at(-1)?.id ?? 0))
      return
    }
    let latest = after
    try {
      for (const { id, message } of answers) {
        if (abort.signal.aborted) return
        if (id <= after) continue
        if (!(await unlisted.listed(printOf(message)))) await host.received(message)
        latest = id
      }
    } finally {
      if (latest > after) await host.notes.set(NOTE, String(latest))
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

/** Oldest first. */
async function list(api: Api, after: number | undefined, signal: AbortSignal) {
  const from: Record<string, string> = after === undefined ? { hour: LONGEST_HOURS } : { after_id: String(after) }
  const answer = await api
    .ask('get', { get_answers: '1', cnt: MOST_ENTRIES, ...from }, signal, LIST_MAX_BYTES)
    .catch((error: unknown) => {
      // There is nothing: in `get.php`, unlike in `send.php`, 3 has no other meaning.
      if (error instanceof SmsError && error.providerCode === 3) return []
      throw error
    })
  if (!Array.isArray(answer)) throw new SmsError('SMS_PROVIDER', 'SMSC answered with something that is no list')
  const answers = (answer as unknown[]).map(readAnswer).filter(read => read !== undefined)
  return answers.sort((a, b) => a.id - b.id)
}

/** Sooner than the next turn where that is far off, later where it is near: the network may be back any moment. */
function retryMs(everyMs: number, failures: number): number {
  return Math.min(RETRY_MS.most, Math.min(everyMs, RETRY_MS.first) * 2 ** Math.min(failures, 20))
}

function readAfter(noted: string | undefined): number | undefined {
  return noted !== undefined && /^\d+$/.test(noted) ? Number(noted) : undefined
}
