import assert from 'node:assert/strict'
import { createManualClock } from '../test/support/clock.ts'
import { createCalls, within } from './deadline.ts'
import { SmsError } from './errors.ts'

const create = () => {
  const clock = createManualClock()
  return { clock, calls: createCalls(clock) }
}

/** What a call came to, as text; `pending` while it has not. */
function watch(promise: Promise<unknown>): () => string {
  let end = 'pending'
  promise.then(
    value => (end = `value ${String(value)}`),
    (error: unknown) => (end = error instanceof SmsError ? `${error.code} ${error.message}` : String(error)),
  )
  return () => end
}

describe('calls', () => {
  const ends: [name: string, work: () => Promise<unknown>, end: string][] = [
    ['a value', async () => 7, 'value 7'],
    ['a value without a promise', () => 7 as never, 'value 7'],
    ['nothing', async () => undefined, 'value undefined'],
    ['an error', () => Promise.reject(new SmsError('SMS_AUTH', 'no')), 'SMS_AUTH no'],
    [
      'what is thrown at once',
      () => {
        throw new TypeError('x')
      },
      'TypeError: x',
    ],
    ['what is no error', () => Promise.reject('x'), 'x'],
  ]
  for (const [name, work, end] of ends) {
    it(`end with ${name}, and leave no timer`, async () => {
      const { clock, calls } = create()
      const ended = watch(calls.run(1_000, work))
      await clock.advance(0)
      assert.deepEqual([ended(), clock.timers], [end, 0])
      calls.callOff('too late')
    })
  }

  it('end by their deadline, a moment after they were told', async () => {
    const { clock, calls } = create()
    let aborted = false
    const ended = watch(
      calls.run(1_000, signal => {
        signal.addEventListener('abort', () => (aborted = true))
        return new Promise(() => {})
      }),
    )
    await clock.advance(999)
    assert.deepEqual([ended(), aborted], ['pending', false])
    await clock.advance(1)
    assert.deepEqual([ended(), aborted], ['pending', true])
    await clock.advance(200)
    assert.deepEqual([ended(), clock.timers], ['SMS_UNKNOWN no answer within 1 s', 0])
  })

  const lastWords: [says: string, answer: (signal: AbortSignal) => Promise<unknown>, end: string][] = [
    ['that it went well', async () => 'done', 'value done'],
    ['how far it came', () => Promise.reject(new SmsError('SMS_CONNECTION', 'not begun')), 'SMS_CONNECTION not begun'],
    ['only that it was called off', signal => Promise.reject(signal.reason as Error), 'SMS_UNKNOWN stop'],
    ['nothing that can be understood', () => Promise.reject(undefined), 'SMS_UNKNOWN stop'],
  ]
  for (const [says, answer, end] of lastWords) {
    it(`have the last word when they are called off: ${says}`, async () => {
      const { clock, calls } = create()
      const ended = watch(
        calls.run(
          1_000,
          signal => new Promise(resolve => signal.addEventListener('abort', () => resolve(answer(signal)))),
        ),
      )
      calls.callOff('stop')
      calls.callOff('again')
      await clock.advance(0)
      assert.deepEqual([ended(), clock.timers], [end, 0])
    })
  }

  it('have no word after that', async () => {
    const { clock, calls } = create()
    const ended = watch(calls.run(1_000, () => new Promise(resolve => clock.after(1_500, () => resolve(7)))))
    await clock.advance(2_000)
    assert.match(ended(), /^SMS_UNKNOWN/)
  })

  it('do not end each other', async () => {
    const { clock, calls } = create()
    const ended = [1_000, 2_000].map(timeoutMs => watch(calls.run(timeoutMs, () => new Promise(() => {}))))
    await clock.advance(1_200)
    assert.deepEqual(
      ended.map(end => end().split(' ')[0]),
      ['SMS_UNKNOWN', 'pending'],
    )
  })
})

describe('within', () => {
  it('waits for an end of either kind, and no longer than it may', async () => {
    const clock = createManualClock()
    const after = (ms: number, run: () => unknown) =>
      new Promise<void>(resolve => clock.after(ms, resolve)).then(() => void run())
    const [well, badly, never] = [
      watch(
        within(
          clock,
          100,
          after(50, () => 7),
        ),
      ),
      watch(
        within(
          clock,
          100,
          after(50, () => assert.fail('x')),
        ),
      ),
      watch(within(clock, 100, new Promise(() => {}))),
    ]
    await clock.advance(49)
    assert.deepEqual([well(), badly(), never()], ['pending', 'pending', 'pending'])
    await clock.advance(1)
    assert.deepEqual([well(), badly(), never()], ['value undefined', 'value undefined', 'pending'])
    await clock.advance(50)
    assert.deepEqual([never(), clock.timers], ['value undefined', 0])
  })
})
