import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createChannel } from '../../lib/at/channel.ts'
import type { Trace } from '../../lib/at/contract.ts'
import { createTrace } from '../../lib/at/trace.ts'
import { SmsError } from '../../lib/errors.ts'
import { createManualClock } from './clock.ts'

/** What a modem on a bad line may do: bytes of any kind, whole lines among them, and time that passes. */
export type Noise = { readonly bytes: Uint8Array } | { readonly passMs: number } | { readonly command: string }

const LINES = [
  'OK',
  'ERROR',
  '+CMS ERROR: 38',
  '+CME ERROR: SIM busy',
  'NO CARRIER',
  'RING',
  'RDY',
  '> ',
  'AT',
  'AT+CMGS=9',
  '+CMTI: "SM",3',
  '+CMT: ,20',
  '+CDS: 9',
  '0791834605',
  '+CUSD: 0,"open',
  'closed",15',
  '+CREG: 0,1',
  '+CREG: 5',
  '+CMGL: 1,0,,20',
  '+CMGS: 7',
  '+CSQ: 20,99',
  '+CLIP: "',
  '^RSSI:20',
  '*PSUTTZ: 1',
  '',
  '"',
  'constructor',
]
// Twelve commands of two minutes each, one after the other, and then some.
const LONGEST_MS = 30 * 60_000
const COMMANDS = ['', 'I', '+CSQ', '+CREG?', '+CMGL=4', '+CMGS=9', '+CUSD=1,"*100#",15', 'D123;', '+CFUN=1,1']

/** Arbitrary noise, mostly of what a modem does say. */
export const noise: fc.Arbitrary<readonly Noise[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...LINES).map(line => ({ bytes: Buffer.from(`\r\n${line}\r\n`) })) },
    { weight: 1, arbitrary: fc.constantFrom(...LINES).map(line => ({ bytes: Buffer.from(`\r\n${line}`) })) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 30 }).map(bytes => ({ bytes })) },
    { weight: 2, arbitrary: fc.constantFrom(...COMMANDS).map(command => ({ command })) },
    { weight: 1, arbitrary: fc.constantFrom(10, 150, 300, 1500, 10_000).map(passMs => ({ passMs })) },
  ),
  { maxLength: 60 },
)

/**
 * Plays noise to a channel: nothing may be thrown, and every command must end, at the latest when the line falls silent;
 * after that a well-behaved modem must be understood again.
 */
export async function endure(events: readonly Noise[]): Promise<void> {
  const clock = createManualClock()
  let answering = false
  let pending = 0
  const trace: Trace = createTrace({ write() {}, clock, mask: true })
  const channel = createChannel({
    transport: {
      async write(bytes) {
        const text = Buffer.from(bytes).toString('latin1')
        if (answering && /^AT.*\r$/.test(text)) clock.after(1, () => channel.data(Buffer.from('\r\nOK\r\n')))
      },
    },
    clock,
    onUnsolicited: ({ name }) => assert.ok(name.length > 0),
    trace,
  })
  const run = (command: string) => {
    pending++
    const settled = () => void pending--
    channel.run(command, command.startsWith('+CMGS') ? { body: '00' } : {}).then(settled, (error: unknown) => {
      assert.ok(error instanceof SmsError)
      settled()
    })
  }

  for (const event of events) {
    if ('bytes' in event) channel.data(event.bytes)
    else if ('passMs' in event) await clock.advance(event.passMs)
    else run(event.command)
  }
  channel.data(Buffer.from('\r\n'))
  await clock.advance(LONGEST_MS)
  assert.equal(pending, 0, 'a command never ended')

  answering = true
  await clock.advance(10_000)
  const answer = channel.run('')
  await clock.advance(100)
  assert.deepEqual(await answer, { lines: [], result: { code: 'OK' } })
  channel.end(new SmsError('SMS_CONNECTION', 'the end'))
  assert.equal(clock.timers, 0)
}
