import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { reference, referenceFile } from '../tools/reference.ts'

describe('docs/reference.md', () => {
  it('is what the code says; `npm run reference` writes it', () => {
    assert.equal(readFileSync(referenceFile, 'utf8'), reference())
  })
})
