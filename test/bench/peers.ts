import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { npm } from '../../tools/npm.js'

const folder = import.meta.dirname
const load = createRequire(join(folder, 'package.json'))

/** A module that is compared with, of those `package.json` beside this names. */
export function peer(name: string): unknown {
  return load(name)
}

/** The folder of such a module. */
export const peerFolder = (name: string): string => join(folder, 'node_modules', name)

export const peerVersions = (): readonly (readonly [name: string, version: string])[] =>
  Object.entries((readJson(join(folder, 'package.json')) as { dependencies: Record<string, string> }).dependencies)

/** Installs the peers, unless they are there. */
export async function installPeers(): Promise<void> {
  const missing = peerVersions().filter(([name, version]) => {
    const installed = readJson(join(peerFolder(name), 'package.json')) as { version?: string } | undefined
    return installed?.version !== version
  })
  if (missing.length === 0) return
  console.error('Installing the peers with npm …')
  await npm(['install', '--no-package-lock', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: folder,
  })
}

function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}
