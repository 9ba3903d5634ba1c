import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'
import { peerFolder, peerVersions } from './peers.ts'

/**
 * Node-RED 5 with this package installed from its tarball, the peers there for its function nodes, and the nodes
 * `nodesFor` gives for its address.
 */
export async function startBenchFlow(nodesFor: (url: string) => readonly object[]): Promise<NodeRed> {
  const userDir = await installPackage()
  addPeers(userDir)
  try {
    const nodeRed = await startNodeRed({
      version: 5,
      userDir,
      settings: { nodesDir: [join(import.meta.dirname, 'driver')] },
      // For a profile: BENCH_NODE_OPTIONS='--cpu-prof --cpu-prof-dir=/tmp/profiles'.
      ...(process.env['BENCH_NODE_OPTIONS'] && { env: { NODE_OPTIONS: process.env['BENCH_NODE_OPTIONS'] } }),
      onLine: line => /\[(warn|error)\]/.test(line) && console.error(line),
    })
    await nodeRed.deploy([{ id: 'tab', type: 'tab', label: 'bench' }, ...nodesFor(nodeRed.url)])
    return {
      ...nodeRed,
      async stop() {
        const code = await nodeRed.stop()
        rmSync(userDir, { recursive: true, force: true })
        return code
      },
    }
  } catch (error) {
    rmSync(userDir, { recursive: true, force: true })
    throw error
  }
}

/** As if they were installed with the setup tab of a function node: named in the folder's package.json, and there. */
function addPeers(userDir: string): void {
  const manifestFile = join(userDir, 'package.json')
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as { dependencies?: Record<string, string> }
  const dependencies = { ...manifest.dependencies, ...Object.fromEntries(peerVersions()) }
  writeFileSync(manifestFile, JSON.stringify({ ...manifest, dependencies }))
  mkdirSync(join(userDir, 'node_modules'), { recursive: true })
  for (const [name] of peerVersions()) {
    const link = join(userDir, 'node_modules', name)
    if (!existsSync(link)) symlinkSync(peerFolder(name), link, 'junction')
  }
}

/** Messages are kept in memory: the peers keep none, and how fast a disk is is not to be measured. */
export const memoryStore = { id: 'store', type: 'sms-store', backend: 'memory' }

/** A node on the bench's tab; without a place there it would count as a config node. */
export const node = (id: string, type: string, properties: object, wires: readonly (readonly string[])[] = []) => ({
  id,
  type,
  z: 'tab',
  x: 0,
  y: 0,
  wires,
  ...properties,
})

/** A function node; `setup` runs once when it starts, `libs` are modules by variable. */
export function functionNode(
  id: string,
  func: string,
  wires: readonly (readonly string[])[],
  { setup = '', libs = {} }: { setup?: string; libs?: Readonly<Record<string, string>> } = {},
) {
  const modules = Object.entries(libs).map(([name, module]) => ({ var: name, module }))
  return node(id, 'function', { func, outputs: wires.length, initialize: setup, finalize: '', libs: modules }, wires)
}
