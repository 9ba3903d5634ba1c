import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { startTwilio } from '../sim/twilio.ts'
import type { Twilio } from '../sim/twilio.ts'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'

const ACCOUNT = `AC${'a'.repeat(32)}`
const SECRET = 'hunter2hunter2hunter2hunter2'
const OURS = '+15550006666'
const ME = '+380501112233'

for (const version of [5, 4] as const) {
  describe(`Twilio and Node-RED ${version} over real HTTP, http nodes under /endpoint`, function () {
    this.timeout(60_000)
    let userDir: string
    let nodeRed: NodeRed
    let twilio: Twilio

    before(async () => {
      userDir = await installPackage()
      twilio = await startTwilio({ accounts: { [ACCOUNT]: { authToken: SECRET } } })
      nodeRed = await startNodeRed({ version, userDir, settings: { httpNodeRoot: '/endpoint' } })
      const publicUrl = `${nodeRed.url}/endpoint`
      twilio.behaviour.webhookUrl = `${publicUrl}/sms/hard-to-guess`
      const shown = {
        type: 'debug',
        z: 'tab',
        active: true,
        console: true,
        complete: 'payload',
        targetType: 'msg',
        wires: [],
      }
      await nodeRed.deploy([
        { id: 'tab', type: 'tab', label: 'Twilio' },
        {
          id: 'account',
          type: 'sms-twilio',
          name: 'Account',
          accountSid: ACCOUNT,
          from: OURS,
          receive: 'webhook',
          path: 'hard-to-guess',
          publicUrl,
          apiUrl: twilio.url,
          credentials: { authToken: SECRET },
        },
        { id: 'in', type: 'sms in', z: 'tab', provider: 'account', wires: [['answer', 'showCame']] },
        {
          id: 'answer',
          type: 'sms out',
          z: 'tab',
          provider: '',
          toType: 'reply',
          text: 'Thank you',
          textType: 'str',
          wires: [[]],
        },
        {
          id: 'status',
          type: 'sms status',
          z: 'tab',
          provider: 'account',
          listen: 'deliveries',
          wires: [['showBecame']],
        },
        { id: 'showCame', name: 'came', ...shown },
        { id: 'showBecame', name: 'became', ...shown },
      ])
    })
    after(async () => {
      await nodeRed?.stop()
      await twilio?.stop()
      if (userDir) rmSync(userDir, { recursive: true, force: true })
    })

    it('a text comes in, is answered, and the delivery report comes back', async () => {
      const { answered } = await twilio.receive({ accountSid: ACCOUNT, from: ME, to: OURS, body: 'Привіт' })
      assert.equal(answered, 200)
      await nodeRed.logged(/\[debug:came\] Привіт/)
      await nodeRed.logged(/\[debug:became\] delivered/)
      const sent = twilio.messages.filter(message => message.to === ME)
      assert.deepEqual(
        sent.map(message => message.body),
        ['Thank you'],
      )
    })

    it('refuses what Twilio did not sign, in silence', async () => {
      const from = nodeRed.log.length
      const body = new URLSearchParams({
        AccountSid: ACCOUNT,
        MessageSid: 'SM1',
        From: ME,
        To: OURS,
        Body: 'open the gate',
      })
      const url = `${nodeRed.url}/endpoint/sms/hard-to-guess`
      for (const headers of [{}, { 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }]) {
        const reply = await fetch(url, { method: 'POST', body, headers })
        assert.deepEqual([reply.status, await reply.text()], [403, ''])
      }
      assert.doesNotMatch(nodeRed.log.slice(from).join('\n'), /open the gate|hunter2/)
    })

    it('stops quickly', async () => {
      const startedAt = performance.now()
      await nodeRed.stop()
      assert.ok(performance.now() - startedAt < 5_000)
      assert.doesNotMatch(nodeRed.log.join('\n'), /hunter2|Close timed out/)
    })
  })
}
