import assert from 'node:assert/strict'
import type { OutgoingState } from '../../message.ts'
import { readStatus } from './status.ts'

describe('what a status says', () => {
  const rows: [name: string, attributes: object, state: OutgoingState | 'unknown'][] = [
    ['MessageAccepted', {}, 'accepted'],
    ['MessageDelivered', {}, 'delivered'],
    ['MessageExpired', {}, 'expired'],
    ['MessageError', {}, 'failed'],
    // Of its Clickatell provider, for Clickatell's code 4.
    ['S004', {}, 'delivered'],
    ['MessageStatus', {}, 'unknown'],
    ['MessageStatus', { accepted: true }, 'accepted'],
    ['Theirs', { accepted: true, delivered: true }, 'delivered'],
    ['Theirs', { accepted: true, error: true }, 'failed'],
    ['Theirs', { accepted: true, expired: true, delivered: false }, 'expired'],
    ['Theirs', { status: 'Delivered' }, 'delivered'],
    ['Theirs', { status: 'on its way' }, 'unknown'],
    ['constructor', { status: 'constructor' }, 'unknown'],
  ]
  for (const [name, attributes, state] of rows) {
    it(`${state}: ${name} with ${JSON.stringify(attributes)}`, () => {
      const status = readStatus({ status: { '?': [name, { msgid: 7, ...attributes }] } })
      if (state === 'unknown') return assert.equal(status, state)
      assert.ok(typeof status === 'object')
      assert.deepEqual([status.state, status.providerMessageId], [state, '7'])
    })
  }

  it('tells why, with the code of the carrier', () => {
    const attributes = { msgid: '7', status: 'no such number', status_code: 3 }
    const status = readStatus({ status: { '?': ['MessageError', attributes] } })
    assert.deepEqual(typeof status === 'object' && status.error, {
      code: 'SMS_SEND',
      message: 'no such number',
      providerCode: 3,
    })
  })
})
