import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { toSmsError } from '../errors.ts'

export interface RecorderOptions {
  /** Of the file; its folder is made where there is none. */
  readonly path: string
  /** Said at the beginning of each recording. */
  readonly title: string
  /** A file that has grown to so many bytes becomes `<path>.old`, in place of the one before. */
  readonly maxBytes?: number
  readonly log: (level: 'info' | 'warn', text: string) => void
}

/** A day of a busy modem; a report of a fault takes it. */
const MAX_BYTES = 2 * 1024 * 1024

/**
 * Appends lines of a trace to a file that only its owner can read. The file is opened with the first line, and what cannot
 * be written is said once and ends the recording; it never throws.
 */
export function createRecorder({ path, title, maxBytes = MAX_BYTES, log }: RecorderOptions): (line: string) => void {
  let state: 'new' | 'recording' | 'ended' = 'new'
  let size = 0

  function begin(): void {
    mkdirSync(dirname(path), { recursive: true })
    size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    state = 'recording'
    append(`# ${new Date().toISOString()} ${title}`)
    log('info', `what goes over the line is recorded in ${path}`)
  }

  // At once, so that a crash loses none of it; there are a few lines a second.
  function append(line: string): void {
    if (size > 0 && size + line.length >= maxBytes) {
      renameSync(path, `${path}.old`)
      size = 0
    }
    appendFileSync(path, `${line}\n`, { mode: 0o600 })
    size += line.length + 1
  }

  return line => {
    if (state === 'ended') return
    try {
      if (state === 'new') begin()
      append(line)
    } catch (thrown) {
      state = 'ended'
      log('warn', `nothing more is recorded: ${toSmsError(thrown).message}`)
    }
  }
}
