import { countSegments, forcedCharacters } from '../../lib/segments.ts'
import { text } from './texts.ts'

const ALPHABETS = { gsm7: 'GSM-7', ucs2: 'Unicode' } as const
/** A line has room for these; of a whole other alphabet they are enough to see that. */
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
    if (forced.length === 0) return line
    const characters = forced.slice(0, NAMED_CHARACTERS).map(named).join(' ')
    const more = forced.length - NAMED_CHARACTERS
    const why = more > 0 ? text('segments.forcedMore', { characters, more }) : text('segments.forced', { characters })
    return `${line} · ${why}`
  } catch {
    return text('segments.tooLong')
  }
}

/** What cannot be seen, such as a no-break space that came with a paste, is named by its number. */
const named = (character: string): string =>
  /[\p{C}\p{Z}\p{M}]/u.test(character)
    ? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    : character
