// npm start: Node-RED on http://127.0.0.1:1880 with this package and a flow on the simulated carrier.
// npm start -- --once: the same round trip without a browser; prints it, and fails if it did not happen.
// npm start -- --port 1881: on another port.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { startNodeRed } from '../test/support/node-red.ts'
import type { NodeRed } from '../test/support/node-red.ts'
import { root, runScript } from './project.ts'

const PACKAGE = '@sms-flows/node-red-sms'
const FLOW = join(root, 'examples', 'First flow.json')

/** What the flow says as it goes round, in this order. */
const ROUND_TRIP = [
  ['the door contact bounces', /sensor edge 5 of 5: ON/],
  ['one SMS goes out', /one SMS to \S+, state (accepted|delivered)/],
  ['the phone gets it', /the phone shows: .*Door: Open/],
  ['the phone answers', /the phone answers: /],
  ['the flow reacts', /reaction to \S+: light on/],
] as const

const WITHIN_MS = 30_000

const { values } = parseArgs({ options: { once: { type: 'boolean' }, port: { type: 'string', default: '1880' } } })

const built = await runScript('tools/build.ts')
if (built.code !== 0) {
  console.error(built.stdout + built.stderr)
  process.exit(1)
}
if (values.once) await once()
else await stay(Number(values.port))

async function once(): Promise<void> {
  const userDir = mkdtempSync(join(tmpdir(), 'sms-demo-'))
  let nodeRed: NodeRed | undefined
  try {
    prepare(userDir)
    nodeRed = await startNodeRed({ version: 5, userDir, onLine: tell })
    for (const [, said] of ROUND_TRIP) await nodeRed.logged(said, { timeoutMs: WITHIN_MS })
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
  const userDir = join(root, '.demo')
  prepare(userDir)
  const nodeRed = await startNodeRed({ version: 5, userDir, port, onLine: tell })
  console.log(`\nThe demo runs: open ${nodeRed.url} and look at the tab «First flow». Ctrl+C ends it.\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void nodeRed.stop())
}

/** A user directory that has this package installed, as a link, and the flow if it has none. */
function prepare(userDir: string): void {
  const link = join(userDir, 'node_modules', PACKAGE)
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { recursive: true, force: true })
  symlinkSync(root, link, 'junction')
  const flows = join(userDir, 'flows.json')
  if (!existsSync(flows)) copyFileSync(FLOW, flows)
}

/** Of all Node-RED prints, what the flow says, and what is wrong. */
function tell(line: string): void {
  const said = /\[(info|warn|error)\] \[(function|sms[^:\]]*|sensor debounce):.*?\] (.*)/.exec(line)
  if (said?.[1] === 'info') console.log(`  ${said[3]}`)
  else if (/\[(warn|error)\]/.test(line)) console.log(line)
}
