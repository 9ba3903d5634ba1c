import assert from 'node:assert/strict'
import { createClaims } from './claims.ts'

describe('claims of messages at Twilio', () => {
  it('belong to the first', () => {
    const claims = createClaims()
    claims.claim('SM1', 'first')
    claims.claim('SM1', 'second')
    assert.equal(claims.ownerOf('SM1'), 'first')
    assert.equal(claims.ownerOf('SM2'), undefined)
  })

  it('are forgotten, the oldest first, when there are too many', () => {
    const claims = createClaims(2)
    for (const sid of ['SM1', 'SM2', 'SM3', 'SM4']) claims.claim(sid, `of ${sid}`)
    assert.equal(claims.ownerOf('SM1'), undefined)
    assert.equal(claims.ownerOf('SM3'), 'of SM3')
    assert.equal(claims.ownerOf('SM4'), 'of SM4')
  })
})
