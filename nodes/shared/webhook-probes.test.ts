import assert from 'node:assert/strict'
import { createManualClock } from '../../test/support/clock.ts'
import { createProbes, VALID_MS } from './webhook-probes.ts'

describe('a question only this runtime can answer', () => {
  const clock = createManualClock()

  it('is answered at its path, until it ends', () => {
    const probes = createProbes(clock)
    const probe = probes.begin('here')
    const other = probes.begin('there')
    assert.equal(probes.answer('here', probe.question), probe.answer)
    assert.equal(probes.answer('here', probe.question), probe.answer, 'a proxy may ask twice')
    for (const [path, question] of [
      ['there', probe.question],
      ['here', other.question],
      ['here', probe.answer],
      ['here', ''],
      ['here', undefined],
      ['here', [probe.question]],
    ] as const)
      assert.equal(probes.answer(path, question), undefined)
    probe.end()
    assert.equal(probes.answer('here', probe.question), undefined)
    assert.equal(probes.answer('there', other.question), other.answer)
  })

  it('is none any more when its time is over', async () => {
    const probes = createProbes(clock)
    const probe = probes.begin('here')
    await clock.advance(VALID_MS - 1)
    assert.equal(probes.answer('here', probe.question), probe.answer)
    await clock.advance(1)
    assert.equal(probes.answer('here', probe.question), undefined)
  })

  it('cannot be guessed, and does not hold its answer', () => {
    const probes = createProbes(clock)
    const all = Array.from({ length: 30 }, () => probes.begin('here'))
    const words = all.flatMap(({ question, answer }) => [question, answer])
    assert.equal(new Set(words).size, words.length)
    assert.ok(words.every(word => /^[\w-]{32}$/.test(word)))
    // Who asks for many loses the first.
    assert.equal(probes.answer('here', all[0]?.question), undefined)
    assert.equal(probes.answer('here', all.at(-1)?.question), all.at(-1)?.answer)
  })
})
