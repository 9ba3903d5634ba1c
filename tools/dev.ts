// npm run dev: Node-RED on http://127.0.0.1:1880 with a simulated Twilio and a virtual modem beside it; built and started anew on change.
import { watch } from 'node:fs'
import { join } from 'node:path'
import { startTwilio } from '../test/sim/twilio.ts'
import { startNodeRed } from '../test/support/node-red.ts'
import type { NodeRed } from '../test/support/node-red.ts'
import { demoFolder, prepareDemo } from './demo-folder.ts'
import { startDemoModem } from './demo-modem.ts'
import { root, runScript } from './project.ts'

const WATCHED = ['nodes', 'lib', 'icons', 'examples', 'package.json']
/** An editor saves several files at once. */
const CALM_MS = 300

let nodeRed: NodeRed | undefined
let calm: NodeJS.Timeout | undefined
let turn = Promise.resolve()

const twilio = await startTwilio()
const modem = await startDemoModem(line => console.log(line))
console.log(`A simulated Twilio answers on ${twilio.url}: put that into an account's API address.`)
const watchers = WATCHED.map(path => watch(join(root, path), { recursive: true }, onChange))
restart()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end())

function onChange(): void {
  clearTimeout(calm)
  calm = setTimeout(restart, CALM_MS)
}

/** One after the other, however fast the changes come. */
function restart(): void {
  turn = turn.then(async () => {
    await nodeRed?.stop()
    nodeRed = undefined
    const built = await runScript('tools/build.ts')
    if (built.code !== 0) return console.error(built.stdout + built.stderr)
    prepareDemo(demoFolder)
    nodeRed = await startNodeRed({
      version: 5,
      userDir: demoFolder,
      env: modem.env,
      port: 1880,
      onLine: line => console.log(line),
    })
  })
  turn.catch((error: unknown) => console.error(error instanceof Error ? error.message : error))
}

async function end(): Promise<void> {
  clearTimeout(calm)
  for (const watcher of watchers) watcher.close()
  await turn.catch(() => {})
  await Promise.all([nodeRed?.stop(), twilio.stop(), modem.stop()])
}
