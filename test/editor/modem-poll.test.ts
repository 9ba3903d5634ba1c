import assert from 'node:assert/strict'
import { describeEditor } from '../support/editor.ts'
import { lab, tab } from './flows.ts'

const modem = {
  id: 'modem',
  type: 'sms-modem',
  name: 'Home modem',
  port: 'tcp://127.0.0.1:9',
  baudRate: 'auto',
  smsc: '',
  storage: '',
  initCommands: '',
  receive: 'push',
  pollSeconds: 60,
  calls: 'report',
  balanceUssd: '',
  balancePattern: '',
  allowAt: false,
  ratePerMinute: '',
  optOut: false,
  defaultCountry: '',
}

const poll = {
  id: 'poll',
  type: 'modem poll',
  z: tab.id,
  name: '',
  modem: 'modem',
  intervalSeconds: '60',
  checks: ['signal', 'identity'],
  emit: 'change',
  x: 300,
  y: 100,
  wires: [[]],
}

describeEditor('the dialog of modem poll', ({ open }) => {
  const flows = [tab, lab, modem, poll]

  it('leaves the node as it is when nothing is changed', async () => {
    const editor = await open(flows)
    await editor.edit('poll')
    assert.equal(await editor.value(`$('.sms-form')[0].scrollWidth - $('.sms-form')[0].clientWidth`), 0)
    await editor.press('done')
    assert.deepEqual(await editor.value(`node('poll').validationErrors ?? []`), [])
    assert.equal(await editor.value('RED.nodes.dirty()'), false)
  })

  it('offers modems only, and keeps what is ticked', async () => {
    const editor = await open(flows)
    await editor.edit('poll')
    assert.deepEqual(await editor.value(`$('#node-input-modem option').toArray().map(({ value }) => value)`), [
      '_ADD_',
      'modem',
    ])
    await editor.dialog.getByLabel('balance').check()
    await editor.dialog.getByLabel('signal').uncheck()
    await editor.press('done')
    assert.deepEqual(await editor.value(`node('poll').checks`), ['balance', 'identity'])
    assert.equal(await editor.value(`node('modem').users.length`), 1)
  })

  it('says that a node without a modem, or with another provider, is not valid', async () => {
    for (const chosen of ['', lab.id]) {
      const editor = await open([tab, lab, modem, { ...poll, modem: chosen }])
      const errors = await editor.value<string[]>(`node('poll').validationErrors ?? []`)
      assert.equal(errors.length, 1, chosen)
    }
  })
})
