import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { logIn, THREE_USERS } from '../support/console.ts'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'

/** Besides those of all tests: one who may do everything with SMS, and change no flow. */
const texter = { ...THREE_USERS.adminAuth.users[1], username: 'texter', permissions: ['read', 'sms.write'] }
const adminAuth = { ...THREE_USERS.adminAuth, users: [...THREE_USERS.adminAuth.users, texter] }

for (const version of [5, 4] as const) {
  describe(`what dialogs of Node-RED ${version} can try, where the editor asks for a password`, function () {
    this.timeout(60_000)
    let userDir: string
    let nodeRed: NodeRed

    before(async () => {
      userDir = await installPackage()
      const settings = { adminAuth, httpAdminRoot: '/admin', httpNodeRoot: '/endpoint' }
      nodeRed = await startNodeRed({ version, userDir, settings })
    })
    after(async () => {
      await nodeRed.stop()
      rmSync(userDir, { recursive: true, force: true })
    })

    async function post(path: string, given: object, user?: string): Promise<{ status: number; text: string }> {
      const token = user === undefined ? undefined : await logIn({ url: `${nodeRed.url}/admin` }, user)
      const headers = {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      }
      const request = { method: 'POST', headers, body: JSON.stringify(given) }
      const reply = await fetch(`${nodeRed.url}/admin/sms/${path}`, request)
      return { status: reply.status, text: await reply.text() }
    }

    it('is for who may both send and change flows', async () => {
      for (const path of [
        'test/sms-twilio',
        'test/sms-twilio/webhook',
        'test/sms-modem',
        'webhook/test',
        'ports/detect',
      ])
        for (const user of [undefined, 'stranger', 'reader', 'texter'])
          assert.equal((await post(path, {}, user)).status, 401, `${path} ${user}`)
      const { status, text } = await post('test/sms-twilio', { settings: {} }, 'owner')
      assert.equal(status, 200)
      assert.match(text, /the Account SID is missing/)
    })

    it('is whether a webhook leads here', async () => {
      const publicUrl = `${nodeRed.url}/endpoint`
      const { text } = await post('webhook/test', { id: 'new', publicUrl, path: 'somewhere' }, 'owner')
      assert.deepEqual(JSON.parse(text), { is: 'undeployed' })
      const elsewhere = await post('webhook/test', { id: 'new', publicUrl: nodeRed.url, path: 'somewhere' }, 'owner')
      assert.deepEqual(JSON.parse(elsewhere.text), { is: 'elsewhere', status: 404 })
    })
  })
}
