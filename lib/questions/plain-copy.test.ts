import assert from 'node:assert/strict'
import { MAX_COPY, plainCopy } from './plain-copy.ts'

describe('plain copy of a message', () => {
  it('keeps plain data, and what JSON makes of the rest', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    const date = new Date(0)
    const msg = {
      payload: 'x',
      topic: null,
      deep: { a: [1] },
      date,
      run() {},
      nothing: undefined,
      cycle,
      req: {},
      res: {},
    }
    assert.deepEqual(plainCopy(msg), { payload: 'x', topic: null, deep: { a: [1] }, date: date.toISOString() })
  })

  it('has an end: leaves out what is too long, and keeps what comes after it', () => {
    const copy = plainCopy({ order: 17, picture: 'x'.repeat(MAX_COPY), note: 'y', more: 'z'.repeat(MAX_COPY - 20) })
    assert.deepEqual(copy, { order: 17, note: 'y' })
  })

  it('is no part of the message', () => {
    const msg = { deep: { a: 1 } }
    const copy = plainCopy(msg)
    msg.deep.a = 2
    assert.deepEqual(copy, { deep: { a: 1 } })
  })
})
