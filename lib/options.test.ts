import assert from 'node:assert/strict'
import fc from 'fast-check'
import { SmsError } from './errors.ts'
import { readOptions } from './options.ts'

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

describe('smsOptions', () => {
  const read: [given: unknown, options: object][] = [
    [undefined, {}],
    [null, {}],
    [{}, {}],
    [
      { from: ' Shop ', category: 'alarm', provider: 'Home', idempotencyKey: 17 },
      { from: 'Shop', category: 'alarm', provider: 'Home', idempotencyKey: '17' },
    ],
    [{ from: '', category: '   ', priority: ' ', sendAt: null, flash: undefined }, {}],
    [{ priority: '5' }, { priority: 5 }],
    [{ priority: -1000 }, { priority: -1000 }],
    [{ validityMinutes: 0.5 }, { validityMinutes: 0.5 }],
    [
      { flash: true, deliveryReport: 'false', allowReply: 0, transliterate: 'true' },
      { flash: true, deliveryReport: false, allowReply: false, transliterate: true },
    ],
    [{ sendAt: 1_800_000_000_000 }, { sendAt: 1_800_000_000_000 }],
    [{ sendAt: '2027-01-15T08:00:00Z' }, { sendAt: 1_800_000_000_000 }],
    [{ sendAt: new Date(1_800_000_000_000) }, { sendAt: 1_800_000_000_000 }],
    [{ encoding: 'ucs2' }, { encoding: 'ucs2' }],
    [{ mediaUrls: 'https://example.org/a' }, { mediaUrls: ['https://example.org/a'] }],
    [{ mediaUrls: ['http://a', 'https://b'] }, { mediaUrls: ['http://a', 'https://b'] }],
    [{ ref: { order: 7 } }, { ref: { order: 7 } }],
    [{ ref: 0 }, { ref: 0 }],
    [{ ref: false }, { ref: false }],
    [{ params: { a: [1] } }, { params: { a: [1] } }],
  ]
  for (const [given, options] of read) {
    it(`reads ${JSON.stringify(given)}`, () => assert.deepEqual(readOptions(given), options))
  }

  const refused: [given: unknown, names: RegExp][] = [
    ['fast', /^smsOptions must be an object$/],
    [7, /^smsOptions must be an object$/],
    [['from'], /^smsOptions must be an object$/],
    [{ form: 'Shop' }, /no field «form»/],
    [{ toString: 1 }, /no field «toString»/],
    [JSON.parse('{"__proto__": 1}'), /no field «__proto__»/],
    [{ ['x'.repeat(99)]: 1 }, /no field «x{40}»$/],
    [{ from: {} }, /smsOptions\.from must be a text/],
    [{ from: true }, /smsOptions\.from must be a text/],
    [{ priority: 'high' }, /smsOptions\.priority must be a number from -1000 to 1000/],
    [{ priority: Number.NaN }, /priority/],
    [{ priority: 1001 }, /priority/],
    [{ priority: [5] }, /priority/],
    [{ validityMinutes: 0 }, /validityMinutes must be a number/],
    [{ validityMinutes: 635_041 }, /validityMinutes/],
    [{ validityMinutes: Infinity }, /validityMinutes/],
    [{ flash: 'yes' }, /flash must be true or false/],
    [{ flash: 2 }, /flash/],
    [{ sendAt: 'tomorrow' }, /sendAt must be an ISO 8601 time/],
    [{ sendAt: new Date('x') }, /sendAt/],
    [{ sendAt: Infinity }, /sendAt/],
    [{ encoding: 'utf8' }, /encoding must be one of auto, gsm7, ucs2/],
    [{ mediaUrls: 'ftp://a' }, /mediaUrls must be a list of http/],
    [{ mediaUrls: ['https://a', 7] }, /mediaUrls/],
    [{ mediaUrls: 'https://a b' }, /mediaUrls/],
    [{ params: 'a=1' }, /params must be an object/],
    [{ params: [1] }, /params must be an object/],
    [{ params: cyclic }, /params must be plain data/],
    [{ ref: cyclic }, /ref must be plain data/],
    [{ ref: () => {} }, /ref must be plain data/],
  ]
  for (const [given, names] of refused) {
    it(`refuses what is not meant: ${names.source}`, () => {
      assert.throws(() => readOptions(given), { code: 'SMS_REQUEST', message: names })
    })
  }

  it('keeps a reference as it is now', () => {
    const order = { id: 7 }
    const { ref } = readOptions({ ref: { order } })
    order.id = 8
    assert.deepEqual(ref, { order: { id: 7 } })
  })

  it('either reads or refuses, whatever is given', () => {
    const fields = fc.constantFrom('from', 'priority', 'flash', 'sendAt', 'encoding', 'mediaUrls', 'ref', 'params')
    fc.assert(
      fc.property(fc.dictionary(fields, fc.anything({ withBigInt: true, withDate: true })), given => {
        try {
          JSON.stringify(readOptions(given))
        } catch (error) {
          assert.ok(error instanceof SmsError && error.code === 'SMS_REQUEST', String(error))
        }
      }),
    )
  })
})
