import { SmsError } from './errors.ts'
import { SEPTET_COST } from './gsm/alphabet.ts'
import type { Encoding } from './message.ts'
import { transliterate } from './transliterate.ts'

export interface SegmentOptions {
  /** `auto`, the default, takes GSM 7-bit where the whole text fits it, else UCS-2. */
  readonly encoding?: 'auto' | Encoding | undefined
  /** Rewrites the text if, and only if, all of it then fits GSM 7-bit: nobody loses letters for no gain. */
  readonly transliterate?: boolean | undefined
}

/** How a text travels. Units are septets in GSM 7-bit, UTF-16 code units in UCS-2. */
export interface SegmentCount {
  readonly encoding: Encoding
  readonly parts: number
  readonly units: number
  /** Units still free in the last part. */
  readonly remaining: number
}

export interface Segments extends Omit<SegmentCount, 'parts'> {
  /** The text as it will be sent: the given one, or its transliteration. */
  readonly text: string
  /** The text cut for sending; together they are `text` again. */
  readonly parts: readonly string[]
}

/** What concatenation can number: one octet, 1 to 255 (3GPP TS 23.040 §9.2.3.24.1). */
export const MAX_PARTS = 255

/**
 * Units in a message alone, and in each of several: 140 octets of user data, of which the header of a concatenated
 * message takes 6 (3GPP TS 23.040 §9.2.3.24.1; 8-bit reference).
 */
const UNITS = {
  gsm7: { single: 160, joined: 153 },
  ucs2: { single: 70, joined: 67 },
} as const satisfies Record<Encoding, { single: number; joined: number }>

/**
 * The parts a text is sent in. Neither an ESC pair nor a surrogate pair is ever split. An empty text is one empty part,
 * as an SMS without text is one: who sends part by part never takes "nothing sent" for success.
 *
 * @throws SmsError `SMS_REQUEST` for characters that `encoding: 'gsm7'` cannot carry, a lone surrogate, or a text of
 * more than `MAX_PARTS` parts.
 */
export function segment(text: string, options: SegmentOptions = {}): Segments {
  const body = choose(text, options)
  const parts: string[] = []
  const { remaining } = cut(body, (start, end) => parts.push(body.text.slice(start, end)))
  const { encoding, units } = body
  return { encoding, text: body.text, parts, units, remaining }
}

/**
 * The distinct characters that keep a text out of GSM 7-bit, those transliteration can replace not among them. Throws
 * what `segment` throws.
 */
export function forcedCharacters(text: string, options: SegmentOptions = {}): readonly string[] {
  return beyondGsm7(choose(text, options).foreign)
}

/** The same without the parts themselves: fast enough for every key pressed in a form. Throws what `segment` throws. */
export function countSegments(text: string, options: SegmentOptions = {}): SegmentCount {
  const body = choose(text, options)
  const { parts, remaining } = cut(body)
  return { encoding: body.encoding, parts, units: body.units, remaining }
}

interface Body {
  readonly text: string
  readonly encoding: Encoding
  readonly units: number
  /** Where to look for what keeps the text out of GSM 7-bit; empty if nothing does. */
  readonly foreign: string
}

function choose(text: string, options: SegmentOptions): Body {
  const wish = options.encoding ?? 'auto'
  const septets = countSeptets(text)
  if (septets !== undefined && wish !== 'ucs2') return { text, encoding: 'gsm7', units: septets, foreign: '' }
  if (septets === undefined) refuseLoneSurrogates(text)
  const foreign = septets === undefined ? text : ''
  if (wish === 'ucs2') return { text, encoding: 'ucs2', units: text.length, foreign }

  const rewritten = options.transliterate === true ? transliterate(text) : text
  const rewrittenSeptets = options.transliterate === true ? countSeptets(rewritten) : undefined
  if (rewrittenSeptets !== undefined) return { text: rewritten, encoding: 'gsm7', units: rewrittenSeptets, foreign: '' }
  if (wish === 'gsm7') throw notGsm7(rewritten)
  return { text, encoding: 'ucs2', units: text.length, foreign: rewritten }
}

/** Of the whole text; `undefined` if a character is not in the alphabet. */
function countSeptets(text: string): number | undefined {
  let septets = 0
  for (let at = 0; at < text.length; at += 1) {
    const cost = costAt(text, at)
    if (cost === 0) return undefined
    septets += cost
  }
  return septets
}

// The table has an entry for every UTF-16 code unit.
const costAt = (text: string, at: number): number => SEPTET_COST[text.charCodeAt(at)] as number

/** Cuts at places that split no pair. Calls back for each part and says what is free in the last one. */
function cut(body: Body, onPart?: (start: number, end: number) => void): { parts: number; remaining: number } {
  const { text, encoding, units } = body
  const { single, joined } = UNITS[encoding]
  if (units <= single) {
    onPart?.(0, text.length)
    return { parts: 1, remaining: single - units }
  }
  const partEnd = encoding === 'ucs2' ? ucs2PartEnd : units === text.length ? plainPartEnd : gsm7PartEnd
  let parts = 0
  let remaining = 0
  for (let start = 0, end; start < text.length; start = end) {
    if (parts === MAX_PARTS) throw new SmsError('SMS_REQUEST', `the text is longer than ${MAX_PARTS} parts`)
    end = partEnd(text, start, joined)
    onPart?.(start, end)
    parts += 1
    if (end === text.length) remaining = joined - (encoding === 'ucs2' ? end - start : septetsFrom(text, start))
  }
  return { parts, remaining }
}

/** For a text without extension characters. */
const plainPartEnd = (text: string, start: number, septets: number): number => Math.min(start + septets, text.length)

function gsm7PartEnd(text: string, start: number, septets: number): number {
  let end = start
  for (let free = septets; end < text.length; end += 1) {
    free -= costAt(text, end)
    if (free < 0) break
  }
  return end
}

function ucs2PartEnd(text: string, start: number, codeUnits: number): number {
  const end = start + codeUnits
  if (end >= text.length) return text.length
  // Where the last unit is the first half of a pair, the pair goes into the next part.
  return (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end
}

function septetsFrom(text: string, start: number): number {
  let septets = 0
  for (let at = start; at < text.length; at += 1) septets += costAt(text, at)
  return septets
}

/** No encoding can carry half a character, and a carrier would turn it into a question mark in silence. */
function refuseLoneSurrogates(text: string): void {
  // ES2024, and several times faster than a search; the compiler is told of ES2023 only.
  if ((text as string & { isWellFormed(): boolean }).isWellFormed()) return
  const at = text.search(/\p{Surrogate}/u)
  throw new SmsError('SMS_REQUEST', `the text has half a character (a lone surrogate) at position ${at}`)
}

function beyondGsm7(text: string): string[] {
  const found = new Set<string>()
  for (const character of text) if (costAt(character, 0) === 0) found.add(character)
  return [...found]
}

const NAMED_CHARACTERS = 10

function notGsm7(text: string): SmsError {
  const characters = beyondGsm7(text)
  const named = characters.slice(0, NAMED_CHARACTERS).map(describe).join(', ')
  const more = characters.length - NAMED_CHARACTERS
  return new SmsError('SMS_REQUEST', `not in the GSM 7-bit alphabet: ${named}${more > 0 ? ` and ${more} more` : ''}`)
}

/** With its number, as many of these cannot be seen or look like a letter that would fit. */
function describe(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return /[\p{C}\p{Z}\p{M}]/u.test(character) ? code : `${character} (${code})`
}
