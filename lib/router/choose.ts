import type { SmsError, SmsErrorCode } from '../errors.ts'
import type { MessageDraft } from '../provider.ts'
import type { StoredMessage } from '../store/store.ts'
import type { Candidate, LaneWaits, Routing, Tried } from './routing.ts'

/**
 * What an error of an attempt means to a message that has other ways. `next`: the carrier, the account or a setting of
 * it is in the way, and another may do. `final`: no other may, or should.
 *
 * `SMS_REQUEST` is a message that is not valid anywhere. Who opted out of one carrier must not be texted by another.
 * `SMS_SEND` is one carrier's refusal (a filter, a country that is not enabled); the next may take it, and that it took
 * nothing is certain. `SMS_UNKNOWN` never comes here: what may be on its way stays where it is.
 */
const MEANS = {
  SMS_CONNECTION: 'next',
  SMS_UNSUPPORTED: 'next',
  SMS_SERVER: 'next',
  SMS_AUTH: 'next',
  SMS_LIMITS: 'next',
  SMS_CREDIT: 'next',
  SMS_SEND: 'next',
  SMS_PROVIDER: 'next',
  SMS_CONFIG: 'next',
  SMS_REQUEST: 'final',
  SMS_OPTED_OUT: 'final',
  SMS_BLOCKED: 'final',
  SMS_UNKNOWN: 'final',
  SMS_EXPIRED: 'final',
  SMS_TIMEOUT: 'final',
  SMS_CANCELLED: 'final',
  SMS_STORE: 'final',
} as const satisfies Record<SmsErrorCode, 'next' | 'final'>

/** What a carrier says of the message, and will say again: it is not asked in later rounds. */
const FOR_GOOD: ReadonlySet<SmsErrorCode> = new Set(['SMS_SEND', 'SMS_UNSUPPORTED'])

/** How long a message waits that all its ways have failed, by rounds. */
const ROUND_MS = { first: 1_000, cap: 60_000 } as const

/** Where a message goes after a failed attempt: the next lane, and in how many milliseconds it is due there. */
export interface Choice {
  readonly routing: Routing
  readonly candidate: Candidate
  readonly delayMs: number
}

/** Where a message is first put. */
export function placed(routing: Routing, waitMs: LaneWaits): Candidate {
  return soonest(routing.candidates, waitMs) ?? routing.candidates[0]!
}

/**
 * Where a routed message goes whose attempt failed with this error; undefined: it ends with the error. The next that was
 * not tried in this round, those that can send at once first; when all were, the round begins again after a while, in
 * the lane likeliest to be back. It ends where every way was refused with an error that trying again does not mend.
 */
export function choose(message: StoredMessage, error: SmsError, waitMs: LaneWaits): Choice | undefined {
  const { routing, lane } = message
  if (!routing || routing.stays || MEANS[error.code] === 'final') return undefined
  const { candidates } = routing
  const tried = [...routing.tried.filter(before => before.lane !== lane), triedBy(lane, error)]
  const left = candidates.filter(candidate => !tried.some(before => before.lane === candidate.lane))
  const next = soonest(left, waitMs)
  if (next) return { routing: { ...routing, tried }, candidate: next, delayMs: 0 }
  const again = candidates.filter(
    candidate => !tried.some(before => before.lane === candidate.lane && isForGood(before)),
  )
  if (!tried.some(before => before.again) && left.length === 0) return undefined
  if (again.length === 0) return undefined
  const rounds = routing.rounds + 1
  const likely = again.toSorted((a, b) => compare(likelihood(a, tried, waitMs), likelihood(b, tried, waitMs)))
  return {
    routing: { ...routing, tried: tried.filter(isForGood), rounds },
    candidate: likely[0]!,
    delayMs: Math.min(ROUND_MS.cap, ROUND_MS.first * 2 ** Math.min(rounds - 1, 10)),
  }
}

/** Where a message goes that waits in a lane which cannot send now; undefined: nowhere better. */
export function elsewhere({ routing, lane }: StoredMessage, waitMs: LaneWaits): Candidate | undefined {
  if (!routing || routing.stays || waitMs(lane) === 0) return undefined
  return routing.candidates.find(
    candidate =>
      candidate.lane !== lane &&
      waitMs(candidate.lane) === 0 &&
      !routing.tried.some(before => before.lane === candidate.lane),
  )
}

/** A message in the lane of a candidate, as it goes there. */
export function inLane(message: StoredMessage, routing: Routing, candidate: Candidate): StoredMessage {
  const { lane, name, own, parts, encoding } = candidate
  const draft = draftFor(message.draft, routing.candidates, own)
  // An id that another carrier gave it is none of this one's.
  const { from: _from, providerMessageId: _id, route: _route, ...record } = message.record
  return {
    ...message,
    lane,
    draft,
    routing,
    record: {
      ...record,
      provider: name,
      providerNode: lane,
      ...(draft.from !== undefined && { from: draft.from }),
      text: draft.text,
      parts,
      encoding,
      route: routeLine(routing, candidate),
    },
  }
}

/** The same message as what another of its carriers has to say of it; undefined where that is none of them. */
export function asOf(message: StoredMessage, lane: string): StoredMessage | undefined {
  if (message.lane === lane) return message
  const candidate = message.routing?.candidates.find(one => one.lane === lane)
  return candidate && inLane(message, message.routing!, candidate)
}

/** Why a message goes where it goes: what the record says as `route`. */
export function routeLine({ why, candidates, tried }: Routing, { lane, name }: Candidate): string {
  const nameOf = (id: string) => candidates.find(candidate => candidate.lane === id)?.name ?? id
  const failed = tried.filter(before => before.lane !== lane).map(before => `${nameOf(before.lane)} ${before.code}`)
  if (failed.length > 0) return `${why}, failover to ${name}: ${failed.join(', ')}`
  const passed = candidates.slice(
    0,
    Math.max(
      0,
      candidates.findIndex(candidate => candidate.lane === lane),
    ),
  )
  if (passed.length === 0) return `${why}, ${name}`
  return `${why}, ${name}: ${passed.map(candidate => candidate.name).join(', ')} cannot send now`
}

/** A plan as if nothing had been tried: for a message that is sent again. */
export function afresh({ stays: _stays, ...routing }: Routing): Routing {
  return { ...routing, tried: [], rounds: 0 }
}

/** In order: the first that can send now; else the one that can soonest. None where nobody knows when. */
function soonest(candidates: readonly Candidate[], waitMs: LaneWaits): Candidate | undefined {
  const [best] = candidates
    .map(candidate => ({ candidate, ms: waitMs(candidate.lane) }))
    .filter(({ ms }) => ms < Infinity)
    .toSorted((a, b) => a.ms - b.ms)
  return best?.candidate
}

const triedBy = (lane: string, error: SmsError): Tried => ({ lane, code: error.code, again: error.retryable })

const isForGood = ({ code, again }: Tried): boolean => !again && FOR_GOOD.has(code)

/** Less is likelier: what refused an account or a setting is not soon back, and of what is paused nobody knows. */
function likelihood({ lane }: Candidate, tried: readonly Tried[], waitMs: LaneWaits): readonly number[] {
  const ms = waitMs(lane)
  const isRefusing = tried.find(before => before.lane === lane)?.again === false
  return [ms === Infinity ? 1 : 0, isRefusing ? 1 : 0, ms === Infinity ? 0 : ms]
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((number, index) => number !== b[index])
  return differing < 0 ? 0 : a[differing]! - b[differing]!
}

function draftFor(draft: MessageDraft, candidates: readonly Candidate[], own: Partial<MessageDraft>): MessageDraft {
  const differing = new Set(candidates.flatMap(candidate => Object.keys(candidate.own)))
  if (differing.size === 0) return draft
  const common = Object.fromEntries(Object.entries(draft).filter(([field]) => !differing.has(field)))
  return { ...common, ...own } as unknown as MessageDraft
}
