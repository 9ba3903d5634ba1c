import assert from 'node:assert/strict'
import { describeEditor } from '../support/editor.ts'
import { lab, office, smsOut, tab } from './flows.ts'

const router = {
  id: 'router',
  type: 'sms-router',
  name: 'Home',
  p1: 'lab',
  p2: 'office',
  routes: [
    {
      name: 'alarms',
      when: { category: ['alarm'] },
      strategy: 'failover',
      use: ['p2', 'p1'],
      options: { params: { a: 1 } },
    },
    { name: 'rest' },
  ],
  guards: { perDay: '50' },
}

const flows = [tab, lab, office, router, { ...smsOut, provider: 'router' }]

describeEditor('the dialog of a router', ({ open }) => {
  it('leaves it as it is when nothing is changed', async () => {
    const editor = await open(flows)
    assert.deepEqual(await editor.value(`node('router').validationErrors ?? []`), [])
    assert.deepEqual(await editor.value(`node('lab').users.map(({ id }) => id)`), ['router'])
    await editor.edit('router')
    await editor.press('done')
    assert.equal(await editor.value('RED.nodes.dirty()'), false)
  })

  it('shows as many providers as are used and one more, never the router itself', async () => {
    const editor = await open(flows)
    await editor.edit('router')
    const visible = () => editor.value(`$('[id^=node-config-input-p]:visible').toArray().map(({ id }) => id.slice(18))`)
    assert.deepEqual(await visible(), ['p1', 'p2', 'p3'])
    assert.equal(await editor.value(`$('#node-config-input-p1 option[value=router]').length`), 0)
    await editor.value(`$('#node-config-input-p2').val('_ADD_').trigger('change')`)
    assert.deepEqual(await visible(), ['p1', 'p2'])
    await editor.press('cancel')
  })

  it('keeps what is entered, and what it does not show', async () => {
    const editor = await open(flows)
    await editor.edit('router')
    await editor.value(`(() => {
      const field = name => $('#sms-routes [data-field=' + name + ']').first()
      field('use').val('1,2')
      field('timeFrom').val('08:00')
      field('timeTo').val('20:00')
      $('#sms-guard-perDay').val('')
      $('#sms-guard-quiet').val('refuse')
    })()`)
    await editor.press('done')
    assert.deepEqual(await editor.value(`node('router').routes[0]`), {
      ...router.routes[0],
      when: { category: ['alarm'], time: { from: '08:00', to: '20:00' } },
      use: ['p1', 'p2'],
    })
    assert.deepEqual(await editor.value(`node('router').routes[1]`), { name: 'rest' })
    assert.deepEqual(await editor.value(`node('router').guards`), { quiet: 'refuse' })
    // Slots that were never used stay out of the flow.
    assert.equal(await editor.value(`node('router').p3 === undefined`), true)
  })

  it('says which route cannot be used', async () => {
    const editor = await open([
      tab,
      lab,
      { ...router, routes: [{}, { when: { time: { from: '25:00', to: '1:00' } } }], guards: { perDay: 'x' } },
    ])
    const errors = await editor.value<string[]>(`node('router').validationErrors`)
    assert.match(errors.join('\n'), /route 2 cannot be used/)
    assert.match(errors.join('\n'), /Guards: a number, a time/)
  })

  it('says that there is nothing to choose from, or not what a route names', async () => {
    const empty = { id: 'empty', type: 'sms-router', name: 'Empty', routes: [], guards: {} }
    const refused = [
      [{}, /^Provider 1: choose one/],
      [{ p1: 'lab', routes: [{ use: ['p2'] }] }, /route 1 cannot be used/],
      [{ p1: 'lab', routes: [{}, { when: { available: ['p2'] } }] }, /route 2 cannot be used/],
    ] as const
    const editor = await open([tab, lab, ...refused.map(([given], at) => ({ ...empty, ...given, id: `r${at}` }))])
    for (const [at, [, why]] of refused.entries()) {
      const errors = await editor.value<string[]>(`node('r${at}').validationErrors`)
      assert.equal(errors.length, 1)
      assert.match(errors.join(), why)
    }
  })

  it('keeps a weight that is no number, to say so', async () => {
    const editor = await open(flows)
    await editor.edit('router')
    const field = (name: string) => editor.dialog.locator(`#sms-routes [data-field=${name}]`).first()
    await field('strategy').selectOption('weighted')
    await field('weights').fill('3, x')
    await editor.press('done')
    assert.deepEqual(await editor.value(`node('router').routes[0].weights`), [3, 'x'])
    assert.match((await editor.value<string[]>(`node('router').validationErrors`)).join(), /route 1 cannot be used/)
  })
})
