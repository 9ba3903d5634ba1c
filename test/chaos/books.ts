import type { SmsRecord } from '../../lib/message.ts'
import type { TrailStep } from '../../lib/store/store.ts'
import type { SimMessage } from '../sim/twilio-ledger.ts'
import type { Texted } from './incoming.ts'
import type { Order } from './outgoing.ts'

/** Everything that was written down of one run. */
export interface Books {
  readonly orders: readonly Order[]
  readonly texted: readonly Texted[]
  /** The carrier's. */
  readonly ledger: readonly Pick<SimMessage, 'direction' | 'sid' | 'to' | 'body'>[]
  /** Ours, read when Node-RED had ended. */
  readonly store: readonly StoreLine[]
  /** What the flow saw, in this order. */
  readonly flow: readonly FlowLine[]
  /** When the last Node-RED was started: what was listed before, it must have found. */
  readonly lastStartMs: number
}

export interface StoreLine {
  readonly record: SmsRecord
  readonly trail: readonly TrailStep[]
}

export interface FlowLine {
  readonly about: 'in' | 'status'
  readonly id: string
  readonly state: string
  readonly text: string
  readonly providerMessageId?: string
  readonly redelivered: boolean
}

export interface Findings {
  /** What is told of each direction, in this order. */
  readonly outgoing: Readonly<Record<string, number>>
  readonly incoming: Readonly<Record<string, number>>
  /** Everything that is not as it must be, in a sentence each. */
  readonly problems: readonly string[]
}

/** Compares the carrier's ledger, the store, and what the flow saw. */
export function compare(books: Books): Findings {
  const problems: string[] = []
  const wrong = (what: string, cases: readonly string[]): number => {
    for (const one of cases) problems.push(`${what}: ${one}`)
    return cases.length
  }
  const outgoing = compareOutgoing(books, wrong)
  const incoming = compareIncoming(books, wrong)
  return { outgoing, incoming, problems }
}

type Wrong = (what: string, cases: readonly string[]) => number

function compareOutgoing({ orders, ledger, store, flow }: Books, wrong: Wrong): Record<string, number> {
  const stored = store.filter(({ record }) => record.direction === 'out')
  const byKey = groupBy(stored, ({ record }) => (record.ref as { key?: string } | undefined)?.key)
  const byId = new Map(stored.map(line => [line.record.id, line]))
  const sent = ledger.filter(({ direction }) => direction !== 'inbound')
  const sentByContent = groupBy(sent, ({ to, body }) => contentOf(to, body))
  const takenIn = orders.filter(order => order.takenIn)
  const wanted = orders.filter(({ key }) => byKey.has(key))
  const wantedByContent = groupBy(wanted, ({ to, text }) => contentOf(to, text))

  // Twins are each as good as the other: who got both got what was asked for.
  const missing: string[] = []
  const tooMany: string[] = []
  for (const content of new Set([...sentByContent.keys(), ...wantedByContent.keys()])) {
    const difference = (sentByContent.get(content)?.length ?? 0) - (wantedByContent.get(content)?.length ?? 0)
    const keys = wantedByContent.get(content)?.map(({ key }) => describe(key, byKey.get(key)?.[0]))
    const told = `${content} (${keys?.join(', ') ?? 'of nobody'})`
    for (let i = difference; i < 0; i++) missing.push(told)
    for (let i = difference; i > 0; i--) tooMany.push(told)
  }

  const inState = (states: readonly string[]) =>
    stored
      .filter(({ record }) => states.includes(record.state))
      .map(line => describe((line.record.ref as { key: string }).key, line))
  const claimed = groupBy(
    stored.filter(({ record }) => record.providerMessageId !== undefined),
    ({ record }) => record.providerMessageId!,
  )
  const told = flow.filter(({ about }) => about === 'status')
  const passed = (id: string, state: string) => byId.get(id)?.trail.some(step => step.state === state) ?? false

  return {
    'handed in': orders.length,
    'taken in (answered 2xx)': takenIn.length,
    'handed in again as no answer came': orders.reduce((sum, { tries }) => sum + Math.max(0, tries - 1), 0),
    'attempts cut off by a kill': countSteps(stored, step => /Node-RED ended/.test(step.error?.message ?? '')),
    'messages that were in doubt': stored.filter(({ trail }) => trail.some(is('unknown'))).length,
    'in the ledger of the carrier': sent.length,
    'told by sms status': told.length,
    'never answered': wrong(
      'never answered',
      orders.filter(order => !order.takenIn).map(({ key }) => describe(key, byKey.get(key)?.[0])),
    ),
    'LOST: not in the store': wrong(
      'taken in, and not in the store',
      takenIn.filter(({ key }) => !byKey.has(key)).map(({ key }) => key),
    ),
    'LOST: not in the ledger': wrong('lost', missing),
    'SENT TWICE': wrong('sent twice', tooMany),
    'stored twice': wrong(
      'stored twice',
      orders.filter(({ key }) => (byKey.get(key)?.length ?? 0) > 1).map(({ key }) => key),
    ),
    'still in doubt, though the carrier can be asked': wrong('in doubt', inState(['unknown'])),
    'failed, though the carrier refuses nothing for good': wrong('failed', inState(['failed', 'expired', 'cancelled'])),
    'not brought to an end': wrong('unfinished', inState(['scheduled', 'queued', 'sending'])),
    'taken for one and the same by two': wrong(
      'one id of the carrier, several messages',
      [...claimed].filter(([, lines]) => lines.length > 1).map(([sid]) => sid),
    ),
    'told by sms status, and not so in the store': wrong(
      'told, and not so in the store',
      told.filter(({ id, state }) => !passed(id, state)).map(({ id, state }) => `${id} ${state}`),
    ),
  }
}

function compareIncoming({ texted, store, flow, lastStartMs }: Books, wrong: Wrong): Record<string, number> {
  const bySid = new Map(texted.map(message => [message.sid, message]))
  const stored = store.filter(({ record }) => record.direction === 'in')
  const storedBySid = groupBy(stored, ({ record }) => record.providerMessageId)
  const seen = flow.filter(({ about }) => about === 'in')
  const seenBySid = groupBy(seen, ({ providerMessageId }) => providerMessageId)
  const acknowledged = texted.filter(message => message.acknowledged)
  const listed = texted.filter(({ way, createdAtMs }) => way === 'onlyListed' && createdAtMs < lastStartMs)
  const expected = [...acknowledged, ...listed]
  const repeats = [...seenBySid.values()].flatMap(lines => lines.slice(1))

  return {
    'texted to us': texted.length,
    acknowledged: acknowledged.length,
    'webhook called again': texted.reduce((sum, { calls }) => sum + Math.max(0, calls - 1), 0),
    'webhook missed, only in the list of the carrier': listed.length,
    'only by webhook, not in the list': acknowledged.filter(({ way }) => way === 'onlyCalled').length,
    'reached the flow': seenBySid.size,
    'reached it again, marked as redelivered': repeats.filter(({ redelivered }) => redelivered).length,
    'reached it again, NOT MARKED': wrong(
      'repeated without a mark',
      repeats.filter(({ redelivered }) => !redelivered).map(({ text }) => text),
    ),
    'never acknowledged': wrong(
      'never acknowledged',
      texted.filter(({ way, acknowledged }) => way !== 'onlyListed' && !acknowledged).map(({ text }) => text),
    ),
    'LOST: not in the store': wrong(
      'acknowledged or listed, and not in the store',
      expected.filter(({ sid }) => !storedBySid.has(sid)).map(({ text }) => text),
    ),
    'LOST: did not reach the flow': wrong(
      'did not reach the flow',
      expected.filter(({ sid }) => !seenBySid.has(sid)).map(({ text }) => text),
    ),
    'stored twice': wrong(
      'stored twice',
      [...storedBySid].filter(([, lines]) => lines.length > 1).map(([sid]) => String(sid)),
    ),
    'not what was texted': wrong(
      'not what was texted',
      seen
        .filter(({ providerMessageId, text }) => bySid.get(providerMessageId ?? '')?.text !== text)
        .map(line => line.text),
    ),
  }
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

const contentOf = (to: string, text: string): string => `«${text}» to ${to}`

const is =
  (state: string) =>
  (step: TrailStep): boolean =>
    step.state === state

const countSteps = (lines: readonly StoreLine[], fits: (step: TrailStep) => boolean): number =>
  lines.reduce((sum, { trail }) => sum + trail.filter(fits).length, 0)

/** A message with its whole story, for who has to find out what went wrong. */
function describe(key: string, line: StoreLine | undefined): string {
  if (!line) return `${key}, not stored`
  const { record, trail } = line
  const steps = trail.map(({ at, state, error }) => `${at.slice(11, 23)} ${state}${error ? ` ${error.code}` : ''}`)
  return `${key} ${record.id} ${record.providerMessageId ?? 'without SID'}: ${steps.join(', ')}`
}
