import { EXTENSION_TABLE } from './alphabet.ts'

/*
 * National language single shift tables (3GPP TS 23.038 Annex A.2): what ESC before a septet makes of it.
 */

/** A language's single shift table, septet after ESC → character, or `undefined` if the language is not known. */
export function singleShiftTable(language: number): ReadonlyMap<number, string> | undefined {
  const letters = LETTERS[language]
  const others = language < FIRST_OF_ASIA ? EXTENSION_TABLE : ASIAN_SYMBOLS
  return letters === undefined ? undefined : new Map([...others, ...placed(letters)])
}

/**
 * By language identifier (§6.2.1.2.4) what the table has beside the symbols: runs of characters, each after the septet of
 * its first one. A word of three hexadecimal digits is a code point.
 */
const LETTERS: Readonly<Record<number, string>> = {
  // Turkish
  1: '47 Ğ, 49 İ, 53 Ş, 63 ç, 67 ğ, 69 ı, 73 ş',
  // Spanish
  2: '09 ç, 41 Á, 49 Í, 4F Ó, 55 Ú, 61 á, 69 í, 6F ó, 75 ú',
  // Portuguese
  3: '05 ê, 09 ç, 0B Ô ô, 0E Á á, 12 Φ Γ, 15 Ω Π Ψ Σ Θ, 1F Ê, 41 À, 49 Í, 4F Ó, 55 Ú, 5B Ã Õ, 61 Â, 69 í, 6F ó, 75 ú, 7B ã õ, 7F â',
  // Bengali
  4: '19 9E6 9E7, 1C 9E8 9E9 9EA 9EB 9EC 9ED 9EE 9EF 9DF 9E0 9E1 9E2, 2A 9E3 9F2 9F3 9F4 9F5, 30 9F6 9F7 9F8 9F9 9FA',
  // Gujarati
  5: '19 964 965, 1C AE6 AE7 AE8 AE9 AEA AEB AEC AED AEE AEF',
  // Hindi
  6: '19 964 965, 1C 966 967 968 969 96A 96B 96C 96D 96E 96F 951 952, 2A 953 954 958 959 95A, 30 95B 95C 95D 95E 95F 960 961 962 963 970 971',
  // Kannada
  7: '19 964 965, 1C CE6 CE7 CE8 CE9 CEA CEB CEC CED CEE CEF CDE CF1, 2A CF2',
  // Malayalam
  8: '19 964 965, 1C D66 D67 D68 D69 D6A D6B D6C D6D D6E D6F D70 D71, 2A D72 D73 D74 D75 D7A, 30 D7B D7C D7D D7E D7F',
  // Oriya
  9: '19 964 965, 1C B66 B67 B68 B69 B6A B6B B6C B6D B6E B6F B5C B5D, 2A B5F B70 B71',
  // Punjabi
  10: '19 964 965, 1C A66 A67 A68 A69 A6A A6B A6C A6D A6E A6F A59 A5A, 2A A5B A5C A5E A75',
  // Tamil. The standard prints BEF at both 0x24 and 0x25: the first of them is the digit before it.
  11: '19 964 965, 1C BE6 BE7 BE8 BE9 BEA BEB BEC BED BEE BEF BF3 BF4, 2A BF5 BF6 BF7 BF8 BFA',
  // Telugu. The standard prints 6CC and 6CD at 0x22 and 0x23, which are Arabic: these are the digits 6 and 7.
  12: '1C C66 C67 C68 C69 C6A C6B C6C C6D C6E C6F C58 C59, 2A C78 C79 C7A C7B C7C, 30 C7D C7E C7F',
  // Urdu
  13: '19 600 601, 1C 6F0 6F1 6F2 6F3 6F4 6F5 6F6 6F7 6F8 6F9 60C 60D, 2A 60E 60F 610 611 612, 30 613 614 61B 61F 640 652 658 66B 66C 672 673 6CD, 3F 6D4',
}

/** From Bengali on, the locking shift tables need the places of many symbols and of the capitals, which are here instead. */
const FIRST_OF_ASIA = 4

const ASIAN_SYMBOLS: ReadonlyMap<number, string> = new Map([
  ...EXTENSION_TABLE,
  ...placed(`00 @ £ $ ¥ ¿ " ¤ % & ', 0B * +, 0E - / < = > ¡ ^ ¡ _ # *`),
  ...placed('41 A B C D E F G H I J K L M N O P Q R S T U V W X Y Z'),
])

function placed(runs: string): [septet: number, character: string][] {
  return runs.split(', ').flatMap(run => {
    const [first = '', ...words] = run.split(' ')
    const from = Number.parseInt(first, 16)
    return words.map((word, place): [number, string] => [from + place, characterOf(word)])
  })
}

function characterOf(word: string): string {
  return word.length === 1 ? word : String.fromCharCode(Number.parseInt(word, 16))
}
