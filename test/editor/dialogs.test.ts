import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describeEditor } from '../support/editor.ts'
import type { EditorPage } from '../support/editor.ts'
import {
  debounce,
  lab,
  office,
  smsAsk,
  smsHistory,
  smsIn,
  smsOut,
  smsPhone,
  smsStatus,
  store,
  tab,
  unusual,
} from './flows.ts'

const usual = [lab, office, store, smsOut, smsIn, smsAsk, smsStatus, smsHistory, smsPhone, debounce]
const screenshots = join(import.meta.dirname, 'screenshots')

describeEditor('dialogs', ({ version, open }) => {
  /** Opens a dialog and closes it with Done; in between there is something to look at. */
  async function leaves(editor: EditorPage, id: string, look = async () => {}): Promise<void> {
    const before = await properties(editor, id)
    await editor.edit(id)
    await look()
    await editor.press('done')
    assert.deepEqual(await properties(editor, id), before, id)
    assert.equal(await editor.value(`Boolean(node('${id}').changed)`), false, `${id} is marked as changed`)
    assert.deepEqual(await editor.value(`node('${id}').validationErrors ?? []`), [], id)
  }

  it('leave a node with usual properties as it is when nothing is changed', async () => {
    const editor = await open([tab, ...usual])
    for (const { id } of usual) await leaves(editor, id)
    assert.equal(await editor.value('RED.nodes.dirty()'), false)
  })

  it('have help, palette and port labels with texts', async () => {
    const editor = await open([tab, ...usual])
    const texts = await editor.value<string[]>(`${JSON.stringify(usual.map(({ type }) => type))}.flatMap(type => {
      const definition = RED.nodes.getType(type)
      const labels = [definition.inputLabels, definition.outputLabels, definition.paletteLabel].filter(Boolean)
      return labels.flatMap(label => [0, 1].map(port => label.call(definition, port)))
    })`)
    assert.deepEqual(keysIn(texts), [])
    for (const { type } of usual) assert.match(await editor.value(`RED.nodes.getNodeHelp('${type}')`), /<h3>Details/)
    assert.equal(await editor.page.locator('#red-ui-palette-header-sms').innerText(), 'SMS')
    assert.equal(await editor.value(`$('#red-ui-palette-container-sms .red-ui-palette-node').length`), 8)
  })

  it('have the status texts of the runtime in words', async () => {
    const editor = await open([tab, ...usual])
    const translated = `node('in')._('@sms-flows/node-red-sms/sms-out:errors.SMS_CREDIT')`
    assert.equal(await editor.value(translated), 'no credit')
  })

  // All at once, as opening all of them takes a while.
  for (const theme of version === 5 ? (['light', 'dark'] as const) : (['light'] as const)) {
    it(`of unusual nodes look well in a ${theme} theme (${screenshots}), have texts, and leave them as they are`, async () => {
      mkdirSync(screenshots, { recursive: true })
      const editor = await open([tab, ...unusual], { theme })
      const shoot = (name: string) =>
        editor.page.screenshot({ path: join(screenshots, `${version}-${theme}-${name}.png`), animations: 'disabled' })
      await shoot('flow')
      for (const { id } of unusual) {
        await leaves(editor, id, async () => {
          assert.equal(await editor.value(OVERFLOWS), 0, `${id} is wider than its dialog`)
          await shoot(id)
          // Rows that are hidden now have texts too, and a name for each field.
          await editor.value(`void $('.sms-form .form-row').show()`)
          assert.deepEqual(keysIn(await editor.value<string[]>(SHOWN_TEXTS)), [], id)
          assert.deepEqual(await editor.value<string[]>(UNNAMED_FIELDS), [], id)
        })
      }
      assert.equal(await editor.value('RED.nodes.dirty()'), false)
    })
  }
})

/** As they would be deployed, without the credentials, which a dialog only then asks for. */
function properties(editor: EditorPage, id: string): Promise<unknown> {
  return editor.value(`(({ credentials, ...kept }) => kept)(RED.nodes.convertNode(node('${id}')))`)
}

// A key as it is shown where it is not in the catalogue. The placeholders of a template are none.
const KEY =
  /sms-flows\/node-red-sms|(?<![{\w])(node|port|label|placeholder|unit|section|option|hint|segments|provider|webhook|validation|status|errors|states|sensor)\.\w/

const keysIn = (texts: readonly string[]): string[] => texts.filter(text => KEY.test(text))

const SHOWN_TEXTS = `$('.red-ui-tray, .sms-form *').toArray().flatMap(element =>
  [element.innerText, ...['title', 'placeholder', 'aria-label', 'label'].map(name => element.getAttribute(name))]
    .filter(Boolean))`

const UNNAMED_FIELDS = `$('.sms-form').find('input, select, textarea, button').filter(':visible').toArray()
  .filter(field => !field.labels?.length && !field.getAttribute('aria-label') && !field.title && !field.innerText)
  .map(field => field.outerHTML)`

const OVERFLOWS = `Math.max(0, $('.sms-form')[0].scrollWidth - $('.sms-form')[0].clientWidth)`
