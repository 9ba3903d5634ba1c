import { countSegments, segment } from '../../lib/segments.ts'
import { callsPerSecond, interleave } from './compare.ts'
import { peer } from './peers.ts'
import { rateRow } from './row.ts'
import type { Row } from './row.ts'

const ROUNDS = 5
const SLICE_MS = 60
const GOAL = 5

/** Of each kind so many texts, for nothing to be known beforehand about the next one. */
const TEXTS = 64
const GSM = 'eeeeettttaaaooiinnsshhrrdlcumwfgypbvk      .,ETAOIN0123456789?!:-@£äöüéèàñß€'.split('')
const CYRILLIC = 'ооооееааиинттсрвлкмдпуяыьгзбчйхжшюцщэфієї      .,ОЕАИНТСРВ0123456789'.split('')
const EMOJI = [...'eeettaaoinshrdl      .,'.split(''), '🚪', '🔥', '👍', '😀', '💡']

const KINDS: readonly (readonly [name: string, alphabet: readonly string[], characters: number, goal?: number])[] = [
  ['GSM 60', GSM, 60, GOAL],
  ['GSM 400', GSM, 400, GOAL],
  ['Cyrillic 60', CYRILLIC, 60],
  ['Cyrillic 400', CYRILLIC, 400],
  ['emoji 100', EMOJI, 100],
]

/** Segments of a text, against what npm has for it. */
export async function segments(): Promise<readonly Row[]> {
  const { split } = peer('split-sms') as { split(text: string, options?: { summary: boolean }): unknown }
  const { SegmentedMessage } = peer('sms-segments-calculator') as { SegmentedMessage: new (text: string) => unknown }
  const splitModes = [(text: string) => split(text), (text: string) => split(text, { summary: true })]
  const calculate = (text: string) => new SegmentedMessage(text)

  const rows: Row[] = []
  for (const [name, alphabet, characters, goal] of KINDS) {
    const texts = textsOf(alphabet, characters)
    const rate = (work: (text: string) => unknown) => callsPerSecond(work, texts, SLICE_MS)
    const compare = async (
      title: string,
      ours: (text: string) => unknown,
      theirs: readonly ((text: string) => unknown)[],
      goal?: number,
    ) => {
      const made = await interleave(
        ROUNDS,
        () => ({ rate: rate(text => ours(text)) }),
        () => ({ rate: Math.max(...theirs.map(rate)) }),
      )
      rows.push(rateRow(title, made.rate, goal))
    }
    await compare(`count ${name}, split-sms`, countSegments, splitModes, goal)
    await compare(`segment ${name}, split-sms`, segment, splitModes, goal)
    await compare(`segment ${name}, sms-segments-calculator`, segment, [calculate])
  }
  return rows
}

/** So many UTF-16 units each, the same in every run. */
function textsOf(alphabet: readonly string[], characters: number): string[] {
  let seed = 1
  const next = () => (seed = (seed * 48_271) % 2_147_483_647)
  return Array.from({ length: TEXTS }, () => {
    let text = ''
    while (text.length < characters) text += alphabet[next() % alphabet.length]!
    // As if it had come in a message, and not as the pieces it was put together from.
    return JSON.parse(JSON.stringify(text)) as string
  })
}
