import assert from 'node:assert/strict'
import fc from 'fast-check'
import { toData, toText } from './data.ts'

const cyclic: Record<string, unknown> = {}
cyclic['self'] = cyclic

describe('plain data', () => {
  const table: [name: string, value: unknown, data: unknown][] = [
    ['a text', 'x', 'x'],
    ['null', null, null],
    ['a number', 7.5, 7.5],
    ['no number', Number.NaN, null],
    ['undefined', undefined, undefined],
    ['a function', () => {}, undefined],
    ['a symbol', Symbol('x'), undefined],
    ['a bigint', 1n, undefined],
    ['a cycle', cyclic, undefined],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a map', new Map([[1, 2]]), {}],
    ['fields that are none', { a: undefined, b() {}, c: 1 }, { c: 1 }],
    ['what throws', { toJSON: () => assert.fail('x') }, undefined],
  ]
  for (const [name, value, data] of table) it(`of ${name}`, () => assert.deepEqual(toData(value), data))

  it('is a copy, and of JSON the same again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const same: unknown = JSON.parse(JSON.stringify(value))
        const data = toData(value)
        assert.deepEqual(data, same)
        assert.ok(typeof value !== 'object' || value === null || data !== value)
      }),
    )
  })
})

describe('text', () => {
  const table: [value: unknown, text: string | undefined][] = [
    ['SM1', 'SM1'],
    ['', undefined],
    [0, '0'],
    [12, '12'],
    [12n, '12'],
    [undefined, undefined],
    [null, undefined],
    [{}, undefined],
    [true, undefined],
  ]
  for (const [value, text] of table) it(`of ${String(value)}`, () => assert.equal(toText(value), text))
})
