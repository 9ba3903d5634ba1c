import assert from 'node:assert/strict'
import { describeEditor } from '../support/editor.ts'
import type { EditorPage } from '../support/editor.ts'
import { smsHistory, store, tab } from './flows.ts'

const shownStore = ({ page }: EditorPage) => page.locator('#sms-store').inputValue()

const addStore = (editor: EditorPage) => editor.opening(() => editor.page.locator('#sms-store-edit').click())

describeEditor('the message store', ({ open }) => {
  it('is added, edited and deleted from the dialog of sms history, and is never called unused', async () => {
    const editor = await open([tab, smsHistory])
    await editor.edit('history')
    assert.equal(await shownStore(editor), '')
    await addStore(editor)
    await editor.page.locator('#node-config-input-name').fill('Archive')
    await editor.press('done')
    assert.equal(await shownStore(editor), 'Archive')
    await addStore(editor)
    await editor.page.locator('#node-config-input-name').fill('Attic')
    await editor.press('done')
    assert.equal(await shownStore(editor), 'Attic')
    await editor.press('done')
    await editor.deploy()
    assert.deepEqual(
      await editor.value(`(stores => (RED.nodes.eachConfig(({ type }) => stores.push(type)), stores))([])`),
      ['sms-store'],
    )

    await editor.edit('history')
    await addStore(editor)
    await editor.press('delete')
    assert.equal(await shownStore(editor), '')
    await editor.press('cancel')
  })

  it('is one: of two, each says so, until the other is disabled or deleted', async () => {
    const editor = await open([tab, smsHistory, { ...store, name: 'One' }, { ...store, id: 'other', name: 'Other' }])
    const problems = (id: string) => editor.value<string[]>(`node('${id}').validationErrors`)
    assert.match((await problems('store')).join(), /Keep messages: there is another message store, “Other”/)
    assert.match((await problems('other')).join(), /“One”/)

    await editor.edit('other')
    await editor.page
      .locator('label:has(#node-config-input-node-disabled), #node-config-input-node-disabled + button')
      .first()
      .click()
    await editor.press('done')
    assert.deepEqual(
      [await editor.value(`node('store').valid`), await editor.value(`node('other').valid`)],
      [true, true],
    )
    await editor.undo()
    assert.equal(await editor.value(`node('store').valid`), false)
    await editor.edit('other')
    await editor.press('delete')
    assert.equal(await editor.value(`node('store').valid`), true)
  })

  it('shows the fields of a file for a file only, and warns of memory', async () => {
    const editor = await open([tab, smsHistory, store])
    await editor.edit('store')
    const path = editor.page.locator('#node-config-input-path')
    assert.deepEqual(
      [await path.isVisible(), await path.getAttribute('placeholder')],
      [true, '<userDir>/sms/messages.db'],
    )
    await editor.page.locator('#node-config-input-backend').selectOption('memory')
    assert.equal(await path.isVisible(), false)
    assert.match(await editor.dialog.innerText(), /When Node-RED ends, all is forgotten/)
    await editor.press('cancel')
  })

  it('is asked by sms history, which says what is wrong with a time or a limit', async () => {
    const rows: [property: string, value: string, valid: boolean][] = [
      ...['', '24h', '1.5 D', '2026-11-21', '2026-11-21T10:00Z', '1795255200000', '0', '${SINCE}'].map(
        (value): [string, string, boolean] => ['since', value, true],
      ),
      ...['yesterday', '24', '1795255200', '21.11.2026'].map((value): [string, string, boolean] => [
        'since',
        value,
        false,
      ]),
      ['limit', '1', true],
      ['limit', '', false],
      ['limit', '1001', false],
    ]
    const editor = await open([tab, smsHistory])
    await editor.edit('history')
    for (const [property, value, valid] of rows) {
      const field = editor.page.locator(`#node-input-${property}`)
      await field.fill(value)
      await field.blur()
      assert.equal(
        await field.evaluate(element => element.classList.contains('input-error')),
        !valid,
        `${property} ${value}`,
      )
    }
    await editor.press('cancel')
  })
})
