import { dials, namesOf } from './commands.ts'
import type { Answer, Result } from './contract.ts'
import { readCallResult, readResult } from './results.ts'

/** One command from its writing to its end. Time, queue and line are the channel's. */
export type Exchange =
  /** Written; its body goes out once the modem asks for it. */
  | { readonly state: 'prompt'; readonly command: string; readonly body: string; readonly echoed?: true }
  /** Written, with its body where it has one; lines are gathered up to the final result code. */
  | {
      readonly state: 'lines'
      readonly command: string
      readonly body?: string
      readonly lines: readonly string[]
      readonly echoed?: true
    }
  | { readonly state: 'answered'; readonly answer: Answer }
  /** No final result code in time. With `bodyWritten` it may have been done all the same. */
  | { readonly state: 'timed-out'; readonly bodyWritten: boolean }

export type Input =
  /** A line that is no unsolicited code. */
  { readonly kind: 'line'; readonly text: string } | { readonly kind: 'prompt' } | { readonly kind: 'timeout' }

/**
 * What is to be done besides: the body be written, or a prompt left that nobody asked for; `hurry`: the end is due, and
 * not waited for much longer; `clean`: the line may hold a rest of the answer.
 */
export type Effect = 'write-body' | 'escape' | 'hurry' | 'clean'

export interface Step {
  readonly next: Exchange
  readonly effect?: Effect
}

/** The exchange of a command, without its `AT`, that has just been written. */
export function beginExchange(command: string, body?: string): Exchange {
  return body === undefined ? { state: 'lines', command, lines: [] } : { state: 'prompt', command, body }
}

/** What an exchange is after an input; one that has ended stays as it is. */
export function step(exchange: Exchange, input: Input): Step {
  if (exchange.state === 'prompt') return stepPrompt(exchange, input)
  if (exchange.state === 'lines') return stepLines(exchange, input)
  return { next: exchange }
}

type InState<S extends Exchange['state']> = Extract<Exchange, { state: S }>

function stepPrompt(exchange: InState<'prompt'>, input: Input): Step {
  const { command } = exchange
  if (input.kind === 'prompt') return { next: { ...exchange, state: 'lines', lines: [] }, effect: 'write-body' }
  if (input.kind === 'timeout') return { next: { state: 'timed-out', bodyWritten: false }, effect: 'escape' }
  if (isEcho(input.text, command, undefined)) return { next: { ...exchange, echoed: true } }
  const result = readResult(input.text)
  // Nothing was sent yet that OK could be the answer to: it is a late one to an earlier command.
  if (!result || result.code === 'OK') return { next: exchange }
  return { next: answered(exchange, [], result) }
}

function stepLines(exchange: InState<'lines'>, input: Input): Step {
  const { command, body, lines } = exchange
  if (input.kind === 'timeout' && lines.some(line => isReference(line, exchange)))
    return { next: answered(exchange, lines, { code: 'OK' }), effect: 'clean' }
  if (input.kind === 'timeout') {
    // A body whose 0x1A was lost on the way is still being collected; else ESC does nothing.
    const bodyWritten = body !== undefined
    return { next: { state: 'timed-out', bodyWritten }, ...(bodyWritten ? { effect: 'escape' } : {}) }
  }
  // Its prompt is repeated after each line end of a body. Without a body the modem waits for what will never come.
  if (input.kind === 'prompt') return { next: exchange, ...(body === undefined ? { effect: 'escape' } : {}) }

  const result = readResult(input.text) ?? (dials(command) ? readCallResult(input.text) : undefined)
  if (result) return { next: answered(exchange, lines, result) }
  if (lines.length === 0 && isEcho(input.text, command, body)) return { next: { ...exchange, echoed: true } }
  if (lines.length >= LINES_LIMIT) return { next: exchange }
  const next = { ...exchange, lines: [...lines, input.text] }
  return isReference(input.text, exchange) ? { next, effect: 'hurry' } : { next }
}

function answered({ echoed }: InState<'prompt' | 'lines'>, lines: readonly string[], result: Result): Exchange {
  return { state: 'answered', answer: { lines, result, ...(echoed && { echoed }) } }
}

/** `+CMGS: <mr>` says that the network took the body (3GPP TS 27.005 §3.5.1); OK follows in the same breath. */
function isReference(line: string, { command, body }: InState<'lines'>): boolean {
  return body !== undefined && namesOf(command).some(name => line.startsWith(`${name}:`))
}

// Twice the largest memory of a SIM, each message being two lines, and far more than any modem has.
const LINES_LIMIT = 2000

/** V.250 §5.2.3: with ATE1 a modem repeats what it is sent, the body too. */
function isEcho(line: string, command: string, body: string | undefined): boolean {
  // Bytes that came before it, such as of an ESC or a half command, stand in front of it on the same line.
  return line.endsWith(`AT${command}`) || (body !== undefined && line === body)
}
