import assert from 'node:assert/strict'
import { fakeCarrier } from '../test/support/carrier.ts'
import { NOW_MS } from '../test/support/message.ts'
import { compose, failuresError } from './compose.ts'
import type { Composition } from './compose.ts'
import { SmsError } from './errors.ts'
import type { SendOptions } from './message.ts'
import type { Provider } from './provider.ts'

const ME = '+380501112233'
const OTHER = '+380671112233'
const YEAR_MS = 365 * 24 * 3_600_000

interface Wanted extends Partial<Omit<Composition, 'options'>> {
  readonly options?: SendOptions
  readonly provider?: Partial<Provider>
  readonly nowMs?: number
}

const make = ({ provider = {}, nowMs = NOW_MS, ...wanted }: Wanted = {}) =>
  compose(
    { to: ME, text: 'Hello', options: {}, onDoubt: 'fail', ...wanted },
    { id: 'p', provider: fakeCarrier(provider) },
    nowMs,
  )

describe('compose', () => {
  it('makes what is to be sent, with the defaults', async () => {
    assert.deepEqual(await make(), {
      sendings: [
        {
          draft: {
            to: ME,
            text: 'Hello',
            encoding: 'auto',
            transliterate: false,
            flash: false,
            deliveryReport: true,
            allowReply: true,
          },
          lane: 'p',
          providerName: 'Carrier',
          parts: 1,
          encoding: 'gsm7',
          onDoubt: 'fail',
        },
      ],
      failures: [],
    })
  })

  it('takes every option to its place', async () => {
    const { sendings } = await make({
      text: 'Привіт',
      onDoubt: 'resend',
      options: {
        from: 'Shop',
        category: 'alarm',
        ref: { order: 7 },
        priority: 5,
        validityMinutes: 10,
        flash: true,
        deliveryReport: false,
        allowReply: false,
        encoding: 'ucs2',
        mediaUrls: ['https://example.org/a'],
        idempotencyKey: 'k',
        params: { a: 1 },
      },
    })
    assert.deepEqual(sendings[0], {
      draft: {
        to: ME,
        text: 'Привіт',
        from: 'Shop',
        encoding: 'ucs2',
        transliterate: false,
        flash: true,
        deliveryReport: false,
        allowReply: false,
        mediaUrls: ['https://example.org/a'],
        params: { a: 1 },
      },
      lane: 'p',
      providerName: 'Carrier',
      parts: 1,
      encoding: 'ucs2',
      onDoubt: 'resend',
      category: 'alarm',
      ref: { order: 7 },
      priority: 5,
      validityMs: 600_000,
      idempotencyKey: 'k',
    })
  })

  const texts: [
    name: string,
    text: unknown,
    options: SendOptions,
    expected: [text: string, encoding: string, parts: number],
  ][] = [
    ['a number', 21.5, {}, ['21.5', 'gsm7', 1]],
    ['zero', 0, {}, ['0', 'gsm7', 1]],
    ['a boolean', false, {}, ['false', 'gsm7', 1]],
    ['a long one', 'a'.repeat(161), {}, ['a'.repeat(161), 'gsm7', 2]],
    ['Cyrillic', 'Привіт', {}, ['Привіт', 'ucs2', 1]],
    ['Cyrillic in Latin letters', 'Привіт', { transliterate: true }, ['Pryvit', 'gsm7', 1]],
    ['none, but a picture', undefined, { mediaUrls: ['https://example.org/a'] }, ['', 'gsm7', 1]],
  ]
  for (const [name, text, options, expected] of texts) {
    it(`takes as text ${name}`, async () => {
      const { sendings } = await make({ text, options })
      const { draft, encoding, parts } = sendings[0]!
      assert.deepEqual([draft.text, encoding, parts], expected)
    })
  }

  const refused: [name: string, wanted: Wanted, error: { code: string; message: RegExp }][] = [
    ['no text', { text: undefined }, { code: 'SMS_REQUEST', message: /text is empty/ }],
    ['blanks', { text: ' \n' }, { code: 'SMS_REQUEST', message: /text is empty/ }],
    ['a list', { text: ['a'] }, { code: 'SMS_REQUEST', message: /a list, not a text/ }],
    ['an object', { text: { a: 1 } }, { code: 'SMS_REQUEST', message: /an object, not a text/ }],
    [
      'too long a text',
      { text: 'a'.repeat(1601) },
      { code: 'SMS_REQUEST', message: /1601 characters; Carrier takes 1600/ },
    ],
    [
      'what GSM 7-bit has not',
      { text: 'Привіт', options: { encoding: 'gsm7' } },
      { code: 'SMS_REQUEST', message: /./ },
    ],
    ['nobody', { to: undefined }, { code: 'SMS_REQUEST', message: /no recipient/ }],
    ['an empty list', { to: [' ', ''] }, { code: 'SMS_REQUEST', message: /no recipient/ }],
    ['an object as recipient', { to: {} }, { code: 'SMS_REQUEST', message: /recipients must be/ }],
    [
      'a country that is none',
      { provider: { numbers: { defaultCountry: 'XX' } } },
      { code: 'SMS_CONFIG', message: /XX/ },
    ],
    [
      'a time in two years',
      { options: { sendAt: NOW_MS + 2 * YEAR_MS } },
      { code: 'SMS_REQUEST', message: /next year/ },
    ],
    ['a time that is none', { options: { sendAt: 'soon' } }, { code: 'SMS_REQUEST', message: /next year/ }],
  ]
  for (const [name, wanted, error] of refused) {
    it(`refuses ${name}`, () => assert.rejects(make(wanted), error))
  }

  it('names the bad recipients, and makes the good ones', async () => {
    const { sendings, failures } = await make({ to: [ME, 'nobody', OTHER, ME] })
    assert.deepEqual(
      sendings.map(({ draft }) => draft.to),
      [ME, OTHER],
    )
    assert.deepEqual(
      failures.map(({ to, code }) => [to, code]),
      [['nobody', 'SMS_REQUEST']],
    )
  })

  it('reads numbers as the provider has them, and texts its own phones where nobody is named', async () => {
    const numbers = { defaultCountry: 'UA', shortCodes: true, defaultRecipients: `${ME}, ${OTHER}` }
    const to = async (given: unknown) =>
      (await make({ to: given, provider: { numbers } })).sendings.map(({ draft }) => draft.to)
    assert.deepEqual(await to('050 111 22 33'), [ME])
    assert.deepEqual(await to('102'), ['102'])
    assert.deepEqual(await to(''), [ME, OTHER])
    assert.deepEqual(await to(undefined), [ME, OTHER])
  })

  it('names a recipient that the provider cannot reach', async () => {
    const check: Provider['check'] = draft => {
      if (draft.to === OTHER) throw new SmsError('SMS_UNSUPPORTED', 'not there', { providerCode: 7 })
    }
    const { sendings, failures } = await make({ to: [ME, OTHER], provider: { check } })
    assert.equal(sendings.length, 1)
    assert.deepEqual(failures, [{ to: OTHER, code: 'SMS_UNSUPPORTED', message: 'not there', providerCode: 7 }])
    const faulty = () => {
      throw new TypeError('x')
    }
    await assert.rejects(make({ provider: { check: faulty } }), TypeError)
  })

  describe('for later', () => {
    const later = NOW_MS + 60_000
    const table: [name: string, wanted: Wanted, notBeforeMs: number | undefined, sendAtMs: number | undefined][] = [
      ['waits here', { options: { sendAt: later } }, later, undefined],
      ['waits here, by a text', { options: { sendAt: new Date(later).toISOString() } }, later, undefined],
      [
        'waits here where the carrier cannot hold it',
        { options: { sendAt: later }, provider: { holdsUntil: () => false } },
        later,
        undefined,
      ],
      [
        'goes to a carrier that holds it',
        { options: { sendAt: later }, provider: { holdsUntil: () => true } },
        undefined,
        later,
      ],
      ['goes at once where the time is past', { options: { sendAt: NOW_MS } }, undefined, undefined],
      ['goes at once where it was given in seconds', { options: { sendAt: NOW_MS / 1000 } }, undefined, undefined],
      ['waits here, by a clock that is plainly wrong', { options: { sendAt: later }, nowMs: 5_000 }, later, undefined],
    ]
    for (const [name, wanted, notBeforeMs, sendAtMs] of table) {
      it(name, async () => {
        const { sendings } = await make(wanted)
        assert.deepEqual([sendings[0]!.notBeforeMs, sendings[0]!.draft.sendAtMs], [notBeforeMs, sendAtMs])
      })
    }
  })
})

describe('the error of failures', () => {
  const failure = { to: ME, code: 'SMS_CREDIT', message: 'no credit', providerCode: 3 } as const
  it('of one recipient is its own', () => {
    const { code, message, providerCode } = failuresError([failure], 1)
    assert.deepEqual([code, message, providerCode], ['SMS_CREDIT', 'no credit', 3])
  })
  it('of several says how many, and the first', () => {
    const { code, message } = failuresError([failure, { ...failure, to: OTHER }], 3)
    assert.deepEqual([code, message], ['SMS_CREDIT', `2 of 3 recipients failed: ${ME}: no credit`])
  })
})
