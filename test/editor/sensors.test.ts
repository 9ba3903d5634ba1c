import assert from 'node:assert/strict'
import { describeEditor } from '../support/editor.ts'
import type { EditorPage } from '../support/editor.ts'
import { debounce, tab } from './flows.ts'

describeEditor('the sensors of sensor debounce', ({ open }) => {
  const rows = '#sms-sensors > li'

  it('adds, sorts, removes and keeps sensors', async () => {
    const editor = await open([tab, debounce])
    const { page } = editor
    const fill = async (row: number, fields: Readonly<Record<string, string>>) => {
      for (const [name, value] of Object.entries(fields))
        await page.locator(rows).nth(row).getByLabel(name, { exact: true }).fill(value)
    }
    await editor.edit('debounce')
    const add = page.locator('.red-ui-editableList-addButton')
    for (const [row, fields] of [
      { Topic: 'home/door', Name: 'Door', On: 'Open', Off: 'Closed' },
      { Topic: 'home/window' },
      { Topic: 'home/leak', On: 'Wet' },
    ].entries()) {
      await add.click()
      await fill(row, fields)
    }
    assert.equal(await page.locator(rows).nth(1).getByLabel('Name').getAttribute('placeholder'), 'window')
    await add.click() // stays empty
    await drag(editor, 2, 0)
    await page.locator(rows).nth(1).getByLabel('Name').press('Alt+ArrowDown')
    await editor.press('done')
    const kept = [
      { topic: 'home/leak', name: '', on: 'Wet', off: '' },
      { topic: 'home/window', name: '', on: '', off: '' },
      { topic: 'home/door', name: 'Door', on: 'Open', off: 'Closed' },
    ]
    assert.deepEqual(await editor.value(`node('debounce').sensors`), kept)
    await editor.deploy()
    await editor.reload()
    assert.deepEqual(await editor.value(`node('debounce').sensors`), kept)

    await editor.edit('debounce')
    await page.getByRole('link', { name: 'Remove this sensor' }).nth(1).click()
    await editor.press('done')
    assert.deepEqual(await editor.value(`node('debounce').sensors`), [kept[0], kept[2]])
    await editor.undo()
    assert.deepEqual(await editor.value(`node('debounce').sensors`), kept)
  })

  it('takes several sensors from the clipboard', async () => {
    const editor = await open([tab, debounce])
    await editor.edit('debounce')
    await editor.page.locator('.red-ui-editableList-addButton').click()
    const table = 'home/door\tDoor\tOpen\tClosed\nhome/window;;Open\n\nhome/leak\n'
    // Without the clipboard itself, which is one for all windows of a machine.
    await editor.value(`(clipboardData => {
      clipboardData.setData('text', ${JSON.stringify(table)})
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      $('#sms-sensors [data-field=topic]')[0].dispatchEvent(paste)
    })(new DataTransfer())`)
    await editor.page.locator(rows).nth(2).waitFor()
    await editor.press('done')
    assert.deepEqual(await editor.value(`node('debounce').sensors`), [
      { topic: 'home/door', name: 'Door', on: 'Open', off: 'Closed' },
      { topic: 'home/window', name: '', on: 'Open', off: '' },
      { topic: 'home/leak', name: '', on: '', off: '' },
    ])
  })

  it('says what the runtime would refuse', async () => {
    const refused = [
      [{ sensors: [{ topic: '', name: 'Door' }] }, 'Sensors: sensor “Door” has no topic'],
      [{ sensors: [{ topic: 'a' }, { topic: 'a' }] }, 'Sensors: the topic “a” is there twice'],
      [{ timeZone: 'Mars/Olympus' }, 'Time zone: must be a name such as Europe/Kyiv'],
      [{ windowMs: 1000, maxWaitMs: 500 }, 'At the latest after: must not be shorter than the window of 1000 ms'],
    ] as const
    const editor = await open([tab, ...refused.map(([changed], at) => ({ ...debounce, ...changed, id: `d${at}` }))])
    for (const [at, [, why]] of refused.entries()) assert.deepEqual(await reasons(editor, `d${at}`), [why])
  })
})

const reasons = (editor: EditorPage, id: string): Promise<string[]> =>
  editor.value(`node('${id}').validationErrors ?? []`)

/** Drags a row by its handle to the place of another, in steps as jQuery UI wants them. */
async function drag({ page }: EditorPage, from: number, to: number): Promise<void> {
  const handles = page.locator('#sms-sensors .red-ui-editableList-item-handle')
  const [source, target] = [await handles.nth(from).boundingBox(), await handles.nth(to).boundingBox()]
  assert.ok(source && target)
  await page.mouse.move(source.x + 5, source.y + 5)
  await page.mouse.down()
  await page.mouse.move(source.x + 5, target.y + 40, { steps: 5 })
  await page.mouse.move(source.x + 5, target.y - 15, { steps: 5 })
  await page.mouse.up()
}
