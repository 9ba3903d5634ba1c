import assert from 'node:assert/strict'
import fc from 'fast-check'
import { DEFAULT_ALPHABET, EXTENSION_TABLE } from './alphabet.ts'
import { charsetOf, decodeSeptets, DEFAULT_CHARSET, encodeSeptets } from './charset.ts'
import type { Charset } from './charset.ts'
import { lockingShiftTable } from './locking-shift.ts'
import { singleShiftTable } from './single-shift.ts'

const SPACE = 0x20
const ESC = 0x1b

describe('national language shift tables', () => {
  // 3GPP TS 23.038 Annex A: how many characters beside ASCII and controls each table has, of which script, and some
  // places of each: the first, the last, and where the rows of the standard break.
  const languages: [
    language: number,
    script: string,
    locking: number,
    single: number,
    places: Places,
    shifted: Places,
  ][] = [
    [4, 'Bengali', 67, 24, { 0x00: 0x981, 0x10: 0x990, 0x2f: 0x9a8, 0x7f: 0x9f1 }, { 0x19: 0x9e6, 0x34: 0x9fa }],
    [5, 'Gujarati', 73, 12, { 0x00: 0xa81, 0x1f: 0xa9e, 0x60: 0xad0, 0x7f: 0xaf1 }, { 0x1c: 0xae6, 0x25: 0xaef }],
    [6, 'Devanagari', 80, 30, { 0x00: 0x901, 0x3c: 0x929, 0x60: 0x950, 0x7f: 0x97f }, { 0x26: 0x951, 0x3a: 0x971 }],
    [7, 'Kannada', 73, 15, { 0x01: 0xc82, 0x24: 0xca1, 0x3d: 0xcaa, 0x7f: 0xce3 }, { 0x19: 0x964, 0x2a: 0xcf2 }],
    [8, 'Malayalam', 73, 24, { 0x01: 0xd02, 0x48: 0xd34, 0x60: 0xd57, 0x7f: 0xd79 }, { 0x2e: 0xd7a, 0x34: 0xd7f }],
    [9, 'Oriya', 69, 17, { 0x00: 0xb01, 0x13: 0xb13, 0x60: 0xb56, 0x7f: 0xb63 }, { 0x26: 0xb5c, 0x2c: 0xb71 }],
    [10, 'Gurmukhi', 63, 18, { 0x00: 0xa01, 0x4c: 0xa38, 0x60: 0xa51, 0x7f: 0xa74 }, { 0x26: 0xa59, 0x2d: 0xa75 }],
    [11, 'Tamil', 55, 19, { 0x01: 0xb82, 0x3c: 0xba9, 0x60: 0xbd0, 0x7f: 0xbf9 }, { 0x24: 0xbee, 0x2e: 0xbfa }],
    [12, 'Telugu', 73, 20, { 0x00: 0xc01, 0x3d: 0xc2a, 0x60: 0xc55, 0x7f: 0xc63 }, { 0x22: 0xc6c, 0x32: 0xc7f }],
    [13, 'Arabic', 80, 32, { 0x00: 0x627, 0x13: 0x684, 0x5b: 0x6d2, 0x7f: 0x670 }, { 0x19: 0x600, 0x3f: 0x6d4 }],
  ]
  for (const [language, script, inLocking, inSingle, places, shifted] of languages) {
    it(`${script} is as the standard has it`, () => {
      const locking = lockingShiftTable(language) ?? ''
      const single = singleShiftTable(language) ?? new Map<number, string>()
      assert.equal(locking.length, 128)
      // What all of them share.
      for (const [septet, text] of [
        [0x0a, '\n'],
        [0x0d, '\r'],
        [0x1b, '\x1b'],
        [0x20, ' !'],
        [0x2c, ','],
        [0x2e, '.'],
      ] as const)
        assert.equal(locking.slice(septet, septet + text.length), text)
      assert.equal(locking.slice(0x28, 0x2a), ')(')
      assert.equal(locking.slice(0x30, 0x3c), '0123456789:;')
      assert.equal(locking[0x3f], '?')
      assert.equal(locking.slice(0x61, 0x7b), 'abcdefghijklmnopqrstuvwxyz')
      for (const [septet, character] of EXTENSION_TABLE) assert.equal(single.get(septet), character)
      for (let septet = 0x41; septet <= 0x5a; septet += 1) assert.equal(single.get(septet), String.fromCharCode(septet))
      assert.equal(
        '@£$¥¿"¤%&\''
          .split('')
          .map((_, septet) => single.get(septet))
          .join(''),
        '@£$¥¿"¤%&\'',
      )
      assert.equal(single.has(ESC) || single.has(0x0d), false)

      const letters = locking.split('').filter(character => character > '\x7f')
      const others = [...single.values()].filter(character => character > '\xff' && character !== '€')
      assert.deepEqual([letters.length, others.length], [inLocking, inSingle])
      const ofScript = new RegExp(`^[\\p{scx=${script}}\\p{Script=Inherited}\\p{Script=Common}]$`, 'u')
      for (const character of [...letters, ...others]) {
        assert.match(character, /^\P{Cn}$/u, character.codePointAt(0)?.toString(16))
        assert.match(character, ofScript, character.codePointAt(0)?.toString(16))
      }
      // No character stands twice, neither in a table nor in both.
      assert.equal(new Set([...letters, ...others]).size, letters.length + others.length)
      // The Indic ones are in the order of Unicode.
      if (script !== 'Arabic') assert.deepEqual(letters.toSorted(), letters)
      for (const [septet, unit] of Object.entries(places))
        assert.equal(locking.charCodeAt(Number(septet)), unit, septet)
      for (const [septet, unit] of Object.entries(shifted))
        assert.equal(single.get(Number(septet))?.charCodeAt(0), unit, septet)
    })
  }

  it('are the Latin ones', () => {
    const differing = (language: number): string =>
      (lockingShiftTable(language) ?? '')
        .split('')
        .filter((character, at) => character !== DEFAULT_ALPHABET[at])
        .join('')
    assert.equal(differing(1), '€ıĞğŞşİç')
    assert.equal(differing(3), 'êúíóçÔôÁáªÇÀ∞^\\€Ó|ÂâÊºÍÃÕÚ~ãõ`')
    assert.equal(lockingShiftTable(2), undefined)
    const added = (language: number): string =>
      [...(singleShiftTable(language) ?? [])]
        .filter(([septet]) => !EXTENSION_TABLE.has(septet))
        .map(([, one]) => one)
        .join('')
    assert.equal(added(1), 'ĞİŞçğış')
    assert.equal(added(2), 'çÁÍÓÚáíóú')
    assert.equal(added(3), 'êçÔôÁáΦΓΩΠΨΣΘÊÀÍÓÚÃÕÂíóúãõâ')
  })

  it('are no others', () => {
    for (const language of [0, 14, 255]) {
      assert.equal(lockingShiftTable(language), undefined)
      assert.equal(singleShiftTable(language), undefined)
      assert.equal(charsetOf(language, language), DEFAULT_CHARSET)
    }
  })
})

type Places = Readonly<Record<number, number>>

describe('septets as text', () => {
  const read = (charset: Charset, ...septets: number[]): string => decodeSeptets(Uint8Array.from(septets), charset)

  it('take ESC for a space where it shifts nothing', () => {
    assert.equal(read(DEFAULT_CHARSET, 0x41, ESC), 'A ')
    assert.equal(read(DEFAULT_CHARSET, ESC, ESC, 0x41), ' A')
    assert.equal(read(charsetOf(6, 6), ESC, ESC), ' ')
  })

  it('take the main table where the extension has nothing', () => {
    assert.equal(read(DEFAULT_CHARSET, ESC, 0x41), 'A')
    assert.equal(read(charsetOf(1, 0), ESC, 0x1c), 'Ş')
    assert.equal(read(charsetOf(7, 0), 0x00, 0x11), '  ')
  })

  it('use each of the two tables for itself', () => {
    assert.equal(read(charsetOf(0, 1), 0x04, ESC, 0x67), 'èğ')
    assert.equal(read(charsetOf(1, 0), 0x04, ESC, 0x65), '€€')
    assert.equal(read(charsetOf(3, 99), 0x12), 'ª')
    assert.equal(read(charsetOf(99, 3), ESC, 0x05), 'ê')
  })

  it('read what was written, with any tables', () => {
    fc.assert(
      fc.property(fc.nat(14), fc.nat(14), fc.array(fc.nat(255), { maxLength: 6000 }), (locking, single, picks) => {
        const charset = charsetOf(locking, single)
        const text = picks.map(pick => read(charset, ...(pick < 0x80 ? [pick] : [ESC, pick - 0x80]))).join('')
        const septets = new Uint8Array(text.length * 2)
        const length = encodeSeptets(text, charset, septets)
        assert.equal(decodeSeptets(septets.subarray(0, length), charset), text)
      }),
    )
  })

  it('refuse what is in neither table', () => {
    for (const text of ['ж', '\u2300', '\uffff', '\u{1F600}', '`', '\x1b', 'ok \0'])
      assert.equal(encodeSeptets(text, DEFAULT_CHARSET, new Uint8Array(20)), -1)
  })

  it('write a space only as the septet that is one', () => {
    for (let language = 0; language <= 13; language += 1) {
      const septets = new Uint8Array(2)
      assert.equal(encodeSeptets(' ', charsetOf(language, language), septets), 1)
      assert.equal(septets[0], SPACE)
    }
  })
})
