import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { askConsole, logIn, THREE_USERS } from '../support/console.ts'
import { startNodeRed } from '../support/node-red.ts'
import type { NodeRed } from '../support/node-red.ts'
import { installPackage } from '../support/package.ts'

for (const version of [5, 4] as const) {
  describe(`the console of Node-RED ${version} whose editor asks for a password`, function () {
    this.timeout(60_000)
    let userDir: string
    let nodeRed: NodeRed

    before(async () => {
      userDir = await installPackage()
      nodeRed = await startNodeRed({ version, userDir, settings: { ...THREE_USERS, httpAdminRoot: '/admin' } })
    })
    after(async () => {
      await nodeRed.stop()
      rmSync(userDir, { recursive: true, force: true })
    })

    const ask = (path: string, options: { body?: object; token?: string } = {}) =>
      askConsole({ url: `${nodeRed.url}/admin` }, path, options)
    const tokenOf = (user: string) => logIn({ url: `${nodeRed.url}/admin` }, user)

    it('shows nothing to who has not logged in, or may not read it', async () => {
      const stranger = await tokenOf('stranger')
      for (const path of ['overview', 'messages', 'messages/x', 'traffic?bounds=1,2']) {
        assert.equal((await ask(path)).status, 401, path)
        assert.equal((await ask(path, { token: 'made-up' })).status, 401, path)
        assert.equal((await ask(path, { token: stranger })).status, 401, path)
      }
    })

    it('shows to who may read, and lets only who may write act', async () => {
      const [owner, reader] = [await tokenOf('owner'), await tokenOf('reader')]
      // There is no SMS node in the flows yet.
      assert.deepEqual(await ask('overview', { token: reader }), { status: 200, body: { providers: [] } })
      assert.deepEqual((await ask('messages', { token: reader })).body['records'], [])
      const acts = ['send', 'messages/x/retry', 'messages/x/settle', 'providers/x/pause', 'providers/x/balance']
      for (const path of acts) {
        assert.equal((await ask(path, { body: {}, token: reader })).status, 401, path)
        assert.equal((await ask(path, { body: {} })).status, 401, path)
        assert.equal((await ask(path, { body: {}, token: owner })).body['code'], 'SMS_CONFIG', path)
      }
    })

    it('has a page that anybody may load, as there is nothing in it', async () => {
      const page = await fetch(`${nodeRed.url}/admin/sms/console`)
      assert.equal(page.status, 200)
      const script = /src="([^"]+)"/.exec(await page.text())?.[1] ?? ''
      const code = await fetch(new URL(script, `${nodeRed.url}/admin/sms/console`))
      assert.match(code.headers.get('content-type') ?? '', /javascript/)
    })
  })
}
