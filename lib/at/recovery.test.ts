import assert from 'node:assert/strict'
import { beginRecovery, DEAF_AFTER, DEAF_AFTER_ROUNDS, stepRecovery } from './recovery.ts'
import type { RecoveryInput, RecoveryStep } from './recovery.ts'

const elapsed: RecoveryInput = { kind: 'elapsed' }
const prompt: RecoveryInput = { kind: 'prompt' }
const line = (text: string): RecoveryInput => ({ kind: 'line', text })

describe('recovery of a line', () => {
  const cases: readonly (readonly [title: string, inputs: RecoveryInput[], told: string[]])[] = [
    ['nothing was late', [elapsed, line('OK'), elapsed], ['escape 150', 'probe 1500', 'settling 1000', 'clean']],
    [
      'with an echo',
      [elapsed, line('AT'), line('OK'), elapsed],
      ['escape 150', 'probe 1500', 'probing', 'settling 1000', 'clean'],
    ],
    [
      'the late answer came first',
      [line('+CSQ: 1,2'), line('OK'), elapsed, line('OK'), elapsed],
      ['escape 150', 'draining 150', 'draining 150', 'probe 1500', 'settling 300', 'clean'],
    ],
    [
      'lines before the OK are of an earlier answer',
      [elapsed, line('+CSQ: 1,2'), line('OK'), elapsed, line('OK'), elapsed],
      ['escape 150', 'probe 1500', 'probing', 'draining 150', 'probe 1500', 'settling 1000', 'clean'],
    ],
    [
      'a second OK',
      [elapsed, line('OK'), line('OK'), elapsed, line('OK'), elapsed],
      ['escape 150', 'probe 1500', 'settling 1000', 'draining 150', 'probe 1500', 'settling 300', 'clean'],
    ],
    ['a prompt that comes late', [elapsed, prompt, elapsed], ['escape 150', 'probe 1500', 'escape 150', 'probe 1500']],
    [
      'a modem that takes AT for an error',
      [elapsed, line('ERROR'), elapsed, line('ERROR')],
      ['escape 150', 'probe 1500', 'draining 150', 'probe 1500', 'settling 1000'],
    ],
    [
      'an error only at first',
      [elapsed, line('ERROR'), elapsed, line('OK'), elapsed],
      ['escape 150', 'probe 1500', 'draining 150', 'probe 1500', 'settling 1000', 'clean'],
    ],
  ]
  for (const [title, inputs, told] of cases) {
    it(`is right: ${title}`, () => {
      let step = beginRecovery()
      const seen = [describeStep(step)]
      for (const input of inputs) {
        step = stepRecovery(step.next, input)
        seen.push(describeStep(step))
      }
      assert.deepEqual(seen, told)
    })
  }

  it('counts a modem as deaf that answers no probe, and goes on', () => {
    let step = beginRecovery()
    let deafAt = 0
    for (let probes = 0; probes < 20;) {
      step = stepRecovery(step.next, elapsed)
      if (step.effects.includes('probe')) probes++
      if (step.effects.includes('deaf') && deafAt === 0) deafAt = probes
    }
    assert.equal(deafAt, DEAF_AFTER)
  })

  it('counts a modem as deaf that says much, but never answers, within a bounded number of lines', () => {
    let step = beginRecovery()
    let lines = 0
    // A line comes before any time can pass, but after the noise that is let pass the time is not set anew.
    while (!step.effects.includes('deaf')) {
      const passes: boolean = step.waitMs === undefined && step.next.state === 'draining'
      step = stepRecovery(step.next, passes ? elapsed : line(lines % 3 === 2 ? 'OK' : 'chatter'))
      assert.ok(++lines < 1000 * DEAF_AFTER_ROUNDS)
    }
  })
})

function describeStep({ next, effects, waitMs }: RecoveryStep): string {
  return [effects.length > 0 ? effects.join('+') : next.state, waitMs].filter(part => part !== undefined).join(' ')
}
