import { SEPTET_COST } from './gsm/alphabet.ts'

/**
 * The text in the GSM 7-bit alphabet as far as its characters have a counterpart there; the others stay as they are.
 * A text that is GSM 7-bit already is returned untouched, and a second pass changes nothing.
 *
 * Cyrillic is taken for Ukrainian if it has one of і ї є ґ (and no Kazakh letter, as Kazakh has і too), and follows the
 * national table (Cabinet of Ministers resolution 55 of 2010); else it is read as Russian, in the BGN/PCGN manner
 * without apostrophes and dots (х kh, щ shch, ю yu, ё e). Greek is written in capitals, as Greek phones do.
 */
export function transliterate(text: string): string {
  if (isGsm7(text)) return text
  const isUkrainian = /[їєґ]/iu.test(text) || (/і/iu.test(text) && !/[әғқңөұүһ]/iu.test(text))
  const composed = text.normalize('NFC')
  const characters = Array.from(loneMu(isUkrainian ? withoutApostrophes(composed) : composed))

  let written = ''
  let before = ''
  let isWritten = true
  for (const [at, character] of characters.entries()) {
    // What belongs to the character before it shares its fate: an accent goes with a replaced letter, and a joiner
    // stays inside an emoji.
    if (ATTACHED.test(character)) {
      if (!isWritten) written += character
      continue
    }
    const counterpart = write(character, { before, after: characters[at + 1] ?? '', isUkrainian })
    written += counterpart ?? character
    isWritten = counterpart !== undefined
    before = character
  }
  return written.normalize('NFC')
}

interface Context {
  /** The characters beside it in the given text. */
  readonly before: string
  readonly after: string
  readonly isUkrainian: boolean
}

function write(character: string, context: Context): string | undefined {
  if (isGsm7(character)) return character
  const counterpart = lookUp(character, context) ?? decompose(character, context)
  // 2½ is not 21/2, nor 10⁵ 105.
  if (counterpart === undefined || !/\p{Nd}/u.test(context.before)) return counterpart
  if (SUPERSCRIPT.test(character)) return `^${counterpart}`
  return /\p{No}/u.test(character) ? ` ${counterpart}` : counterpart
}

function lookUp(character: string, context: Context): string | undefined {
  const symbol = SYMBOLS.get(character)
  if (symbol !== undefined) return symbol
  const lower = character.toLowerCase()
  const letter = (context.isUkrainian ? ukrainian(lower, context.before) : undefined) ?? LETTERS.get(lower)
  return letter === undefined || lower === character ? letter : capital(letter, context)
}

function ukrainian(letter: string, before: string): string | undefined {
  // The table's exception: зг is zgh, as zh stands for ж.
  if (letter === 'г' && /з/iu.test(before)) return 'gh'
  return (/\p{L}/u.test(before) ? undefined : UKRAINIAN_INITIAL.get(letter)) ?? UKRAINIAN.get(letter)
}

/** Щ is Shch in Що, but SHCH in ЩО and БОРЩ. */
function capital(letters: string, { before, after }: Context): string {
  const allCapitals = /\p{Lu}/u.test(/\p{L}/u.test(after) ? after : before)
  return allCapitals ? letters.toUpperCase() : letters.charAt(0).toUpperCase() + letters.slice(1)
}

/** Letters without their marks; ligatures, full-width forms, fractions and the like by Unicode's compatibility forms. */
function decompose(character: string, context: Context): string | undefined {
  let written = ''
  // Here a Greek mu comes only from squared units: ㎍ is micrograms, and must not become M, mega.
  for (const piece of character.normalize('NFKD').replaceAll('μ', 'u')) {
    if (DIACRITIC.test(piece)) continue
    const counterpart = isGsm7(piece) ? piece : lookUp(piece, context)
    if (counterpart === undefined) return undefined
    written += counterpart
  }
  return written
}

function isGsm7(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (SEPTET_COST[text.charCodeAt(at)] === 0) return false
  return true
}

/** Ukrainian drops the apostrophe inside a word: п'ять is piat. */
const withoutApostrophes = (text: string): string => text.replaceAll(/(?<=\p{Script=Cyrillic})['’ʼ`](?=[єїюя])/giu, '')

/** A mu without Greek letters around it is the prefix micro. */
const loneMu = (text: string): string => text.replaceAll(/(?<!\p{Script=Greek})μ(?!\p{Script=Greek})/gu, 'u')

/** Combining marks, with keycaps and variation selectors among them; joiners, soft hyphens, writing direction marks. */
const ATTACHED = /^[\p{M}\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]$/u

/** All combining diacritics but the stroke U+0338, which turns signs into their opposite: ≮ is not <. */
const DIACRITIC = /^[\u0300-\u0337\u0339-\u036F]$/u

const SUPERSCRIPT = /^[⁰¹²³⁴-⁹⁺⁻]$/u

const SYMBOLS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "'": '‘’‚‛‹›′`´ʹʻʼʽʾʿ',
    '"': '“”„‟«»″〝〞',
    '-': '‐‑‒–—―⁃−',
    '*': '•‣●○◦▪■∙★☆',
    '.': '·',
    ' ': '\t',
    '\n': '\u000B\u0085\u2028\u2029',
    '/': '⁄∕÷',
    x: '×',
    '~': '≈∼',
    '+/-': '±',
    '<=': '≤',
    '>=': '≥',
    '!=': '≠',
    '->': '→',
    '<-': '←',
    '<->': '↔',
    '=>': '⇒',
    '|': '¦',
    deg: '°˚',
    '(C)': '©',
    '(R)': '®',
    '(TM)': '™',
    c: '¢',
    UAH: '₴',
    RUB: '₽',
    KZT: '₸',
    INR: '₹',
    TRY: '₺',
    ILS: '₪',
    Δ: '∆',
    Σ: '∑',
    Π: '∏',
  }).flatMap(([counterpart, characters]) => Array.from(characters, character => [character, counterpart] as const)),
)

/**
 * By small letter. In Cyrillic, where languages share a letter but not its sound, Russian wins. In Greek, γ and its like
 * have their capital in the alphabet, α and its like a Latin twin of it.
 */
const LETTERS = pairs(`
  а a б b в v г g д d е e ё e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch
  ъ - ы y ь - э e ю yu я ya і i
  ј j љ lj њ nj ћ c ђ dj џ dz ѕ dz
  ә a ғ g қ q ң ng ө o ұ u ү u һ h ҳ h ҷ j
  ß ss ł l đ d ð d þ th œ oe ħ h ı i ŀ l ŋ n ŧ t ə e ĸ k ƒ f ɓ b ɗ d ɛ e ƙ k ɔ o
  α A β B γ Γ δ Δ ε E ζ Z η H θ Θ ι I κ K λ Λ μ M ν N ξ Ξ ο O π Π ρ P σ Σ ς Σ τ T υ Y φ Φ χ X ψ Ψ ω Ω`)

const UKRAINIAN = pairs('г h ґ g є ie и y ї i й i ю iu я ia')

/** At the beginning of a word. */
const UKRAINIAN_INITIAL = pairs('є ye ї yi й y ю yu я ya')

/** Letter and counterpart in turns; `-` stands for none. */
function pairs(list: string): ReadonlyMap<string, string> {
  const words = list.trim().split(/\s+/)
  return new Map(words.flatMap((word, at) => (at % 2 === 0 ? [[word, (words[at + 1] ?? '').replace('-', '')]] : [])))
}
