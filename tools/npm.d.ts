export interface LockFile {
  readonly packages: Record<string, { version?: string; optional?: boolean; devOptional?: boolean }>
}

export function npm(args: readonly string[], options: { cwd: string; node?: string }): Promise<string>
export function installDependencies(root: string, node: string): Promise<void>
export function hasAll(wanted: LockFile | undefined, installed: LockFile | undefined): boolean
export function inTemporaryFolder<T>(root: string, work: (folder: string) => Promise<T>): Promise<T>
