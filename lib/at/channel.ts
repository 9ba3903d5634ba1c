import { SmsError, toSmsError } from '../errors.ts'
import { PROMPT_MS } from './commands.ts'
import type { Channel, ChannelOptions, Unsolicited } from './contract.ts'
import { beginExchange, step } from './exchange.ts'
import type { Exchange, Input } from './exchange.ts'
import { createJob } from './job.ts'
import type { Job } from './job.ts'
import { createLexer } from './lexer.ts'
import type { Token } from './lexer.ts'
import { beginRecovery, stepRecovery } from './recovery.ts'
import type { Recovery, RecoveryStep } from './recovery.ts'
import { createSeparator, isRestart } from './unsolicited.ts'

type State =
  | { readonly is: 'idle' }
  | { readonly is: 'running'; readonly job: Job; readonly exchange: Exchange; readonly sinceMs: number }
  /** After an error: some modems end it twice, as with `ERROR` and `OK`. */
  | { readonly is: 'pausing' }
  | { readonly is: 'recovering'; readonly recovery: Recovery; readonly late: string; readonly deaf: boolean }
  | { readonly is: 'ended'; readonly error: SmsError }

/** Opens a command channel over a line. */
export function createChannel({ transport, clock, onUnsolicited, onDeaf, onHeard, trace }: ChannelOptions): Channel {
  const lexer = createLexer()
  const separator = createSeparator()
  const waiting: Job[] = []
  /** Whose body was taken, as is known by other means than an answer. */
  const known = new WeakSet<Job>()
  /** Those that this modem once took long for, as with a SIM that is full. */
  const slow = new Set<string>()
  let state: State = { is: 'idle' }
  let cancelTimer = () => {}
  let cancelFlush = () => {}
  // While bytes are worked off nothing new is sent: the rest of them still belongs to what was sent before.
  let receiving = false

  function setTimer(ms: number, run: () => void): void {
    cancelTimer()
    cancelTimer = clock.after(ms, run)
  }

  function proceed(): void {
    if (receiving || state.is !== 'idle') return
    const job = waiting.shift()
    if (!job) return
    const { command, body } = job
    state = { is: 'running', job, exchange: beginExchange(command, body), sinceMs: clock.steadyMs() }
    expect(body === undefined ? patienceMs(job, 0) : PROMPT_MS)
    write(`AT${command}\r`, `AT${command}`)
  }

  const expect = (ms: number): void => setTimer(ms, () => advance({ kind: 'timeout' }))

  /** How long what comes next of its answer is waited for, when it has taken so long already. */
  function patienceMs(job: Job, tookMs: number): number {
    const leftMs = job.timeoutMs - tookMs
    return slow.has(nameOf(job)) ? leftMs : Math.min(leftMs, job.silenceMs ?? leftMs)
  }

  /** Writes, and ends what runs when that fails: whoever owns the line learns of it from the line too. */
  function write(bytes: string, traced: string): void {
    trace?.sent(traced)
    const writing = state
    hand(bytes).catch((thrown: unknown) => {
      if (state.is !== 'running' || writing.is !== 'running' || state.job !== writing.job) return
      state.job.reject(toSmsError(thrown, 'SMS_CONNECTION'), isInDoubt(state.exchange))
      recover(state.job.command)
    })
  }

  // A transport that throws at once is as good as one that rejects.
  const hand = async (bytes: string): Promise<void> => transport.write(Buffer.from(bytes, 'latin1'))

  function advance(input: Input): void {
    if (state.is !== 'running') return
    const { job } = state
    const { next, effect } = step(state.exchange, input)
    const tookMs = clock.steadyMs() - state.sinceMs
    state = { ...state, exchange: next }
    if (next.state === 'lines' && input.kind === 'line' && job.silenceMs !== undefined) expect(patienceMs(job, tookMs))
    if (effect === 'escape' && next.state !== 'timed-out') write(ESCAPE, '<ESC>')
    if (effect === 'write-body') {
      expect(job.timeoutMs)
      write(`${job.body}\x1a`, `${job.body}<SUB>`)
      const taken = () => {
        if (known.has(job)) return
        known.add(job)
        hurry(job)
      }
      guard(() => job.onBody?.(taken))
    }
    if (effect === 'hurry') hurry(job)
    if (next.state === 'answered') {
      trace?.note(`${Math.round(tookMs)} ms`)
      if (tookMs <= (job.silenceMs ?? 0)) slow.delete(nameOf(job))
      job.resolve(next.answer)
      if (effect === 'clean') recover(job.command)
      else if (next.answer.result.code === 'OK') rest()
      else pause()
    }
    if (next.state === 'timed-out') {
      trace?.note(`no answer in ${Math.round(tookMs)} ms`)
      if (job.silenceMs !== undefined) slow.add(nameOf(job))
      const code = known.has(job) ? 'SMS_UNKNOWN' : 'SMS_TIMEOUT'
      job.reject(new SmsError(code, `the modem did not answer to ${nameOf(job)}`), next.bodyWritten)
      recover(job.command)
    }
  }

  /** What is left of its answer comes soon, or never. */
  function hurry(job: Job): void {
    if (state.is === 'running' && state.job === job) expect(HURRY_MS)
  }

  function rest(): void {
    cancelTimer()
    state = { is: 'idle' }
    proceed()
  }

  function pause(): void {
    state = { is: 'pausing' }
    setTimer(PAUSE_MS, rest)
  }

  function recover(late: string): void {
    const first = beginRecovery()
    state = { is: 'recovering', recovery: first.next, late, deaf: false }
    followRecovery(first)
  }

  function followRecovery({ next, effects, waitMs }: RecoveryStep): void {
    if (state.is !== 'recovering') return
    state = { ...state, recovery: next }
    if (next.state === 'clean') return heard(state.deaf)
    if (waitMs !== undefined) setTimer(waitMs, elapsed)
    for (const effect of effects) {
      if (effect === 'escape') write(ESCAPE, '<ESC>')
      else if (effect === 'probe') write('AT\r', 'AT')
      else beDeaf()
    }
  }

  function elapsed(): void {
    if (state.is === 'recovering') followRecovery(stepRecovery(state.recovery, { kind: 'elapsed' }))
  }

  function beDeaf(): void {
    if (state.is !== 'recovering' || state.deaf) return
    state = { ...state, deaf: true }
    trace?.note('the modem does not answer')
    for (const job of waiting.splice(0)) job.reject(deafError())
    guard(onDeaf)
  }

  function heard(wasDeaf: boolean): void {
    cancelTimer()
    state = { is: 'idle' }
    trace?.note('the line is clean')
    if (wasDeaf) guard(onHeard)
    proceed()
  }

  function take(token: Token): void {
    if (token.kind === 'overlong') return trace?.note('a line too long was thrown away')
    if (token.kind === 'prompt') {
      trace?.received('> ')
      return answer({ kind: 'prompt' })
    }
    trace?.received(token.text)
    for (const found of separator.take(token.text, commandOf(state))) {
      if (found.kind === 'line') answer(found)
      else unsolicited(found.code)
    }
  }

  function unsolicited(code: Unsolicited): void {
    tell(code)
    // After AT+CFUN=1,1 and its like this is what was asked for.
    if (state.is === 'running' && isRestart(code) && !restarts(state.job.command)) advance({ kind: 'timeout' })
  }

  function answer(input: Exclude<Input, { kind: 'timeout' }>): void {
    if (state.is === 'running') advance(input)
    else if (state.is === 'recovering') followRecovery(stepRecovery(state.recovery, input))
    // A prompt nobody asked for, such as one that comes late: ESC may be answered, or not.
    else if (state.is !== 'ended' && input.kind === 'prompt') recover('')
  }

  /** What a callback throws is a fault of ours, but must not stop the bytes. */
  function guard(callback: (() => void) | undefined): void {
    try {
      callback?.()
    } catch (thrown) {
      trace?.note(toSmsError(thrown).message)
    }
  }

  const tell = (code: Unsolicited): void => guard(() => onUnsolicited(code))

  function flushHeld(): void {
    const code = separator.flush()
    if (code && state.is !== 'ended') tell(code)
  }

  function abort(job: Job): void {
    const at = waiting.indexOf(job)
    if (at >= 0) waiting.splice(at, 1)
    const current = state.is === 'running' && state.job === job ? state.exchange : undefined
    job.reject(cancelled(), current !== undefined && isInDoubt(current))
    // A body that was not asked for yet is not sent any more; else its answer is awaited, for nobody.
    if (current?.state === 'prompt') recover(job.command)
  }

  return {
    run(command, options = {}) {
      if (state.is === 'ended') return Promise.reject(state.error)
      if (options.signal?.aborted) return Promise.reject(cancelled())
      if (state.is === 'recovering' && state.deaf) return Promise.reject(deafError())
      const { job, answer } = createJob(command, options, abort)
      const firstOrdinary = waiting.findIndex(other => !other.urgent)
      if (job.urgent && firstOrdinary >= 0) waiting.splice(firstOrdinary, 0, job)
      else waiting.push(job)
      proceed()
      return answer
    },
    data(bytes) {
      if (state.is === 'ended') return
      receiving = true
      try {
        for (const token of lexer.push(bytes)) {
          if (isEnded(state)) break
          take(token)
        }
      } finally {
        receiving = false
      }
      cancelFlush()
      if (!isEnded(state) && separator.holds) cancelFlush = clock.after(SECOND_LINE_MS, flushHeld)
      proceed()
    },
    end(error) {
      if (state.is === 'ended') return
      const ending = state
      state = { is: 'ended', error }
      cancelTimer()
      cancelFlush()
      if (ending.is === 'running') ending.job.reject(error, isInDoubt(ending.exchange))
      for (const job of waiting.splice(0)) job.reject(error)
    },
  }
}

const ESCAPE = '\x1b\r'
const PAUSE_MS = 20
// The rest of an answer that has begun, or the answer where a report on the same message overtook it.
const HURRY_MS = 3000
// Both lines of +CMT come in one go; a USSD text with many lines may take its time at 9600 baud.
const SECOND_LINE_MS = 2000

const restarts = (command: string): boolean => /CFUN|CRESET|CPWROFF|CPOF|QPOWD|QRST|REBOOT|RESET|^Z|SMSO/i.test(command)
const isEnded = (state: State): boolean => state.is === 'ended'
/** Doubt begins with the byte 0x1A, which goes out with the body. */
const isInDoubt = (exchange: Exchange): boolean => exchange.state === 'lines' && exchange.body !== undefined

/** The command whose lines may come: the one that runs, or the late one. */
function commandOf(state: State): string | undefined {
  if (state.is === 'running') return state.job.command
  return state.is === 'recovering' ? state.late : undefined
}

/** A command without its values: those may be a PIN or a number. */
const nameOf = ({ command }: Job): string => /^AT[+^*$%#&]?[A-Z]*[=?]{0,2}/i.exec(`AT${command}`)?.[0] ?? 'AT'

const cancelled = (): SmsError => new SmsError('SMS_CANCELLED', 'the command was called off')
const deafError = (): SmsError => new SmsError('SMS_TIMEOUT', 'the modem does not answer')
