import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describeEditor } from '../support/editor.ts'
import type { EditorPage } from '../support/editor.ts'
import { lab, office, smsIn, smsOut, tab } from './flows.ts'

const screenshots = join(import.meta.dirname, 'screenshots')

const client = {
  id: 'client',
  type: 'sms-forward-client',
  name: 'Remote',
  serverUrl: 'http://127.0.0.1:9/sms/server',
  path: 'abcdefghij2345672346',
  publicUrl: 'http://192.168.1.20:1880/endpoint',
  credentials: { user: 'cabin', password: 'a password', callbackUser: 'home', callbackPassword: 'another' },
}

const row = (name: string, slot: number, more: object = {}) => ({
  id: `id-${name}`,
  slot,
  name,
  url: '',
  to: '',
  keyword: '',
  category: '',
  events: ['messages', 'statuses'],
  ...more,
})

const server = {
  id: 'server',
  type: 'sms-forward-server',
  name: 'For others',
  path: 'abcdefghij2345672347',
  provider: 'lab',
  clients: [
    row('Cabin', 2, { url: 'http://127.0.0.1:9/sms/x', to: '+38050*', keyword: 'heat', events: ['calls'] }),
    row('Boat', 1),
    // As somebody may have written it, with no more than is needed.
    { name: 'Shed', url: 'http://127.0.0.1:9/sms/y' },
  ],
  credentials: {
    user1: 'boat',
    password1: 'a password',
    user2: 'cabin',
    password2: 'another',
    callbackUser2: 'home',
    callbackPassword2: 'third',
  },
}

const flows = [tab, lab, office, client, server, { ...smsOut, provider: 'client' }]

const shownServers = ({ page }: EditorPage) => page.locator('#sms-servers').inputValue()

const openServer = (editor: EditorPage) => editor.opening(() => editor.page.locator('#sms-servers-edit').click())

describeEditor('the way to a server', ({ open }) => {
  it('leads from the dialog of sms in, which adds it, opens it and shows whatever becomes of it', async () => {
    const editor = await open([tab, lab, smsIn])
    await editor.edit('in')
    assert.equal(await shownServers(editor), '')
    await openServer(editor)
    await editor.page.locator('#node-config-input-name').fill('For the cabin')
    await editor.page.locator('#node-config-input-provider').selectOption('lab')
    await editor.press('done')
    assert.equal(await shownServers(editor), 'For the cabin')
    await openServer(editor)
    assert.equal(await editor.page.locator('#node-config-input-name').inputValue(), 'For the cabin')
    await editor.page.locator('#node-config-input-name').fill('For all')
    await editor.press('done')
    assert.equal(await shownServers(editor), 'For all')
    await editor.press('done')
    assert.equal(await editor.value(`Boolean(node('in').changed)`), false, 'sms in is marked as changed')
    await editor.deploy()
    const servers = `(found => (RED.nodes.eachConfig(({ type, provider }) => found.push([type, provider])), found))([])`
    assert.deepEqual(await editor.value(`${servers}.filter(([type]) => type === 'sms-forward-server')`), [
      ['sms-forward-server', 'lab'],
    ])

    await editor.edit('in')
    await openServer(editor)
    await editor.press('delete')
    assert.equal(await shownServers(editor), '')
    await editor.press('cancel')
  })

  it('names all there are, opens whichever is chosen, and adds another', async () => {
    const editor = await open([tab, lab, smsIn, server, { ...server, id: 'other', name: 'For the boat', path: 'x' }])
    const name = editor.page.locator('#node-config-input-name')
    await editor.edit('in')
    assert.equal(await shownServers(editor), 'For others, For the boat')
    for (const server of ['For others', 'For the boat']) {
      await editor.page.locator('#sms-servers-edit').click()
      const choice = editor.page.locator('.red-ui-popover-panel .red-ui-menu a', { hasText: server })
      await editor.opening(() => choice.click())
      assert.equal(await name.inputValue(), server)
      await editor.press('cancel')
    }
    await editor.opening(() => editor.page.locator('#sms-servers-add').click())
    await name.fill('For the shed')
    await editor.page.locator('#node-config-input-provider').selectOption('lab')
    await editor.press('done')
    assert.equal(await shownServers(editor), 'For others, For the boat, For the shed')
    await editor.press('cancel')
  })
})

describeEditor('the dialogs of a server and its client', ({ version, open }) => {
  it('leave both as they are when nothing is changed', async () => {
    const editor = await open(flows)
    for (const id of ['client', 'server']) {
      await editor.edit(id)
      await editor.press('done')
      assert.deepEqual(await editor.value(`node('${id}').validationErrors ?? []`), [], id)
      assert.equal(await editor.value('RED.nodes.dirty()'), false, id)
    }
  })

  it('show the address for the other side', async () => {
    const editor = await open(flows)
    const address = () => editor.value<string>(`$('#sms-webhook-url').val()`)
    await editor.edit('client')
    assert.equal(await address(), 'http://192.168.1.20:1880/endpoint/sms/abcdefghij2345672346')
    await editor.press('cancel')
    await editor.edit('server')
    const origin = new URL(editor.page.url()).origin
    assert.equal(await address(), `${origin}/endpoint/sms/abcdefghij2345672347`)
    await editor.press('cancel')
  })

  it('offer every provider to send through', async () => {
    const editor = await open(flows)
    await editor.edit('server')
    const select = editor.dialog.locator('#node-config-input-provider')
    assert.equal(await select.inputValue(), 'lab')
    await select.selectOption('office')
    await editor.press('done')
    assert.equal(await editor.value(`node('server').provider`), 'office')
    assert.equal(await editor.value(`node('office').users.some(({ id }) => id === 'server')`), true)
  })

  it('show each client with its own login, whatever the order', async () => {
    const editor = await open(flows)
    await editor.edit('server')
    const shown = await editor.value<string[][]>(`$('.sms-client').toArray().map(row =>
      ['name', 'user', 'password', 'callbackUser', 'callbackPassword'].map(field =>
        $(row).find('[data-field=' + field + '], [data-login=' + field + ']').val()))`)
    assert.deepEqual(shown, [
      ['Cabin', 'cabin', '__PWRD__', 'home', '__PWRD__'],
      ['Boat', 'boat', '__PWRD__', '', ''],
      ['Shed', '', '', '', ''],
    ])
    await editor.press('cancel')
  })

  it('add a client with a login, and take one away with its secrets', async () => {
    const editor = await open(flows)
    await editor.edit('server')
    await editor.dialog.locator('.red-ui-editableList-addButton').click()
    const added = editor.dialog.locator('.sms-client').last()
    await added.locator('[data-field=name]').fill('Barn')
    await added.locator('[data-login=user]').fill('barn')
    await added.locator('[data-login=password]').fill('barn-password')
    await editor.dialog.locator('.red-ui-editableList-item-remove').nth(1).click()
    await editor.dialog.locator('.red-ui-editableList-item-remove').nth(1).click()
    await editor.press('done')
    assert.deepEqual(await names(editor), ['Cabin', 'Barn'])
    await editor.deploy()
    await editor.reload()
    await editor.edit('server')
    const login = async (slot: number) => [
      await editor.value(`node('server').credentials.user${slot} ?? ''`),
      await editor.value(`node('server').credentials.has_password${slot} ?? false`),
    ]
    const slot = await editor.value<number>(`node('server').clients[1].slot`)
    assert.deepEqual(await login(2), ['cabin', true])
    assert.deepEqual(await login(slot), ['barn', true])
    assert.deepEqual(await login(1), ['', false])
    await editor.press('cancel')
    const { origin } = new URL(editor.page.url())
    const status = async (user: string, password: string) => {
      const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
      return (await fetch(`${origin}/endpoint/sms/abcdefghij2345672347/im`, { headers: { authorization } })).status
    }
    assert.deepEqual([await status('barn', 'barn-password'), await status('boat', 'a password')], [200, 401])
  })

  it('say what is wrong with a client', async () => {
    const editor = await open([tab, lab, { ...server, clients: [row('A', 1), row('A', 2), row('B', 3, { url: 'b' })] }])
    const errors = () => editor.value<string[]>(`node('server').validationErrors ?? []`)
    assert.match((await errors()).join(), /a name of its own/)
    await editor.edit('server')
    await editor.dialog.locator('.sms-client').nth(1).locator('[data-field=name]').fill('C')
    await editor.press('done')
    assert.match((await errors()).join(), /“b” is not an address/)
  })

  for (const theme of version === 5 ? (['light', 'dark'] as const) : (['light'] as const)) {
    it(`look well in a ${theme} theme (${screenshots})`, async () => {
      mkdirSync(screenshots, { recursive: true })
      const editor = await open(flows, { theme })
      for (const id of ['client', 'server']) {
        await editor.edit(id)
        assert.equal(await editor.value(`$('.sms-form')[0].scrollWidth - $('.sms-form')[0].clientWidth`), 0)
        assert.deepEqual(await editor.value(UNNAMED), [])
        await editor.page.screenshot({ path: join(screenshots, `${version}-${theme}-forward-${id}.png`) })
        await editor.press('cancel')
      }
    })
  }
})

const names = (editor: EditorPage) => editor.value<string[]>(`node('server').clients.map(({ name }) => name)`)

const UNNAMED = `$('.sms-form').find('input, select, button').filter(':visible').toArray()
  .filter(field => !field.labels?.length && !field.getAttribute('aria-label') && !field.title && !field.innerText)
  .map(field => field.outerHTML)`
