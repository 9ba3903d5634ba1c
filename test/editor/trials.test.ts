import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { root } from '../../tools/project.ts'
import { createVirtualModem } from '../sim/modem/modem.ts'
import { serveTcp } from '../sim/modem/serve.ts'
import { newNumber } from '../sim/twilio-senders.ts'
import { startTwilio } from '../sim/twilio.ts'
import type { Twilio } from '../sim/twilio.ts'
import { describeEditor } from '../support/editor.ts'
import type { EditorPage } from '../support/editor.ts'
import { closedPortUrl } from '../support/http-server.ts'
import { lab, modem, office, tab } from './flows.ts'

const screenshots = join(root, 'test/editor/screenshots')
const TOKEN = 'a-token-nobody-may-see'

describeEditor('what a dialog can try before it is deployed', ({ open, version }) => {
  let twilio: Twilio
  beforeEach(async () => {
    twilio = await startTwilio({ accounts: { [office.accountSid]: { authToken: TOKEN } } })
    twilio.senders.set('PN0', newNumber('PN0', office.from))
  })
  afterEach(() => twilio.stop())

  const account = () => ({ ...office, apiUrl: twilio.url, credentials: { authToken: TOKEN } })
  const result = (editor: EditorPage, below: string) =>
    editor.dialog.locator('.form-row', { has: editor.page.getByRole('button', { name: below }) }).getByRole('status')

  it('is the connection, with the secret that is stored and never shown', async () => {
    const editor = await open([tab, lab, account()])
    const told = answersOf(editor.page)
    await editor.edit('office')
    const button = editor.dialog.getByRole('button', { name: 'Test connection' })
    const said = result(editor, 'Test connection')
    assert.equal(await said.innerText(), '')
    await button.focus()
    await button.press('Enter')
    await said.getByText('It works.').waitFor()
    assert.match(await said.innerText(), /Account: Our village · Balance: 12\.34 USD/)
    assert.match(await editor.value('document.activeElement.innerText'), /Test connection/)

    // What was found is of settings that are no more.
    await editor.dialog.getByLabel('Auth token').fill('another-token')
    assert.equal(await said.innerText(), '')
    await button.click()
    await said.getByText('It does not work: login refused.').waitFor()
    assert.match(await said.innerText(), /Twilio answered 401/)
    assert.equal(told.length, 2)
    assert.ok(
      told.every(text => !text.includes(TOKEN) && !text.includes('another-token')),
      told.join(),
    )
    await editor.press('cancel')
    assert.equal(await editor.value('RED.nodes.dirty()'), false)
  })

  it('is the webhook, from where Node-RED is', async () => {
    const editor = await open([tab, lab, account()])
    await editor.edit('office')
    const { origin } = new URL(editor.page.url())
    const button = editor.dialog.getByRole('button', { name: 'Test the webhook' })
    const said = editor.dialog.locator('.sms-with-button + .sms-result')
    const publicUrl = editor.dialog.getByLabel('Public URL')
    for (const [address, path, line] of [
      [`${origin}/endpoint`, office.path, 'this node listens there'],
      [`${origin}/endpoint`, 'another', 'does not listen there yet'],
      [origin, office.path, 'something else, which answered with status 404'],
      [await closedPortUrl(), office.path, 'cannot be reached from here'],
      ['', office.path, 'It does not work: check the settings.'],
    ] as const) {
      await publicUrl.fill(address)
      await editor.dialog.getByLabel('Path').fill(path)
      await button.click()
      await said.getByText(line).waitFor()
    }
  })

  it('is the number’s webhook at Twilio, which is set only after a look at it', async () => {
    const editor = await open([tab, lab, account()])
    await editor.edit('office')
    const number = twilio.senders.get('PN0')!
    const present = String(number['sms_url'])
    const button = editor.dialog.getByRole('button', { name: 'Set it at Twilio' })
    const said = editor.dialog.locator('.sms-row-webhook .sms-result').last()
    await button.click()
    await said.getByText(present).waitFor()
    await editor.dialog.getByRole('button', { name: 'Leave it' }).click()
    assert.deepEqual([await said.innerText(), number['sms_url']], ['', present])
    await button.click()
    await editor.dialog.getByRole('button', { name: 'Replace it' }).press('Enter')
    await said.getByText('Done: Twilio calls this address').waitFor()
    assert.equal(number['sms_url'], `${office.publicUrl}/sms/${office.path}#rc=3&rp=5xx,ct,rt`)
    await button.click()
    await said.getByText('Twilio calls this address already').waitFor()
  })

  it('is a modem, and which port it is on', async () => {
    const virtual = createVirtualModem()
    const served = await serveTcp(virtual)
    try {
      const editor = await open([tab, lab, modem])
      const ports = [
        { port: served.address, is: 'modem', baudRate: 9600, name: 'Generic Modem' },
        { port: '/dev/ttyS0', is: 'silent' },
        { port: '/dev/ttyS1', is: 'held', name: 'Other' },
        { port: '/dev/ttyS2', is: 'failed', error: { code: 'SMS_CONNECTION', message: '/dev/ttyS2: in use' } },
      ]
      // Which ports this machine has is another's matter.
      await editor.page.route('**/sms/ports/detect', route => route.fulfill({ json: { ports } }))
      await editor.edit('modem')
      await editor.dialog.getByRole('button', { name: 'Detect' }).click()
      await editor.dialog.getByText('/dev/ttyS1: in use by “Other”').waitFor()
      await editor.dialog.getByText('/dev/ttyS0: nobody answers').waitFor()
      mkdirSync(screenshots, { recursive: true })
      await editor.page.screenshot({ path: join(screenshots, `${version}-light-detect.png`) })
      await editor.dialog.getByRole('button', { name: 'Use this port' }).press('Enter')
      assert.equal(await editor.dialog.locator('#node-config-input-port').inputValue(), served.address)

      await editor.dialog.getByRole('button', { name: 'Test connection' }).click()
      const said = result(editor, 'Test connection')
      await said.getByText('It works.').waitFor()
      assert.match(await said.innerText(), /Modem: .+ · .*Network: registered · Operator: .+Signal: -\d+ dBm/)

      await editor.press('done')
      await editor.deploy()
      await editor.edit('modem')
      const held = said.getByText('The node “Home modem” of this Node-RED keeps this port')
      const ask = async () => {
        await editor.dialog.getByRole('button', { name: 'Test connection' }).click()
        return held.textContent()
      }
      // It takes a moment until the node is ready.
      for (let tries = 0; !(await ask())?.endsWith('was asked: ready.'); tries++)
        assert.ok(tries < 50, await said.innerText())
      assert.match(await said.innerText(), /Network: registered[^]*was not tried[^]*Deploy to use it/)
      await editor.page.screenshot({ path: join(screenshots, `${version}-light-held.png`) })
    } finally {
      await served.stop()
      virtual.stop()
    }
  })

  it('is in every dialog of a carrier', async () => {
    const types = ['sms-twilio', 'sms-smsc', 'sms-http', 'sms-modem', 'sms-forward-client']
    const editor = await open([tab, lab, ...types.map(type => ({ id: type, type, name: '' }))])
    for (const type of types) {
      await editor.edit(type)
      await editor.dialog.getByRole('button', { name: 'Test connection' }).click()
      await result(editor, 'Test connection').getByText('It does not work: check the settings.').waitFor()
      assert.deepEqual(await editor.value(UNNAMED), [], type)
      await editor.press('cancel')
    }
  })

  for (const theme of version === 5 ? (['light', 'dark'] as const) : (['light'] as const)) {
    it(`looks well in a ${theme} theme (${screenshots})`, async () => {
      mkdirSync(screenshots, { recursive: true })
      const publicUrl = (await closedPortUrl()).replace('http:', 'https:')
      const editor = await open([tab, lab, { ...account(), publicUrl }], { theme })
      await editor.edit('office')
      await editor.dialog.getByRole('button', { name: 'Test connection' }).click()
      await editor.dialog.getByText('It works.').waitFor()
      await editor.dialog.getByRole('button', { name: 'Test the webhook' }).click()
      await editor.dialog.getByText('cannot be reached from here').waitFor()
      await editor.dialog.getByRole('button', { name: 'Set it at Twilio' }).click()
      await editor.dialog.getByRole('button', { name: 'Replace it' }).waitFor()
      assert.equal(await editor.value(`$('.sms-form')[0].scrollWidth - $('.sms-form')[0].clientWidth`), 0)
      assert.deepEqual(await editor.value(UNNAMED), [])
      await editor.page.screenshot({ path: join(screenshots, `${version}-${theme}-trial.png`) })
      await editor.dialog.getByRole('button', { name: 'Replace it' }).scrollIntoViewIfNeeded()
      await editor.page.screenshot({ path: join(screenshots, `${version}-${theme}-trial-webhook.png`) })
    })
  }
})

/** The bodies of what the runtime answers to dialogs, as they come. */
function answersOf(page: Page): string[] {
  const told: string[] = []
  page.on('response', response => {
    if (response.url().includes('/sms/test/')) void response.text().then(text => told.push(text))
  })
  return told
}

const UNNAMED = `$('.sms-form').find('input, select, textarea, button').filter(':visible').toArray()
  .filter(field => !field.labels?.length && !field.getAttribute('aria-label') && !field.title && !field.innerText)
  .map(field => field.outerHTML)`
