import assert from 'node:assert/strict'
import { keepNewest } from './bounded.ts'

describe('keepNewest', () => {
  it('keeps the newest, and never more than twice as many', () => {
    const seen = new Set<number>()
    for (let i = 0; i < 1_000; i++) {
      seen.add(i)
      keepNewest(seen, 10)
      assert.ok(seen.size < 20 && seen.has(i) && (i < 9 || seen.has(i - 9)))
    }
    const map = new Map([...seen].map(key => [key, key]))
    keepNewest(map, 100)
    assert.deepEqual([...map.keys()], [...seen])
  })
})
