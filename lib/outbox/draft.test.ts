import assert from 'node:assert/strict'
import { NOW_MS, sending } from '../../test/support/message.ts'
import { EARLIEST_MS } from '../clock.ts'
import { draftMessage, sendingAgain } from './draft.ts'

describe('a new message', () => {
  it('carries all that was asked for', () => {
    const draft = { ...sending().draft, from: 'Shop', mediaUrls: ['https://example.org/a.png'], params: { a: 1 } }
    const options = { category: 'alarm', ref: { order: 7 }, priority: 5, validityMs: 60_000, idempotencyKey: 'k' }
    const { record, ...message } = draftMessage(sending({ ...options, onDoubt: 'resend', parts: 2 }), NOW_MS)
    const at = '2026-11-21T10:00:00.000Z'
    const { id, ...rest } = record
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(rest, {
      type: 'message',
      direction: 'out',
      provider: 'Carrier',
      providerNode: 'p',
      to: '+380501112233',
      text: 'Hello',
      state: 'queued',
      parts: 2,
      encoding: 'gsm7',
      category: 'alarm',
      ref: { order: 7 },
      createdAt: at,
      updatedAt: at,
    })
    assert.deepEqual(message, {
      draft: sending().draft,
      lane: 'p',
      job: 'send',
      dueAtMs: 0,
      priority: 5,
      attempts: 0,
      doubts: 0,
      asked: 0,
      expiresAtMs: NOW_MS + 60_000,
      validityMs: 60_000,
      onDoubt: 'resend',
      idempotencyKey: 'k',
    })
    const { record: shown } = draftMessage({ ...sending(), draft }, NOW_MS)
    assert.deepEqual([shown.from, shown.mediaUrls], ['Shop', ['https://example.org/a.png']])
  })

  const schedules: [name: string, nowMs: number, notBeforeMs: number | undefined, state: string, dueAtMs: number][] = [
    ['is due at once, whatever the clock says', NOW_MS, undefined, 'queued', 0],
    ['is due at once where its time is past', NOW_MS, NOW_MS - 1, 'queued', 0],
    ['waits for its time', NOW_MS, NOW_MS + 1, 'scheduled', NOW_MS + 1],
    ['waits for its time, by a clock that is plainly wrong', 5_000, NOW_MS, 'scheduled', NOW_MS],
    ['with a time that is plainly wrong waits for a right clock', 5_000, 65_000, 'scheduled', EARLIEST_MS],
  ]
  for (const [name, nowMs, notBeforeMs, state, dueAtMs] of schedules) {
    it(name, () => {
      const message = draftMessage(sending(notBeforeMs === undefined ? {} : { notBeforeMs }), nowMs)
      assert.deepEqual([message.record.state, message.dueAtMs], [state, dueAtMs])
    })
  }
})

describe('a message once more', () => {
  it('is what it was, but at once, under the present name, and without its key', () => {
    const draft = { ...sending().draft, from: 'Shop', sendAtMs: NOW_MS + 60_000 }
    const kept = { category: 'alarm', ref: 7, priority: 5, validityMs: 60_000, onDoubt: 'resend', parts: 2 } as const
    const message = draftMessage({ ...sending(kept), draft, idempotencyKey: 'k' }, NOW_MS)
    const { sendAtMs: _time, ...now } = draft
    assert.deepEqual(sendingAgain(message, 'Renamed'), { ...sending(kept), draft: now, providerName: 'Renamed' })
  })
})
