import assert from 'node:assert/strict'
import { describeEditor } from '../support/editor.ts'
import type { EditorPage } from '../support/editor.ts'
import { lab, office, smsIn, smsOut, smsPhone, tab } from './flows.ts'

const acme = { id: 'acme', type: 'sms-acme', name: 'Zone' }
const elsewhere = { id: 'elsewhere', type: 'tab', label: 'Elsewhere' }

describeEditor('provider', ({ open }) => {
  it('lists the providers of every package by type, with the chosen one', async () => {
    const editor = await open([
      tab,
      elsewhere,
      lab,
      office,
      acme,
      { ...lab, id: 'far', name: 'Far', z: 'elsewhere' },
      smsOut,
    ])
    await editor.edit('out')
    assert.deepEqual(await choices(editor), [
      ['', 'none'],
      ['Acme', 'Zone'],
      ['Simulated carrier', 'Lab'],
      ['Twilio account', 'Office'],
    ])
    assert.equal(await chosen(editor), 'Lab')
  })

  it('names those that have no name by what they are, as at run time', async () => {
    const editor = await open([tab, { ...lab, name: '' }, { ...office, name: '' }, smsOut])
    await editor.edit('out')
    assert.deepEqual(await choices(editor), [
      ['', 'none'],
      ['Simulated carrier', 'Simulated carrier'],
      ['Twilio account', `Twilio ${office.from}`],
    ])
  })

  it('adds one of a chosen type, which is there after deploying and loading again', async () => {
    const editor = await open([tab, { ...smsOut, provider: '' }])
    assert.deepEqual(await reasons(editor, 'out'), ['Provider: choose one, or add one with +'])
    await editor.edit('out')
    assert.equal(await chosen(editor), 'none yet; add one with +')
    await editor.page.getByRole('button', { name: 'Add a provider' }).click()
    assert.deepEqual(await menu(editor), [
      'Acme',
      'GSM modem',
      'HTTP SMS API',
      'Remote SMS server',
      'Simulated carrier',
      'SMS router',
      'SMSC account',
      'Twilio account',
    ])
    await editor.opening(() => editor.page.getByRole('link', { name: 'Twilio account' }).click())
    await editor.dialog.getByLabel('Name', { exact: true }).fill('Office')
    await editor.dialog.getByLabel('Account SID').fill(office.accountSid)
    await editor.dialog.getByLabel('API address').fill(office.apiUrl)
    await editor.dialog.getByLabel('Auth token').fill('a token')
    await editor.press('done')
    await showsChoice(editor, 'Office')
    await editor.press('done')
    assert.deepEqual(await reasons(editor, 'out'), [])
    await editor.deploy()
    await editor.reload()

    assert.deepEqual(await editor.value(`RED.nodes.node(node('out').provider).users.map(({ id }) => id)`), ['out'])
    assert.match(await editor.value(`RED.nodes.node(node('out').provider).path`), /^[a-z2-7]{20}$/)
    await editor.edit('out')
    assert.equal(await chosen(editor), 'Office')
  })

  it('edits the chosen one and stays with it', async () => {
    const editor = await open([tab, lab, office, { ...smsOut, provider: 'office' }])
    await editor.edit('out')
    await editor.opening(() => editor.page.getByRole('button', { name: 'Edit this provider' }).click())
    await editor.dialog.getByLabel('Name', { exact: true }).fill('Home')
    await editor.press('done')
    await showsChoice(editor, 'Home')
    assert.equal((await choices(editor)).length, 3)
    await editor.press('done')
    assert.equal(await editor.value(`node('out').provider`), 'office')
    assert.equal(await editor.value(`Boolean(node('out').changed)`), false)
  })

  it('can be used by keyboard', async () => {
    const editor = await open([tab, lab, smsOut])
    await editor.edit('out')
    const { keyboard } = editor.page
    await editor.page.locator('#node-input-provider').focus()
    await keyboard.press('Tab')
    assert.equal(await focused(editor), 'Edit this provider')
    await keyboard.press('Tab')
    assert.equal(await focused(editor), 'Add a provider')
    await keyboard.press('Enter')
    await editor.page.waitForFunction(`document.activeElement.innerText === 'Acme'`)
    await keyboard.press('Escape')
    assert.equal(await focused(editor), 'Add a provider')
    await keyboard.press('Enter')
    await editor.page.waitForFunction(`document.activeElement.innerText === 'Acme'`)
    await keyboard.press('ArrowDown')
    await editor.opening(() => keyboard.press('Enter'))
    assert.equal(await editor.dialog.locator('#node-config-input-baudRate').count(), 1)
  })

  it('leaves nothing chosen after the chosen one was deleted, and comes back with undo', async () => {
    const editor = await open([
      tab,
      lab,
      { ...lab, id: 'lab2', name: 'Lab 2' },
      office,
      { ...smsOut, provider: 'office' },
    ])
    await editor.edit('out')
    await editor.opening(() => editor.page.getByRole('button', { name: 'Edit this provider' }).click())
    await editor.press('delete')
    await showsChoice(editor, 'none')
    await editor.press('done')
    assert.equal(await editor.value(`Boolean(node('office'))`), false)
    assert.equal(await editor.value(`node('out').provider`), '')
    assert.deepEqual(await reasons(editor, 'out'), ['Provider: choose one, or add one with +'])
    await editor.undo()
    assert.equal(await editor.value(`node('out').provider`), 'office')
    assert.equal(await editor.value(`node('out').valid`), true)
    assert.deepEqual(await users(editor, 'office'), ['out'])
  })

  it('counts its users when another is chosen, and again after undo', async () => {
    const editor = await open([tab, lab, office, smsOut])
    await editor.edit('out')
    await editor.page.locator('#node-input-provider').selectOption({ label: 'Office' })
    await editor.press('done')
    assert.deepEqual([await users(editor, 'lab'), await users(editor, 'office')], [[], ['out']])
    await editor.undo()
    assert.deepEqual([await users(editor, 'lab'), await users(editor, 'office')], [['out'], []])
  })

  it('keeps what is missing, out of reach or told by the environment, and says so', async () => {
    const rows = [
      ['gone', '⚠ gone (not found)', ['Provider: no longer exists']],
      ['far', '⚠ Far (not available here)', ['Provider: is not available in this flow']],
      ['${CARRIER}', '${CARRIER}', []],
    ] as const
    const nodes = rows.map(([provider], index) => ({ ...smsOut, id: `out${index}`, provider }))
    const editor = await open([tab, elsewhere, { ...lab, id: 'far', name: 'Far', z: 'elsewhere' }, ...nodes])
    for (const [index, [provider, shown, why]] of rows.entries()) {
      await editor.edit(`out${index}`)
      assert.equal(await chosen(editor), shown)
      await editor.press('done')
      assert.equal(await editor.value(`node('out${index}').provider`), provider)
      assert.deepEqual(await reasons(editor, `out${index}`), why)
    }
  })

  it('offers what a subflow is given by its users', async () => {
    const subflow = {
      id: 'sub',
      type: 'subflow',
      name: 'Sub',
      in: [],
      out: [],
      env: [{ name: 'CARRIER', type: 'sms-twilio', value: '', ui: { type: 'conf-types' } }],
    }
    const editor = await open([tab, subflow, { ...smsOut, z: 'sub', provider: '' }])
    await editor.value(`RED.workspaces.show('sub')`)
    await editor.edit('out')
    await editor.page.locator('#node-input-provider').selectOption({ label: '[env] CARRIER' })
    await editor.press('done')
    assert.equal(await editor.value(`node('out').provider`), '${CARRIER}')
    assert.deepEqual(await reasons(editor, 'out'), [])
  })

  it('still counts its users after it was moved to their flow', async () => {
    const editor = await open([tab, elsewhere, office, { ...smsOut, provider: 'office' }])
    await editor.edit('office')
    await editor.page.locator('#red-ui-editor-config-scope').selectOption('flow')
    await editor.press('done')
    assert.deepEqual(await users(editor, 'office'), ['out'])
    assert.deepEqual(await reasons(editor, 'out'), [])
    await editor.edit('office')
    await editor.page.locator('#red-ui-editor-config-scope').selectOption('elsewhere')
    await editor.press('done')
    assert.deepEqual(await reasons(editor, 'out'), ['Provider: is not available in this flow'])
  })

  it('makes the node that uses it invalid with its own mistakes', async () => {
    const editor = await open([tab, { ...office, accountSid: 'AC1' }, { ...smsOut, provider: 'office' }])
    assert.deepEqual(await reasons(editor, 'office'), ['Account SID: must be AC and 32 hexadecimal digits'])
    assert.deepEqual(await reasons(editor, 'out'), ['Provider: has settings to be corrected'])
  })

  it('goes along when nodes are copied, and is copied with them into another Node-RED', async () => {
    const editor = await open([tab, office, { ...smsOut, provider: 'office' }])
    const copies = await editor.value<{ provider: string; valid: boolean }[]>(`[
      [node('out')],
      RED.nodes.createExportableNodeSet([node('out')]),
    ].map(nodes => {
      const exported = RED.nodes.createExportableNodeSet(nodes.map(({ id }) => node(id)))
      const { nodes: [copy] } = RED.nodes.import(JSON.parse(JSON.stringify(exported)), { generateIds: true })
      RED.editor.validateNode(copy)
      return { provider: copy.provider, valid: copy.valid }
    })`)
    assert.deepEqual(copies[0], { provider: 'office', valid: true })
    assert.equal((await users(editor, 'office')).length, 3)
  })

  it('may be left open where every provider is meant, and is of one type where only that can do', async () => {
    const editor = await open([tab, lab, office, smsIn, { ...smsPhone, provider: '' }])
    assert.deepEqual(
      [await reasons(editor, 'in'), await reasons(editor, 'phone')],
      [[], ['Carrier: choose one, or add one with +']],
    )
    await editor.edit('in')
    assert.equal(await chosen(editor), 'every provider')
    await editor.press('cancel')
    await editor.edit('phone')
    assert.deepEqual(await choices(editor), [
      ['', 'none'],
      ['Simulated carrier', 'Lab'],
    ])
    await editor.opening(() => editor.page.getByRole('button', { name: 'Add a provider' }).click())
    assert.equal(await editor.dialog.locator('#node-config-input-mode').count(), 1)
  })
})

/** The options of the select, each with the label of its group. */
const choices = (editor: EditorPage): Promise<[string, string][]> =>
  editor.value(
    `$('#node-input-provider option').toArray().map(option => [option.closest('optgroup')?.label ?? '', option.text])`,
  )

const chosen = (editor: EditorPage): Promise<string> => editor.value(`$('#node-input-provider option:selected').text()`)

/** Waits: a moment after a config dialog has closed, the editor fills the select anew. */
const showsChoice = (editor: EditorPage, label: string): Promise<unknown> =>
  editor.page.waitForFunction(
    `$('#node-input-provider option:selected').text() === ${JSON.stringify(label)} && document.activeElement.id === 'node-input-provider'`,
  )

const menu = (editor: EditorPage): Promise<string[]> =>
  editor.page.locator('.red-ui-popover-panel .red-ui-menu a:visible').allInnerTexts()

const focused = (editor: EditorPage): Promise<string | null> =>
  editor.value(`document.activeElement.getAttribute('aria-label')`)

const users = (editor: EditorPage, id: string): Promise<string[]> =>
  editor.value(`node('${id}').users.map(({ id }) => id)`)

const reasons = (editor: EditorPage, id: string): Promise<string[]> =>
  editor.value(`node('${id}').validationErrors ?? []`)
