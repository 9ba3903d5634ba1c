import assert from 'node:assert/strict'
import { pathFault } from './webhook-path.ts'

describe('the path of a webhook', () => {
  for (const [path, fault] of [
    ['abcdefghij2345672346', undefined],
    ['home-1_x', undefined],
    ['consoles', undefined],
    ['test', undefined],
    ['console', 'pathReserved'],
    ['Console', 'pathReserved'],
    ['ports', 'pathReserved'],
    ['', 'path'],
    ['a/b', 'path'],
    ['console/', 'path'],
    ['x'.repeat(65), 'path'],
  ] as const) {
    it(`${fault === undefined ? 'may' : 'may not'} be «${path.slice(0, 20)}»`, () =>
      assert.equal(pathFault(path), fault))
  }
})
