import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { root } from '../../tools/project.ts'
import { askConsole, THREE_USERS } from '../support/console.ts'
import { describeEditor, startBrowser } from '../support/editor.ts'
import type { EditorPage } from '../support/editor.ts'
import { startScriptedServer } from '../support/http-server.ts'
import type { ScriptedServer } from '../support/http-server.ts'
import { startNodeRed } from '../support/node-red.ts'
import { lab, smsIn, tab } from './flows.ts'

const ME = '+15550001111'
const LANGUAGES = ['en-US', 'uk', 'ru', 'de'] as const
/** What is not translated shows its key. */
const KEY = /sms-console:|sms-out:|__|\b(view|button|fact|state|errors|filter|range)s?\.[a-z]/i

const phone = {
  id: 'phone',
  z: 'flow',
  type: 'sms phone',
  name: '',
  provider: 'lab',
  number: ME,
  x: 100,
  y: 100,
  wires: [[]],
}

describeEditor('console', ({ open, version }) => {
  let api: ScriptedServer | undefined
  before(async () => {
    api = await startScriptedServer()
    api.reply({ fault: 'cut' })
  })
  // Pending tests have no `before`.
  after(() => api?.close())

  const flows = () => [
    tab,
    lab,
    // What it says of a message never comes here: doubt that nobody but people can settle.
    { id: 'deaf', type: 'sms-http', name: 'Deaf', url: `${api!.url}/send`, body: 'to={{to}}&text={{text}}' },
    phone,
    smsIn,
  ]

  async function openTab(options: { theme?: 'light' | 'dark' } = {}): Promise<EditorPage & { console: Locator }> {
    const editor = await open(flows(), options)
    return { ...editor, console: await showTab(editor.page) }
  }
  async function showTab(page: Page): Promise<Locator> {
    await page.evaluate(`RED.actions.invoke('sms:show-console')`)
    const console = page.locator('.sms-console')
    await console.getByText('Lab', { exact: true }).first().waitFor()
    return console
  }
  const ask = (page: Page, path: string, body?: object) =>
    askConsole({ url: new URL(page.url()).origin }, path, body ? { body } : {})
  const send = async (page: Page, provider: string, text: string) => {
    const { status, body } = await ask(page, 'send', { provider, to: ME, text })
    assert.equal(status, 200, JSON.stringify(body))
  }
  const view = (console: Locator, name: string) => console.locator('.sms-tabs').getByRole('button', { name }).click()
  const rowOf = (console: Locator, text: string) => console.locator('.sms-messages .sms-row', { hasText: text }).first()

  it('follows an exchange: what comes in appears, and what goes out moves on', async () => {
    const { page, console } = await openTab()
    await view(console, 'Messages')
    await console.locator('.sms-messages .sms-list').waitFor()
    await page.waitForLoadState('networkidle')
    await ask(page, 'providers/lab/text', { from: ME, text: `Knock knock ${version}` })
    await rowOf(console, `Knock knock ${version}`).getByText('received').waitFor()
    await console.locator('[role=status]', { hasText: `Knock knock ${version}` }).waitFor({ state: 'attached' })

    await ask(page, 'providers/lab/pause', {})
    await view(console, 'Send')
    await console.getByLabel('To', { exact: true }).fill(ME)
    const text = console.locator('[data-form=send]').getByLabel('Text')
    await text.fill(`Who’s there? ${version}`)
    await console.getByText('1 SMS', { exact: false }).first().waitFor()
    await console.getByRole('button', { name: 'Send', exact: true }).last().click()
    // Who has sent is shown the message, and sees how it goes on.
    const detail = console.locator('.sms-detail')
    await detail.locator('.sms-now', { hasText: 'queued' }).waitFor()
    await ask(page, 'providers/lab/resume', {})
    await detail.locator('.sms-now', { hasText: 'delivered' }).waitFor()
    await detail.locator('.sms-trail li', { hasText: 'delivered' }).waitFor()
    await page.keyboard.press('Escape')
    const row = rowOf(console, `Who’s there? ${version}`)
    await row.getByText('delivered').waitFor()
    const focused = () => page.evaluate<string>('document.activeElement.className + document.activeElement.textContent')
    assert.match(await focused(), new RegExp(`sms-row.*Who’s there\\? ${version}`), 'the focus is back in the list')
    await page.keyboard.press('ArrowDown')
    assert.match(await focused(), new RegExp(`sms-row.*Knock knock ${version}`), 'arrows move through the list')
  })

  it('acts: pause, call off, send again, resume, settle', async () => {
    const { page, console } = await openTab()
    await console.getByRole('button', { name: 'Pause: Lab' }).click()
    await console.getByText('Paused: nothing is sent').waitFor()
    await send(page, 'lab', `Held ${version}`)
    await console.getByText('Waiting: 1').waitFor()
    await view(console, 'Messages')
    await rowOf(console, `Held ${version}`).click()
    const detail = console.locator('.sms-detail')
    await detail.getByRole('button', { name: 'Call off' }).click()
    await detail.locator('.sms-now', { hasText: 'cancelled' }).waitFor()
    await detail.getByRole('button', { name: 'Send again' }).click()
    await detail.locator('.sms-now', { hasText: 'queued' }).waitFor()
    await view(console, 'Overview')
    await console.getByRole('button', { name: 'Resume: Lab' }).click()
    await view(console, 'Messages')
    await detail.locator('.sms-now', { hasText: 'delivered' }).waitFor()

    await send(page, 'deaf', `In doubt ${version}`)
    await detail.getByRole('button', { name: 'Back' }).click()
    await rowOf(console, `In doubt ${version}`).click()
    await detail.getByRole('button', { name: 'It was not sent' }).click()
    await detail.locator('.sms-now', { hasText: 'failed' }).waitFor()
  })

  it('finds by text, by number and by what became of it, page by page', async () => {
    const { page, console } = await openTab()
    await Promise.all(Array.from({ length: 60 }, (_, i) => send(page, 'lab', `Many ${version} no ${i}.`)))
    await view(console, 'Messages')
    const rows = console.locator('.sms-messages .sms-row')
    await console.getByLabel('Number or text').fill(`many ${version} no 7.`)
    await page.waitForFunction('document.querySelectorAll(".sms-messages .sms-row").length === 1')
    await rows.first().click()
    await console.getByRole('button', { name: `All of ${ME}` }).click()
    await console.getByRole('button', { name: `Only ${ME}` }).waitFor()
    await page.waitForFunction('document.querySelectorAll(".sms-messages .sms-row").length === 50')
    await console.getByRole('button', { name: 'Older' }).click()
    await console.getByRole('button', { name: 'Newest' }).waitFor()
    await rowOf(console, `Many ${version} no`).waitFor()
    await console.getByText('More filters').click()
    await console.getByLabel('Direction').selectOption('in')
    await page.waitForFunction(
      `[...document.querySelectorAll('.sms-messages .sms-row')].every(row => row.dataset.state === 'received')`,
    )
  })

  it('says everything in the language of the editor', async () => {
    const { page, reload } = await openTab()
    await send(page, 'lab', 'Words')
    await page.evaluate(`localStorage.setItem('editor-language', 'uk')`)
    await reload()
    const console = await showTab(page)
    assert.equal(await console.locator('.sms-tabs button').first().textContent(), 'Огляд')
    assert.doesNotMatch(await console.evaluate(element => element.textContent), KEY)
  })

  // The window of its own shows everything at once.
  it('says everything in every language', async () => {
    const { page } = await openTab()
    await send(page, 'deaf', 'Words')
    const own = await page.context().newPage()
    for (const language of LANGUAGES) {
      await own.addInitScript(`localStorage.setItem('editor-language', '${language}')`)
      await own.goto(`${new URL(page.url()).origin}/sms/console`)
      await own.locator('.sms-row').first().click()
      await own.locator('.sms-trail li').first().waitFor()
      const texts = readFileSync(join(root, `nodes/plugins/locales/${language}/sms-console.json`), 'utf8')
      assert.equal(await own.title(), (JSON.parse(texts) as { title: string }).title)
      assert.doesNotMatch(await own.locator('body').evaluate(element => element.textContent), KEY)
    }
    await own.close()
  })

  // Node-RED 4.1 has no dark theme.
  for (const theme of version === 5 ? (['light', 'dark'] as const) : (['light'] as const)) {
    it(`can be used by everybody, ${theme}`, async function () {
      this.timeout(60_000)
      const { page, console } = await openTab({ theme })
      await send(page, 'deaf', `Unsure ${theme}`)
      await ask(page, 'providers/lab/text', { from: ME, text: `Hello ${theme}` })
      for (const name of ['Overview', 'Messages', 'Send']) {
        await view(console, name)
        assert.deepEqual(await violations(page), [], name)
      }
      await view(console, 'Messages')
      await console.getByText('More filters').click()
      await rowOf(console, `Unsure ${theme}`).click()
      await console.getByRole('button', { name: 'It was sent', exact: true }).waitFor()
      assert.deepEqual(await violations(page), [], 'a message')
      const own = await page.context().newPage()
      await own.goto(`${new URL(page.url()).origin}/sms/console`)
      await own.locator('.sms-row').first().waitFor()
      assert.deepEqual(await violations(own), [], 'the page of its own')
      const background = await own.evaluate('getComputedStyle(document.body).backgroundColor')
      assert.equal(background === 'rgb(27, 27, 35)', theme === 'dark')
      await own.close()
    })
  }

  it('follows in a window of its own too', async () => {
    const { page } = await openTab()
    const own = await page.context().newPage()
    await own.goto(`${new URL(page.url()).origin}/sms/console`)
    await own.locator('.sms-list').waitFor()
    await own.waitForLoadState('networkidle')
    await ask(page, 'providers/lab/text', { from: ME, text: `To the window ${version}` })
    await rowOf(own.locator('.sms-console'), `To the window ${version}`).waitFor({ timeout: 1_500 })
    await own.close()
  })
})

const browserPath = process.env['SMS_BROWSER']
const needs = browserPath ? '' : ' \u2013 pending: SMS_BROWSER, the path of a Chromium, is not set'

it(`the console in a window of its own says that one must log in, and then shows what one may see${needs}`, async function () {
  const executablePath = browserPath || this.skip()
  this.timeout(60_000)
  const settings = {
    ...THREE_USERS,
    httpAdminRoot: '/admin',
    editorTheme: { tours: false, projects: { enabled: false } },
  }
  const nodeRed = await startNodeRed({ version: 5, modulePath: root, settings })
  const browser = await startBrowser(executablePath)
  try {
    const page = await (await browser.newContext({ locale: 'en-US' })).newPage()
    await page.goto(`${nodeRed.url}/admin/sms/console`)
    await page.getByRole('alert').getByText('only to who is logged in').waitFor()
    await page.getByRole('link', { name: 'Log in there' }).click()
    await page.locator('#node-dialog-login-username').fill('reader')
    await page.locator('#node-dialog-login-password').fill('password')
    await page.locator('#node-dialog-login-submit').click()
    await page.waitForFunction('window.RED?.nodes?.getType?.("sms out")', undefined, { timeout: 20_000 })
    const isLoggedIn = new Promise<void>(resolve => {
      page.on('websocket', socket =>
        socket.on('framereceived', ({ payload }) => String(payload).includes('"ok"') && resolve()),
      )
    })
    await page.goto(`${nodeRed.url}/admin/sms/console`)
    await page.getByText('There is no SMS provider').waitFor()
    assert.equal(await page.getByRole('alert').isVisible(), false)
    // It logs in there too, and hears news.
    await isLoggedIn
  } finally {
    await browser.close()
    await nodeRed.stop()
  }
})

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds in the console that keeps people from using it. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    type Result = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }
    const { axe } = globalThis as unknown as { axe: { run(context: string): Promise<{ violations: Result[] }> } }
    const { violations } = await axe.run('.sms-console')
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
      )
  })
}
