import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { SmsError } from './errors.ts'
import { readState } from './reading.ts'

const plain = { on: 'on', off: 'off' }
const bytes = (text: string) => new TextEncoder().encode(text)
const haState = (state: string) => ({ entity_id: 'binary_sensor.door', state, attributes: { device_class: 'door' } })

describe('reading', () => {
  const on: unknown[] = [
    [true, 1, '1', 'true', 'ON', ' on\r\n', 'open', 'Opened', 'OPENING', 'closing', 'unlocked', 'UNLOCK', 'locking'],
    ['detected', 'motion', 'wet', 'leak', 'home', 'present', 'active', 'alarm', 'triggered', 'yes', 'High'],
    ['pressed', 'online', bytes('open'), Buffer.from('\uFEFFON '), '"ON"'],
  ].flat()
  const off: unknown[] = [
    [false, 0, '0', 'false', 'OFF', 'closed', 'CLOSE', 'locked', 'LOCK', 'clear', 'dry', 'not_home', 'Not Home'],
    ['not-detected', 'away', 'idle', 'ok', 'low', 'released', 'no', 'offline', bytes('closed'), Buffer.from('0')],
  ].flat()
  const none: unknown[] = [
    null,
    undefined,
    '',
    '  ',
    'unavailable',
    'Unknown',
    'none',
    'null',
    bytes(''),
    '{"state":null}',
  ]
  for (const [payloads, expected] of [
    [on, true],
    [off, false],
    [none, undefined],
  ] as const)
    for (const payload of payloads)
      it(`reads ${show(payload)} as ${expected}`, () => assert.equal(readState(payload, plain), expected))

  const objects: readonly (readonly [object, boolean | undefined])[] = [
    [haState('on'), true],
    [haState('off'), false],
    [haState('unavailable'), undefined],
    [{ new_state: haState('on'), old_state: haState('off') }, true],
    [{ new_state: null, old_state: haState('on') }, undefined],
    [{ event: { entity_id: 'lock.door', new_state: haState('unlocked') } }, true],
    [{ event_type: 'state_changed', data: { new_state: haState('off') } }, false],
    [{ type: 'event', event: { event_type: 'state_changed', data: { new_state: haState('on') } } }, true],
    [{ event: 'state_changed', state: 'ON' }, true],
    [{ event: null, state: 'ON' }, true],
    [{ contact: true, battery: 100, linkquality: 120, tamper: false }, false],
    [{ contact: false, state: 'OFF' }, true],
    [{ contact: null }, undefined],
    [{ contact: 'open' }, true],
    [{ contact: 1 }, false],
    [{ occupancy: true, illuminance: 3 }, true],
    [{ occupancy: false }, false],
    [{ water_leak: true, tamper: false }, true],
    [{ smoke: false }, false],
    [{ state: 'ON' }, true],
    [{ state: undefined, value: 0 }, false],
    [{ value: { state: 'closed' } }, false],
  ]
  for (const [payload, expected] of objects)
    it(`reads the object ${show(payload)}, also as text and as bytes`, () => {
      assert.equal(readState(payload, plain), expected)
      assert.equal(readState(JSON.stringify(payload), plain), expected)
      assert.equal(readState(bytes(` ${JSON.stringify(payload, null, 2)}`), plain), expected)
    })

  const labelled: readonly (readonly [string, string, unknown, boolean | undefined])[] = [
    ['Відчинено', 'Зачинено', 'ВІДЧИНЕНО', true],
    ['Відчинено', 'Зачинено', ' зачинено ', false],
    ['closed', 'open', 'open', false],
    ['closed', 'open', { state: 'closed' }, true],
    ['0', '1', 1, false],
    ['0', '1', '0', true],
    ['false', 'true', true, false],
    ['running', 'none', 'none', false],
    ['leer', '', '', undefined],
    ['closed', 'CLOSED', 'closed', false],
    ['{"a":1}', 'idle', '{"a":1}', true],
  ]
  for (const [on, off, payload, expected] of labelled)
    it(`reads ${show(payload)} as ${expected} where on is "${on}" and off "${off}"`, () =>
      assert.equal(readState(payload, { on, off }), expected))

  const loop: Record<string, unknown> = {}
  loop['state'] = loop
  const strange: readonly (readonly [unknown, RegExp])[] = [
    ['ajar', /"ajar"/],
    [2, /"2"/],
    [NaN, /"NaN"/],
    ['21.5', /"21\.5"/],
    ['constructor', /"constructor"/],
    ['__proto__', /"__proto__"/],
    ['{"state":', /"\{"state":"/],
    ['a\nb\u0007c', /"a b c"/],
    [{ battery: 7, linkquality: 3 }, /the fields "battery, linkquality"/],
    [{}, /the fields ""/],
    [{ tamper: false }, /"tamper"/],
    [{ state: 'jammed' }, /"jammed"/],
    [[true], /an array/],
    ['{"type":"Buffer","data":[111]}', /an array/],
    [loop, /"state"/],
    [() => true, /a function/],
    [1n, /a bigint/],
  ]
  for (const [payload, quote] of strange)
    it(`does not guess at ${show(payload)}`, () =>
      assert.throws(
        () => readState(payload, plain),
        (error: unknown) => error instanceof SmsError && error.code === 'SMS_REQUEST' && quote.test(error.message),
      ))

  it('quotes at most 40 characters, and no halves of one', () => {
    for (const [payload, quote] of [
      ['x'.repeat(41), `"${'x'.repeat(40)}"…`],
      ['x'.repeat(40), `"${'x'.repeat(40)}"`],
      ['🚪'.repeat(1000), `"${'🚪'.repeat(40)}"…`],
      [{ ['k'.repeat(90)]: 1 }, `"${'k'.repeat(40)}"…`],
    ] as const)
      assert.throws(
        () => readState(payload, plain),
        (error: Error) => error.message.includes(` ${quote} `),
      )
  })

  it('answers on, off, nothing or SMS_REQUEST, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json(), fc.string(), fc.uint8Array()), payload => {
        try {
          assert.ok([true, false, undefined].includes(readState(payload, plain)))
        } catch (error) {
          assert.ok(error instanceof SmsError && error.code === 'SMS_REQUEST', String(error))
        }
      }),
    )
  })
})

function show(payload: unknown): string {
  return payload instanceof Uint8Array
    ? `bytes of "${new TextDecoder().decode(payload)}"`
    : inspect(payload, { breakLength: Infinity })
}
