import { globSync } from 'node:fs'
import { join } from 'node:path'
import { type ChildResult, runChild } from './child.js'

/** The project's folder, absolute. */
export const root = join(import.meta.dirname, '..')

// Where CI is set, the linter and the formatter colour their output, which makes a log hard to read.
const { CI: _, ...env } = process.env

/** Runs a script in the project's folder with this Node and collects its output. */
export const runScript = (script: string, ...args: readonly string[]): Promise<ChildResult> =>
  runChild(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env })

// As scripts, because on Windows what npm puts into .bin are not programs.
export const tools = {
  tsc: 'node_modules/typescript/bin/tsc',
  oxlint: 'node_modules/oxlint/bin/oxlint',
  oxfmt: 'node_modules/oxfmt/bin/oxfmt',
  mocha: 'node_modules/mocha/bin/mocha.js',
} as const

/** Whether there is code for the editor: tsc fails on a project without files. */
export const hasEditorCode = (): boolean =>
  globSync('nodes/editor/**/*.ts', { cwd: root }).some(path => !path.endsWith('.test.ts'))
