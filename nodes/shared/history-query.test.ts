import assert from 'node:assert/strict'
import { SmsError } from '../../lib/errors.ts'
import type { HistoryQuery } from '../../lib/store/store.ts'
import { questionIn, readQuestion } from './history-query.ts'
import type { Question } from './history-query.ts'

const NOW_MS = Date.UTC(2026, 10, 21, 10)

describe('readQuestion', () => {
  const rows: [title: string, question: Partial<Question>, expected: Partial<HistoryQuery>][] = [
    ['nothing', {}, {}],
    ['empty texts', { type: '', direction: ' ', number: '', since: '', state: '', limit: '' }, {}],
    ['nulls', { type: null, since: null, limit: null }, {}],
    [
      'everything',
      { type: 'call', direction: 'in', number: '+12025550123', since: '24h', state: 'missed', limit: '7' },
      {
        type: 'call',
        direction: 'in',
        number: '+12025550123',
        sinceMs: NOW_MS - 86_400_000,
        state: 'missed',
        limit: 7,
      },
    ],
    ['a number with punctuation', { number: ' +1 (202) 555-01.23 ' }, { number: '+12025550123' }],
    ['a number with 00', { number: '00 1 202 555 0123' }, { number: '+12025550123' }],
    ['a number copied with invisible marks', { number: '\u202a+12025550123\u202c' }, { number: '+12025550123' }],
    ['a short code, as a JavaScript number', { number: 55512 }, { number: '55512' }],
    ['a sender name', { number: ' My-Bank (UA) ' }, { number: 'My-Bank (UA)' }],
    ['the most records', { limit: 1000 }, { limit: 1000 }],
  ]
  for (const [title, question, expected] of rows) {
    it(`takes ${title}`, () => {
      assert.deepEqual(readQuestion(question, NOW_MS), { type: 'message', limit: 100, ...expected })
    })
  }

  const refused: [Partial<Question>, RegExp][] = [
    [{ type: 'calls' }, /^type must be one of message, call, not «calls»$/],
    [{ type: ['call'] }, /^type must be one of message, call$/],
    [{ direction: 'incoming' }, /^direction must be one of in, out, not «incoming»$/],
    [{ state: 'toString' }, /^state must be one of scheduled, .*, missed, not «toString»$/],
    [{ number: { a: 1 } }, /^number must be a phone number or a sender name$/],
    [{ since: 'x'.repeat(99) }, /^since must be an ISO 8601 time, .* such as 24h or 7d, not «x{40}»$/],
    ...[0, 1001, 2.5, NaN, -1, '0', 'all', true].map((limit): [Partial<Question>, RegExp] => [
      { limit },
      /^limit must be a whole number from 1 to 1000/,
    ]),
  ]
  for (const [question, message] of refused) {
    it(`refuses ${JSON.stringify(question).slice(0, 40)}`, () => {
      assert.throws(
        () => readQuestion(question, NOW_MS),
        (error: unknown) => error instanceof SmsError && error.code === 'SMS_REQUEST' && message.test(error.message),
      )
    })
  }
})

describe('questionIn', () => {
  it('has the fields that are there, empty ones too, and no others', () => {
    const msg = { payload: 1, topic: 'x', number: '', since: null, state: undefined, limit: 0, type: 'call' }
    assert.deepEqual(questionIn(msg), { number: '', limit: 0, type: 'call' })
  })
})
