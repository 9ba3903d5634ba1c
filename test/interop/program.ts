import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** A program of somebody else's, running. */
export interface Program {
  /** What it said so far, on both outputs. */
  readonly output: string
  readonly isRunning: boolean
  /** Resolves to its code when it ends by itself; rejects, and ends it, after `limitMs`. */
  ended(limitMs?: number): Promise<number>
  /** Ends it and resolves when it is gone. */
  stop(): Promise<void>
}

/** Starts a program that tests may end. */
export function start(command: string, args: readonly string[], env: Record<string, string> = {}): Program {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
  })
  let output = ''
  let isRunning = true
  let resolve: (code: number) => void = () => {}
  const promise = new Promise<number>(settle => (resolve = settle))
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => (output += text))
  }
  child.once('error', error => {
    output += `${error.message}\n`
    isRunning = false
    resolve(127)
  })
  child.once('close', code => {
    isRunning = false
    resolve(code ?? 1)
  })
  return {
    get output() {
      return output
    },
    get isRunning() {
      return isRunning
    },
    async ended(limitMs = 30_000) {
      const code = await Promise.race([promise, wait(limitMs, undefined, { ref: false })])
      if (code !== undefined) return code
      child.kill('SIGKILL')
      throw new Error(`${command} ${args.join(' ')} did not end within ${limitMs} ms:\n${output}`)
    },
    async stop() {
      if (!isRunning) return
      child.kill('SIGTERM')
      if ((await Promise.race([promise, wait(3_000, 'late', { ref: false })])) === 'late') child.kill('SIGKILL')
      await promise
    },
  }
}

/** Runs a program to its end and resolves to what it said; rejects unless it ended well. */
export async function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const program = start(command, args, env)
  const code = await program.ended()
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${program.output}`)
  return program.output
}

/** Looks every few milliseconds whether other programs have come so far; rejects after `limitMs`. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  limitMs = 30_000,
): Promise<T> {
  for (const startMs = performance.now(); performance.now() - startMs < limitMs;) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    await wait(25)
  }
  throw new Error(`waited ${limitMs} ms for ${what}`)
}

/** An empty folder of the test's own, and what removes it. */
export function createFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sms-interop-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
