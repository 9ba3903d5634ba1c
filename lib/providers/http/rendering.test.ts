import assert from 'node:assert/strict'
import fc from 'fast-check'
import { SmsError } from '../../errors.ts'
import { compileAddress } from './address.ts'
import { compileBody, readContentType } from './body.ts'
import type { ContentKind } from './body.ts'
import { compileHeaders } from './headers.ts'
import { NAMES } from './placeholders.ts'
import type { Known, Values } from './placeholders.ts'

const KNOWN: Known = { names: NAMES, groups: new Set(['params']), secrets: new Set(['key', 'user', 'password']) }

const body = (template: string, kind: ContentKind, values: Values) => compileBody(template, kind, KNOWN).render(values)
const address = (template: string, values: Values) => compileAddress(template, KNOWN).render(values)
const headers = (template: string, values: Values) => compileHeaders(template, KNOWN).render(values)

const refuses = (make: () => unknown, code: string, message: RegExp) =>
  assert.throws(make, (error: unknown) => {
    assert.ok(error instanceof SmsError)
    assert.deepEqual([error.code, message.test(error.message)], [code, true], error.message)
    return true
  })

/** Anything a person, or a person with bad intentions, may write. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        '"',
        "'",
        '\\',
        '&',
        '=',
        '{{',
        '}}',
        '{{secret.key}}',
        '<',
        ']]>',
        '\r\n',
        '\n',
        '\t',
        '\u2028',
        '\u0000',
        '%41',
        '+',
        '$&',
        '#',
        '/',
        '..',
        '\ud83d\ude00',
        '\ud83d',
        '\udc00',
        '"}',
        '<!--',
        '\u0085',
      ),
    )
    .map(parts => parts.join('')),
)

/** What UTF-8 can carry of it. */
const wellFormed = (text: string) => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')

/** A small reader of XML, for what we write: character references only, and line ends as a parser sees them. */
function unescapeXml(xml: string): string {
  assert.doesNotMatch(xml, /[<"\r]/)
  return xml.replaceAll(/&#(\d+);|&/g, (match, code?: string) => {
    assert.ok(code !== undefined, `an & that is no reference: ${match}`)
    return String.fromCodePoint(Number(code))
  })
}

// oxlint-disable-next-line no-control-regex
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

describe('what a template renders', () => {
  it('is read back from a form exactly', () =>
    fc.assert(
      fc.property(anyText, text => {
        const form = new URLSearchParams(
          body('to={{to}}&text={{text}}\nkey={{secret.key}}', 'form', { to: '+1', text, secret: { key: 'k' } }),
        )
        assert.deepEqual(
          [...form],
          [
            ['to', '+1'],
            ['text', wellFormed(text)],
            ['key', 'k'],
          ],
        )
      }),
    ))

  it('is read back from the query and the path of an address exactly', () =>
    fc.assert(
      fc.property(anyText, text => {
        const url = new URL(address('http://h/a{{text}}/send?text={{text}}&to={{to}}', { to: '+1', text }))
        assert.deepEqual(
          [...url.searchParams],
          [
            ['text', wellFormed(text)],
            ['to', '+1'],
          ],
        )
        assert.equal(decodeURIComponent(url.pathname), `/a${wellFormed(text)}/send`)
        assert.deepEqual([url.host, url.hash], ['h', ''])
      }),
    ))

  it('is read back from JSON exactly, in quotes, without, and among others', () =>
    fc.assert(
      fc.property(anyText, text => {
        const template = '{ "a": "{{text}}", "b": {{text}}, "c": ["<{{text}}> for {{to}}"], "d": { "e": 1 } }'
        assert.deepEqual(JSON.parse(body(template, 'json', { to: '+1', text })), {
          a: wellFormed(text),
          b: wellFormed(text),
          c: [`<${wellFormed(text)}> for +1`],
          d: { e: 1 },
        })
      }),
    ))

  it('is read back from XML exactly, but for what no XML can hold', () =>
    fc.assert(
      fc.property(anyText, text => {
        const xml = body('<sms to="{{to}}" note="{{text}}"><text>{{text}}</text></sms>', 'xml', { to: '+1', text })
        const [, inAttribute = '', inText = ''] =
          /^<sms to="\+1" note="(.*?)"><text>(.*)<\/text><\/sms>$/s.exec(xml) ?? []
        const expected = wellFormed(text).replaceAll(NOT_XML, '')
        assert.deepEqual([unescapeXml(inAttribute), unescapeXml(inText)], [expected, expected])
      }),
    ))

  it('is the text itself where it is sent as it is', () =>
    fc.assert(
      fc.property(anyText, text => {
        assert.equal(body('{{to}}\n{{text}}', 'text', { to: '+1', text }), `+1\n${wellFormed(text)}`)
      }),
    ))

  it('is one header, or none at all', () =>
    fc.assert(
      fc.property(anyText, text => {
        try {
          const rendered = headers('X-Text: {{text}}', { text })
          assert.deepEqual(Object.keys(rendered), ['x-text'])
          assert.match(rendered['x-text']!, /^[\t\u0020-\u007e\u0080-\u00ff]*$/)
        } catch (error) {
          assert.ok(error instanceof SmsError && error.code === 'SMS_REQUEST')
        }
      }),
    ))
})

describe('a template', () => {
  it('leaves out fields for which there is nothing', () => {
    const values = { to: '1', flash: false, validityMinutes: undefined, parts: 1 }
    const words =
      'flash={{flash|true=1|false=}}&parts={{parts|1=one}}&to={{ to }}&ttl={{validityMinutes}}&url={{callbackUrl}}/x'
    assert.equal(body(words, 'form', values), 'parts=one&to=1')
    assert.equal(address(`http://h/?${words}`, values), 'http://h/?parts=one&to=1')
    assert.equal(address('http://h?ttl={{validityMinutes}}', values), 'http://h/')
    const json =
      '{ "to": ["{{to}}", "{{from}}"], "ttl": {{validityMinutes}}, "f": "{{from}} says", "x": "{{params.a.b}}" }'
    assert.equal(body(json, 'json', values), '{"to":["1"]}')
    assert.deepEqual(headers('X-From: {{from}}\nX-To: {{to}}', values), { 'x-to': '1' })
  })

  it('has numbers, truth and whole objects in JSON where there are no quotes', () => {
    const values = { flash: true, parts: 2, mediaUrls: ['a', 'b'], params: { extra: { sim: 1 } } }
    const json =
      '{ "f": {{flash}}, "g": {{flash|true=1|false=0}}, "s": "{{flash}}", "p": {{parts}}, "m": {{mediaUrls}}, "e": {{params.extra}} }'
    assert.deepEqual(JSON.parse(body(json, 'json', values)), {
      f: true,
      g: 1,
      s: 'true',
      p: 2,
      m: ['a', 'b'],
      e: { sim: 1 },
    })
  })

  it('reaches only what is there by itself', () => {
    assert.equal(body('a={{params.constructor.name}}&b={{params.__proto__}}', 'form', { params: {} }), '')
  })

  it('may write literally what is encoded already', () => {
    assert.equal(body('text=a b&name=%C3%A9&city=Köln', 'form', {}), 'text=a%20b&name=%C3%A9&city=K%C3%B6ln')
  })

  const wrong: readonly (readonly [make: () => unknown, message: RegExp])[] = [
    [() => body('a={{nope}}', 'form', {}), /the body names {{nope}}, which does not exist/],
    [() => body('a={{params}}', 'form', {}), /names {{params}}/],
    [() => body('a={{secret.other}}', 'form', {}), /needs the secret «other», which is not there/],
    [() => compileBody('{{basic}}', 'text', { ...KNOWN, secrets: new Set(['user']) }), /needs the secret «password»/],
    [() => body('a={{to', 'form', {}), /has {{ without }}/],
    [() => body('a={{flash|1}}', 'form', {}), /must be value=word/],
    [() => body('{ "to": {{to}} "a": 1 }', 'json', {}), /the body is not JSON/],
    [() => body('{ "to": "{{to}} }', 'json', {}), /the body is not JSON/],
    [() => body('{ "{{to}}": 1 }', 'json', {}), /in the name of a field/],
    [() => body('{ {{to}}: 1 }', 'json', {}), /in the name of a field/],
    [() => address('{{params.host}}/a', {}), /must begin with http/],
    [() => address('http://{{params.host}}/a', {}), /must begin with http/],
    [() => address('http://u:p@h/a', {}), /must begin with http/],
    [() => address('ftp://h/a', {}), /must begin with http/],
    [() => address('http://h/a#b', {}), /must begin with http/],
    [() => address('http://h/{{nope}}', {}), /the URL names {{nope}}/],
    [() => headers('no header', {}), /line 1 of the headers/],
    [() => headers('Content-Length: 1', {}), /cannot be set/],
    [() => headers('A: {{nope}}', {}), /the header A names {{nope}}/],
    [() => readContentType('json;charset=latin1'), /content type/],
    [() => readContentType('application/json; charset=latin1'), /UTF-8 only/],
    [() => readContentType('multipart/form-data'), /multipart/],
  ]
  for (const [make, message] of wrong) it(`is refused: ${message.source}`, () => refuses(make, 'SMS_CONFIG', message))

  it('refuses a value that would make another path, or another header', () => {
    for (const to of ['..', '.', ''])
      refuses(() => address('http://h/a/{{to}}/b', { to }), 'SMS_REQUEST', /path of the URL/)
    refuses(() => address('http://h/a/{{from}}', {}), 'SMS_REQUEST', /path of the URL/)
    assert.equal(address('http://h/a/../b', {}), 'http://h/a/../b')
    refuses(() => headers('A: {{text}}', { text: 'a\r\nB: c' }), 'SMS_REQUEST', /the header a/)
  })

  const types: readonly (readonly [given: string, kind: ContentKind, header: string])[] = [
    ['form', 'form', 'application/x-www-form-urlencoded'],
    ['JSON', 'json', 'application/json'],
    ['application/vnd.api+json; charset=UTF-8', 'json', 'application/vnd.api+json; charset=UTF-8'],
    ['text/xml', 'xml', 'text/xml'],
    ['application/soap+xml', 'xml', 'application/soap+xml'],
    ['application/x-www-form-urlencoded', 'form', 'application/x-www-form-urlencoded'],
    ['text/csv', 'text', 'text/csv'],
  ]
  for (const [given, kind, header] of types) {
    it(`takes ${given} for ${kind}`, () => assert.deepEqual(readContentType(given), { kind, header }))
  }
})
