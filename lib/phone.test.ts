import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { SmsError } from './errors.ts'
import {
  countryOf,
  isDefaultCountry,
  parseRecipient,
  parseRecipients,
  splitRecipients,
  type RecipientOptions,
} from './phone.ts'

describe('parseRecipient', () => {
  const accepted: Record<string, [input: string, country: string | undefined, number: string][]> = {
    'international numbers': [
      ['+380501234567', undefined, '+380501234567'],
      ['+380501234567', 'US', '+380501234567'],
      ['  +1 (201) 555-0123 ', undefined, '+12015550123'],
      ['+44 (0) 20 7946.0018', undefined, '+442079460018'],
      ['(+380) 50 123 45 67', undefined, '+380501234567'],
      ['+3 8 0 5 0 1 2 3 4 5 6 7', undefined, '+380501234567'],
      ['+870773111632', undefined, '+870773111632'],
    ],
    'possible numbers that no plan knows': [
      ['+15005550006', undefined, '+15005550006'],
      ['+15550001111', undefined, '+15550001111'],
      ['+380001234567', undefined, '+380001234567'],
      ['001 555 000 1111', undefined, '+15550001111'],
    ],
    'national numbers': [
      ['050 123 45 67', 'UA', '+380501234567'],
      ['[050] 123.45.67', ' ua ', '+380501234567'],
      ['380501234567', 'UA', '+380501234567'],
      ['8 (916) 123-45-67', 'RU', '+79161234567'],
      ['0171/1234567', 'DE', '+491711234567'],
      ['13800138000', 'CN', '+8613800138000'],
    ],
    'prefixes for abroad': [
      ['00380501234567', undefined, '+380501234567'],
      ['(00380) 50 123 45 67', undefined, '+380501234567'],
      ['0 0 380 50 123 45 67', 'UA', '+380501234567'],
      ['00 380 50 123 45 67', 'US', '+380501234567'],
      ['011 380 50 123 45 67', 'US', '+380501234567'],
      ['810 380 50 123 45 67', 'RU', '+380501234567'],
      ['0044 7911 123456', 'AU', '+447911123456'],
      ['0011 44 7911 123456', 'AU', '+447911123456'],
      // Not Arkansas: +1 1 479 234 5678 is nobody's way to write that.
      ['0011 47 92 34 56 78', 'AU', '+4792345678'],
      ['001 44 7911 123456', 'SG', '+447911123456'],
    ],
    'tel: URIs': [
      ['tel:+1-201-555-0123', undefined, '+12015550123'],
      ['TEL:050-123-45-67', 'UA', '+380501234567'],
      ['tel:050-123-45-67;phone-context=+380', undefined, '+380501234567'],
      ['tel:+380501234567;isub=1', undefined, '+380501234567'],
    ],
    'other digits and invisible marks': [
      ['＋３８０５０１２３４５６７', undefined, '+380501234567'],
      ['٠٥٠١٢٣٤٥٦٧', 'UA', '+380501234567'],
      ['۰۰۳۸۰۵۰۱۲۳۴۵۶۷', undefined, '+380501234567'],
      ['\u202A+380 50 123\u201145\u201167\u202C', undefined, '+380501234567'],
    ],
  }
  for (const [title, table] of Object.entries(accepted))
    describe(`takes ${title}`, () => {
      for (const [input, defaultCountry, number] of table)
        it(`${JSON.stringify(input)} ${defaultCountry ?? ''}`, () =>
          assert.equal(parseRecipient(input, { defaultCountry }), number))
    })

  describe('refuses', () => {
    const refused: [input: string, country: string | undefined, message: RegExp][] = [
      ['', undefined, /^«» is not a phone number$/],
      ['+', undefined, /^«\+» is not a phone number$/],
      ['Ivan', 'UA', /is not a phone number$/],
      ['1-800-FLOWERS', 'US', /is not a phone number$/],
      ['++380501234567', undefined, /is not a phone number$/],
      ['+380501234567 now', undefined, /is not a phone number$/],
      ['+7831*****', undefined, /is not a phone number$/],
      ['tel:7042;phone-context=example.com', undefined, /is not a phone number$/],
      ['0501234567', undefined, /^«0501234567» has no country code, and there is no default country/],
      ['380501234567', undefined, /has no country code/],
      ['13800138000', undefined, /has no country code/],
      ['+999123456789', undefined, /begins with the code of no country$/],
      ['123', 'UA', /^«123» is too short for Ukraine$/],
      ['+38050123', undefined, /is too short for Ukraine$/],
      ['+3805012345678901', undefined, /is too long for Ukraine$/],
      ['+1555000111', undefined, /is too short for \+1$/],
      ['+2991234567', undefined, /is too long for Greenland$/],
      ['+49 30 123456789012', undefined, /is too long for Germany$/],
      ['0123456789', 'UA', /is not a number of Ukraine: if it is right, write it with \+/],
      ['+1 1 555 000 1111', undefined, /is not a number of \+1$/],
      ['+4900146129914', undefined, /is not a number of Germany$/],
      ['5550001111', 'US', /is not a number of United States: /],
      ['79161234567', 'UA', /is too long for Ukraine$/],
      ['00 1 202 555 0123', 'SG', /begins with 00, and Singapore dials abroad in another way: write it with \+$/],
      // New Zealand dialled from Singapore, or Toronto written with 00.
      ['001 64 7 834 5678', 'SG', /begins with 00, and Singapore/],
      ['0011 4479 1112 34', 'AU', /begins with 00, and Australia dials/],
      ['+1 201 555 0123 ext 12', undefined, /has an extension/],
      ['tel:+1-201-555-0123;ext=12', undefined, /has an extension/],
      ['+49 171 1234567/8', undefined, /names more than one number$/],
    ]
    for (const [input, defaultCountry, message] of refused)
      it(`${JSON.stringify(input)} ${defaultCountry ?? ''}`, () =>
        assertRefused(() => parseRecipient(input, { defaultCountry }), 'SMS_REQUEST', message))

    it('a default country that does not exist, as a fault of the settings', () => {
      for (const refuse of [parseRecipient, parseRecipients])
        assertRefused(() => refuse('+380501234567', { defaultCountry: 'UK' }), 'SMS_CONFIG', /«UK» is not an ISO 3166/)
    })

    it('with no more than 40 characters of what was given, and none that break a line', () => {
      const text = `+380 ${'x'.repeat(34)}\r\n${'👋'.repeat(50)}`
      assertRefused(() => parseRecipient(text), 'SMS_REQUEST', /^«\+380 x{34}…» is not a phone number$/)
      const exact = 'y'.repeat(40)
      assertRefused(() => parseRecipient(exact), 'SMS_REQUEST', /^«y{40}» is not a phone number$/)
    })
  })

  describe('short codes', () => {
    it('are 3 to 6 digits and go through as they are, but only if asked for', () => {
      for (const code of ['112', '7042', '900900'])
        assert.equal(parseRecipient(` ${code} `, { shortCodes: true, defaultCountry: 'UA' }), code)
      assertRefused(() => parseRecipient('7042'), 'SMS_REQUEST', /has no country code/)
      assertRefused(
        () => parseRecipient('7042', { shortCodes: false, defaultCountry: 'UA' }),
        'SMS_REQUEST',
        /too short/,
      )
    })

    it('are neither shorter nor longer, nor anything but digits', () => {
      for (const text of ['12', '1234567', '12a4', '+7042'])
        assert.throws(() => parseRecipient(text, { shortCodes: true }), SmsError, text)
    })
  })

  const country = fc.constantFrom(...getCountries())

  it('gives back what it gave, in whatever form its number is written', () => {
    for (const country of getCountries()) {
      const phone = getExampleNumber(country, examples)
      if (phone === undefined) continue
      const forms = [phone.number, phone.formatInternational(), phone.getURI(), `00${phone.number.slice(1)}`]
      for (const form of forms) assert.equal(parseRecipient(form), phone.number, form)
      for (const form of [phone.formatNational(), phone.formatNational().replaceAll(/\D/g, '')])
        assert.equal(parseRecipient(form, { defaultCountry: country }), phone.number, `${country} ${form}`)
    }
  })

  it('gives E.164 or refuses, and never fails in another way', () => {
    const looksLikeOne = fc.string({
      unit: fc.constantFrom(...'0123456789+ ()-./;,#x~*[]＋٣'.split(''), 'tel:', '00', ';ext='),
    })
    const text = fc.oneof(looksLikeOne, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 400 }))
    const options = fc.record({ defaultCountry: fc.option(country, { nil: undefined }), shortCodes: fc.boolean() })
    fc.assert(
      fc.property(text, options, (text, options) => {
        const number = attempt(text, options)
        if (number === undefined || (options.shortCodes && /^\d{3,6}$/.test(number))) return
        assert.match(number, /^\+[1-9]\d{1,14}$/)
        assert.equal(parseRecipient(number, options), number)
      }),
      { numRuns: 1000 },
    )
  })

  it('never echoes much of what it refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 300, maxLength: 2000 }), text =>
        assertRefused(() => parseRecipient(text), 'SMS_REQUEST', /^«[^\p{C}]{0,40}» .{1,100}$/u),
      ),
    )
  })
})

describe('splitRecipients', () => {
  const table: [to: unknown, recipients: string[]][] = [
    [undefined, []],
    [null, []],
    ['', []],
    [' ,;\r\n', []],
    [[], []],
    [['', null, undefined], []],
    ['+380501234567', ['+380501234567']],
    [' b ,a;c\nd\r\ne ', ['b', 'a', 'c', 'd', 'e']],
    [
      ['a, b', 'c;b', 'a'],
      ['a', 'b', 'c'],
    ],
    [380501234567, ['380501234567']],
    [
      [7042, '7042', 1],
      ['7042', '1'],
    ],
    ['tel:050;phone-context=+380;ext=1;067', ['tel:050;phone-context=+380;ext=1', '067']],
  ]
  for (const [to, recipients] of table)
    it(JSON.stringify(to) ?? 'undefined', () => assert.deepEqual(splitRecipients(to), recipients))

  for (const to of [{}, true, NaN, -1, 0.5, 2 ** 60, 10n, [['a']], ['a', {}], () => 'a', Symbol('a')])
    it(`refuses ${inspect(to)}`, () => assertRefused(() => splitRecipients(to), 'SMS_REQUEST', /^recipients must be/))
})

describe('parseRecipients', () => {
  it('keeps the good ones once, in order, and reports the others', () => {
    const to = ['+380501234567; 0671234567', '050 123 45 67, tel:+380671234567', 'Ivan', '+12015550123\n12']
    const { recipients, failures } = parseRecipients(to, { defaultCountry: 'UA' })
    assert.deepEqual(recipients, ['+380501234567', '+380671234567', '+12015550123'])
    assert.deepEqual(failures, [
      { to: 'Ivan', code: 'SMS_REQUEST', message: '«Ivan» is not a phone number' },
      { to: '12', code: 'SMS_REQUEST', message: '«12» is too short for Ukraine' },
    ])
  })

  it('gives nothing for nothing', () => {
    assert.deepEqual(parseRecipients(undefined), { recipients: [], failures: [] })
  })

  it('refuses what is no list at all', () => {
    assertRefused(() => parseRecipients({ number: '+380501234567' }), 'SMS_REQUEST', /must be/)
  })

  it('loses no entry', () => {
    const entry = fc.oneof(fc.constantFrom('+380501234567', '+12015550123', '0501234567'), fc.string())
    fc.assert(
      fc.property(fc.array(entry), to => {
        const { recipients, failures } = parseRecipients(to)
        const failed = new Set(failures.map(failure => failure.to))
        for (const entry of splitRecipients(to))
          assert.ok(failed.has(entry) || recipients.includes(parseRecipient(entry)), entry)
        assert.equal(new Set(recipients).size, recipients.length)
      }),
    )
  })
})

describe('countries', () => {
  it('are told by a number, where it has one', () => {
    const table = [
      ['+380501234567', 'UA'],
      ['+12015550123', 'US'],
      ['+15550001111', undefined],
      ['+870773111632', undefined],
      ['7042', undefined],
      ['', undefined],
    ] as const
    for (const [number, country] of table) assert.equal(countryOf(number), country, number)
  })

  it('may be a default if they are ISO 3166-1 codes', () => {
    for (const value of ['UA', 'ua', ' De ']) assert.ok(isDefaultCountry(value), value)
    for (const value of ['', 'UK', 'ZZ', 'Ukraine', '001', 'constructor', undefined, null, 380, ['UA']])
      assert.ok(!isDefaultCountry(value), String(value))
  })
})

function attempt(text: string, options: RecipientOptions): string | undefined {
  try {
    return parseRecipient(text, options)
  } catch (error) {
    assert.ok(error instanceof SmsError && error.code === 'SMS_REQUEST', String(error))
    return undefined
  }
}

function assertRefused(work: () => unknown, code: string, message: RegExp): void {
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof SmsError, String(error))
    assert.equal(error.code, code)
    assert.match(error.message, message)
    return true
  })
}
