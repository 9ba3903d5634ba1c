import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { incoming, stored } from '../../test/support/message.ts'
import type { SmsRecord } from '../message.ts'
import { createLive } from './live.ts'
import type { LiveNews } from './views.ts'

function setUp() {
  const clock = createManualClock()
  const hearers = new Set<readonly [event: string, hear: (value: never) => void]>()
  const told: LiveNews[] = []
  const live = createLive(
    {
      on(event: string, hear: (value: never) => void) {
        const entry = [event, hear] as const
        hearers.add(entry)
        return () => void hearers.delete(entry)
      },
    },
    clock,
    news => told.push(news),
  )
  const emit = (event: string, value: object) => {
    for (const [name, hear] of hearers) if (name === event) hear(value as never)
  }
  const change = (id: string, state: SmsRecord['state']) => emit('message', { ...stored().record, id, state })
  return { clock, hearers, told, live, emit, change }
}

describe('live news', () => {
  it('are listened for only once somebody looks', () => {
    const { hearers, live } = setUp()
    assert.equal(hearers.size, 0)
    live.watched()
    live.watched()
    assert.equal(hearers.size, 3)
  })

  it('tell what happens together at once, the latest state of each message', async () => {
    const { clock, told, live, emit, change } = setUp()
    live.watched()
    change('a', 'sending')
    change('b', 'accepted')
    change('a', 'accepted')
    emit('received', incoming())
    emit('received', incoming())
    emit('provider', { id: 'p' })
    emit('provider', { id: 'p' })
    await clock.advance(20)
    const changed = [
      ['a', 'accepted'],
      ['b', 'accepted'],
    ]
    assert.deepEqual(told, [{ changed, received: 2, providers: ['p'] }])
  })

  it('come four times a second at most, and no more than a hundred messages at a time', async () => {
    const { clock, told, live, change } = setUp()
    live.watched()
    for (let ms = 0; ms < 1000; ms += 10) {
      for (let i = 0; i < 20; i++) change(`${ms}-${i}`, 'accepted')
      await clock.advance(10)
    }
    assert.ok(told.length >= 4 && told.length <= 5, String(told.length))
    for (const { changed } of told) assert.ok(changed.length <= 100)
    assert.equal(told.at(-1)?.more, true)
  })

  it('end a while after nobody looks any more, and begin again', async () => {
    const { clock, hearers, told, live, change } = setUp()
    live.watched()
    await clock.advance(39_999)
    change('a', 'accepted')
    await clock.advance(1_000)
    assert.equal(told.length, 1)
    change('b', 'accepted')
    await clock.advance(1_000)
    assert.deepEqual([told.length, hearers.size], [1, 0])
    live.watched()
    change('c', 'accepted')
    await clock.advance(1_000)
    assert.equal(told.length, 2)
  })
})
