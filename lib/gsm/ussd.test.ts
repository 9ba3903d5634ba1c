import assert from 'node:assert/strict'
import fc from 'fast-check'
import { EncodeError } from './encode-error.ts'
import { decodeUssd, decodeUssdForm, encodeUssd } from './ussd.ts'
import type { UssdForm } from './ussd.ts'

const TEXTS = [
  'Ihr Guthaben für die Nr. 4915112345678 beträgt 5.78 Euro',
  'On DATA Pack u have 3Gb 817Mb valid until 21/05/2026.',
  'Your balance: €12.50\r\n1) Top up\r\n2) Back\r\n*) More',
  'Ваш баланс: 12,50 грн. Деталі: *101#',
  'Το υπόλοιπό σας είναι 5,20 €.',
  'رصيدك 107.93 د.ل، الصلاحية 2026-11-21',
  'יתרה: 12.50 ש"ח',
  'आपका बैलेंस ₹12.50 है',
  'ยอดเงินคงเหลือ 50.00 บาท',
  '您的余额为：12.50元。',
  '잔액은 5,000원입니다.',
  'Баланс 12,50 грн, Ω и π: * или #',
  'Egyenlege: 7777 Ft, őű',
  'Đây là số dư của bạn: 10.000đ ✅',
]

describe('USSD', () => {
  for (const text of TEXTS) {
    for (const dcs of [undefined, 0, 15, 68, 72]) {
      it(`reads ${JSON.stringify(text)} however it is spelled, with ${dcs ?? 'no'} coding`, () => {
        assert.equal(decodeUssd(text, dcs), text)
        const wide = encodeUssd(text, 'ucs2hex')
        assert.equal(decodeUssd(wide, dcs), text)
        assert.equal(decodeUssd(wide.toLowerCase(), dcs), text)
        assert.equal(decodeUssd(` ${wide}\r\n`, dcs), text)
        if (isGsm7(text)) assert.equal(decodeUssd(encodeUssd(text, 'gsm7hex'), dcs), text)
      })
    }
  }

  const replies: [said: string, dcs: number | undefined, text: string][] = [
    // Digits are a number, and a word of a to f a word.
    ['380501234567', 15, '380501234567'],
    ['380501234567', 72, '380501234567'],
    ['1234', undefined, '1234'],
    ['31323334', 15, '31323334'],
    ['Face', 15, 'Face'],
    ['', 15, ''],
    ['OK', 15, 'OK'],
    // Short ones.
    ['AA180C3602', 15, '*100#'],
    ['EF35', 15, 'ok'],
    ['00310032', 15, '12'],
    ['0031', 72, '1'],
    ['04210447', 15, 'Сч'],
    ['041F0440', undefined, 'Пр'],
    // What a buffer held before: after the end of UCS-2, and the odd digit of a line that was cut.
    ['04110430043B0430043D04410000FFFF60B16260EEEE', 15, 'Баланс'],
    ['04110430043B0430043D0441004', 15, 'Баланс'],
    // A language before the text: two letters packed, and two letters and CR.
    ['613904110430043B0430043D0441', 17, 'Баланс'],
    [encodeUssd('en\rYour balance is 5', 'gsm7hex'), 16, 'Your balance is 5'],
    // Filled with zeros instead of CR.
    ['C8329BFD06000000', 15, 'Hello'],
  ]
  for (const [said, dcs, text] of replies)
    it(`reads ${said || 'nothing'} with ${dcs ?? 'no'} coding`, () => assert.equal(decodeUssd(said, dcs), text))

  // 3GPP TS 23.038 §6.1.2.3.1: seven bits left over are CR, and so is a CR at the very end doubled.
  const packings: [text: string, hex: string][] = [
    ['*100#', 'AA180C3602'],
    ['1234567', '31D98C56B3DD1A'],
    ['12345678', '31D98C56B3DD70'],
    ['1234567\r', '31D98C56B3DD1A0D'],
    ['', ''],
  ]
  for (const [text, hex] of packings)
    it(`packs ${JSON.stringify(text)}`, () => assert.equal(encodeUssd(text, 'gsm7hex'), hex))

  it('is read in the spelling that is known', () => {
    const cases: [text: string, form: UssdForm, said: string | undefined][] = [
      ['31', 'gsm7hex', '1'],
      ['3119', 'gsm7hex', '12'],
      ['0031', 'ucs2hex', '1'],
      ['0031', 'plain', '0031'],
      ['*100#', 'gsm7hex', undefined],
      ['123', 'ucs2hex', undefined],
    ]
    for (const [text, form, said] of cases) assert.equal(decodeUssdForm(text, form), said)
    const text = fc.string({ unit: 'binary', maxLength: 180 })
    fc.assert(fc.property(text, text => assert.equal(decodeUssdForm(encodeUssd(text, 'ucs2hex'), 'ucs2hex'), text)))
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789*#'.split('')), maxLength: 180 })
    fc.assert(fc.property(digits, text => assert.equal(decodeUssdForm(encodeUssd(text, 'gsm7hex'), 'gsm7hex'), text)))
  })

  it('refuses to pack what GSM 7-bit has not', () => {
    assert.throws(() => encodeUssd('Баланс', 'gsm7hex'), EncodeError)
    assert.equal(encodeUssd('Баланс', 'plain'), 'Баланс')
  })

  it('never throws, whatever comes', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'.split('')), maxLength: 400 })
    fc.assert(
      fc.property(
        fc.oneof(hex, fc.string({ unit: 'binary' })),
        fc.option(fc.nat(255), { nil: undefined }),
        (text, dcs) => {
          assert.equal(typeof decodeUssd(text, dcs), 'string')
        },
      ),
    )
  })
})

function isGsm7(text: string): boolean {
  try {
    encodeUssd(text, 'gsm7hex')
    return true
  } catch {
    return false
  }
}
