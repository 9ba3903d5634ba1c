import { countSegments, forcedCharacters } from '../../lib/segments.ts'
import { text } from './texts.ts'

const ALPHABETS = { gsm7: 'GSM-7', ucs2: 'Unicode' } as const
/** More than these would be a whole alphabet, which needs no explanation. */
const NAMED_CHARACTERS = 4

/** What sending a text takes, in a line: `2 SMS · GSM-7 · 170 of 306`. */
export function segmentLine(content: string): string {
  if (content === '') return ''
  try {
    const { encoding, parts, units, remaining } = countSegments(content)
    const forced = forcedCharacters(content)
    const line = text('segments.line', {
      parts,
      alphabet: ALPHABETS[encoding],
      units,
      capacity: units + remaining,
    })
    const isExplained = forced.length > 0 && forced.length <= NAMED_CHARACTERS
    return isExplained ? `${line} · ${text('segments.forced', { characters: forced.join(' ') })}` : line
  } catch {
    return text('segments.tooLong')
  }
}
