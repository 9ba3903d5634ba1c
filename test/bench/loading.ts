import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runChild } from '../../tools/child.js'
import { root } from '../../tools/project.ts'
import { interleave } from './compare.ts'
import { peerFolder } from './peers.ts'
import { costRow } from './row.ts'
import type { Row } from './row.ts'

const PROCESSES = 17

/** What a Node-RED pays that has the package installed and uses none of it, against a flow that loads the SDK. */
export async function loading(): Promise<readonly Row[]> {
  const { ms, megabytes } = await interleave(
    PROCESSES,
    () => costOf(LOAD_NODES),
    () => costOf(LOAD_SDK),
  )
  return [
    costRow('loading all nodes, twilio SDK: time', ms, 'ms'),
    costRow('loading all nodes, twilio SDK: memory', megabytes, 'MB'),
  ]
}

/** As Node-RED 5 does: each node's file is imported and its default export called. */
const LOAD_NODES = `
  const { nodes } = JSON.parse(readFileSync(${JSON.stringify(join(root, 'package.json'))}, 'utf8'))['node-red']
  let registered = 0
  const RED = { nodes: { registerType: () => { registered += 1 } }, events: new EventEmitter(), log: console }
  begin()
  for (const file of Object.values(nodes)) {
    const { default: register } = await import(new URL(file, ${JSON.stringify(pathToFileURL(`${root}/`).href)}))
    register(RED)
  }
  end()
  if (registered < Object.keys(nodes).length) throw new Error('not every node was registered')
`

const LOAD_SDK = `
  begin()
  createRequire(${JSON.stringify(pathToFileURL(peerFolder('twilio')).href)})('twilio')
  end()
`

const AROUND = (work: string) => `
  import { EventEmitter } from 'node:events'
  import { readFileSync } from 'node:fs'
  import { createRequire } from 'node:module'
  let rss, startedAt
  const begin = () => { rss = process.memoryUsage.rss(); startedAt = performance.now() }
  const end = () => {
    const ms = performance.now() - startedAt
    console.log(JSON.stringify({ ms, megabytes: (process.memoryUsage.rss() - rss) / 1e6 }))
  }
  ${work}`

async function costOf(work: string): Promise<{ ms: number; megabytes: number }> {
  const { code, stdout, stderr } = await runChild(process.execPath, ['--input-type=module', '--eval', AROUND(work)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (code !== 0) throw new Error(`loading failed:\n${stderr}`)
  return JSON.parse(stdout) as { ms: number; megabytes: number }
}
