import assert from 'node:assert/strict'
import { createUuidv7 } from './uuid.ts'

describe('uuidv7', () => {
  it('has the layout of RFC 9562 and the time it was made', () => {
    const id = createUuidv7()(Date.now())
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const time = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
    assert.ok(Math.abs(time - Date.now()) < 5_000)
  })

  it('rises and never repeats, also when the clock stands still or goes back', () => {
    const uuidv7 = createUuidv7()
    const ids = Array.from({ length: 20_000 }, (_, i) => uuidv7(1_700_000_000_000 - i))
    assert.equal(new Set(ids).size, ids.length)
    assert.deepEqual(ids.toSorted(), ids)
  })
})
