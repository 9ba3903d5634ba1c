/**
 * The GSM 7-bit default alphabet, a character's place being its septet (3GPP TS 23.038 §6.2.1). Place 0x1B holds
 * ESC, which only announces a character of `EXTENSION_TABLE` and is none itself.
 */
export const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1BÆæßÉ' +
  ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmnopqrstuvwxyzäöñüà'

export const ESCAPE = 0x1b

/** Septet after ESC → character (3GPP TS 23.038 §6.2.1.1). 0x0A is a page break, which Unicode knows as form feed. */
export const EXTENSION_TABLE: ReadonlyMap<number, string> = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
])

/** Septets a UTF-16 code unit costs: 1, 2 with its ESC, or 0 where GSM 7-bit has no such character. */
export const SEPTET_COST: Readonly<Uint8Array> = septetCosts()

function septetCosts(): Uint8Array {
  const costs = new Uint8Array(0x1_0000)
  for (const character of DEFAULT_ALPHABET) costs[character.charCodeAt(0)] = 1
  for (const character of EXTENSION_TABLE.values()) costs[character.charCodeAt(0)] = 2
  costs[ESCAPE] = 0
  return costs
}
