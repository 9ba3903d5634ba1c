import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { renderTemplate } from './template.ts'
import type { TemplateValues } from './template.ts'

describe('template', () => {
  const values: TemplateValues = {
    to: '+380501234567',
    parts: 2,
    big: 2n,
    flash: false,
    nothing: null,
    text: 'use {{to}} or $& or $1',
    account: { login: 'me', deep: { er: 'x' } },
    list: ['first', 'second'],
    'Front door': 'open',
  }
  const cases: readonly (readonly [string, string])[] = [
    ['no placeholders', 'no placeholders'],
    ['', ''],
    ['to={{to}}&to={{ to }}', 'to=+380501234567&to=+380501234567'],
    ['{{\n to\t}}', '+380501234567'],
    ['{{parts}} {{big}} {{flash}}', '2 2 false'],
    ['[{{nothing}}{{missing}}{{}}{{ }}]', '[]'],
    ['{{text}}', 'use {{to}} or $& or $1'],
    ['{{account.login}} {{account.deep.er}} {{list.1}}', 'me x second'],
    ['[{{account}}{{account.missing.far}}{{to.length}}{{list}}{{list.2}}]', '[]'],
    ['{{Front door}}', 'open'],
    ['[{{constructor}}{{__proto__}}{{__proto__.x}}{{toString}}{{account.constructor.name}}{{list.map}}]', '[]'],
    ['{"to":"{{to}}","nested":{"n":{{parts}}}}', '{"to":"+380501234567","nested":{"n":2}}'],
    ['{{to} {to}} {{to', '{{to} {to}} {{to'],
    ['{{{to}}}', '{+380501234567}'],
    ['{{.}}{{to.}}{{.to}}', ''],
  ]
  for (const [template, expected] of cases)
    it(`renders ${JSON.stringify(template)}`, () => assert.equal(renderTemplate(template, values), expected))

  it('finds nothing on a prototype, even a polluted one', () => {
    const polluted = Object.create({ x: 'inherited' }) as TemplateValues
    assert.equal(renderTemplate('[{{x}}]', polluted), '[]')
  })

  it('escapes values, and only values', () => {
    const json = (value: string) => JSON.stringify(value).slice(1, -1)
    assert.equal(renderTemplate('{"text":"{{text}}"}', { text: 'a "b"\n' }, json), String.raw`{"text":"a \"b\"\n"}`)
    assert.equal(renderTemplate('a b={{text}}&c={{none}}', { text: 'a&b' }, encodeURIComponent), 'a b=a%26b&c=')
  })

  it('returns any value as it is, and any text without placeholders', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, text) => {
        assert.equal(renderTemplate('<{{a.b}}>', { a: { b: value } }), `<${value}>`)
        const bare = text.replaceAll('{{', '')
        assert.equal(renderTemplate(bare, { a: value }), bare)
      }),
    )
  })
})
