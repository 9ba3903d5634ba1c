import { charsetOf, decodeSeptets } from './charset.ts'
import { roomFor } from './octets.ts'
import type { Deliver, UserData } from './pdu.ts'
import { decodeUcs2 } from './ucs2.ts'

/** What parts of one message have in common, and no two messages at a time; `undefined` of a message that is whole. */
export function groupKey(deliver: Deliver): string | undefined {
  const concat = deliver.header?.concat
  return concat && `${deliver.from.number}|${concat.bits}|${concat.reference}|${concat.total}`
}

export interface Joined {
  /** Of the parts that are there. */
  readonly text: string
  /** Of 8-bit parts, which have no text. */
  readonly data?: Uint8Array
  /** Indexes of the parts that are not there. */
  readonly missing: number[]
}

/**
 * Joins the parts of one message in whatever order they came. Of parts with the same index the first one counts, and a
 * part of another message than the first one's is left out.
 */
export function joinParts(parts: readonly Deliver[]): Joined {
  const [first] = parts
  if (!first) return { text: '', missing: [] }
  const key = groupKey(first)
  const total = first.header?.concat?.total ?? 1
  const byIndex = new Map<number, UserData>()
  for (const part of parts) {
    const index = part.header?.concat?.index ?? 1
    if (groupKey(part) === key && !byIndex.has(index)) byIndex.set(index, part)
  }

  const missing: number[] = []
  const runs: UserData[][] = []
  let run: UserData[] = []
  for (let index = 1; index <= total; index += 1) {
    const part = byIndex.get(index)
    if (!part) missing.push(index)
    if (!part || !run[0] || !alike(run[0], part)) runs.push((run = []))
    if (part) run.push(part)
  }
  const text = runs.map(textOf).join('')
  if (first.coding.alphabet !== '8bit') return { text, missing }
  return { text, data: joinOctets(runs.flat()), missing }
}

/** Whether a character may begin in one and end in the other. */
const alike = (a: UserData, b: UserData): boolean =>
  a.coding.alphabet === b.coding.alphabet &&
  a.coding.compressed === b.coding.compressed &&
  a.header?.singleShift === b.header?.singleShift &&
  a.header?.lockingShift === b.header?.lockingShift

/** Of parts that follow each other: some senders cut ESC pairs, surrogate pairs, even code units in two. */
function textOf(run: readonly UserData[]): string {
  const [first] = run
  if (first?.text === undefined) return ''
  const whole = joinOctets(run)
  if (first.coding.alphabet === 'gsm7')
    return decodeSeptets(whole, charsetOf(first.header?.lockingShift, first.header?.singleShift))
  // Half a pair whose other half is missing is no character.
  const text = whole.length % 2 === 0 ? decodeUcs2(whole) : run.map(({ octets }) => decodeUcs2(octets)).join('')
  return text.toWellFormed()
}

function joinOctets(run: readonly UserData[]): Uint8Array {
  const whole = roomFor(run.reduce((sum, { octets }) => sum + octets.length, 0))
  let at = 0
  for (const { octets } of run) {
    whole.set(octets, at)
    at += octets.length
  }
  return whole
}
