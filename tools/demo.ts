// npm start: Node-RED on http://127.0.0.1:1880 with this package and a flow on the simulated carrier.
// npm start -- --port 1881: on another port.
// npm start -- --once: the same round trip without a browser; prints it, and fails if it did not happen.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startNodeRed } from '../test/support/node-red.ts'
import type { NodeRed } from '../test/support/node-red.ts'
import { demoFolder, prepareDemo, pressButton } from './demo-folder.ts'
import { runScript } from './project.ts'

/** What the flow says as it goes round, in this order. */
const ROUND_TRIP = [
  ['the door contact bounces', /sensor edge 5 of 5: ON/],
  ['one SMS goes out', /one SMS to \S+, state (accepted|delivered)/],
  ['the phone gets it', /the phone shows: .*Door: Open/],
  ['the phone answers', /the phone answers: /],
  ['the flow reacts', /reaction to \S+: light on/],
] as const

const BUTTON = 'Door opens'
const WITHIN_MS = 30_000
const USAGE = 'npm start [-- [--once] [--port 1880]]'

const { once, port } = readArguments()
const built = await runScript('tools/build.ts')
if (built.code !== 0) {
  console.error(built.stdout + built.stderr)
  process.exitCode = 1
} else await (once ? goRound() : stay(port))

async function goRound(): Promise<void> {
  const userDir = mkdtempSync(join(tmpdir(), 'sms-demo-'))
  let nodeRed: NodeRed | undefined
  try {
    prepareDemo(userDir)
    nodeRed = await startNodeRed({ version: 5, userDir, onLine: tell })
    await pressButton(nodeRed.url, BUTTON)
    let from = 0
    for (const [, said] of ROUND_TRIP) {
      from = nodeRed.log.indexOf(await nodeRed.logged(said, { from, timeoutMs: WITHIN_MS }), from) + 1
    }
    const sent = nodeRed.log.filter(line => line.includes('one SMS to')).length
    if (sent !== 1) throw new Error(`${sent} messages were sent for one real change`)
    console.log(`\n${ROUND_TRIP.map(([what]) => what).join(', ')}: the round trip works.`)
  } catch (error) {
    console.error(`\nThe round trip did not happen: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  } finally {
    await nodeRed?.stop()
    rmSync(userDir, { recursive: true, force: true })
  }
}

/** Keeps its folder, so that what is built in the editor is there next time. */
async function stay(port: number): Promise<void> {
  prepareDemo(demoFolder)
  let nodeRed: NodeRed
  try {
    nodeRed = await startNodeRed({ version: 5, userDir: demoFolder, port, onLine: tell })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const isTaken = /port in use|EADDRINUSE/i.test(reason)
    console.error(isTaken ? `Port ${port} is in use. Take another: npm start -- --port ${port + 1}` : reason)
    process.exitCode = 1
    return
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void nodeRed.stop())
  console.log(`\nNode-RED is open on ${nodeRed.url}, with the tab «First flow». Ctrl+C ends it.`)
  console.log(`A door opens, as if you had pressed «${BUTTON}»:\n`)
  await pressButton(nodeRed.url, BUTTON)
}

/** Of all Node-RED prints, what the flow says, and what is wrong. */
function tell(line: string): void {
  const said = /\[info\] \[function:.*?\] (.*)/.exec(line)
  if (said) console.log(`  ${said[1]}`)
  else if (/\[error\]|\[warn\] \[sms/.test(line)) console.log(line)
}

function readArguments(): { once: boolean; port: number } {
  try {
    const { values } = parseArgs({ options: { once: { type: 'boolean' }, port: { type: 'string' } } })
    const port = Number(values.port ?? 1880)
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new RangeError('no such port')
    return { once: values.once ?? false, port }
  } catch {
    console.error(USAGE)
    return process.exit(2)
  }
}
