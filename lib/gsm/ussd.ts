import { readBroadcastCoding } from './broadcast-coding.ts'
import { decodeSeptets, DEFAULT_CHARSET, encodeSeptets } from './charset.ts'
import { EncodeError } from './encode-error.ts'
import { hexToOctets, octetsToHex } from './hex.ts'
import { packSeptets, unpackSeptets } from './septets.ts'
import { decodeUcs2, writeUcs2 } from './ucs2.ts'

/** Plain, hexadecimal of packed septets, or hexadecimal of UCS-2. */
export type UssdForm = 'plain' | 'gsm7hex' | 'ucs2hex'

/**
 * The text of a `+CUSD` reply, which modems spell in three ways: plain, or as hexadecimal of packed septets or of UCS-2.
 * `dcs`, the data coding the reply came with, is only a hint: most modems say 15 whichever way it is. Never throws.
 */
export function decodeUssd(text: string, dcs?: number): string {
  const spelled = text.trim()
  if (!/^(?:[\dA-F]{4,}|[\da-f]{4,})$/.test(spelled)) return text
  // An odd digit at the end is garbage some modems leave there.
  const octets = hexToOctets(spelled.slice(0, spelled.length & ~1)) ?? NOTHING
  const { alphabet, languageInText } = dcs === undefined ? UNSAID : readBroadcastCoding(dcs)
  const saidWide = alphabet === 'ucs2'
  const wide = decodeWide(octets, saidWide && languageInText)
  // Of nothing but digits, a reply is a number far more often than the hexadecimal of a text.
  const isNumber = /^\d+$/.test(spelled)
  if (isNumber)
    return isOneScript(wide, LATIN, ALPHABETIC) && (wide.length > 1 || (saidWide && wide < '\xFF')) ? wide : text
  if (isOneScript(wide, SIGNS, ALPHABETIC)) return wide
  const isCjk = isOneScript(wide, SIGNS, CJK)
  if (saidWide && isCjk) return wide
  const narrow = decodeNarrow(octets, !saidWide && languageInText)
  if (ordinaryShare(narrow) >= ORDINARY_SHARE) return narrow
  return isCjk || (saidWide && wide !== '') ? wide : text
}

/** The text of what is known to be in one of the spellings; `undefined` if it is not. Never throws. */
export function decodeUssdForm(text: string, form: UssdForm): string | undefined {
  if (form === 'plain') return text
  const octets = hexToOctets(text.trim())
  if (!octets) return undefined
  return form === 'ucs2hex' ? decodeUcs2(octets) : decodeNarrow(octets, false)
}

/**
 * A USSD string as `AT+CUSD` wants it in one of the spellings. Throws `EncodeError` for what the default alphabet has
 * not.
 */
export function encodeUssd(text: string, form: UssdForm): string {
  if (form === 'plain') return text
  const octets = new Uint8Array(text.length * 2 + 2)
  if (form === 'ucs2hex') return octetsToHex(octets, writeUcs2(text, octets, 0))
  const septets = new Uint8Array(text.length * 2 + 1)
  let count = encodeSeptets(text, DEFAULT_CHARSET, septets)
  if (count === -1) throw new EncodeError('text', 'the text has characters that GSM 7-bit has not')
  // Seven bits left over would read as `@`, and a CR that ends in the last bit as filling (3GPP TS 23.038 §6.1.2.3.1).
  if (count % 8 === 7 || (count > 0 && count % 8 === 0 && septets[count - 1] === CR)) septets[count++] = CR
  return octetsToHex(octets, packSeptets(septets, octets, 0, 0, 0, count))
}

const CR = 0x0d
const NOTHING = new Uint8Array()
const UNSAID = { alphabet: 'gsm7', languageInText: false } as const

/** The UCS-2 up to the first place that can be none. */
function decodeWide(octets: Uint8Array, languageFirst: boolean): string {
  const text = decodeUcs2(octets, languageFirst ? 2 : 0)
  // After it, some modems send what their buffer held before.
  const end = text.search(/[\0\uFFFE\uFFFF]/)
  const said = (end === -1 ? text : text.slice(0, end)).replace(/\r+$/, '')
  return (said as string & { isWellFormed(): boolean }).isWellFormed() ? said : ''
}

function decodeNarrow(octets: Uint8Array, languageFirst: boolean): string {
  const text = decodeSeptets(unpackSeptets(octets, 0, Math.floor((octets.length * 8) / 7), 0), DEFAULT_CHARSET)
  // Filled with CR by the standard, with zeros by some.
  const said = text.replace(/[@\r]+$/, '')
  return languageFirst ? said.replace(/^[a-z]{2}\r/, '') : said
}

/**
 * Whether all characters but signs are of a script, and of few blocks of it for how many they are. Septets that are read
 * as UCS-2 are of many.
 */
function isOneScript(text: string, signs: RegExp, script: RegExp): boolean {
  const blocks = new Set<number>()
  for (const character of text.replace(signs, '')) {
    if (!script.test(character)) return false
    blocks.add(script === CJK ? 0 : character.charCodeAt(0) >> 8)
  }
  return text !== '' && blocks.size * 4 <= text.length + 3
}

const LATIN = /[\n\r\x20-\x7E\xA0-\xFF]/g
/** Latin and its extensions, punctuation, currency, letterlike signs, arrows, dingbats, emoji. */
const SIGNS = /[\n\r\x20-\x7E\xA0-\u024F\u1E00-\u1EFF\u2000-\u2BFF\p{Emoji_Presentation}]/gu
const ALPHABETIC = /[\u0370-\u10FF\u1200-\u137F\u1780-\u17FF\u1F00-\u1FFF\uFB1D-\uFDFF\uFE70-\uFEFC]/
const CJK = /[\u1100-\u11FF\u3000-\u30FF\u3400-\u9FFF\uAC00-\uD7AF\uFF00-\uFFEF]/

/** Of septets a network packed nearly all are such, of anything else read as septets few. */
const ORDINARY_SHARE = 0.75

/** A letter with an accent is half as good: there are many such septets. */
function ordinaryShare(text: string): number {
  const ordinary = text.match(/[\w \n\r.,:;!?()'"*#+\-/%&=$€<>]/g)?.length ?? 0
  const accented = text.match(/[äöüßÄÖÜàèéùìòÇÉñÑåÅøØæÆ¿¡]/g)?.length ?? 0
  return text === '' ? 0 : (ordinary + accented / 2) / text.length
}
