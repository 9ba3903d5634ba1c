import { EARLIEST_MS } from '../clock.ts'
import type { Clock } from '../clock.ts'
import { SmsError, toSmsError } from '../errors.ts'
import type { HttpClient } from '../http.ts'
import { writeIncoming } from '../providers/forward/incoming.ts'
import { readJson, writeJson } from '../providers/forward/jsonex.ts'
import { conceal } from '../providers/forward/settings.ts'
import type { Peer } from '../providers/forward/settings.ts'
import { writeStatus } from '../providers/forward/status.ts'
import { readError } from '../providers/forward/wire-errors.ts'
import { ownerOf } from './owner.ts'
import type { Entry, Queue } from './queue.ts'

/** Brings a client what waits for it: in order, one after the other, again and again while the client is away. */
export interface Delivery {
  /** There may be something to bring, or the client may be back. */
  turn(isBack?: boolean): void
  /** Resolves when what is in flight has ended. */
  stop(): Promise<void>
}

export interface DeliveryOptions {
  readonly name: string
  readonly peer: Peer
  /** Of the server that brings it. */
  readonly token: string
  readonly queue: Queue
  readonly http: HttpClient
  readonly clock: Clock
  readonly log: (level: 'info' | 'warn', text: string) => void
}

/** As long as a message waits that nobody listens for; later it would be an old command carried out. */
const MAX_AGE_MS = 24 * 3_600_000
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000
/** So often a client may say that it cannot take an entry; then others need not wait for it. */
const MOST_REFUSALS = 8
const TIMEOUT_MS = 15_000

export function createDelivery(options: DeliveryOptions): Delivery {
  const { name, peer, token, queue, http, clock, log } = options
  const controller = new AbortController()
  const { signal } = controller
  let running: Promise<void> | undefined
  let again = false
  let failures = 0
  let refusals = 0
  let cancelPause: (() => void) | undefined

  /** Resolves to the client's own refusal, if that is what it answers; throws where it cannot be brought. */
  async function bring({ kind, record }: Entry): Promise<SmsError | undefined> {
    const owner = ownerOf(record)
    const body = kind === 'im' ? writeIncoming(record, token) : writeStatus(record, owner?.id)
    const answer = await http.request({
      method: 'POST',
      url: `${peer.url}/${kind}`,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(peer.authorization !== undefined && { authorization: peer.authorization }),
      },
      body: writeJson(body),
      // A client of ours takes what comes again for a repeat.
      repeatable: true,
      signal,
      timeoutMs: TIMEOUT_MS,
    })
    const json = readJson(answer.text)
    const error = json && readError(json, text => conceal(peer.secrets, text))
    if (error) return error
    // Only who echoes it has it: not a proxy, nor a page to sign in at.
    const isTaken = answer.status >= 200 && answer.status < 300 && json && Object.hasOwn(json, NAMES[kind])
    if (!isTaken) throw new SmsError('SMS_SERVER', `it answered ${answer.status}`)
    return undefined
  }

  /** Whether the entry is done with. */
  async function deal(entry: Entry): Promise<boolean> {
    if (entry.sinceMs >= EARLIEST_MS && clock.now() - entry.sinceMs > MAX_AGE_MS) {
      log('warn', `${name} was away for too long: what came ${new Date(entry.sinceMs).toISOString()} is given up`)
      return true
    }
    try {
      const refusal = await bring(entry)
      if (failures > 0 && !refusal) log('info', `${name} is back`)
      failures = 0
      if (!refusal) return true
      refusals += 1
      if (refusals < MOST_REFUSALS) {
        pause(refusals, refusal.retryAfterMs)
        return false
      }
      log(
        'warn',
        `${name} has refused the same ${NAMES[entry.kind]} ${refusals} times; it is given up: ${refusal.message}`,
      )
      return true
    } catch (thrown) {
      if (signal.aborted) return false
      failures += 1
      // One line for an absence, however long it is.
      if (failures === 1)
        log('warn', `${name} cannot be reached; what comes for it waits: ${toSmsError(thrown).message}`)
      pause(failures)
      return false
    }
  }

  function pause(times: number, leastMs = 0): void {
    const ms = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(times - 1, 10))
    cancelPause = clock.after(Math.max(ms, Math.min(leastMs, LONGEST_PAUSE_MS)), () => {
      cancelPause = undefined
      turn()
    })
  }

  async function bringAll(): Promise<void> {
    do {
      again = false
      for (let entry = await queue.next(); entry && !signal.aborted; entry = await queue.next()) {
        if (!(await deal(entry))) return
        refusals = 0
        await queue.done(entry)
      }
    } while (again && !signal.aborted)
  }

  function turn(isBack = false): void {
    if (signal.aborted) return
    if (running) {
      again = true
      return
    }
    if (cancelPause) {
      if (!isBack) return
      cancelPause()
      cancelPause = undefined
    }
    running = bringAll().finally(() => {
      running = undefined
    })
  }

  return {
    turn,
    async stop() {
      controller.abort()
      cancelPause?.()
      await running
    },
  }
}

const NAMES = { im: 'message', status: 'status' } as const
