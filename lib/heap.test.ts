import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createHeap } from './heap.ts'

describe('heap', () => {
  it('pops in order whatever was pushed and popped in between', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), steps => {
        const heap = createHeap<number>((a, b) => a < b)
        const model: number[] = []
        for (const step of steps) {
          if (step === undefined) assert.equal(heap.pop(), model.shift())
          else {
            heap.push(step)
            model.push(step)
            model.sort((a, b) => a - b)
          }
          assert.equal(heap.peek(), model[0])
          assert.equal(heap.size, model.length)
        }
      }),
    )
  })
})
