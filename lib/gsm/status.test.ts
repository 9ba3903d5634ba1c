import assert from 'node:assert/strict'
import { describeStatus } from './status.ts'

describe('TP-ST', () => {
  // 3GPP TS 23.040 §9.2.3.15: the named ones, both ends of what is reserved and of what is the centre's own.
  const known: [octet: number, outcome: string, text: RegExp][] = [
    [0x00, 'delivered', /received/],
    [0x01, 'forwarded', /cannot be confirmed/],
    [0x02, 'forwarded', /replaced/],
    [0x03, 'forwarded', /reserved/],
    [0x10, 'forwarded', /specific/],
    [0x20, 'pending', /congestion/],
    [0x25, 'pending', /error at the recipient/],
    [0x26, 'pending', /reserved/],
    [0x30, 'pending', /specific/],
    [0x3f, 'pending', /specific/],
    [0x40, 'failed', /remote procedure/],
    [0x46, 'expired', /validity/],
    [0x49, 'failed', /does not exist/],
    [0x4a, 'failed', /reserved/],
    [0x5f, 'failed', /specific/],
    [0x60, 'failed', /congestion, gave up/],
    [0x65, 'failed', /gave up/],
    [0x7f, 'failed', /specific/],
    [0x80, 'failed', /reserved/],
    [0xff, 'failed', /reserved \(0xFF\)/],
  ]
  for (const [octet, outcome, text] of known) {
    it(`0x${octet.toString(16).padStart(2, '0')} is ${outcome}`, () => {
      const described = describeStatus(octet)
      assert.equal(described.outcome, outcome)
      assert.match(described.text, text)
    })
  }
})
