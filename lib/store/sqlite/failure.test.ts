import assert from 'node:assert/strict'
import { SmsError } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'
import { storeError } from './failure.ts'

const error = (fields: object, message = 'row: s3cret') => Object.assign(new Error(message), fields)

describe('what went wrong with a store', () => {
  const table: [name: string, thrown: unknown, code: SmsErrorCode, sentence: RegExp][] = [
    ['busy', error({ errcode: 5 }), 'SMS_CONFIG', /in use/],
    ['busy while it is recovered', error({ errcode: 261 }), 'SMS_CONFIG', /in use/],
    ['read-only', error({ errcode: 8 }), 'SMS_CONFIG', /cannot be written/],
    ['not to be opened', error({ errcode: 14 }), 'SMS_CONFIG', /cannot be written/],
    ['no database', error({ errcode: 26 }), 'SMS_CONFIG', /not a message store/],
    ['damaged', error({ errcode: 11 }), 'SMS_STORE', /damaged/],
    ['a damaged index', error({ errcode: 779 }), 'SMS_STORE', /damaged/],
    ['full', error({ errcode: 13 }), 'SMS_STORE', /disk is full/],
    ['a failing disk', error({ errcode: 1034 }), 'SMS_STORE', /check the disk/],
    [
      'any other result of SQLite',
      error({ errcode: 1 }, 'no such table: work'),
      'SMS_STORE',
      /no such table: work \(1\)/,
    ],
    ['no permission', error({ code: 'EACCES' }), 'SMS_CONFIG', /cannot be written/],
    ['a read-only file system', error({ code: 'EROFS' }), 'SMS_CONFIG', /cannot be written/],
    ['a folder that is a file', error({ code: 'ENOTDIR' }), 'SMS_CONFIG', /part of its path is a file/],
    ['no room for a folder', error({ code: 'ENOSPC' }), 'SMS_STORE', /disk is full/],
    ['another error of the system', error({ code: 'EWHAT' }), 'SMS_STORE', /: Error$/],
    ['a fault of ours', new TypeError('s3cret'), 'SMS_STORE', /: TypeError$/],
    ['no error', 's3cret', 'SMS_STORE', /: string$/],
    ['nothing', undefined, 'SMS_STORE', /: undefined$/],
  ]
  for (const [name, thrown, code, sentence] of table) {
    it(`is told of ${name}`, () => {
      const told = storeError(thrown, '/data/messages.db')
      assert.equal(told.code, code)
      assert.match(told.message, sentence)
      assert.match(told.message, /^\/data\/messages\.db /)
      assert.doesNotMatch(told.message, /s3cret/)
      assert.deepEqual([told.cause, told.retryable], [undefined, false])
    })
  }

  it('is left where it is told already', () => {
    const told = new SmsError('SMS_CONFIG', 'x')
    assert.equal(storeError(told, '/data/messages.db'), told)
  })
})
