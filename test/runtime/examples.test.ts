import assert from 'node:assert/strict'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../../tools/project.ts'
import { startTwilio } from '../sim/twilio.ts'
import type { Twilio } from '../sim/twilio.ts'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'

interface FlowNode {
  readonly id: string
  readonly type: string
  readonly name?: string
  readonly [property: string]: unknown
}

interface Run {
  /** Presses an inject node, by its name. */
  press(name: string): Promise<void>
  /** A debug node, by its name, has shown something that matches. */
  shows(name: string, pattern?: RegExp): Promise<void>
  readonly nodeRed: NodeRed
  readonly twilio: Twilio
}

/** Accounts have to be filled in; everything else is used as it is imported. */
function withAccount(node: FlowNode, twilio: Twilio): FlowNode {
  if (node.type !== 'sms-twilio') return node
  const digit = node.name === 'First account' ? '1' : '2'
  const account = { accountSid: `AC${digit.repeat(32)}`, from: `+1555000777${digit}`, to: `+1555000888${digit}` }
  return { ...node, ...account, apiUrl: twilio.url, credentials: { authToken: 'a-token' } }
}

/** What each example does when it is used; an example without a row fails. */
const EXAMPLES: Record<string, (run: Run) => Promise<void>> = {
  'First flow': async ({ nodeRed, press, shows }) => {
    await press('Door opens')
    await nodeRed.logged(/reaction to \+12025550123: light on/)
    await shows('Light', /payload: 'on'/)
  },
  'Door and window sensors to two phones': async ({ press, shows }) => {
    await press('Door opens')
    await press('Window opens')
    await shows('Shown on the first phone', /Door: Open\\n.*Window: Open/s)
    await shows('Shown on the second phone', /Door: Open/)
  },
  'Door and window sensors through two Twilio accounts': async ({ press, shows, twilio }) => {
    await press('Window opens')
    await shows('Sent', /Window: Open/)
    await twilio.settled()
    assert.deepEqual(twilio.messages.map(({ from, to }) => `${from} to ${to}`).sort(), [
      '+15550007771 to +15550008881',
      '+15550007772 to +15550008882',
    ])
  },
  'Keyword command and reply': async ({ press, shows }) => {
    await press('HEAT 21')
    await shows('Shown on the phone', /Heating set to 21 degrees/)
    await press('status')
    await shows('Shown on the phone', /Heating: 21/)
  },
  'Delivery reports': async ({ press, shows }) => {
    await press('To a phone that is on')
    await shows('Reports', /order 17: delivered/)
    await press('To a phone that is off')
    await shows('Reports', /order 18: accepted/)
    await press('Through a carrier that refuses')
    await shows('Reports', /order 19: failed, the simulated carrier refused the message/)
    await shows('Failed or not in time', /SMS_SEND/)
    await shows('Failed or not in time', /SMS_TIMEOUT/)
  },
}

for (const version of [5, 4] as const) {
  describe(`the examples in Node-RED ${version}, installed from the package`, function () {
    this.timeout(120_000)
    let userDir: string
    let nodeRed: NodeRed
    let twilio: Twilio

    before(async () => {
      twilio = await startTwilio()
      userDir = await installPackage()
      nodeRed = await startNodeRed({ version, userDir })
    })
    after(async () => {
      await nodeRed?.stop()
      await twilio?.stop()
      if (userDir) rmSync(userDir, { recursive: true, force: true })
    })

    for (const file of globSync('examples/**/*.json', { cwd: root })) {
      const name = basename(file, '.json')
      it(`${name}: imports and runs as it is`, async () => {
        const nodes = JSON.parse(readFileSync(join(root, file), 'utf8')) as FlowNode[]
        const run = EXAMPLES[name]
        assert.ok(run, `nobody tries the example ${name}`)
        const from = nodeRed.log.length
        // What the debug nodes show goes to the log, where we can read it.
        const shown = nodes.map(node => (node.type === 'debug' ? { ...node, console: true } : node))
        await nodeRed.deploy(shown.map(node => withAccount(node, twilio)))
        await run({
          nodeRed,
          twilio,
          async press(button) {
            const node = nodes.find(({ type, name: named }) => type === 'inject' && named === button)
            assert.ok(node, `there is no button ${button}`)
            const { status } = await fetch(`${nodeRed.url}/inject/${node.id}`, { method: 'POST' })
            assert.equal(status, 200)
          },
          async shows(debug, pattern = /./) {
            const shown = new RegExp(`\\[debug:${debug}\\]`)
            await nodeRed.logged(shown, { from, timeoutMs: 20_000 })
            await nodeRed.logged(pattern, { from, timeoutMs: 20_000 })
          },
        })
        const wrong = nodeRed.log.slice(from).filter(line => /\[(warn|error)\]/.test(line))
        assert.deepEqual(wrong, [])
      })
    }
  })
}
