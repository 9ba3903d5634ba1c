import assert from 'node:assert/strict'
import { NOW_MS } from '../../test/support/message.ts'
import { recordOf } from './record-of.ts'

const source = { id: 'p', name: 'Carrier' }
const read = (fields: object) => recordOf(source, { from: '+1', text: 'x', ...fields }, NOW_MS)

describe('an incoming record', () => {
  const table: [name: string, fields: object, expected: object][] = [
    ['a call', { type: 'call', text: '' }, { type: 'call', state: 'ringing', text: '' }],
    ['a call nobody took', { type: 'call', state: 'missed' }, { state: 'missed' }],
    ['a message that says it was missed', { state: 'missed' }, { state: 'received' }],
    [
      'what could not be read',
      { error: { code: 'SMS_PROVIDER', message: 'no' } },
      { error: { code: 'SMS_PROVIDER', message: 'no' } },
    ],
    ['an error that is none', { error: { code: 'OOPS', message: 'no' } }, { error: undefined }],
    ['parts', { parts: 2, encoding: 'ucs2', incomplete: true }, { parts: 2, encoding: 'ucs2', incomplete: true }],
    [
      'ids and numbers that are numbers',
      { providerMessageId: 7, from: 380, to: 102 },
      { providerMessageId: '7', from: '380', to: '102' },
    ],
    ['no text', { text: undefined }, { text: '' }],
    ['no sender', { from: undefined }, { from: '' }],
    [
      'fields that are ours',
      { id: 'x', direction: 'out', state: 'delivered', provider: 'Y' },
      { direction: 'in', state: 'received', provider: 'Carrier' },
    ],
    ['a time', { sentAtMs: 1_000 }, { sentAt: '1970-01-01T00:00:01.000Z' }],
    ['a time that is none', { sentAtMs: Number.NaN }, { sentAt: undefined }],
    ['a time beyond all dates', { sentAtMs: 1e300 }, { sentAt: undefined }],
    ['a raw that is data', { raw: { a: 1n } }, { raw: undefined }],
    ['media', { mediaUrls: ['https://example.org/1'] }, { mediaUrls: ['https://example.org/1'] }],
  ]
  for (const [name, fields, expected] of table) {
    it(`of ${name}`, () => {
      const record = read(fields) as unknown as Record<string, unknown>
      for (const [field, value] of Object.entries(expected)) assert.deepEqual(record[field], value, field)
      assert.match(String(record['id']), /^[0-9a-f-]{36}$/)
      assert.doesNotThrow(() => JSON.stringify(record))
    })
  }
})
