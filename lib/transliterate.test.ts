import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { DEFAULT_ALPHABET, EXTENSION_TABLE } from './gsm/alphabet.ts'
import { transliterate } from './transliterate.ts'

describe('transliterate', () => {
  const groups: Record<string, [from: string, to: string][]> = {
    typography: [
      ['‘one’ “two” „three‟ «four» `five´', `'one' "two" "three" "four" 'five'`],
      ['a–b—c‑d−1', 'a-b-c-d-1'],
      ['wait…', 'wait...'],
      ['a\u00A0b\u202Fc\u2009d\u3000e\tf', 'a b c d e f'],
      ['one\u2028two', 'one\ntwo'],
      ['• first', '* first'],
      ['ﬁre oﬀ œuvre Œuvre ŒUVRE', 'fire off oeuvre Oeuvre OEUVRE'],
      ['© ® ™ №5', '(C) (R) (TM) No5'],
      ['a\u200Bb\u00ADc\uFEFF', 'abc'],
      ['ＡＢＣ１', 'ABC1'],
    ],
    'numbers, whose value stays': [
      ['½ ¾', '1/2 3/4'],
      ['2½', '2 1/2'],
      ['m² CO₂', 'm2 CO2'],
      ['10⁵ 10²³ 10⁻⁵', '10^5 10^23 10^-5'],
      ['21.5 °C', '21.5 degC'],
      ['5 µg 5 μg 5㎍', '5 ug 5 ug 5ug'],
      ['≤ 5 ± 1, 2 × 3, ≠ 4', '<= 5 +/- 1, 2 x 3, != 4'],
      ['1️⃣', '1'],
    ],
    Latin: [
      ['Łódź đón Đorđe ħ ı ŧ ŋ', 'Lodz don Dorde h i t n'],
      ['Þór þorn ÞÓR', 'Thor thorn THOR'],
      ['Straße STRAẞE', 'Straße STRASSE'],
      ['ça, Ça, été, ÊTRE', 'ca, Ça, été, ETRE'],
      ['Việt Nam, İstanbul, ő ű', 'Viet Nam, Istanbul, o u'],
      ['cafe\u0301 q\u0303', 'café q'],
    ],
    // The examples of resolution 55 itself.
    Ukrainian: [
      ['Алушта, Борщагівка, Вінниця, Гадяч, Згорани', 'Alushta, Borshchahivka, Vinnytsia, Hadiach, Zghorany'],
      ['Ґалаґан, Єнакієве, Гаєвич, Короп’є', 'Galagan, Yenakiieve, Haievych, Koropie'],
      ['Їжакевич, Кадиївка, Мар’їне', 'Yizhakevych, Kadyivka, Marine'],
      ['Йосипівна, Стрий, Олексій', 'Yosypivna, Stryi, Oleksii'],
      ['Щербухи, Юрій, Корюківка, Яготин, Знам’янка', 'Shcherbukhy, Yurii, Koriukivka, Yahotyn, Znamianka'],
      ["Феодосія, знам'янка", 'Feodosiia, znamianka'],
      ['ЩО є в БОРЩІ: ЩАВЕЛЬ, КАЩ', 'SHCHO ye v BORSHCHI: SHCHAVEL, KASHCH'],
      ['Нова-Яринка, «Їжа»', 'Nova-Yarynka, "Yizha"'],
      ['за́яць і', 'zaiats i'],
    ],
    'Russian, without a Ukrainian letter': [
      ['Гадяч', 'Gadyach'],
      ['Съешь ещё этих мягких булок', 'Sesh eshche etikh myagkikh bulok'],
      ['Юлия, ЩУКА, новый, подъезд', 'Yuliya, SHCHUKA, novyy, podezd'],
    ],
    'other Cyrillic': [
      ['Қазақ тілі, білгің', 'Qazaq tili, bilging'],
      ['Љубав, Џон, Ѓорѓи', 'Ljubav, Dzon, Gorgi'],
    ],
    Greek: [
      ['Καλημέρα κόσμος', 'KAΛHMEPA KOΣMOΣ'],
      ['μία ΟΔΟΣ', 'MIA OΔOΣ'],
    ],
    'what has no counterpart': [
      ['漢字', '漢字'],
      ['👨‍👩‍👧 ❤️', '👨‍👩‍👧 ❤️'],
      ['≮', '≮'],
      ['\u1100ь\u1161', '가'],
      ['“漢”', '"漢"'],
      ['नमस्ते', 'नमस्ते'],
    ],
  }
  for (const [title, table] of Object.entries(groups))
    describe(title, () => {
      for (const [from, to] of table)
        it(`${JSON.stringify(from)} → ${JSON.stringify(to)}`, () => assert.equal(transliterate(from), to))
    })

  const gsm7 = fc.string({
    unit: fc.constantFrom(...DEFAULT_ALPHABET.replace('\u001B', '').split(''), ...EXTENSION_TABLE.values()),
  })

  it('leaves a GSM 7-bit text as it is', () => {
    fc.assert(fc.property(gsm7, text => assert.equal(transliterate(text), text)))
  })

  it('changes nothing the second time', () => {
    const nasty = fc.constantFrom(
      ..."жїіьз'’μ5²½\u0301\u0338\u00AD\u200D\uFE0F=<aéÇα漢가\u3099".split(''),
      '👋',
      '\uD83D',
    )
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string({ unit: nasty }))
    fc.assert(
      fc.property(text, text => assert.equal(transliterate(transliterate(text)), transliterate(text))),
      { numRuns: 500 },
    )
  })

  it('leaves no letter of Ukrainian, Russian or Greek behind', () => {
    const letters = fc.constantFrom(
      ..."абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюяАБВГҐДЕЄЁЖЗИІЇЙЩЮЯ'’αάβγδεζηθικλμνξοπρςστυφχψω ".split(''),
    )
    fc.assert(
      fc.property(fc.string({ unit: letters }), text => assert.match(transliterate(text), /^[ΔΦΓΛΩΠΨΣΘΞ\p{ASCII}]*$/u)),
    )
  })
})
