import { closeSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { ReadStream } from 'node:tty'

/** The far end of a pseudo terminal: what a program that opens `path` as its serial port talks to. */
export interface Pty {
  readonly path: string
  /** Tells what is written to the port, from the beginning, to the one listener there is. */
  onData(listener: (bytes: Buffer) => void): void
  write(bytes: Uint8Array | string): void
  /** Hangs up, as unplugging does: whoever has the port open is told. Further calls do nothing. */
  close(): Promise<void>
}

/**
 * Opens a pseudo terminal, on Linux and macOS. The port may be opened and closed many times; it has no modem lines, so
 * that setting DTR answers ENOTTY.
 */
export async function openPty(): Promise<Pty> {
  const { master: masterFd, slave: slaveFd, pty: path } = loadBinding().open(80, 24)
  // Raw before anything is written: the line discipline would echo it. A stream on a terminal opens it once more.
  const terminal = new ReadStream(slaveFd)
  terminal.setRawMode(true)
  terminal.destroy()
  const master = new ReadStream(masterFd)

  let listener: ((bytes: Buffer) => void) | undefined
  const early: Buffer[] = []
  master.on('data', (bytes: Buffer) => (listener ? listener(bytes) : early.push(bytes)))
  master.on('error', () => {})
  let closing: Promise<void> | undefined
  let waiting: Buffer = Buffer.alloc(0)

  // Not through the stream: a terminal's blocks, for ever where the port's reader is in this process too.
  function write(): void {
    if (closing) return
    try {
      while (waiting.length > 0) waiting = waiting.subarray(writeSync(masterFd, waiting))
    } catch (thrown) {
      // Once the port was closed at the other end, nobody reads the rest.
      if ((thrown as NodeJS.ErrnoException).code === 'EAGAIN') setTimeout(write, FULL_MS)
      else waiting = Buffer.alloc(0)
    }
  }

  return {
    path,
    onData(told) {
      listener = told
      for (const bytes of early.splice(0)) told(bytes)
    },
    write(bytes) {
      const isBusy = waiting.length > 0
      waiting = Buffer.concat([waiting, Buffer.from(bytes)])
      if (!isBusy) write()
    },
    close() {
      closing ??= new Promise(resolve => {
        master.once('close', () => {
          // Held until now: without any such end, ours would fail before the port is opened and after it was closed.
          closeSync(slaveFd)
          resolve()
        })
        master.destroy()
      })
      return closing
    },
  }
}

/** A terminal holds some kilobytes; a reader needs a moment for them. */
const FULL_MS = 1

interface Binding {
  open(columns: number, rows: number): { master: number; slave: number; pty: string }
}

// Not through the package's own `open`: that reads from both ends, and never lets go of the second.
function loadBinding(): Binding {
  const require = createRequire(import.meta.url)
  const { requireBinary } = require('@lydell/node-pty/requireBinary.js') as { requireBinary(file: string): Binding }
  return requireBinary('pty.node')
}
