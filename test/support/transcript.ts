import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createChannel } from '../../lib/at/channel.ts'
import type { Answer, Channel, Result, Unsolicited } from '../../lib/at/contract.ts'
import { isBodyWritten } from '../../lib/at/errors.ts'
import { SmsError } from '../../lib/errors.ts'
import { createManualClock } from './clock.ts'

/**
 * A dialogue with a modem as text, a step a line, `createTrace`'s form and a little more:
 *
 *     # what happens here, or how long it took
 *     > AT+CSQ           we write it, with CR; also `<ESC>`, and a body with `<SUB>` after a prompt
 *     < +CSQ: 20,99      the modem writes it, with CR LF before and after; `< >` is a prompt
 *     <| AT+CSQ\r        the modem writes just these bytes
 *     ~ 5000             that many milliseconds pass
 *     ! +CMTI "SM",3     this code was told, its second line after ` | `
 *     = +CSQ: 20,99      the answer to our command: its lines,
 *     = OK               then its result, or the code of the error, with ` in doubt` if the body was written
 *     ! deaf             and so was this, or `heard`
 */
export interface Step {
  readonly mark: '>' | '<' | '~' | '!' | '='
  readonly text: string
  readonly row: number
}

/** How what the modem writes is cut: all that comes between two other steps in one piece, or byte by byte, … */
export type Pieces = 'whole' | 'lines' | 'bytes'

/** Reads a transcript. Throws an Error for a line of no known form. */
export function parseTranscript(text: string): Step[] {
  return text.split('\n').flatMap((line, at): Step[] => {
    const row = at + 1
    if (line.trim() === '' || line.startsWith('#')) return []
    const [, mark, exact, rest = ''] = /^([><~!=])(\|?) ?(.*)$/.exec(line) ?? []
    if (mark === undefined) throw new Error(`line ${row} of the transcript: ${line}`)
    const framed = exact ? unescape(rest) : rest.trimEnd() === '>' ? '\r\n> ' : `\r\n${unescape(rest)}\r\n`
    return [{ mark: mark as Step['mark'], text: mark === '<' ? framed : rest.trimEnd(), row }]
  })
}

/** Plays a transcript against a channel: commands are asked for as it has them, and all must come as it says. */
export async function replay(steps: readonly Step[], pieces: Pieces): Promise<void> {
  const clock = createManualClock()
  const written: string[] = []
  const told: string[] = []
  const answers: Promise<string[]>[] = []
  const channel: Channel = createChannel({
    transport: {
      write: async bytes => {
        written.push(readWritten(Buffer.from(bytes).toString('latin1')))
      },
    },
    clock,
    onUnsolicited: code => told.push(writeCode(code)),
    onDeaf: () => told.push('deaf'),
    onHeard: () => told.push('heard'),
  })
  const settle = async () => {
    for (let i = 0; i < 3; i++) await nextTurn()
  }

  for (let at = 0; at < steps.length; at++) {
    const step = steps[at]
    if (!step) continue
    const where = `line ${step.row}`
    if (step.mark === '<') {
      const rest = steps.slice(at)
      const length = rest.findIndex(({ mark }) => mark !== '<')
      const all = rest.slice(0, length < 0 ? rest.length : length).map(({ text }) => Buffer.from(text, 'latin1'))
      for (const piece of cut(all, pieces)) channel.data(piece)
      at += all.length - 1
    } else if (step.mark === '>') {
      // The channel writes bodies, ESC and its probes by itself; all else is a command to ask for.
      if (written.length === 0 && step.text.startsWith('AT')) {
        // One that is never prompted for has a body all the same.
        const body = bodyOf(steps.slice(at + 1)) ?? (step.text.startsWith('AT+CMGS=') ? '00' : undefined)
        const answer = channel.run(step.text.slice(2), body === undefined ? {} : { body })
        answers.push(answer.then(writeAnswer, writeError))
        await settle()
      }
      assert.equal(written.shift(), step.text, where)
    } else if (step.mark === '~') {
      await clock.advance(Number(step.text))
    } else if (step.mark === '!') {
      assert.equal(told.shift(), step.text, where)
    } else {
      const rest = steps.slice(at)
      const length = rest.findIndex(({ mark }) => mark !== '=')
      const group = rest.slice(0, length < 0 ? rest.length : length).map(({ text }) => text)
      const ends = group.findIndex(isEnd) + 1
      const pending = answers.shift()
      assert.ok(pending, `${where}: no command was asked for`)
      const outcome = await Promise.race([pending, settle().then(() => ['still waiting'])])
      assert.deepEqual(outcome, group.slice(0, ends), where)
      at += ends - 1
    }
    await settle()
  }
  assert.deepEqual({ written, told, waiting: answers.length }, { written: [], told: [], waiting: 0 }, 'after the end')
  channel.end(new SmsError('SMS_CONNECTION', 'the end'))
  assert.equal(clock.timers, 0)
}

function bodyOf(rest: readonly Step[]): string | undefined {
  const next = rest.find(({ mark, text }) => mark === '>' && (text.startsWith('AT') || text.endsWith('<SUB>')))
  return next?.text.endsWith('<SUB>') ? next.text.slice(0, -'<SUB>'.length) : undefined
}

function cut(all: readonly Buffer[], pieces: Pieces): Uint8Array[] {
  if (pieces === 'lines') return [...all]
  const whole = Buffer.concat(all)
  return pieces === 'whole' ? [whole] : [...whole].map(byte => Buffer.of(byte))
}

const readWritten = (bytes: string): string =>
  bytes === '\x1b\r' ? '<ESC>' : bytes.replace(/\r$/, '').replace('\x1a', '<SUB>')

const unescape = (text: string): string =>
  text.replace(/\\(?:x([0-9a-f]{2})|([rn0\\]))/g, (_, hex: string | undefined, short: string) =>
    hex === undefined ? ({ r: '\r', n: '\n', 0: '\0' }[short] ?? '\\') : String.fromCharCode(Number.parseInt(hex, 16)),
  )

const writeCode = ({ name, text, pdu }: Unsolicited): string =>
  [name, text.replaceAll('\n', String.raw`\n`)].filter(Boolean).join(' ') + (pdu === undefined ? '' : ` | ${pdu}`)
const writeResult = (result: Result): string => ('text' in result ? `${result.code}: ${result.text}` : result.code)
const writeAnswer = ({ lines, result }: Answer): string[] => [...lines, writeResult(result)]
const writeError = (error: unknown): string[] => {
  if (!(error instanceof SmsError)) throw error
  return [`${error.code}${isBodyWritten(error) ? ' in doubt' : ''}`]
}
const isEnd = (text: string): boolean =>
  /^(OK|ERROR|NO CARRIER|BUSY|NO ANSWER|NO DIALTONE|COMMAND NOT SUPPORT|\+CM[ES] ERROR: .*|SMS_.*|still waiting)$/.test(
    text,
  )
