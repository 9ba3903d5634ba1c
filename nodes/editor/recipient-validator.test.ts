import assert from 'node:assert/strict'
import type { EditorNode } from './red.ts'
import { recipientValidator } from './validators.ts'

describe('the recipient in a dialog', () => {
  // What the editor would be: no dialog is open, its texts are their keys, and its own judgement is one.
  const editor = {
    RED: {
      _: (key: string, { number = '' }: { number?: string } = {}) =>
        `${key.replace(/^.*validation\./, '')} ${number}`.trim(),
      validators: { typedInput: () => () => 'core' },
    },
    $: () => ({ length: 0, val: () => undefined, is: () => false }),
  }
  const before = Object.fromEntries(Object.keys(editor).map(name => [name, Reflect.get(globalThis, name)]))
  beforeEach(() => void Object.assign(globalThis, editor))
  afterEach(() => void Object.assign(globalThis, before))

  for (const [toType, to, said] of [
    ['str', '+1 202 555-0123', true],
    ['str', '+12025550123, 00380501234567;\n12345', true],
    ['str', '${PHONE}', true],
    // What is left in the field when its type is changed.
    ['str', 'to', 'phone to'],
    ['str', '+12025550123, Mum', 'phone Mum'],
    ['str', ' ', 'required'],
    ['msg', '+12025550123', 'numberAsProperty'],
    ['msg', 'to', 'core'],
    ['jsonata', '$lookup(numbers, "Mum")', 'core'],
  ] as const) {
    it(`of ${toType} ${JSON.stringify(to)} gets ${said}`, () => {
      const node = { toType } as unknown as EditorNode
      assert.equal(recipientValidator.call(node, to, undefined), said)
    })
  }
})
