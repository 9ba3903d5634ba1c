import assert from 'node:assert/strict'
import { incoming } from '../../test/support/message.ts'
import type { SmsRecord } from '../message.ts'
import { createFilter } from './filter.ts'
import type { FilterOptions } from './filter.ts'

const filter = (options: Partial<FilterOptions>, record: Partial<SmsRecord>) =>
  createFilter({ listen: 'messages', allowFrom: '', matchType: 'any', match: '', ...options })(incoming(record))

describe('filter', () => {
  describe('what it listens to', () => {
    const table: [listen: FilterOptions['listen'], message: boolean, call: boolean][] = [
      ['messages', true, false],
      ['calls', false, true],
      ['both', true, true],
    ]
    for (const [listen, message, call] of table) {
      it(listen, () => {
        const heard = (['message', 'call'] as const).map(type => filter({ listen }, { type }) !== undefined)
        assert.deepEqual(heard, [message, call])
      })
    }
  })

  describe('whom it allows', () => {
    const table: [allowFrom: string, from: string | undefined, allowed: boolean][] = [
      ['', '+380501112233', true],
      [' , ;\n', '+380501112233', true],
      ['+380501112233', '+380501112233', true],
      ['+380501112233', '+380501112234', false],
      ['+380501112233', '+3805011122339', false],
      ['+38 (050) 111-22-33', '+380501112233', true],
      ['00380501112233', '+380501112233', true],
      ['+380501112233', '00380501112233', true],
      ['+1, +2; +3\n+4', '+3', true],
      ['+1, +2; +3\n+4', '+5', false],
      ['+1\r\n+2', '+1', true],
      ['+38050*', '+380501112233', true],
      ['+38050*', '+380671112233', false],
      ['+380 (50)*', '+380501112233', true],
      ['0038050*', '+380501112233', true],
      ['*', 'anybody', true],
      ['*', undefined, true],
      ['+1', undefined, false],
      ['MyBank', 'mybank', true],
      ['mybank', 'MyBank ', true],
      ['My Bank', 'MyBank', false],
      ['My*', 'MyBank', true],
      ['102', '102', true],
      ['102', '1020', false],
      ['ПриватБанк', 'ПРИВАТБАНК', true],
    ]
    for (const [allowFrom, from, allowed] of table) {
      it(`${JSON.stringify(allowFrom)} ${allowed ? 'lets' : 'keeps'} ${from}`, () => {
        const record = incoming()
        const { from: _none, ...nobody } = record
        const found = createFilter({ listen: 'both', allowFrom, matchType: 'any', match: '' })(
          from === undefined ? nobody : { ...record, from },
        )
        assert.equal(found !== undefined, allowed)
      })
    }

    it('callers as well', () => {
      const found = ['+1', '+2'].map(from => filter({ listen: 'calls', allowFrom: '+1' }, { type: 'call', from }))
      assert.deepEqual(found, [{}, undefined])
    })
  })

  describe('keywords', () => {
    const table: [match: string, text: string, words: readonly string[] | undefined][] = [
      ['STATUS', 'status', []],
      ['status', '  STATUS   now please ', ['now', 'please']],
      ['status', 'Status: now', ['now']],
      ['status', 'status!', []],
      ['status', 'statuses', undefined],
      ['status', 'the status', undefined],
      ['status', '', undefined],
      ['on, off', 'OFF heating', ['heating']],
      ['on, , off', '', undefined],
      ['СТАТУС', 'статус кухня', ['кухня']],
      ['on', 'ｏｎ', []],
      ['open', 'open\nthe gate', ['the', 'gate']],
    ]
    for (const [match, text, words] of table) {
      it(`${match}: ${JSON.stringify(text)}`, () => {
        const found = filter({ matchType: 'keyword', match }, { text })
        assert.deepEqual(found, words && { match: words })
      })
    }
    it('none is every message', () => assert.deepEqual(filter({ matchType: 'keyword' }, { text: 'x' }), {}))
  })

  describe('patterns', () => {
    const table: [match: string, text: string, found: unknown][] = [
      ['^meter (\\d+)', 'Meter 123', ['123']],
      ['^meter (?<value>\\d+)', 'meter 123 x', { value: '123' }],
      ['meter', 'a METER', []],
      ['^meter', 'a meter', undefined],
      ['(a)|(b)', 'b', ['', 'b']],
      ['(?<a>a)|(?<b>b)', 'b', { a: '', b: 'b' }],
      ['/meter/', 'METER', undefined],
      ['/meter/i', 'METER', []],
      ['/^b$/m', 'a\nb', []],
      ['/a/b/', 'a/b', []],
      ['/a/g', 'a', []],
      ['^.$', '\u{1f600}', []],
    ]
    for (const [match, text, expected] of table) {
      it(`${match} in ${JSON.stringify(text)}`, () => {
        const accepts = createFilter({ listen: 'messages', allowFrom: '', matchType: 'regex', match })
        // Twice: a pattern must not remember where it stopped.
        for (let i = 0; i < 2; i++) {
          assert.deepEqual(accepts(incoming({ text })), expected === undefined ? undefined : { match: expected })
        }
      })
    }
    for (const match of ['(', '/a/zz', '[', '/(/i']) {
      it(`${match} is SMS_CONFIG`, () => {
        assert.throws(() => filter({ matchType: 'regex', match }, {}), { code: 'SMS_CONFIG', message: /valid pattern/ })
      })
    }
  })

  it('gives a call no text to match', () => {
    const options = { listen: 'both', matchType: 'keyword', match: 'status' } as const
    assert.deepEqual(filter(options, { type: 'call', text: '' }), {})
  })
})
