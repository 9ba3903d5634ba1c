import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { SmsRecord } from '../message.ts'
import { createQueue } from './queue.ts'
import type { Queue } from './queue.ts'

const entry = (text: string) => ({
  kind: 'im' as const,
  sinceMs: 0,
  record: { text, updatedAt: '2026-11-21T10:00:00.000Z' } as SmsRecord,
})

describe('what waits for a client', () => {
  function create(notes: Map<string, string>, lost: number[] = []): Queue {
    return createQueue({
      get: async key => notes.get(key),
      async set(key, text) {
        notes.set(key, text())
      },
      now: () => 0,
      onFull: count => lost.push(count),
    })
  }

  it('is there in order after any restart, until it is done with', async () => {
    const steps = fc.array(
      fc.oneof({ weight: 5, arbitrary: fc.constant('push') }, fc.constantFrom('take', 'restart')),
      {
        maxLength: 150,
      },
    )
    await fc.assert(
      fc.asyncProperty(steps, async steps => {
        const notes = new Map<string, string>()
        let queue = create(notes)
        await queue.load()
        const model: string[] = []
        for (const [index, step] of steps.entries()) {
          if (step === 'push') {
            queue.push(entry(String(index)))
            model.push(String(index))
          } else if (step === 'restart') {
            queue = create(notes)
            await queue.load()
          } else {
            const next = await queue.next()
            assert.equal(next?.record.text, model.shift())
            if (next) await queue.done(next)
          }
        }
        for (let next = await queue.next(); next; next = await queue.next()) {
          assert.equal(next.record.text, model.shift())
          await queue.done(next)
        }
        assert.deepEqual(model, [])
        // Nothing of what is gone is left behind.
        assert.deepEqual(
          [...notes].filter(([key, text]) => key !== 'index' && text !== ''),
          [],
        )
      }),
      { numRuns: 60 },
    )
  })

  it('that came before it could be read is there too', async () => {
    const queue = create(new Map())
    queue.push(entry('early'))
    assert.equal(await queue.next(), undefined)
    await queue.load()
    assert.equal((await queue.next())?.record.text, 'early')
  })

  it('is let go from the oldest when there is too much of it', async () => {
    const lost: number[] = []
    const queue = create(new Map(), lost)
    await queue.load()
    const first = () => queue.next()
    queue.push(entry('0'))
    const oldest = (await first())!
    for (let i = 1; i <= 20_000; i++) queue.push(entry(String(i)))
    assert.deepEqual(lost, [20])
    await queue.done(oldest)
    assert.equal((await first())?.record.text, '20')
  })
})
