import assert from 'node:assert/strict'
import { DEFAULT_ALPHABET, ESCAPE, EXTENSION_TABLE, SEPTET_COST } from './alphabet.ts'

describe('GSM 7-bit alphabet', () => {
  it('has 128 different places', () => {
    assert.equal(DEFAULT_ALPHABET.length, 128)
    assert.equal(new Set(DEFAULT_ALPHABET).size, 128)
  })

  // 3GPP TS 23.038 §6.2.1: both ends of every run that is not ASCII, and what lies between such runs.
  const places: [septet: number, character: string][] = [
    [0x00, '@'],
    [0x01, '£'],
    [0x02, '$'],
    [0x04, 'è'],
    [0x09, 'Ç'],
    [0x0a, '\n'],
    [0x0b, 'Ø'],
    [0x0d, '\r'],
    [0x0f, 'å'],
    [0x10, 'Δ'],
    [0x11, '_'],
    [0x12, 'Φ'],
    [0x15, 'Ω'],
    [0x1a, 'Ξ'],
    [0x1c, 'Æ'],
    [0x1f, 'É'],
    [0x20, ' '],
    [0x24, '¤'],
    [0x27, "'"],
    [0x3f, '?'],
    [0x40, '¡'],
    [0x41, 'A'],
    [0x5a, 'Z'],
    [0x5b, 'Ä'],
    [0x5f, '§'],
    [0x60, '¿'],
    [0x61, 'a'],
    [0x7a, 'z'],
    [0x7b, 'ä'],
    [0x7f, 'à'],
  ]
  for (const [septet, character] of places)
    it(`0x${septet.toString(16)} is ${JSON.stringify(character)}`, () =>
      assert.equal(DEFAULT_ALPHABET[septet], character))

  it('counts one septet for its characters, two for the extension table, none for anything else', () => {
    const cost = (character: string): number | undefined => SEPTET_COST[character.charCodeAt(0)]
    for (const character of '@£ΔÆ¤aà\n\r') assert.equal(cost(character), 1, JSON.stringify(character))
    for (const character of '\f^{}\\[~]|€') assert.equal(cost(character), 2, JSON.stringify(character))
    for (const character of '`çП\t\u00A0\u{D83D}\u{FFFF}') assert.equal(cost(character), 0, character)
    assert.equal(SEPTET_COST[ESCAPE], 0)
    assert.equal(
      SEPTET_COST.reduce((sum, septets) => sum + septets, 0),
      127 + 2 * EXTENSION_TABLE.size,
    )
  })
})
