import assert from 'node:assert/strict'
import { createEvents } from './events.ts'

interface TestEvents {
  readonly a: { readonly n: number }
  readonly b: string
}

function create() {
  const errors: string[] = []
  const events = createEvents<TestEvents>({ a: value => ({ ...value }), b: value => value }, event =>
    errors.push(event),
  )
  return { ...events, errors }
}

describe('events', () => {
  it('wait until they can be heard, in order, and come at once then', () => {
    const { on, emit, open } = create()
    const heard: unknown[] = []
    emit('a', { n: 1 })
    on('a', value => heard.push(value.n))
    on('b', value => heard.push(value))
    emit('b', 'x')
    assert.deepEqual(heard, [])
    open()
    emit('a', { n: 2 })
    assert.deepEqual(heard, [1, 'x', 2])
  })

  it('wait again when nobody can hear any more, and are told once', () => {
    const { on, emit, open, close } = create()
    const heard: string[] = []
    const stop = on('b', value => heard.push(value))
    open()
    close()
    emit('b', 'while away')
    stop()
    on('b', value => heard.push(`new: ${value}`))
    open()
    close()
    open()
    assert.deepEqual(heard, ['new: while away'])
  })

  it('are each hearer’s own, and a hearer that throws does not keep the others from hearing', () => {
    const { on, emit, open, errors } = create()
    open()
    const heard: number[] = []
    on('a', value => {
      ;(value as { n: number }).n = 99
      throw new Error('x')
    })
    on('a', value => heard.push(value.n))
    emit('a', { n: 1 })
    assert.deepEqual([heard, errors], [[1], ['a']])
  })

  it('wait in bounded number, the latest ones', () => {
    const { on, emit, open } = create()
    const heard: number[] = []
    for (let n = 0; n < 10_005; n++) emit('a', { n })
    on('a', ({ n }) => heard.push(n))
    open()
    assert.deepEqual([heard.length, heard[0], heard.at(-1)], [10_000, 5, 10_004])
  })
})
