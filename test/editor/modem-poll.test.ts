import assert from 'node:assert/strict'
import { describeEditor } from '../support/editor.ts'
import { lab, modem as stick, tab } from './flows.ts'

const modem = { ...stick, port: 'tcp://127.0.0.1:9' }

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
  const flows = [tab, lab, modem, poll, { ...poll, id: 'alone', modem: '' }, { ...poll, id: 'other', modem: lab.id }]

  it('leaves the node as it is when nothing is changed, and offers modems only', async () => {
    const editor = await open(flows)
    await editor.edit('poll')
    assert.equal(await editor.value(`$('.sms-form')[0].scrollWidth - $('.sms-form')[0].clientWidth`), 0)
    assert.deepEqual(await editor.value(`$('#node-input-modem option').toArray().map(({ value }) => value)`), [
      '_ADD_',
      'modem',
    ])
    await editor.press('done')
    assert.deepEqual(await editor.value(`node('poll').validationErrors ?? []`), [])
    assert.equal(await editor.value('RED.nodes.dirty()'), false)
    assert.equal(await editor.value(`node('modem').users.length`), 1)
    // Without a modem, and with another provider.
    for (const id of ['alone', 'other'])
      assert.equal((await editor.value<string[]>(`node('${id}').validationErrors ?? []`)).length, 1, id)
  })
})
