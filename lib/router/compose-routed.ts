import { setImmediate as nextTurn } from 'node:timers/promises'
import { commonOf } from '../content.ts'
import type { Composed, Content, Failure, Via } from '../content.ts'
import { SmsError } from '../errors.ts'
import type { Sending } from '../outbox/draft.ts'
import type * as Phone from '../phone.ts'
import { candidatesOf } from './candidates.ts'
import type { Candidates } from './candidates.ts'
import { placed } from './choose.ts'
import type { Member, RoutingState, Way } from './contract.ts'
import type { RoutingFacts } from './facts.ts'
import { leavesOf } from './members.ts'
import type { LaneWaits } from './routing.ts'

/** Then everybody else has a turn: a list of thousands must not stop what is under way. */
const AT_ONCE = 250

/** A message to be: what is said of it whatever its way, and its ways. */
interface Planned extends Pick<Candidates, 'candidates' | 'drafts' | 'ways'> {
  readonly to: string
  readonly why: string
  readonly common: ReturnType<typeof commonOf>
  readonly notBeforeMs?: number
}

/** Loaded when it is needed, and once. */
let loaded: Promise<typeof Phone> | undefined

/** Sendings as a router plans them: for each recipient, one for each group of its ways. As `compose`. */
export async function composeRouted(content: Content, via: Via, nowMs: number): Promise<Composed> {
  const host = via.routing
  const { router } = via.provider
  if (!host || !router) throw new SmsError('SMS_CONFIG', `${via.provider.name} is a router that is not in use`)
  const start: Member = { id: via.id, provider: via.provider, isAble: () => true }
  const state: RoutingState = { nowMs, chain: [start], find: host.find }
  const failures: Failure[] = []
  const planned: Planned[] = []
  const fail = (to: string, thrown: unknown) => {
    if (!(thrown instanceof SmsError)) throw thrown
    failures.push({ to, ...thrown.toJSON() })
  }

  const phone = await (loaded ??= import('../phone.ts'))
  const recipients = readRecipients(content, leavesOf(via.id, host.find), phone, failures)
  for (const [index, to] of recipients.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await nextTurn()
    try {
      const plan = await router.plan(factsOf(content, to, phone), state)
      if ('refused' in plan) throw plan.refused
      for (const group of plan.groups) planGroup(to, group, plan.route, plan.groups.length > 1)
    } catch (thrown) {
      fail(to ?? '', thrown)
    }
  }
  const left = await admitted(planned, start, nowMs, failures)
  const sendings = left.map(one => sendingOf(one, host.waitMs))
  if (sendings.length + failures.length === 0) throw new SmsError('SMS_REQUEST', 'the message names no recipient')
  // Of a message that names nobody there is nobody to tell a failure of.
  const [first] = failures
  if (sendings.length === 0 && first?.to === '') throw new SmsError(first.code, first.message, first)
  return { sendings, failures }

  function planGroup(to: string | undefined, group: readonly Way[], route: string, isOneOfSeveral: boolean): void {
    for (const recipient of to === undefined ? defaultRecipients(group, phone, failures) : [to]) {
      try {
        planned.push(planOne(recipient, group, route, isOneOfSeveral))
      } catch (thrown) {
        fail(recipient, thrown)
      }
    }
  }

  function planOne(to: string, group: readonly Way[], route: string, isOneOfSeveral: boolean): Planned {
    const { candidates, drafts, ways, dropped } = candidatesOf(content, to, group, phone)
    const without = dropped.map(({ name, error }) => `without ${name}: ${error.message}`)
    const { options } = content.wanted
    const { idempotencyKey: key } = options
    // One message has one validity and priority, wherever it goes.
    const common = commonOf(content, { ...ways[0]!.options, ...options })
    return {
      to,
      why: [route, ...without].join(', '),
      candidates,
      drafts,
      ways,
      // Copies of one message to one recipient are not repeats of each other.
      common: {
        ...common,
        ...(key !== undefined && isOneOfSeveral && { idempotencyKey: `${key}@${group[0]!.member.id}` }),
      },
      // Held here and not by a carrier, so that at its time it goes by who is there then.
      ...(content.sendAtMs !== undefined && { notBeforeMs: content.sendAtMs }),
    }
  }
}

function sendingOf({ why, candidates, drafts, common, notBeforeMs }: Planned, waitMs: LaneWaits): Sending {
  const routing = { why, candidates, tried: [], rounds: 0 }
  const candidate = placed(routing, waitMs)
  return {
    ...common,
    draft: drafts[candidates.indexOf(candidate)]!,
    lane: candidate.lane,
    providerName: candidate.name,
    parts: candidate.parts,
    encoding: candidate.encoding,
    ...(notBeforeMs !== undefined && { notBeforeMs }),
    routing,
  }
}

/** Who is texted, as the first of the providers that can read it does; `undefined` for whom each provider texts itself. */
function readRecipients(
  { wanted }: Content,
  leaves: readonly Member[],
  { parseRecipient, splitRecipients }: typeof Phone,
  failures: Failure[],
): readonly (string | undefined)[] {
  const named = splitRecipients(wanted.to)
  if (named.length === 0) return [undefined]
  // What is wrong with the router, its plan says.
  if (leaves.length === 0) return named
  const recipients = new Set<string>()
  for (const entry of named) {
    let refused: SmsError | undefined
    const isRead = leaves.some(({ provider }) => {
      try {
        recipients.add(parseRecipient(entry, provider.numbers))
        return true
      } catch (thrown) {
        if (!(thrown instanceof SmsError)) throw thrown
        refused ??= thrown
        return false
      }
    })
    if (!isRead) failures.push({ to: entry, ...refused!.toJSON() })
  }
  return [...recipients]
}

/** The own phones of the first provider that has some: a message has the same recipient wherever it goes. */
function defaultRecipients(
  group: readonly Way[],
  { parseRecipients }: typeof Phone,
  failures: Failure[],
): readonly string[] {
  for (const { member } of group) {
    const { numbers } = member.provider
    const read = parseRecipients(numbers.defaultRecipients, numbers)
    failures.push(...read.failures)
    if (read.recipients.length > 0) return read.recipients
  }
  return []
}

function factsOf(content: Content, to: string | undefined, { countryOf }: typeof Phone): RoutingFacts {
  const { category, from, priority, ref } = content.wanted.options
  const { encoding, parts } = content.cut()
  return {
    ...(to !== undefined && { to }),
    country: () => (to === undefined ? undefined : countryOf(to)),
    text: content.given,
    encoding,
    parts: parts.length,
    ...(category !== undefined && { category }),
    ...(from !== undefined && { from }),
    ...(priority !== undefined && { priority }),
    ...(ref !== undefined && { ref }),
  }
}

/** What the guards let through. Those of routers below speak first, and only for the ways that lead through them. */
async function admitted(
  planned: readonly Planned[],
  start: Member,
  nowMs: number,
  failures: Failure[],
): Promise<readonly Planned[]> {
  let left = planned
  const below = planned.flatMap(({ ways }) => ways.flatMap(({ through }) => through))
  for (const member of new Set([...new Map(below.map(one => [one.id, one])).values(), start])) {
    const isTop = member === start
    const asked = left.filter(({ ways }) => isTop || ways.some(way => leadsThrough(way, member)))
    const verdicts = await member.provider.router!.admit(
      asked.map(({ to, common: { category }, notBeforeMs }) => ({
        to,
        ...(category !== undefined && { category }),
        atMs: notBeforeMs ?? nowMs,
      })),
    )
    const answers = new Map(asked.map((one, index) => [one, verdicts[index]]))
    left = left.flatMap(one => {
      const verdict = answers.get(one)
      if (!verdict) return [one]
      if ('holdUntilMs' in verdict) return [{ ...one, notBeforeMs: verdict.holdUntilMs }]
      const rest = isTop ? undefined : withoutWays(one, member)
      if (!rest) failures.push({ to: one.to, ...verdict.refused.toJSON() })
      return rest ?? []
    })
  }
  return left
}

const leadsThrough = ({ through }: Way, { id }: Member): boolean => through.some(router => router.id === id)

function withoutWays(planned: Planned, router: Member): Planned | undefined {
  const isLeft = (_: unknown, index: number) => !leadsThrough(planned.ways[index]!, router)
  const ways = planned.ways.filter(isLeft)
  if (ways.length === 0) return undefined
  return { ...planned, ways, candidates: planned.candidates.filter(isLeft), drafts: planned.drafts.filter(isLeft) }
}
