import { closeSync, openSync } from 'node:fs'
import type { ReadStream } from 'node:tty'
import * as nodePty from '@lydell/node-pty'

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
  const { master, slave, ptsName: path } = open({ encoding: null })
  // Raw before anything is written: the line discipline would echo it.
  slave.setRawMode(true)
  // Held open, though never read: without any such end ours would fail until the port is opened, and when it is closed.
  const held = openSync(path, 'r+')
  slave.destroy()

  let listener: ((bytes: Buffer) => void) | undefined
  const early: Buffer[] = []
  master.on('data', (bytes: Buffer) => (listener ? listener(bytes) : early.push(bytes)))
  master.on('error', () => {})
  let closing: Promise<void> | undefined

  return {
    path,
    onData(told) {
      listener = told
      for (const bytes of early.splice(0)) told(bytes)
    },
    write(bytes) {
      if (!closing) master.write(bytes)
    },
    close() {
      closing ??= new Promise(resolve => {
        master.once('close', () => {
          closeSync(held)
          resolve()
        })
        master.destroy()
      })
      return closing
    },
  }
}

/** In no type of the package, though its Unix half has always had it. */
const { open } = nodePty as unknown as {
  open(options: { encoding: null }): { master: ReadStream; slave: ReadStream; ptsName: string }
}
