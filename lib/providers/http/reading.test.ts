import assert from 'node:assert/strict'
import { createExcerpt } from './excerpt.ts'
import { compileCondition } from './condition.ts'
import type { Verdict } from './condition.ts'
import { compilePointer, textAt } from './pointer.ts'
import { readAnswer } from './source.ts'
import { readTime } from './time.ts'
import { compileErrorCodes, compileStates } from './words.ts'

const answer = (text: string, status = 200, headers = {}) => readAnswer({ status, headers, text })
const isConfig = { name: 'SmsError', code: 'SMS_CONFIG' }

describe('a pointer', () => {
  const rows: readonly (readonly [pointer: string, text: string, found: string | undefined])[] = [
    ['messages.0.message-id', '{"messages":[{"message-id":"0A"}]}', '0A'],
    ['$.messages[0].id', '{"messages":[{"id":7}]}', '7'],
    ['ok', '{"ok":true}', 'true'],
    ['a.b', '{"a.b":"whole"}', 'whole'],
    ['a.b', '{"a":{"b":null}}', undefined],
    ['a', '{"a":{"b":1}}', undefined],
    ['constructor', '{}', undefined],
    ['0.state', '[{"state":"x"}]', 'x'],
    // Digits that a number of JavaScript would not keep.
    ['id', '{"id":12345678901234567890}', '12345678901234567890'],
    ['a | b', '{"b":1}', '1'],
    ['a + b + c', '{"a":"one","b":"","c":3}', 'one 3'],
    ['a + b | c', '{"c":3}', '3'],
    ['/ID: (\\S+)/', 'ID: 42 fine', '42'],
    ['/a=(\\d)|b=(\\d)/', 'b=2', '2'],
    ['/fine/', 'all fine', 'fine'],
    ['header:X-Id', '', 'h1'],
    ['', '{"a":1}', undefined],
    ['a', 'no json', undefined],
  ]
  for (const [pointer, text, found] of rows) {
    it(`${pointer || 'to nothing'} in ${text || 'nothing'} finds ${found}`, () =>
      assert.equal(textAt(compilePointer(pointer, 'it'), answer(text, 200, { 'x-id': 'h1' })), found))
  }
  it('is refused where it is none', () => {
    for (const pointer of ['/(/', '/a', '//', 'a b', 'a |  | b'])
      assert.throws(() => compilePointer(pointer, 'it'), isConfig)
  })
})

describe('a condition', () => {
  const rows: readonly (readonly [condition: string, status: number, text: string, verdict: Verdict])[] = [
    ['', 204, '', 'yes'],
    ['', 302, '', 'no'],
    ['200, 409', 409, '', 'yes'],
    ['2xx', 226, '', 'yes'],
    ['202', 200, 'please sign in', 'unclear'],
    ['202', 500, '', 'no'],
    ['status = 0', 200, '{"status":"0"}', 'yes'],
    ['status=0', 200, '{"status":0}', 'yes'],
    ['status = 0', 500, '{"status":"0"}', 'no'],
    ['status = 0', 200, '{"status":"4"}', 'no'],
    ['status = 0', 200, '{}', 'unclear'],
    ['success = 100|true', 200, '{"success":true}', 'yes'],
    ['error = null', 200, '{"error":null}', 'yes'],
    ['error != null', 200, '{"error":null}', 'no'],
    ['id exists', 200, '{"id":1}', 'yes'],
    ['id exists', 200, '{"error":"no"}', 'no'],
    ['id exists', 200, '{}', 'unclear'],
    ['contains OK', 200, 'it is OK', 'yes'],
    ['contains OK', 200, 'ERR: 301', 'no'],
    ['contains OK', 200, '', 'unclear'],
    ['contains accepted', 200, '<!DOCTYPE html><p>Sign in', 'unclear'],
    ['/^ID: /', 200, 'ID: 1', 'yes'],
    ['/^id: /i', 200, 'ID: 1', 'yes'],
    ['/^ID: /', 200, 'ERR: 1', 'no'],
  ]
  for (const [condition, status, text, verdict] of rows) {
    it(`${condition || 'of nothing'} says ${verdict} to ${status} ${text}`, () =>
      assert.equal(compileCondition(condition, 'it')(answer(text, status)), verdict))
  }
  it('is refused where it is none', () => {
    for (const condition of ['maybe', '/(/', '600', 'contains'])
      assert.throws(() => compileCondition(condition, 'it'), isConfig)
  })
})

describe('a list of words', () => {
  it('means states, whatever the case, and beginnings after the whole words', () => {
    const stateOf = compileStates('DELIVRD = delivered\n\nmt 200 = delivered\r\nmt * = Failed')
    const words = ['delivrd', ' DELIVRD ', 'mt 200', 'mt 17', 'other'].map(stateOf)
    assert.deepEqual(words, ['delivered', 'delivered', 'delivered', 'failed', undefined])
  })
  it('means error codes', () => assert.equal(compileErrorCodes('301 = sms_credit')('301'), 'SMS_CREDIT'))
  it('is refused with its line', () => {
    assert.throws(() => compileStates('a = delivered\nb = sent'), { ...isConfig, message: /^line 2 of the states/ })
    assert.throws(() => compileErrorCodes('301 = CREDIT'), isConfig)
    assert.throws(() => compileStates('delivered'), isConfig)
  })
})

describe("a carrier's time", () => {
  const at = Date.UTC(2026, 10, 21, 10)
  for (const [text, ms] of [
    ['1795255200', at],
    ['1795255200000', at],
    ['1795255200.5', at + 500],
    ['2026-11-21T10:00:00Z', at],
    ['2026-11-21T17:00:00.000+07:00', at],
    ['2026-11-21 10:00:00', at],
    ['2026-11-21T10:00:00,250', at + 250],
    ['yesterday', undefined],
    ['', undefined],
    ['20', undefined],
  ] as const)
    it(`${text} is ${ms}`, () => assert.equal(readTime(text), ms))
})

describe('a quotation of the carrier', () => {
  const SECRET = 'p&ss "wörd"+1'
  const excerpt = createExcerpt([SECRET, ''])
  it('is one short line', () => {
    assert.equal(excerpt(' a\n\tb\u0000c '), ': a b c')
    assert.equal(excerpt('  '), '')
    assert.equal(excerpt('x'.repeat(500)), `: ${'x'.repeat(200)}…`)
  })
  for (const [how, text] of [
    ['as it is', SECRET],
    ['in a URL', encodeURIComponent(SECRET)],
    ['in a form', new URLSearchParams({ a: SECRET }).toString()],
    ['in JSON', JSON.stringify({ a: SECRET })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ a: SECRET }))],
    ['in ASCII JSON', JSON.stringify(SECRET).replaceAll('ö', String.raw`\u00f6`)],
    ['in XML', '<a>p&amp;ss &quot;w&#246;rd&quot;+1</a>'],
    ['in HTML', 'p&#38;ss &#x22;w&#xf6;rd&#34;+1'],
    ['across the end of what is quoted', `${'x'.repeat(195)}${SECRET}`],
  ] as const)
    it(`is none where a secret is in it, ${how}`, () => assert.equal(excerpt(`you said ${text}.`), ''))
})
