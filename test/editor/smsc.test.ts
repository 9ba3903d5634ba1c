import assert from 'node:assert/strict'
import { describeEditor } from '../support/editor.ts'
import { lab, smsOut, tab } from './flows.ts'

const account = {
  id: 'smsc',
  type: 'sms-smsc',
  name: 'Messages',
  login: 'home',
  sender: 'Home',
  translit: '1',
  receive: 'webhook',
  path: 'abcdefghij2345672345',
  publicUrl: 'https://home.example.org/endpoint',
  pollSeconds: 30,
  apiUrl: 'http://127.0.0.1:9/sys/',
  ratePerSecond: '',
  optOut: false,
  defaultCountry: 'UA',
  credentials: { password: 'a password', callbackSecret: 'a secret' },
}

describeEditor('the dialog of an SMSC account', ({ open }) => {
  const flows = [tab, lab, account, { ...smsOut, provider: 'smsc' }]

  it('leaves the account as it is, and shows the address for the handler, with the charset of it', async () => {
    const editor = await open(flows)
    await editor.edit('smsc')
    await editor.press('done')
    assert.deepEqual(await editor.value(`node('smsc').validationErrors ?? []`), [])
    assert.equal(await editor.value('RED.nodes.dirty()'), false)
    await editor.edit('smsc')
    const address = () => editor.value(`$('#sms-webhook-url').val()`)
    assert.equal(await address(), 'https://home.example.org/endpoint/sms/abcdefghij2345672345?charset=utf-8')
    await editor.dialog.locator('#node-config-input-publicUrl').fill('')
    assert.equal(await address(), '')
    await editor.press('cancel')
  })

  it('shows what belongs to each way of receiving, and what is missing there', async () => {
    const editor = await open([tab, lab, { ...account, credentials: { password: 'a password' } }])
    await editor.edit('smsc')
    const secret = editor.dialog.locator('#node-config-input-callbackSecret')
    assert.ok(await secret.isVisible())
    for (const [value, isWrong] of [
      ['a secret', false],
      ['', true],
    ] as const) {
      await secret.fill(value)
      await secret.blur()
      assert.equal(await secret.evaluate(input => input.classList.contains('input-error')), isWrong, value)
    }
    await editor.dialog.locator('#node-config-input-receive').selectOption('poll')
    assert.ok(!(await secret.isVisible()))
    assert.ok(await editor.dialog.locator('#node-config-input-pollSeconds').isVisible())
    assert.equal(await editor.value(`$('.sms-form')[0].scrollWidth - $('.sms-form')[0].clientWidth`), 0)
    await editor.press('cancel')
  })
})
