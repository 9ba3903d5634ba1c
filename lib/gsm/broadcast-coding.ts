/** What the data coding of a cell broadcast or a USSD string says (3GPP TS 23.038 §5). */
export interface BroadcastCoding {
  readonly alphabet: 'gsm7' | '8bit' | 'ucs2'
  readonly compressed: boolean
  /** ISO 639, where the octet says it. */
  readonly language?: string
  /** Whether the text itself begins with its language: two letters and CR, or in UCS-2 two octets. */
  readonly languageInText: boolean
}

/** Reads the octet. Reserved codings are to be taken for the default alphabet. */
export function readBroadcastCoding(octet: number): BroadcastCoding {
  const group = octet >> 4
  const low = octet & 0xf
  if (group === 0 || group === 2) {
    const language = LANGUAGES[group]?.[low]
    return { ...PLAIN, ...(language !== undefined && { language }) }
  }
  if (group === 1 && low < 2) return { ...PLAIN, alphabet: low === 0 ? 'gsm7' : 'ucs2', languageInText: true }
  // 01xx: as for messages; 1001: with a header, the alphabet at the same place.
  if ((group & 0xc) === 4 || group === 9) {
    const compressed = group !== 9 && (octet & 0x20) !== 0
    return { ...PLAIN, compressed, alphabet: ALPHABETS[(octet >> 2) & 3] ?? 'gsm7' }
  }
  return group === 0xf && octet & 4 ? { ...PLAIN, alphabet: '8bit' } : PLAIN
}

const PLAIN: BroadcastCoding = { alphabet: 'gsm7', compressed: false, languageInText: false }

const ALPHABETS = ['gsm7', '8bit', 'ucs2'] as const

const LANGUAGES: Readonly<Record<number, readonly string[]>> = {
  0: 'de en it fr es nl sv da pt fi no el tr hu pl'.split(' '),
  2: 'cs he ar ru is'.split(' '),
}
