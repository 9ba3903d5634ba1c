import assert from 'node:assert/strict'
import { readBroadcastCoding } from './broadcast-coding.ts'
import { decodeCellBroadcast } from './cell-broadcast.ts'
import { octetsToHex } from './hex.ts'
import { encodeUssd } from './ussd.ts'

describe('the data coding of broadcasts', () => {
  // 3GPP TS 23.038 §5.
  const known: [octet: number, says: string][] = [
    [0x00, 'gsm7 de'],
    [0x0e, 'gsm7 pl'],
    [0x0f, 'gsm7'],
    [0x10, 'gsm7, language in text'],
    [0x11, 'ucs2, language in text'],
    [0x12, 'gsm7'],
    [0x20, 'gsm7 cs'],
    [0x23, 'gsm7 ru'],
    [0x25, 'gsm7'],
    [0x30, 'gsm7'],
    [0x44, '8bit'],
    [0x48, 'ucs2'],
    [0x68, 'ucs2 compressed'],
    [0x59, 'ucs2'],
    [0x80, 'gsm7'],
    [0x98, 'ucs2'],
    [0xb8, 'gsm7'],
    [0xf0, 'gsm7'],
    [0xf4, '8bit'],
  ]
  for (const [octet, says] of known) {
    it(`0x${octet.toString(16)} is ${says}`, () => {
      const { alphabet, compressed, language, languageInText } = readBroadcastCoding(octet)
      const words = [alphabet, compressed ? 'compressed' : '', language ?? ''].filter(word => word !== '')
      assert.equal(words.join(' ') + (languageInText ? ', language in text' : ''), says)
    })
  }
})

describe('a cell broadcast', () => {
  const header = 'D2341100'

  it('says where, about what, and which page', () => {
    const decoded = decodeCellBroadcast(`${header}0F23${encodeUssd('Take shelter\r\r', 'gsm7hex')} \r\n`)
    assert.ok(decoded.ok)
    const { octets, ...page } = decoded.value
    assert.deepEqual(page, {
      scope: 3,
      messageCode: 0x123,
      updateNumber: 4,
      messageIdentifier: 4352,
      coding: 15,
      page: 2,
      pages: 3,
      text: 'Take shelter',
    })
    assert.equal(octetsToHex(octets), encodeUssd('Take shelter\r\r', 'gsm7hex'))
  })

  const contents: [coding: string, content: string, language: string | undefined, text: string | undefined][] = [
    ['10', encodeUssd('uk\rOK', 'gsm7hex'), 'uk', 'OK'],
    ['11', `F535${encodeUssd('Тривога\r\r', 'ucs2hex')}`, 'uk', 'Тривога'],
    ['11', '4D', 'M@', ''],
    ['48', encodeUssd('Тривога', 'ucs2hex'), undefined, 'Тривога'],
    ['44', '0102', undefined, undefined],
    ['60', '0102', undefined, undefined],
  ]
  for (const [coding, content, language, text] of contents) {
    it(`of coding ${coding} says ${text ?? 'no text'}`, () => {
      const decoded = decodeCellBroadcast(`${header}${coding}00${content}`)
      assert.ok(decoded.ok)
      assert.deepEqual([decoded.value.language, decoded.value.text, decoded.value.page], [language, text, 1])
    })
  }

  const faults: [raw: string, reason: string][] = [
    ['', 'truncated'],
    [`${header}0F11`, 'truncated'],
    ['xx', 'notHex'],
  ]
  for (const [raw, reason] of faults) {
    it(`is none: ${JSON.stringify(raw)}`, () => {
      const decoded = decodeCellBroadcast(raw)
      assert.deepEqual(decoded.ok ? '' : decoded.fault.reason, reason)
    })
  }
})
