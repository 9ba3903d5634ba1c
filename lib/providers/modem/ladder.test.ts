import assert from 'node:assert/strict'
import { createLadder, worseOf } from './ladder.ts'

describe('ladder', () => {
  it('goes up with each time in a row, and stays at its top', () => {
    const ladder = createLadder()
    const climbed = Array.from({ length: 6 }, () => ladder.unanswered('+CMGS=23'))
    assert.deepEqual(climbed, ['check', 'setUp', 'reset', 'reopen', 'reopen', 'reopen'])
  })

  it('begins anew once the same command is answered, whatever its values', () => {
    const ladder = createLadder()
    ladder.unanswered('+CMGS=23')
    ladder.unanswered('+CMGS=24')
    ladder.answered('+CMGS=12')
    assert.equal(ladder.unanswered('+CMGS=23'), 'check')
  })

  it('is not deceived by other commands that are answered', () => {
    const ladder = createLadder()
    ladder.unanswered('+CMGS=23')
    ladder.answered('+CNMI?')
    ladder.answered('')
    assert.equal(ladder.unanswered('+CMGS=23'), 'setUp')
  })

  it('knows which of two is worse', () => {
    assert.equal(worseOf('reset', 'check'), 'reset')
    assert.equal(worseOf('check', 'reopen'), 'reopen')
    assert.equal(worseOf(undefined, 'setUp'), 'setUp')
  })
})
