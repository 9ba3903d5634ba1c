import assert from 'node:assert/strict'
import { incoming } from '../test/support/message.ts'
import { copyRecord } from './record.ts'

describe('a copy of a record', () => {
  it('is equal, and can be changed without the record being changed', () => {
    const record = incoming({ ref: { a: [1] }, error: { code: 'SMS_SEND', message: 'no' }, mediaUrls: ['x'] })
    const before = structuredClone(record)
    const copy = copyRecord(record) as unknown as {
      text: string
      ref: { a: number[] }
      error: object
      mediaUrls: string[]
    }
    assert.deepEqual(copy, record)
    copy.text = 'other'
    copy.ref.a.push(2)
    copy.mediaUrls.push('y')
    Object.assign(copy.error, { message: 'yes' })
    assert.deepEqual(record, before)
  })
})
