import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { SmsError } from './errors.ts'
import { DEFAULT_ALPHABET, EXTENSION_TABLE, SEPTET_COST } from './gsm/alphabet.ts'
import { countSegments, forcedCharacters, MAX_PARTS, segment, type SegmentOptions } from './segments.ts'

describe('segments', () => {
  describe('limits', () => {
    const table: [title: string, text: string, encoding: string, partLengths: number[], units: number, left: number][] =
      [
        ['an empty text is one empty part', '', 'gsm7', [0], 0, 160],
        ['160 septets are one part', 'a'.repeat(160), 'gsm7', [160], 160, 0],
        ['161 septets are two', 'a'.repeat(161), 'gsm7', [153, 8], 161, 145],
        ['306 septets are two, full', 'a'.repeat(306), 'gsm7', [153, 153], 306, 0],
        ['307 septets are three', 'a'.repeat(307), 'gsm7', [153, 153, 1], 307, 152],
        ['an extension character costs two', '€'.repeat(80), 'gsm7', [80], 160, 0],
        ['an ESC pair is not split', 'a'.repeat(152) + '€' + 'a'.repeat(20), 'gsm7', [152, 21], 174, 131],
        ['an ESC pair may end a part', 'a'.repeat(151) + '€' + 'a'.repeat(20), 'gsm7', [152, 20], 173, 133],
        ['an ESC pair may fill a message', 'a'.repeat(158) + '€', 'gsm7', [159], 160, 0],
        ['a part of ESC pairs leaves a septet', '€'.repeat(81), 'gsm7', [76, 5], 162, 143],
        ['form feed, CR and LF are GSM 7-bit', '\f\r\n', 'gsm7', [3], 4, 156],
        ['ESC itself is not', '\u001B', 'ucs2', [1], 1, 69],
        ['tab is not', 'a\tb', 'ucs2', [3], 3, 67],
        ['70 code units are one part', 'ж'.repeat(70), 'ucs2', [70], 70, 0],
        ['71 code units are two', 'ж'.repeat(71), 'ucs2', [67, 4], 71, 63],
        ['134 code units are two, full', 'ж'.repeat(134), 'ucs2', [67, 67], 134, 0],
        ['135 code units are three', 'ж'.repeat(135), 'ucs2', [67, 67, 1], 135, 66],
        ['35 surrogate pairs are one part', '👋'.repeat(35), 'ucs2', [70], 70, 0],
        ['a surrogate pair is not split', '👋'.repeat(36), 'ucs2', [66, 6], 72, 61],
        ['a surrogate pair may end a part', 'ж' + '👋'.repeat(36), 'ucs2', [67, 6], 73, 61],
      ]
    for (const [title, text, encoding, partLengths, units, remaining] of table)
      it(title, () => {
        const found = segment(text)
        assert.deepEqual(
          [found.encoding, found.parts.map(part => part.length), found.units, found.remaining],
          [encoding, partLengths, units, remaining],
        )
        assert.deepEqual(countSegments(text), { encoding, parts: partLengths.length, units, remaining })
      })

    it('refuses more parts than can be numbered, however they are filled', () => {
      for (const part of ['a'.repeat(153), '€'.repeat(76), 'ж'.repeat(67), '👋'.repeat(33)]) {
        const full = part.repeat(MAX_PARTS)
        assert.equal(segment(full).parts.length, MAX_PARTS)
        assertRefused(`${full}€€`, {}, /longer than 255 parts/)
      }
    })
  })

  describe('encoding', () => {
    it('says which characters keep a text out of GSM 7-bit, each once', () => {
      assert.deepEqual(forcedCharacters('aжb👋ж`'), ['ж', '👋', '`'])
      assert.deepEqual(forcedCharacters('all of it [fits] €'), [])
    })

    it('can be asked for UCS-2, where nothing is forced', () => {
      const { encoding, remaining } = segment('plain', { encoding: 'ucs2' })
      assert.deepEqual([encoding, forcedCharacters('plain', { encoding: 'ucs2' }), remaining], ['ucs2', [], 65])
    })

    it('refuses to squeeze a text into GSM 7-bit, naming what does not fit', () => {
      assertRefused('їжак\u00A0👋', { encoding: 'gsm7' }, /alphabet: ї \(U\+0457\), ж .*, U\+00A0, 👋 \(U\+1F44B\)$/)
      assertRefused('абвгдежзийкл', { encoding: 'gsm7' }, /: а .*, й \(U\+0439\) and 2 more$/)
    })

    it('refuses half a character, saying where', () => {
      assertRefused('ab\uD83D', {}, /lone surrogate\) at position 2/)
      assertRefused('👋\uDC4B\uD83D', { encoding: 'ucs2' }, /at position 2/)
      assertRefused('\uDC4B👋', { encoding: 'gsm7', transliterate: true }, /at position 0/)
    })
  })

  describe('transliterate', () => {
    it('makes a text fit', () => {
      for (const encoding of ['auto', 'gsm7'] as const) {
        const found = segment('“Привіт”', { encoding, transliterate: true })
        assert.deepEqual([found.encoding, found.text, found.parts], ['gsm7', '"Pryvit"', ['"Pryvit"']])
        assert.deepEqual(forcedCharacters('“Привіт”', { encoding, transliterate: true }), [])
      }
    })

    it('leaves the text as it is where that gains nothing, and says what is in the way', () => {
      const found = segment('“Привіт” 👋', { transliterate: true })
      assert.deepEqual([found.encoding, found.text], ['ucs2', '“Привіт” 👋'])
      assert.deepEqual(forcedCharacters('“Привіт” 👋', { transliterate: true }), ['👋'])
      assertRefused('“Привіт” 👋', { encoding: 'gsm7', transliterate: true }, /alphabet: 👋 \(U\+1F44B\)$/)
      assert.equal(segment('“Привіт”', { encoding: 'ucs2', transliterate: true }).text, '“Привіт”')
    })
  })

  describe('any text', () => {
    const gsm7 = fc.string({
      unit: fc.constantFrom(...DEFAULT_ALPHABET.replace('\u001B', '').split(''), ...EXTENSION_TABLE.values()),
      maxLength: 700,
    })
    const anyText = fc.oneof(
      gsm7,
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom('ж', '👋', '👨‍👩‍👧', 'a'), maxLength: 300 }),
    )
    const septets = (text: string): number =>
      Array.from({ length: text.length }, (_, at) => SEPTET_COST[text.charCodeAt(at)] ?? 0).reduce((a, b) => a + b, 0)

    it('comes back when its parts are joined', () => {
      fc.assert(fc.property(anyText, text => assert.equal(segment(text).parts.join(''), text)))
    })

    it('is cut into parts that fit, none of which could have taken more', () => {
      const check = (text: string): void => {
        const { encoding, parts, units, remaining } = segment(text)
        const size = encoding === 'gsm7' ? septets : (part: string): number => part.length
        const limit = encoding === 'gsm7' ? (parts.length === 1 ? 160 : 153) : parts.length === 1 ? 70 : 67
        assert.equal(units, size(text))
        assert.equal(remaining, limit - size(parts.at(-1) ?? ''))
        for (const [at, part] of parts.entries()) {
          assert.ok(size(part) <= limit)
          const next = String.fromCodePoint(parts[at + 1]?.codePointAt(0) ?? 0)
          if (at + 1 < parts.length) assert.ok(size(part) + size(next) > limit)
        }
      }
      fc.assert(fc.property(anyText, check))
      fc.assert(fc.property(gsm7, text => check(text.repeat(3))))
    })

    it('is never cut through a surrogate pair', () => {
      fc.assert(
        fc.property(anyText, text => {
          // With the u flag a lone surrogate matches, a pair does not.
          for (const part of segment(text).parts) assert.doesNotMatch(part, /\p{Surrogate}/u)
        }),
      )
    })

    it('is counted as it is cut', () => {
      const options = fc.record({ encoding: fc.constantFrom('auto', 'ucs2'), transliterate: fc.boolean() })
      fc.assert(
        fc.property(anyText, options, (text, options) => {
          const { encoding, parts, units, remaining } = segment(text, options)
          assert.deepEqual(countSegments(text, options), { encoding, parts: parts.length, units, remaining })
        }),
      )
    })

    it('is refused only with SMS_REQUEST, and alike by both', () => {
      const options = fc.record({ encoding: fc.constantFrom('auto', 'gsm7', 'ucs2'), transliterate: fc.boolean() })
      const halves = fc.string({ unit: fc.constantFrom('a', 'ж', '\uD83D', '\uDC4B', '“') })
      fc.assert(
        fc.property(halves, options, (text, options) =>
          assert.equal(
            refusalOf(() => countSegments(text, options)),
            refusalOf(() => segment(text, options)),
          ),
        ),
      )
    })
  })
})

function refusalOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    assert.ok(error instanceof SmsError && error.code === 'SMS_REQUEST', String(error))
    return error.message
  }
}

function assertRefused(text: string, options: SegmentOptions, message: RegExp): void {
  for (const work of [segment, countSegments])
    assert.match(refusalOf(() => work(text, options)) ?? 'not refused', message)
}
