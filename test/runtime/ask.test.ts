import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { startTwilio } from '../sim/twilio.ts'
import type { Twilio } from '../sim/twilio.ts'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'

const ACCOUNT = `AC${'a'.repeat(32)}`
const OURS = '+15550006666'
const ANN = '+12025550144'
const BOB = '+12025550178'

const show = (id: string, name: string, complete: string, targetType = 'msg') => ({
  id,
  type: 'debug',
  z: 'tab',
  name,
  active: true,
  console: true,
  complete,
  targetType,
  wires: [],
})

const flows = (apiUrl: string) => [
  { id: 'tab', type: 'tab', label: 'Asking' },
  {
    id: 'account',
    type: 'sms-twilio',
    name: 'Account',
    accountSid: ACCOUNT,
    from: OURS,
    receive: 'webhook',
    path: 'hook',
    apiUrl,
    credentials: { authToken: 'a-token' },
  },
  { id: 'button', type: 'inject', z: 'tab', props: [], wires: [['who']] },
  {
    id: 'who',
    type: 'function',
    z: 'tab',
    func: `return { payload: 'Come?', to: ['${ANN}', '${BOB}'], order: 17, run() {} }`,
    outputs: 1,
    libs: [],
    wires: [['ask']],
  },
  {
    id: 'ask',
    type: 'sms ask',
    z: 'tab',
    provider: 'account',
    refuse: 'no',
    timeoutSeconds: '10',
    wires: [['showAnswered'], ['showAnswered'], ['showTimedOut']],
  },
  show('showAnswered', 'answered', '"order " & order & ", " & question.text & " " & payload', 'jsonata'),
  show('showTimedOut', 'timedOut', '"order " & order & ", " & sms.to', 'jsonata'),
  { id: 'in', type: 'sms in', z: 'tab', provider: 'account', wires: [['showCame']] },
  show('showCame', 'came', 'payload'),
]

describe('a question over a power cut', function () {
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

  it('gets the answer that came meanwhile, and one without an answer runs out of time', async () => {
    nodeRed = await startNodeRed({ version: 5, userDir })
    await nodeRed.deploy(flows(twilio.url))
    await fetch(`${nodeRed.url}/inject/button`, { method: 'POST' })
    while (asked(twilio).length < 2) await new Promise(setImmediate)
    await twilio.settled()
    await nodeRed.kill()
    // Its webhook reaches nobody; it is found in the list of the account's messages.
    twilio.behaviour.webhookUrl = `${nodeRed.url}/sms/hook`
    await twilio.receive({ accountSid: ACCOUNT, from: ANN, to: OURS, body: 'Sure' })

    nodeRed = await startNodeRed({ version: 5, userDir })
    await nodeRed.logged(/\[debug:answered\] 'order 17, Come\? Sure'|order 17, Come\? Sure/, { timeoutMs: 15_000 })
    await nodeRed.logged(new RegExp(`order 17, \\${BOB}`), { timeoutMs: 20_000 })
    assert.ok(!nodeRed.log.some(line => line.includes('[debug:came]')), 'an answer is no command')
    assert.equal(asked(twilio).length, 2)
  })
})

const asked = (twilio: Twilio) => twilio.messages.filter(({ body }) => body === 'Come?')
