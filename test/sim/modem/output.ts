import type { Clock } from '../../../lib/clock.ts'
import type { Behaviour } from './behaviour.ts'

/** The way out of a modem: what is said becomes bytes, at the pace and in the pieces its behaviour asks for. */
export interface Output {
  /** Bytes as they are: echo, prompt. */
  raw(text: string): void
  /** Lines that belong together, as a header and its PDU; others may come amid them all the same. */
  lines(lines: readonly string[]): void
  /** Tells what was held back, if it is not to be any longer. */
  release(): void
  /** Forgets what has not gone out. */
  clear(): void
}

/** `emit` gets the pieces, never from within a call of ours, so that nobody is answered while still writing. */
export function createOutput(clock: Clock, behaviour: Behaviour, emit: (bytes: Uint8Array) => void): Output {
  let queue: Uint8Array[] = []
  let held: Uint8Array[] = []
  let isRunning = false
  let cutIndex = 0
  let life = 0

  function push(text: string): void {
    if (behaviour.mute === 'drop' || text === '') return
    const pieces = cut(Buffer.from(text, 'latin1'))
    if (behaviour.mute === 'hold') held.push(...pieces)
    else queue.push(...pieces)
    run()
  }

  function run(): void {
    if (isRunning || queue.length === 0) return
    isRunning = true
    const born = life
    queueMicrotask(() => born === life && next())
  }

  function next(): void {
    const piece = take()
    if (!piece) {
      isRunning = false
      return
    }
    const born = life
    const waitMs = behaviour.baudRate === undefined ? 0 : (piece.length * 10_000) / behaviour.baudRate
    const deliver = () => {
      if (born !== life) return
      emit(piece)
      if (born !== life) return
      if (behaviour.cutGapMs > 0 && queue.length > 0) clock.after(behaviour.cutGapMs, () => born === life && next())
      else next()
    }
    if (waitMs > 0) clock.after(waitMs, deliver)
    else deliver()
  }

  /** What was said in one go comes in one go, where nothing asks for pieces. */
  function take(): Uint8Array | undefined {
    if (behaviour.cuts.length > 0 || behaviour.baudRate !== undefined || queue.length < 2) return queue.shift()
    const all = Buffer.concat(queue)
    queue = []
    return all
  }

  function cut(bytes: Uint8Array): Uint8Array[] {
    const { cuts } = behaviour
    if (cuts.length === 0) return [bytes]
    const pieces: Uint8Array[] = []
    for (let start = 0; start < bytes.length;) {
      const size = Math.max(1, cuts[cutIndex++ % cuts.length] ?? 1)
      pieces.push(bytes.subarray(start, start + size))
      start += size
    }
    return pieces
  }

  return {
    raw: push,
    lines(lines) {
      if (lines.length > 0) push(interleaved(lines, behaviour).join(''))
    },
    release() {
      if (behaviour.mute !== false) return
      queue.push(...held)
      held = []
      run()
    },
    clear() {
      life++
      queue = []
      held = []
      isRunning = false
    },
  }
}

/** The lines as text, with the lines of others amid them. */
function interleaved(lines: readonly string[], behaviour: Behaviour): string[] {
  const text: string[] = []
  const others = (line: string, side: 'before' | 'after') => {
    for (const rule of behaviour.interleave) {
      if (rule.side !== side || rule.times === 0 || !rule.at.test(line)) continue
      if (rule.times !== undefined) rule.times--
      text.push(...rule.lines.map(other => `\r\n${other}\r\n`))
    }
  }
  for (const line of lines) {
    others(line, 'before')
    text.push(`${text.length === 0 ? '\r\n' : ''}${line}\r\n`)
    others(line, 'after')
  }
  return text
}
