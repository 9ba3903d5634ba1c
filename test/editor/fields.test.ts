import assert from 'node:assert/strict'
import { describeEditor } from '../support/editor.ts'
import type { EditorPage } from '../support/editor.ts'
import { lab, office, smsIn, smsOut, smsStatus, tab } from './flows.ts'

describeEditor('fields', ({ open }) => {
  describe('sms out', () => {
    it('counts the segments of a text as it is written, and keeps its lines', async () => {
      const editor = await open([tab, lab, smsOut])
      await editor.edit('out')
      const counter = editor.page.locator('#sms-segments')
      assert.equal(await counter.isVisible(), false)
      await chooseType(editor, 'text', 'this text')
      const body = editor.page.getByRole('textbox', { name: 'Text' })
      for (const [text, line] of [
        ['Hello world', '1 SMS · GSM-7 · 11 of 160'],
        ['x'.repeat(170), '2 SMS · GSM-7 · 170 of 306'],
        ['[€]', '1 SMS · GSM-7 · 6 of 160'],
        ['Zażółć', '1 SMS · Unicode · 6 of 70 · Unicode because of ż ó ł ć'],
        ['Двері відчинено', '1 SMS · Unicode · 15 of 70 · Unicode because of Д в е р and 6 more'],
        ['a\u00a0b\u200d', '1 SMS · Unicode · 4 of 70 · Unicode because of U+00A0 U+200D'],
        ['', ''],
        ['Door open\nsince 10:00', '1 SMS · GSM-7 · 21 of 160'],
      ] as const) {
        await body.fill(text)
        assert.equal(await counter.innerText(), line)
      }
      await editor.press('done')
      assert.deepEqual(await editor.value(`[node('out').text, node('out').textType]`), [
        'Door open\nsince 10:00',
        'str',
      ])
      await editor.edit('out')
      assert.equal(await body.inputValue(), 'Door open\nsince 10:00')
      await chooseType(editor, 'text', 'msg.')
      assert.equal(await counter.isVisible(), false)
      await editor.page.locator('#node-input-text + .red-ui-typedInput-container input').fill('payload.text')
      await editor.press('done')
      assert.deepEqual(await editor.value(`[node('out').text, node('out').textType]`), ['payload.text', 'msg'])
      await editor.undo()
      assert.deepEqual(await editor.value(`[node('out').text, node('out').textType]`), [
        'Door open\nsince 10:00',
        'str',
      ])
    })

    it('says in words that a number stands where the name of a property should', async () => {
      const editor = await open([tab, lab, { ...smsOut, to: '+1 555 123 4567' }])
      const why = 'To: looks like a phone number: choose “string” in place of “msg.”'
      assert.deepEqual(await reasons(editor, 'out'), [why])
      await editor.edit('out')
      const row = editor.page.locator('.form-row', { has: editor.page.locator('#node-input-to') })
      assert.equal(await row.getByRole('status').innerText(), why)
      await chooseType(editor, 'to', 'string')
      assert.equal(await row.getByRole('status').innerText(), '')
      await editor.press('done')
      assert.deepEqual(await reasons(editor, 'out'), [])
    })

    it('has a second output for failures, and loses its wires with it', async () => {
      const editor = await open([
        tab,
        lab,
        smsOut,
        { id: 'debug', z: 'flow', type: 'debug', x: 600, y: 100, wires: [] },
      ])
      const choose = async (failures: string) => {
        await editor.edit('out')
        await editor.page.locator('#node-input-failures').selectOption(failures)
        await editor.press('done')
      }
      await choose('output')
      assert.equal(await editor.value(`node('out').outputs`), 2)
      assert.equal(await editor.page.locator('#out .red-ui-flow-port-output').count(), 2)
      await editor.value(`RED.nodes.addLink({ source: node('out'), sourcePort: 1, target: node('debug') })`)
      await choose('catch')
      assert.equal(await editor.value(`node('out').outputs`), 1)
      assert.equal(await editor.value(`RED.nodes.filterLinks({ source: { id: 'out' } }).length`), 0)
      await editor.undo()
      assert.deepEqual(await editor.value(`[node('out').outputs, node('out').failures]`), [2, 'output'])
      assert.equal(await editor.value(`RED.nodes.filterLinks({ source: { id: 'out' } }).length`), 1)
    })

    it('can reply, where nobody has to be named', async () => {
      const editor = await open([tab, lab, smsOut])
      await editor.edit('out')
      await chooseType(editor, 'to', 'sender of the message (reply)')
      await editor.press('done')
      assert.deepEqual(await editor.value(`[node('out').to, node('out').toType, node('out').valid]`), [
        '',
        'reply',
        true,
      ])
    })

    it('says why a number is not valid, where it is and on the node', async () => {
      const editor = await open([tab, lab, smsOut])
      await editor.edit('out')
      const field = editor.page.getByLabel('Wait at most')
      for (const [value, why] of [
        ['0', ['Wait at most: must be a number from 1 to 2147483']],
        ['soon', ['Wait at most: must be a number from 1 to 2147483']],
        ['', ['Wait at most: must be filled in']],
        ['${SECONDS}', []],
        ['90', []],
      ] as const) {
        await field.fill(value)
        await field.blur()
        assert.equal(await field.evaluate(input => input.classList.contains('input-error')), why.length > 0, value)
        await editor.press('done')
        assert.deepEqual(await reasons(editor, 'out'), why)
        await editor.edit('out')
      }
    })
  })

  describe('sms in and sms status', () => {
    it('judge a pattern as the runtime does', async () => {
      const editor = await open([tab, smsIn])
      await editor.edit('in')
      await chooseType(editor, 'match', 'regular expression')
      const field = editor.page.locator('#node-input-match + .red-ui-typedInput-container input')
      await field.fill('(')
      await editor.press('done')
      assert.deepEqual(await reasons(editor, 'in'), ['Match: is not a valid regular expression'])
      await editor.edit('in')
      await field.fill('/^(?<room>\\w+) (on|off)$/i')
      await editor.press('done')
      assert.deepEqual(await reasons(editor, 'in'), [])
      await editor.edit('in')
      await editor.page.getByLabel('Only from').fill('+44*7, Bank')
      await editor.press('done')
      assert.deepEqual(await reasons(editor, 'in'), ['Only from: “+44*7” has a * that is not at the end'])
    })

    it('keep the chosen states', async () => {
      const editor = await open([tab, smsStatus])
      await editor.edit('status')
      await editor.page.getByLabel('delivered').check()
      await editor.page.getByLabel('failed').check()
      await editor.press('done')
      assert.deepEqual(await editor.value(`node('status').states`), ['failed', 'delivered'])
      assert.equal(await editor.value(`node('status').changed`), true)
      await editor.undo()
      assert.deepEqual(await editor.value(`node('status').states`), [])
    })
  })

  describe('config nodes', () => {
    it('show the webhook to copy, and what would keep Twilio from reaching it', async () => {
      const editor = await open([tab, office])
      await editor.edit('office')
      const url = editor.page.getByRole('textbox', { name: 'Webhook' })
      const warnings = editor.page.locator('#sms-webhook-warnings > div')
      const publicUrl = editor.page.getByLabel('Public URL')
      assert.equal(await url.inputValue(), `https://home.example.org/endpoint/sms/${office.path}`)
      assert.equal(await warnings.count(), 0)
      await publicUrl.fill('http://home.example.org/')
      assert.equal(await url.inputValue(), `http://home.example.org/sms/${office.path}`)
      assert.deepEqual(await warnings.allInnerTexts(), [
        'Without https, anybody on the way can read the messages.',
        'The slash at the end of the public URL is left out.',
        'The http nodes of this Node-RED are under /endpoint, so the public URL should end with it.',
      ])
      await publicUrl.fill('')
      assert.match((await warnings.allInnerTexts()).join(), /^Enter the address/)

      await publicUrl.fill('https://sms.example.org/endpoint')
      await editor.page.getByLabel('Path').fill('ours')
      await editor.page.getByRole('button', { name: 'Copy the webhook URL' }).click()
      await editor.page.getByText('Copied', { exact: true }).waitFor()
      assert.equal(await editor.value('navigator.clipboard.readText()'), 'https://sms.example.org/endpoint/sms/ours')

      await editor.page.getByLabel('Receive').selectOption('poll')
      assert.deepEqual([await url.isVisible(), await editor.page.getByLabel('Ask every').isVisible()], [false, true])
      await editor.page.getByLabel('Receive').selectOption('off')
      assert.deepEqual([await url.isVisible(), await editor.page.getByLabel('Ask every').isVisible()], [false, false])
    })

    it('have a webhook path each', async () => {
      const others = [
        { ...office, id: 'copy' },
        { ...office, id: 'empty', path: '' },
        { ...office, id: 'page', path: 'console' },
      ]
      const editor = await open([tab, office, ...others])
      assert.deepEqual(await reasons(editor, 'copy'), ['Path: another provider has the same one'])
      assert.deepEqual(await reasons(editor, 'empty'), ['Path: must be filled in'])
      assert.deepEqual(await reasons(editor, 'page'), ['Path: is that of a page of this package: choose another'])
      await editor.edit('empty')
      await editor.press('done')
      assert.deepEqual(await reasons(editor, 'empty'), [])
    })

    it('never show a secret again', async () => {
      const editor = await open([tab, office])
      await editor.edit('office')
      const token = editor.page.getByLabel('Auth token')
      assert.deepEqual([await token.getAttribute('type'), await token.inputValue()], ['password', '__PWRD__'])
    })

    it('keep the simulated faults as one property', async () => {
      const editor = await open([tab, lab])
      await editor.edit('lab')
      await editor.page.getByLabel('Refused').fill('10')
      await editor.page.getByLabel('Answer after').fill('500')
      await editor.press('done')
      assert.deepEqual(await editor.value(`node('lab').faults`), { refusals: 10, delayMs: 500 })
      await editor.edit('lab')
      await editor.page.getByLabel('Report lost').fill('101')
      await editor.press('done')
      assert.deepEqual(await reasons(editor, 'lab'), ['Faults to simulate: must be numbers, the shares up to 100'])
      await editor.undo()
      assert.deepEqual(await editor.value(`node('lab').faults`), { refusals: 10, delayMs: 500 })
    })

    it('suggest countries by name', async () => {
      const editor = await open([tab, lab])
      await editor.edit('lab')
      const options = await editor.value<Record<string, string>>(
        `Object.fromEntries($('#node-config-input-defaultCountry')[0].list.options.length
        ? [...$('#node-config-input-defaultCountry')[0].list.options].map(({ value, label }) => [value, label]) : [])`,
      )
      assert.deepEqual([options['UA'], options['DE'], options['US']], ['Ukraine', 'Germany', 'United States'])
      assert.deepEqual(
        [options['SU'], options['EU'], options['ZZ'], options['UK']],
        [undefined, undefined, undefined, undefined],
      )
      await editor.page.getByLabel('Country').fill('USA')
      await editor.press('done')
      assert.deepEqual(await reasons(editor, 'lab'), ['Country: must be two letters, such as US'])
    })
  })
})

const reasons = (editor: EditorPage, id: string): Promise<string[]> =>
  editor.value(`node('${id}').validationErrors ?? []`)

async function chooseType(editor: EditorPage, property: string, label: string): Promise<void> {
  await editor.page
    .locator(`#node-input-${property} + .red-ui-typedInput-container .red-ui-typedInput-type-select`)
    .click()
  await editor.page.locator('.red-ui-typedInput-options:visible').getByText(label, { exact: true }).click()
}
