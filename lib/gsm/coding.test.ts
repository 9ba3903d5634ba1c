import assert from 'node:assert/strict'
import { codingOctet, readCoding } from './coding.ts'

describe('TP-DCS', () => {
  // 3GPP TS 23.038 §4: one octet of every group, and what is said in one line.
  const known: [octet: number, says: string][] = [
    [0x00, 'gsm7'],
    [0x04, '8bit'],
    [0x08, 'ucs2'],
    [0x0c, 'gsm7'],
    [0x01, 'gsm7'],
    [0x10, 'gsm7 class 0'],
    [0x15, '8bit class 1'],
    [0x1a, 'ucs2 class 2'],
    [0x1f, 'gsm7 class 3'],
    [0x20, 'gsm7 compressed'],
    [0x38, 'ucs2 compressed class 0'],
    // To be deleted when read.
    [0x40, 'gsm7'],
    [0x48, 'ucs2'],
    [0x59, 'ucs2 class 1'],
    [0x78, 'ucs2 compressed class 0'],
    // Reserved.
    [0x80, 'gsm7'],
    [0x95, 'gsm7'],
    [0xbf, 'gsm7'],
    // Something waits.
    [0xc0, 'gsm7 no voicemail'],
    [0xc8, 'gsm7 voicemail'],
    [0xc9, 'gsm7 fax'],
    [0xda, 'gsm7 email kept'],
    [0xd3, 'gsm7 no other kept'],
    [0xe8, 'ucs2 voicemail kept'],
    [0xe0, 'ucs2 no voicemail kept'],
    [0xf0, 'gsm7 class 0'],
    [0xf5, '8bit class 1'],
    [0xff, '8bit class 3'],
  ]
  for (const [octet, says] of known) {
    it(`0x${octet.toString(16)} is ${says}`, () => {
      const { alphabet, compressed, class: messageClass, waiting } = readCoding(octet)
      const words: string[] = [alphabet]
      if (compressed) words.push('compressed')
      if (messageClass !== undefined) words.push(`class ${messageClass}`)
      if (waiting) words.push(`${waiting.active ? '' : 'no '}${waiting.kind}`)
      if (waiting?.store === true) words.push('kept')
      assert.equal(words.join(' '), says)
    })
  }

  it('is read whatever it is', () => {
    for (let octet = 0; octet < 0x100; octet += 1) assert.equal(readCoding(octet).octet, octet)
  })

  it('is written so that it is read', () => {
    for (const alphabet of ['gsm7', '8bit', 'ucs2'] as const) {
      assert.deepEqual(readCoding(codingOctet(alphabet)).class, undefined)
      for (const messageClass of [0, 1, 2, 3] as const) {
        const coding = readCoding(codingOctet(alphabet, messageClass))
        assert.deepEqual([coding.alphabet, coding.class, coding.compressed], [alphabet, messageClass, false])
      }
    }
  })
})
