import assert from 'node:assert/strict'
import { joinParts } from '../../lib/gsm/concat.ts'
import { decodeIncoming } from '../../lib/gsm/decode.ts'
import { encodeDeliver, encodeStatusReport, encodeSubmit } from '../../lib/gsm/encode.ts'
import type { Deliver } from '../../lib/gsm/pdu.ts'
import { callsPerSecond, interleave } from './compare.ts'
import { peer } from './peers.ts'
import { rateRow } from './row.ts'
import type { Row } from './row.ts'

const ROUNDS = 5
const SLICE_MS = 60
const GOAL = 3

const NUMBER = '+380501234567'
/** Of each kind so many messages, for nothing to be known beforehand about the next one. */
const MESSAGES = 64
// node-sms-pdu throws for some of what is not ASCII.
const GSM = 'eeeeettttaaaooiinnsshhrrdlcumwfgypbvk      .,ETAOIN0123456789?!:-'
const CYRILLIC = 'ооооееааиинттсрвлкмдпуяыьгзбчйхжшюцщэфієї      .,ОЕАИНТСРВ0123456789'

const KINDS = [
  ['20', GSM, 20],
  ['160', GSM, 160],
  ['70 UCS-2', CYRILLIC, 70],
  ['700 in 5 parts', GSM, 700],
] as const

/** What npm has for it. */
interface Peer {
  readonly name: string
  readonly encode: (text: string) => unknown
  readonly decode: (pdus: readonly string[]) => string
  /** Absent where it cannot read any. */
  readonly decodeReport?: (pdu: string) => unknown
}

/** PDUs written and read, against what npm has for it. node-pdu makes shorter parts: two of 160 characters, or of 70 in UCS-2. */
export async function codec(): Promise<readonly Row[]> {
  const rows: Row[] = []
  const add = async <T>(name: string, inputs: readonly T[], ours: Work<T>, theirs: Work<T>) => {
    const rate = (work: Work<T>) => ({ rate: callsPerSecond(work, inputs, SLICE_MS) })
    const made = await interleave(
      ROUNDS,
      () => rate(ours),
      () => rate(theirs),
    )
    rows.push(rateRow(name, made.rate, GOAL))
  }
  for (const { name, encode, decode, decodeReport } of [nodePdu(), nodeSmsPdu()]) {
    for (const [kind, alphabet, length] of KINDS) {
      const texts = textsOf(alphabet, length)
      const messages = texts.map(pdusOf)
      // A peer may answer what it cannot read with an error instead of throwing one.
      for (const decoder of [read, decode]) assert.deepEqual(messages.map(decoder), texts)
      await add(`encode ${kind}, ${name}`, texts, text => encodeSubmit({ to: NUMBER, text }), encode)
      await add(`decode ${kind}, ${name}`, messages, read, decode)
    }
    if (decodeReport) await add(`decode a report, ${name}`, reports(), readReport, decodeReport)
  }
  return rows
}

type Work<T> = (input: T) => unknown

function read(pdus: readonly string[]): string {
  const parts: Deliver[] = []
  for (const pdu of pdus) {
    const decoded = decodeIncoming(pdu)
    if (decoded.ok && decoded.value.kind === 'deliver') parts.push(decoded.value)
  }
  return parts.length === 1 ? (parts[0]?.text ?? '') : joinParts(parts).text
}

const readReport = (pdu: string): unknown => decodeIncoming(pdu)

function nodePdu(): Peer {
  const { parse, Submit } = peer('node-pdu') as {
    parse(pdu: string): { data: { getText(): string; append(other: unknown): void } }
    Submit: new (address: string, text: string) => { getPartStrings(): string[] }
  }
  return {
    name: 'node-pdu',
    encode: text => new Submit(NUMBER, text).getPartStrings(),
    decode: ([first = '', ...others]) => {
      const { data } = parse(first)
      for (const other of others) data.append(parse(other))
      return data.getText()
    },
    decodeReport: pdu => parse(pdu),
  }
}

function nodeSmsPdu(): Peer {
  // Its functions are methods: called without it, `parse` answers with an error.
  const codec = peer('node-sms-pdu') as {
    generateSubmit(address: string, text: string): unknown
    parse(pdu: string): { text: string }
  }
  return {
    name: 'node-sms-pdu',
    encode: text => codec.generateSubmit(NUMBER, text),
    decode: pdus => pdus.map(pdu => codec.parse(pdu).text).join(''),
  }
}

function pdusOf(text: string, place: number): string[] {
  return encodeDeliver({
    from: NUMBER,
    smsc: '+380671234567',
    text,
    reference: place,
    timestamp: { ms: Date.UTC(2026, 10, 21, 12, 0, place % 60), offsetQuarters: 8 },
  }).map(({ hex }) => asCame(hex))
}

function reports(): string[] {
  const sentAtMs = Date.UTC(2026, 10, 21, 12)
  return Array.from({ length: MESSAGES }, (_, reference) => {
    const dischargedAtMs = sentAtMs + reference * 1000
    const report = { to: NUMBER, smsc: '+380671234567', reference, status: 0, sentAtMs, dischargedAtMs }
    return asCame(encodeStatusReport({ ...report, offsetQuarters: 8 }).hex)
  })
}

/** So many UTF-16 units each, the same in every run. */
function textsOf(alphabet: string, length: number): string[] {
  let seed = 1
  const next = () => (seed = (seed * 48_271) % 2_147_483_647)
  return Array.from({ length: MESSAGES }, () => {
    let text = ''
    while (text.length < length) text += alphabet[next() % alphabet.length]
    return asCame(text)
  })
}

/** As if it had come in a message, and not as the pieces it was put together from. */
const asCame = (text: string): string => JSON.parse(JSON.stringify(text)) as string
