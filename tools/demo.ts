// npm start: Node-RED on http://127.0.0.1:1880 with this package, a flow on the simulated carrier, and one on a virtual modem.
// npm start -- --port 1881: on another port.
// npm start -- --once: the same round trips without a browser; prints them, and fails if one did not happen.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startNodeRed } from '../test/support/node-red.ts'
import type { NodeRed } from '../test/support/node-red.ts'
import { demoFolder, prepareDemo, pressButton } from './demo-folder.ts'
import { startDemoModem } from './demo-modem.ts'
import { runScript } from './project.ts'

type Step = readonly [what: string, said: RegExp]

/** What each flow says as it goes round, in this order; the first of them is begun by a button. */
const ROUND_TRIP: readonly Step[] = [
  ['the door contact bounces', /sensor edge 5 of 5: ON/],
  ['one SMS goes out', /one SMS to \S+, state (accepted|delivered)/],
  ['the phone gets it', /the phone shows: .*Door: Open/],
  ['the phone answers', /the phone answers: /],
  ['the flow reacts', /reaction to \S+: light on/],
]
const OVER_THE_MODEM: readonly Step[] = [
  ['the modem sends, and the phone gets it', /over the modem to \S+: delivered/],
  ['it answers, and the flow reacts', /reaction to \S+ over the modem: light on/],
]

const BUTTON = 'Door opens'
const MODEM_BUTTON = 'Text my phone over the modem'
const WITHIN_MS = 30_000
/** What a timer can wait at most. */
const LONGEST_MS = 2 ** 31 - 1
const USAGE = 'npm start [-- [--once] [--port 1880]]'

const { once, port } = readArguments()
const built = await runScript('tools/build.ts')
if (built.code !== 0) {
  console.error(built.stdout + built.stderr)
  process.exitCode = 1
} else await (once ? goRound() : stay(port))

async function goRound(): Promise<void> {
  const userDir = mkdtempSync(join(tmpdir(), 'sms-demo-'))
  const modem = await startDemoModem(say)
  let nodeRed: NodeRed | undefined
  try {
    prepareDemo(userDir)
    nodeRed = await startNodeRed({ version: 5, userDir, env: modem.env, onLine: tell })
    await pressButton(nodeRed.url, BUTTON)
    await follow(nodeRed, ROUND_TRIP)
    const sent = nodeRed.log.filter(line => line.includes('one SMS to')).length
    if (sent !== 1) throw new Error(`${sent} messages were sent for one real change`)
    await pressButton(nodeRed.url, MODEM_BUTTON)
    await follow(nodeRed, OVER_THE_MODEM)
    for (const steps of [ROUND_TRIP, OVER_THE_MODEM])
      console.log(`\n${steps.map(([what]) => what).join(', ')}: the round trip works.`)
  } catch (error) {
    console.error(`\nThe round trip did not happen: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  } finally {
    await nodeRed?.stop()
    await modem.stop()
    rmSync(userDir, { recursive: true, force: true })
  }
}

async function follow({ log, logged }: NodeRed, steps: readonly Step[]): Promise<void> {
  let from = 0
  for (const [, said] of steps) from = log.indexOf(await logged(said, { from, timeoutMs: WITHIN_MS }), from) + 1
}

/** Keeps its folder, so that what is built in the editor is there next time. */
async function stay(port: number): Promise<void> {
  prepareDemo(demoFolder)
  const modem = await startDemoModem(say)
  try {
    const nodeRed = await startNodeRed({ version: 5, userDir: demoFolder, env: modem.env, port, onLine: tell })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void nodeRed.stop())
    console.log(`\nNode-RED is open on ${nodeRed.url}, with the tabs «First flow» and «Modem». Ctrl+C ends it.`)
    console.log(`A virtual modem answers on ${modem.address}, for the button «${MODEM_BUTTON}».`)
    console.log(`A door opens, as if you had pressed «${BUTTON}»:\n`)
    await pressButton(nodeRed.url, BUTTON)
    // No line is like that: it rejects when Node-RED has ended, and the modem is of no use any more.
    await nodeRed.logged(/(?!)/, { timeoutMs: LONGEST_MS }).catch(() => {})
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const isTaken = /port in use|EADDRINUSE/i.test(reason)
    console.error(isTaken ? `Port ${port} is in use. Take another: npm start -- --port ${port + 1}` : reason)
    process.exitCode = 1
  } finally {
    await modem.stop()
  }
}

function say(line: string): void {
  console.log(`  ${line}`)
}

/** Of all Node-RED prints, what the flow says, and what is wrong. */
function tell(line: string): void {
  const said = /\[info\] \[function:.*?\] (.*)/.exec(line)
  if (said?.[1] !== undefined) say(said[1])
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
