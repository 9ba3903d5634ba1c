import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readJson, readTagged, readTime, writeJson, writeTime } from './jsonex.ts'

describe('the JSON of smsframework', () => {
  it('is ASCII, and reads back as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), object => {
        const text = writeJson(object)
        assert.match(text, /^[ -~]*$/)
        assert.deepEqual(readJson(text), JSON.parse(JSON.stringify(object)))
      }),
    )
  })

  it('leaves out what is not there', () => {
    assert.equal(writeJson({ a: undefined, b: null, c: [undefined] }), '{"b": null, "c": [null]}')
  })

  for (const text of ['', '[]', 'null', '"x"', '{', '1']) {
    it(`takes ${text || 'nothing'} for no object`, () => assert.equal(readJson(text), undefined))
  }

  for (const value of [
    undefined,
    1,
    {},
    { '?': [] },
    { '?': ['A'] },
    { '?': ['A', []] },
    { '?': [1, {}] },
    { '?': 'A' },
  ]) {
    it(`takes ${JSON.stringify(value)} for no object of a class`, () => assert.equal(readTagged(value), undefined))
  }

  const times: [text: string, expected: string | undefined][] = [
    ['2026-11-21T07:45:11.190080', '2026-11-21T07:45:11.190Z'],
    // Python leaves a fraction of zero out, and then cannot read it itself.
    ['2026-11-21T07:45:11', '2026-11-21T07:45:11.000Z'],
    ['2026-11-21T07:45:11.5', '2026-11-21T07:45:11.500Z'],
    ['2026-11-21T07:45:11.678Z', '2026-11-21T07:45:11.678Z'],
    ['2026-11-21T09:45:11.678+02:00', '2026-11-21T07:45:11.678Z'],
    ['2026-13-21T07:45:11', undefined],
    ['yesterday', undefined],
  ]
  for (const [text, expected] of times) {
    it(`takes ${text} for ${expected ?? 'no time'}`, () => {
      const ms = readTime({ '?': ['datetime', text] })
      assert.equal(ms === undefined ? undefined : new Date(ms).toISOString(), expected)
    })
  }

  it('has a time with a fraction and without a zone, as Python reads no other', () => {
    const ms = Date.UTC(2026, 10, 21, 7, 45, 11)
    assert.deepEqual(writeTime(ms), { '?': ['datetime', '2026-11-21T07:45:11.000'] })
    assert.equal(readTime(writeTime(ms)), ms)
  })
})
