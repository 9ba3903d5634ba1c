import type { SmsRecord } from '../../lib/message.ts'
import type { VirtualModem } from '../sim/modem/modem.ts'
import type { BookLine } from '../support/modem-home.ts'
import type { ModemFault } from './modem-faults.ts'

/** One modem of many, and everything that was to go through it so far. */
export interface Books {
  readonly fault: ModemFault
  readonly modem: Pick<VirtualModem, 'network' | 'storage'>
  /** Handed in, and texted to it. */
  readonly out: readonly string[]
  readonly in: readonly string[]
  /** How often the modem went wrong, and how often Node-RED was killed. */
  readonly faults: number
  readonly kills: number
  /** What our store has, by text, and what the flow was given. */
  readonly stored: ReadonlyMap<string, SmsRecord>
  readonly flow: readonly BookLine[]
}

/** Everything that is not as it must be, in a sentence each; some of it may only not be so yet. */
export function compareModem(books: Books): readonly string[] {
  return [...compareOut(books), ...compareIn(books)].map(problem => `${books.fault.name}: ${problem}`)
}

function compareOut({ fault, modem: { network }, out, faults, kills, stored }: Books): readonly string[] {
  const problems: string[] = []
  const sent = network.texts()
  let unknown = 0
  for (const text of out) {
    const times = sent.filter(one => one === text).length
    const state = stored.get(text)?.state ?? 'not stored'
    if (times > 1) problems.push(`sent ${times} times: ${text}`)
    if (state === 'unknown') unknown += 1
    // What the network took it reports, and that ends the doubt.
    const isDoubtful = state === 'unknown' && (times === 0 || fault.losesReports)
    const isSent = (state === 'delivered' || state === 'accepted') && times > 0
    if (!isDoubtful && !isSent) problems.push(`${state}, and sent ${times} times: ${text}`)
  }
  // One message at a time is on its way.
  const most = kills + faults * (fault.unknown ?? 0)
  if (unknown > most) problems.push(`${unknown} are in doubt, not ${most}`)
  const parts = network.sent.map(({ text, submit }) => `${text} (${submit.header?.concat?.reference})`)
  for (const part of parts.filter((each, at) => parts.indexOf(each) !== at)) problems.push(`a part sent twice: ${part}`)
  for (const text of sent.filter(each => !out.includes(each))) problems.push(`sent, and never handed in: ${text}`)
  return problems
}

function compareIn({ modem: { network, storage }, in: texted, flow }: Books): readonly string[] {
  const problems: string[] = []
  for (const text of texted) {
    const lines = flow.filter(line => line.about === 'in' && line.text === text)
    if (lines.length === 0) problems.push(`did not reach the flow: ${text}`)
    if (lines.filter(({ redelivered }) => !redelivered).length > 1) problems.push(`reached the flow twice: ${text}`)
  }
  if (network.waiting() > 0) problems.push(`${network.waiting()} wait in the network`)
  for (const memory of Object.values(storage))
    if (memory.used > 0) problems.push(`${memory.used} still lie in ${memory.name}`)
  return problems
}
