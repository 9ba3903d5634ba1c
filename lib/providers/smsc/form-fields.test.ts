import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readForm, readJsonFields } from './form-fields.ts'

describe('the fields of a callback', () => {
  it('are read as any form is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (mes, to) => {
        const form = new URLSearchParams({ mes, to })
        const fields = readForm(form.toString())
        assert.deepEqual(fields.bytes('mes'), Buffer.from(mes))
        assert.equal(fields.text('mes'), mes)
        assert.deepEqual(fields.bytes('to'), Buffer.from(to))
        assert.deepEqual(fields.names(), ['mes', 'to'])
      }),
    )
  })

  const rows: readonly (readonly [encoded: string, name: string, text: string])[] = [
    ['mes=%CF%F0%E8%E2%B3%F2', 'mes', 'Привіт'],
    ['mes=%D0%9F%D1%80%D0%B8', 'mes', 'При'],
    [Buffer.from('mes=Привіт 🚪').toString('latin1'), 'mes', 'Привіт 🚪'],
    ['mes=a=b%zz%', 'mes', 'a=b%zz%'],
    ['mes=first&mes=second', 'mes', 'first'],
    ['mes', 'mes', ''],
    ['=x&&a=1', 'a', '1'],
    ['', 'mes', ''],
  ]
  for (const [encoded, name, text] of rows) {
    it(`are «${text}» in ${encoded}`, () => assert.equal(readForm(encoded).text(name), text))
  }

  it('may come as JSON, of which only texts and numbers are taken', () => {
    const fields = readJsonFields(Buffer.from('{"id":7,"mes":"Привіт","phone":null,"more":{"a":1}}'))
    assert.deepEqual(fields?.names(), ['id', 'mes'])
    assert.equal(fields?.text('id'), '7')
    for (const text of ['[]', 'null', '{', '"x"', '7']) assert.equal(readJsonFields(Buffer.from(text)), undefined)
  })
})
