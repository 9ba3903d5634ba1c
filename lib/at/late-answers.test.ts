import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createManualClock } from '../../test/support/clock.ts'
import { SmsError } from '../errors.ts'
import { createChannel } from './channel.ts'
import type { Channel } from './contract.ts'

/** What becomes of a command: answered after a time, or lost on the way. */
type Fate = { readonly afterMs: number } | 'lost'

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ afterMs: 20 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 20_000 }).map(afterMs => ({ afterMs })) },
  { weight: 1, arbitrary: fc.constant('lost' as const) },
)

describe('late answers', () => {
  it('never become those of another command, whatever is lost or late', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 2, maxLength: 12 }), async fates => {
        const clock = createManualClock()
        const modem = createSlowModem(clock.after, fates)
        const channel: Channel = createChannel({
          transport: { write: async bytes => modem.hear(Buffer.from(bytes).toString('latin1')) },
          clock,
          onUnsolicited() {},
        })
        modem.say = text => channel.data(Buffer.from(text))

        const outcomes = fates.map((_, at) =>
          channel.run(`+X=${at}`).then(
            ({ lines }) => lines.join(),
            (error: unknown) => (error instanceof SmsError ? error.code : String(error)),
          ),
        )
        await clock.advance(5 * 60_000)
        for (const [at, outcome] of (await Promise.all(outcomes)).entries())
          assert.ok(outcome === `+X: ${at}` || outcome === 'SMS_TIMEOUT', `${at}: ${outcome}`)
        const last = channel.run('+X=99')
        await clock.advance(1000)
        assert.deepEqual((await last).lines, ['+X: 99'])
      }),
      { numRuns: 60 },
    ))
})

/** A modem that works one command off after the other, as they all do, each in its time. */
function createSlowModem(after: (ms: number, run: () => void) => unknown, fates: readonly Fate[]) {
  const heard: string[] = []
  let busy = false
  const modem = {
    say: (text: string): void => assert.fail(text),
    hear(bytes: string) {
      for (const command of bytes.split('\r')) if (command.startsWith('AT')) heard.push(command)
      work()
    },
  }
  function work() {
    const command = busy ? undefined : heard.shift()
    if (command === undefined) return
    const number = /=(\d+)/.exec(command)?.[1]
    const found = (number === undefined ? undefined : fates[Number(number)]) ?? { afterMs: 20 }
    if (found === 'lost') return work()
    busy = true
    after(found.afterMs, () => {
      busy = false
      modem.say(number === undefined ? '\r\nOK\r\n' : `\r\n+X: ${number}\r\n\r\nOK\r\n`)
      work()
    })
  }
  return modem
}
