import assert from 'node:assert/strict'
import type { Locator } from 'playwright-core'
import { createVirtualModem } from '../sim/modem/modem.ts'
import type { VirtualModem } from '../sim/modem/modem.ts'
import { serveTcp } from '../sim/modem/serve.ts'
import type { Served } from '../sim/modem/serve.ts'
import { describeEditor } from '../support/editor.ts'
import { smsIn, tab } from './flows.ts'

const ANNA = '+380501112233'
/** What the simulated network answers to `*100#`, and what it is called. */
const BALANCE = 'Balance: 42.17 UAH'
const OPERATOR = /Virtual/

describeEditor('console of a modem', ({ open, version }) => {
  let modem: VirtualModem | undefined
  let served: Served | undefined
  before(async () => {
    modem = createVirtualModem({ profile: 'quectel-ec25' })
    served = await serveTcp(modem)
  })
  // Pending tests have no `before`.
  after(async () => {
    await served?.stop()
    modem?.stop()
  })

  const flows = () => [
    tab,
    { id: 'modem', type: 'sms-modem', name: 'Stick', port: served!.address, balanceUssd: '*100#', calls: 'report' },
    { ...smsIn, listen: 'both' },
  ]

  /** The console in both its places: the editor's sidebar, and a window of its own, which shows everything at once. */
  async function openBoth(): Promise<{ sidebar: Locator; own: Locator; both: readonly Locator[] }> {
    const { page } = await open(flows())
    await page.evaluate(`RED.actions.invoke('sms:show-console')`)
    const window = await page.context().newPage()
    await window.goto(`${new URL(page.url()).origin}/sms/console`)
    const [sidebar, own] = [page, window].map(where => where.locator('.sms-console')) as [Locator, Locator]
    for (const console of [sidebar, own]) await card(console).getByText('Ready').waitFor()
    // A window behind another is drawn rarely, and can be clicked as rarely.
    await page.bringToFront()
    return { sidebar, own, both: [sidebar, own] }
  }

  it('shows how the modem fares, and everything that is said over it, as it happens', async () => {
    assert.ok(modem)
    const { sidebar, both } = await openBoth()
    await sidebar.getByRole('button', { name: 'Ask the balance: Stick' }).click()
    await card(sidebar).getByText(BALANCE).waitFor()

    modem.network.deliver({ from: ANNA, text: `Are you there? ${version}` })
    await view(sidebar, 'Messages')
    for (const console of both) await row(console, `Are you there? ${version}`).getByText('received').waitFor()

    await row(sidebar, `Are you there? ${version}`).click()
    await sidebar.getByRole('button', { name: 'Answer' }).click()
    assert.equal(await sidebar.getByLabel('To', { exact: true }).inputValue(), ANNA)
    await write(sidebar, `Так, вдома ${version}`)
    for (const console of both) await row(console, `Так, вдома ${version}`).getByText('delivered').waitFor()
    assert.equal(modem.network.texts(ANNA).at(-1), `Так, вдома ${version}`)

    const call = modem.network.call(ANNA)
    await view(sidebar, 'Overview')
    const latest = (console: Locator) =>
      console.getByRole('region', { name: 'Latest calls' }).locator('.sms-row').first()
    for (const console of both) {
      await latest(console).getByText(ANNA).waitFor()
      await latest(console).getByText('ringing').waitFor()
    }
    call.end()
    for (const console of both) await latest(console).getByText('missed').waitFor()

    for (const console of both) {
      const shown = await card(console).innerText()
      assert.match(shown, OPERATOR)
      assert.match(shown, /Balance: 42\.17 UAH/)
      assert.match((await bars(console).getAttribute('aria-label')) ?? '', /^Signal: \d+ %, -\d+ dBm$/)
      assert.ok((await bars(console).locator('.sms-lit').count()) > 0)
    }
  })

  it('says that the modem was unplugged, what waits for it, and that it is back', async () => {
    assert.ok(modem)
    const { sidebar, both } = await openBoth()
    modem.unplug()
    for (const console of both) {
      await card(console).getByText('Out of service').waitFor()
      assert.match(await card(console).innerText(), /modem not ready/)
      // Of a network that is out of reach nothing is known.
      assert.equal(await bars(console).count(), 0)
      assert.doesNotMatch(await card(console).innerText(), OPERATOR)
    }
    await view(sidebar, 'Send')
    await sidebar.getByLabel('To', { exact: true }).fill(ANNA)
    await write(sidebar, `Held back ${version}`)
    for (const console of both) await row(console, `Held back ${version}`).getByText('queued').waitFor()
    await view(sidebar, 'Overview')
    for (const console of both) await card(console).getByText('Waiting: 1').waitFor()

    modem.plug()
    for (const console of both) await card(console).getByText('Ready').waitFor()
    await view(sidebar, 'Messages')
    for (const console of both) await row(console, `Held back ${version}`).getByText('delivered').waitFor()
    await view(sidebar, 'Overview')
    for (const console of both) {
      await bars(console).waitFor()
      assert.doesNotMatch(await card(console).innerText(), /Waiting/)
    }
  })
})

const card = (console: Locator): Locator => console.locator('.sms-card', { hasText: 'Stick' })
const bars = (console: Locator): Locator => card(console).getByRole('img', { name: 'Signal' })
const row = (console: Locator, text: string): Locator =>
  console.locator('.sms-messages .sms-row', { hasText: text }).first()
const view = (console: Locator, name: string): Promise<void> =>
  console.locator('.sms-tabs').getByRole('button', { name }).click()

/** Sends what the form says, with this text, and goes back to the list. */
async function write(console: Locator, text: string): Promise<void> {
  const form = console.locator('[data-form=send]')
  await form.getByLabel('Text').fill(text)
  await form.getByRole('button', { name: 'Send', exact: true }).click()
  await console.locator('.sms-detail .sms-content', { hasText: text }).waitFor()
  await console.getByRole('button', { name: 'Back' }).click()
}
