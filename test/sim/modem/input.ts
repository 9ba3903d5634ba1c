import type { Clock } from '../../../lib/clock.ts'
import type { Behaviour } from './behaviour.ts'

/** The way into a modem: bytes become command lines and bodies, with echo. */
export interface Input {
  feed(bytes: Uint8Array): void
  /** What comes from now on is the body of a command, ended with 0x1A, or called off with ESC: undefined. */
  takeBody(take: (body: string | undefined) => void): void
  /** What comes meanwhile waits, or is lost. */
  busy(is: boolean, losing?: boolean): void
  clear(): void
  readonly isInBody: boolean
}

export interface InputEvents {
  command(line: string): void
  echo(text: string): void
  /** A line of a body ended: modems in text mode prompt again. */
  bodyLine(): void
}

const CR = '\r'
const LF = '\n'
const BACKSPACE = '\b'
const CTRL_Z = '\x1a'
const ESC = '\x1b'

export function createInput(clock: Clock, behaviour: Behaviour, events: InputEvents): Input {
  let waiting = ''
  let line = ''
  let last = ''
  let body: { text: string; take: (body: string | undefined) => void } | undefined
  let state: 'free' | 'busy' | 'losing' = 'free'
  let isReading = false
  let freeAtMs = 0
  let life = 0

  function read(): void {
    if (isReading) return
    isReading = true
    while (waiting !== '' && state === 'free') {
      const char = waiting.charAt(0)
      waiting = waiting.slice(1)
      if (body) readBody(char, body)
      else readCommand(char)
    }
    isReading = false
  }

  function readCommand(char: string): void {
    if (char === LF || char === CTRL_Z) return
    if (char !== ESC) events.echo(char)
    if (char === BACKSPACE) line = line.slice(0, -1)
    else if (char === CR) {
      const command = line
      line = ''
      finish(command)
    } else line += char
    // V.250 §5.2.4: A/ repeats the last command line, without waiting for an end of line.
    if (/^a\/$/i.test(line)) {
      line = ''
      finish(last)
    }
  }

  function finish(command: string): void {
    if (command.trim() === '') return
    last = command
    events.command(command)
  }

  function readBody(char: string, open: NonNullable<typeof body>): void {
    if (char === ESC || char === CTRL_Z) {
      body = undefined
      open.take(char === ESC ? undefined : open.text)
      return
    }
    events.echo(char)
    if (char === BACKSPACE) open.text = open.text.slice(0, -1)
    else open.text += char
    if (char === CR) events.bodyLine()
  }

  function accept(text: string): void {
    if (behaviour.deaf || state === 'losing') return
    waiting += text
    read()
  }

  return {
    feed(bytes) {
      const text = Buffer.from(bytes).toString('latin1')
      const { baudRate } = behaviour
      if (baudRate === undefined) {
        accept(text)
        return
      }
      // Bytes arrive one after the other, however fast they were handed over.
      const nowMs = clock.steadyMs()
      freeAtMs = Math.max(freeAtMs, nowMs) + (text.length * 10_000) / baudRate
      const born = life
      clock.after(freeAtMs - nowMs, () => born === life && accept(text))
    },
    takeBody(take) {
      body = { text: '', take }
      read()
    },
    busy(is, losing = false) {
      state = is ? (losing ? 'losing' : 'busy') : 'free'
      if (state === 'losing') waiting = ''
      read()
    },
    clear() {
      life++
      waiting = ''
      line = ''
      body = undefined
      state = 'free'
    },
    get isInBody() {
      return body !== undefined
    },
  }
}
