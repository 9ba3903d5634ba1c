import type { SpawnOptions } from 'node:child_process'

export interface ChildResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export function runChild(command: string, args: readonly string[], options?: SpawnOptions): Promise<ChildResult>
