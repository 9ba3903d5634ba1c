import assert from 'node:assert/strict'
import fc from 'fast-check'
import { fromUcs2Hex, isHex, splitFields, splitList, toNumber } from './fields.ts'

describe('fields of an answer', () => {
  const cases: readonly (readonly [text: string, fields: readonly string[]])[] = [
    ['', ['']],
    ['20,99', ['20', '99']],
    [' 0 , 1 ', ['0', '1']],
    ['1,"Kyivstar, UA",2', ['1', 'Kyivstar, UA', '2']],
    ['"+380501234567",145,,,"",0', ['+380501234567', '145', '', '', '', '0']],
    [',"a b"', ['', 'a b']],
    ['"SM",3,', ['SM', '3', '']],
    ['("SM","ME"),("SM")', ['("SM","ME")', '("SM")']],
    ['(0-3),(2,3),(0,2,3)', ['(0-3)', '(2,3)', '(0,2,3)']],
    ['0,0,T-Mobile A', ['0', '0', 'T-Mobile A']],
    ['"not closed,1', ['not closed,1']],
    ['(not closed,1', ['(not closed,1']],
    ['a),b', ['a)', 'b']],
    ['"24/11/21,10:00:00+08"', ['24/11/21,10:00:00+08']],
  ]
  for (const [text, fields] of cases) {
    it(`are split: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(splitFields(text), fields)
    })
  }

  it('are what was joined', () => {
    const field = fc.string({ maxLength: 12 }).map(text => text.replaceAll('"', '').trim())
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), fields => {
        assert.deepEqual(splitFields(fields.map(value => `"${value}"`).join(',')), fields)
      }),
    )
  })

  for (const [field, values] of [
    ['("SM","ME")', ['SM', 'ME']],
    ['(0-3,5)', ['0', '1', '2', '3', '5']],
    ['(3-1)', []],
    ['2', ['2']],
    ['()', []],
    ['', []],
  ] as const) {
    it(`are listed: ${field}`, () => {
      assert.deepEqual(splitList(field), values)
    })
  }

  it('are numbers only when they are digits', () => {
    assert.deepEqual(['0', '042', '', '-1', '1.5', ' 1', '0x1', undefined].map(toNumber), [
      0,
      42,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('are octets in hexadecimal only when they are whole', () => {
    assert.deepEqual(['00Ff', '0', '', '0g', 'OK', '0011 '].map(isHex), [true, false, false, false, false, false])
  })

  for (const [text, meant] of [
    ['004B0079006900760073007400610072', 'Kyivstar'],
    ['041A04380457', 'Киї'],
    ['Kyivstar', 'Kyivstar'],
    ['25503', '25503'],
    ['380501234567', '380501234567'],
    ['002B0033', '+3'],
    ['00310032', '12'],
    ['', ''],
  ] as const) {
    it(`are read as UCS2 where they are that: ${text}`, () => {
      assert.equal(fromUcs2Hex(text), meant)
    })
  }
})
