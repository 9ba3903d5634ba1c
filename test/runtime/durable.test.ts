import assert from 'node:assert/strict'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startTwilio } from '../sim/twilio.ts'
import type { Twilio } from '../sim/twilio.ts'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'

const ACCOUNT = `AC${'a'.repeat(32)}`
const ME = '+12025550123'

const flows = (apiUrl: string, listens: boolean) => [
  { id: 'tab', type: 'tab', label: 'Durable' },
  {
    id: 'account',
    type: 'sms-twilio',
    name: 'Account',
    accountSid: ACCOUNT,
    from: '+15550006666',
    receive: 'webhook',
    path: 'hook',
    apiUrl,
    credentials: { authToken: 'a-token' },
  },
  { id: 'button', type: 'inject', z: 'tab', props: [], wires: [['later']] },
  {
    id: 'later',
    type: 'function',
    z: 'tab',
    func: `return { payload: 'After all', to: '${ME}', smsOptions: { sendAt: Date.now() + 4000 } }`,
    outputs: 1,
    libs: [],
    wires: [['out']],
  },
  { id: 'out', type: 'sms out', z: 'tab', provider: 'account', wires: [['showKept']] },
  { id: 'showKept', type: 'debug', z: 'tab', name: 'kept', active: true, console: true, complete: 'sms', wires: [] },
  { id: 'in', type: 'sms in', z: 'tab', d: !listens, provider: 'account', wires: [['showCame']] },
  {
    id: 'showCame',
    type: 'debug',
    z: 'tab',
    name: 'came',
    active: true,
    console: true,
    complete: 'payload',
    wires: [],
  },
]

describe('a power cut', function () {
  this.timeout(90_000)
  let userDir: string
  let nodeRed: NodeRed
  let twilio: Twilio

  before(async () => {
    userDir = await installPackage()
    twilio = await startTwilio({ accounts: { [ACCOUNT]: { authToken: 'a-token' } } })
  })
  after(async () => {
    await nodeRed?.stop()
    await twilio?.stop()
    if (userDir) rmSync(userDir, { recursive: true, force: true })
  })

  it('loses no message that waits to be sent, nor one that came in and nobody has heard', async () => {
    nodeRed = await startNodeRed({ version: 5, userDir })
    await nodeRed.deploy(flows(twilio.url, false))
    await fetch(`${nodeRed.url}/inject/button`, { method: 'POST' })
    await nodeRed.logged(/\[debug:kept\]/)
    twilio.behaviour.webhookUrl = `${nodeRed.url}/sms/hook`
    const { answered } = await twilio.receive({ accountSid: ACCOUNT, from: ME, to: '+15550006666', body: 'Hello' })
    assert.equal(answered, 200)
    await nodeRed.kill()
    assert.ok(existsSync(join(userDir, 'sms', 'messages.db')))
    assert.deepEqual(sent(twilio), [])

    nodeRed = await startNodeRed({ version: 5, userDir })
    await nodeRed.deploy(flows(twilio.url, true))
    await nodeRed.logged(/\[debug:came\] Hello/)
    while (sent(twilio).length === 0) await new Promise(setImmediate)
    assert.deepEqual(sent(twilio), ['After all'])
  })

  it('a second Node-RED with the same messages says whose they are, and keeps its hands off', async () => {
    const other = await startNodeRed({ version: 5, userDir })
    try {
      await other.logged(/\[warn\] \[sms\] .*messages\.db/, { timeoutMs: 10_000 })
    } finally {
      await other.stop()
    }
  })
})

const sent = (twilio: Twilio) => twilio.messages.filter(({ to }) => to === ME).map(({ body }) => body)
