import assert from 'node:assert/strict'
import { incoming, NOW_MS } from '../../test/support/message.ts'
import type { SmsRecord } from '../message.ts'
import type { IncomingMessage } from '../provider.ts'
import { fragmentOf, isSamePart, isWhole, joined } from './join.ts'

const part = (index: number, fields: Partial<SmsRecord> = {}, total = 3) =>
  fragmentOf(incoming(fields), { from: '', text: '', part: { reference: '7', index, total } })!

describe('a part of a message', () => {
  const table: [name: string, part: unknown, isPart: boolean][] = [
    ['as it should be', { reference: '7', index: 1, total: 2 }, true],
    ['with a reference that is a number', { reference: 7, index: 2, total: 2 }, true],
    ['the last of most', { reference: '7', index: 255, total: 255 }, true],
    ['of one', { reference: '7', index: 1, total: 1 }, false],
    ['of too many', { reference: '7', index: 1, total: 256 }, false],
    ['number 0', { reference: '7', index: 0, total: 2 }, false],
    ['beyond the last', { reference: '7', index: 3, total: 2 }, false],
    ['with a fraction', { reference: '7', index: 1.5, total: 2 }, false],
    ['with texts for numbers', { reference: '7', index: '1', total: '2' }, false],
    ['without a reference', { index: 1, total: 2 }, false],
    ['that is no object', 'x', false],
    ['that is null', null, false],
    ['that is none', undefined, false],
  ]
  for (const [name, given, isPart] of table) {
    it(`${name} is ${isPart ? 'one' : 'a message of its own'}`, () => {
      const message = { from: '', text: '', part: given } as IncomingMessage
      assert.equal(fragmentOf(incoming(), message) !== undefined, isPart)
    })
  }

  it('belongs to others of the same sender, receiver, reference and length', () => {
    const { group } = part(1)
    assert.equal(part(2).group, group)
    assert.notEqual(part(2, { from: '+1' }).group, group)
    assert.notEqual(part(2, { to: '+1' }).group, group)
    assert.notEqual(part(2, {}, 4).group, group)
  })

  const again: [name: string, a: Partial<SmsRecord>, b: Partial<SmsRecord>, isSame: boolean][] = [
    ['with the same id', { providerMessageId: 'x', text: 'a' }, { providerMessageId: 'x', text: 'b' }, true],
    ['with the same text and time', { text: 'a', sentAt: '1' }, { text: 'a', sentAt: '1' }, true],
    ['with the same text at another time', { text: 'a', sentAt: '1' }, { text: 'a', sentAt: '2' }, false],
    ['with another text', { text: 'a' }, { text: 'b' }, false],
    ['with other ids and texts', { providerMessageId: 'x', text: 'a' }, { providerMessageId: 'y', text: 'b' }, false],
  ]
  for (const [name, a, b, isSame] of again) {
    it(`that comes ${name} is ${isSame ? 'the same' : 'another'}`, () => {
      assert.equal(isSamePart(incoming(a), incoming(b)), isSame)
    })
  }
})

describe('a message joined of parts', () => {
  const at = (ms: number) => new Date(NOW_MS + ms).toISOString()
  const parts = [
    part(1, { text: 'a\ud83d', sentAt: at(2), raw: 'A', receivedAt: at(7), encoding: 'gsm7', providerMessageId: 'x' }),
    part(2, { text: '\ude00b', sentAt: at(1), receivedAt: at(9), encoding: 'ucs2', mediaUrls: ['https://e.org/1'] }),
    part(3, { text: 'c', raw: 'C', receivedAt: at(8), mediaUrls: ['https://e.org/2'] }),
  ]

  it('has their texts in order, the earliest time it was sent, the latest it came', async () => {
    const { id, ...record } = await joined(parts, NOW_MS + 10)
    assert.ok(isWhole(parts))
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(record, {
      type: 'message',
      direction: 'in',
      provider: 'Carrier',
      providerNode: 'p',
      providerMessageId: 'x',
      from: '+380671112233',
      text: 'a😀bc',
      state: 'received',
      parts: 3,
      encoding: 'ucs2',
      mediaUrls: ['https://e.org/1', 'https://e.org/2'],
      sentAt: at(1),
      receivedAt: at(9),
      createdAt: at(10),
      updatedAt: at(10),
      raw: ['A', 'C'],
    })
  })

  it('is incomplete where some are missing, and another for other parts', async () => {
    const [a, b, c] = parts
    const ids = new Set<string | undefined>()
    for (const group of [[a!], [a!, c!], [b!, c!], [c!], parts]) {
      const record = await joined(group, NOW_MS)
      assert.equal(record.incomplete, group === parts ? undefined : true)
      assert.equal(record.parts, 3)
      assert.equal((await joined(group, NOW_MS + 1)).providerMessageId, record.providerMessageId)
      ids.add(record.providerMessageId)
    }
    assert.equal(ids.size, 5)
    assert.equal((await joined([a!, c!], NOW_MS)).text, 'a\ufffdc')
  })

  /** Parts of a modem: their texts are what each says alone. */
  const ofModem = (...pdus: readonly string[]) =>
    pdus.map((pdu, at) => {
      const record = incoming({ text: '?' })
      return fragmentOf(record, { from: '', text: '?', part: { reference: '8:7', index: at + 1, total: 2, pdu } })!
    })
  /** From +380671112233; `length` is of the user data, in octets or septets, with six octets of header. */
  const pduOf = (index: number, coding: string, length: string, data: string) =>
    `00440C9183601711223300${coding}62111200000080${length}05000307020${index}${data}`
  const cut: [what: string, parts: readonly string[], text: string][] = [
    ['a surrogate pair', [pduOf(1, '08', '0A', '0041D83D'), pduOf(2, '08', '08', 'DE00')], 'A😀'],
    ['a code unit', [pduOf(1, '08', '09', '041F04'), pduOf(2, '08', '09', '400438')], 'При'],
    // After one fill bit: A, ESC; e.
    ['an ESC pair', [pduOf(1, '00', '09', '821B'), pduOf(2, '00', '08', 'CA')], 'A€'],
  ]
  for (const [what, pdus, text] of cut) {
    it(`may have ${what} cut in two`, async () => {
      assert.equal((await joined(ofModem(...pdus), NOW_MS)).text, text)
    })
  }

  it('has the texts of its parts where a PDU cannot be read', async () => {
    assert.equal((await joined(ofModem('00', cut[0]![1][1]!), NOW_MS)).text, '??')
  })

  it('is no other message under the same reference, also where the carrier gives no ids', async () => {
    const message = async () => (await joined([part(1), part(2), part(3)], NOW_MS)).providerMessageId
    assert.notEqual(await message(), await message())
  })
})
