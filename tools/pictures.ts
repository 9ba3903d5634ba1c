// npm run pictures: takes the pictures of the documents from the real editor, with the browser that SMS_BROWSER names.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openEditor, startBrowser } from '../test/support/editor.ts'
import { startNodeRed } from '../test/support/node-red.ts'
import type { NodeRed } from '../test/support/node-red.ts'
import { exampleFile, prepareDemo, pressButton } from './demo-folder.ts'
import { startDemoModem } from './demo-modem.ts'
import { FIRST_STEPS } from './picture-flow.ts'
import { root, runScript } from './project.ts'

const folder = join(root, 'docs', 'images')
const executablePath = process.env['SMS_BROWSER']
if (!executablePath) throw new Error('SMS_BROWSER, the path of a Chromium, is not set')

interface Scene {
  readonly nodeRed: NodeRed
  /** The editor, opened anew: it shows what is deployed. */
  edit(): Promise<Page>
  /** Another page of Node-RED's. */
  visit(path: string): Promise<Page>
}

/** Each picture, taken in this order: what is to be seen first, and the part of it that is shown. */
const PICTURES: readonly (readonly [name: string, take: (scene: Scene) => Promise<Buffer>])[] = [
  [
    'first-flow',
    async ({ nodeRed, edit }) => {
      const page = await edit()
      await onlyFlowAndDebug(page)
      const heard = nodeRed.logged(/reaction to/)
      await pressButton(nodeRed.url, 'Door opens')
      await heard
      await page.locator('.red-ui-debug-msg').nth(1).waitFor()
      return page.screenshot({ clip: { x: 0, y: 0, width: 1400, height: 560 } })
    },
  ],
  [
    'console',
    async ({ nodeRed, visit }) => {
      const heard = nodeRed.logged(/reaction to \S+ over the modem/)
      await pressButton(nodeRed.url, 'Text my phone over the modem')
      await heard
      const page = await visit('/sms/console')
      await page.setViewportSize({ width: 900, height: 700 })
      // The modem is asked when somebody looks.
      await page.locator('.sms-signal').first().waitFor()
      return page.screenshot()
    },
  ],
  [
    'import',
    async ({ edit }) => {
      const page = await edit()
      await page.evaluate(`RED.actions.invoke('core:show-examples-import-dialog')`)
      const dialog = page.locator('.ui-dialog', { has: page.locator('#red-ui-clipboard-dialog') })
      for (const folder of ['@sms-flows/node-red-sms', '1 First steps'])
        await dialog.locator('.red-ui-treeList-label', { hasText: folder }).first().click()
      await dialog.locator('.red-ui-treeList-label', { hasText: 'First flow' }).first().click()
      return dialog.screenshot()
    },
  ],
  ['modem', async ({ edit }) => openConfig(await edit(), 'sms-modem')],
  [
    'router',
    async ({ nodeRed, edit }) => {
      const example = readFileSync(exampleFile('Cloud first, modem when the internet is down'), 'utf8')
      await nodeRed.deploy(JSON.parse(example) as readonly object[])
      return openConfig(await edit(), 'sms-router')
    },
  ],
  [
    'palette',
    async ({ nodeRed, edit }) => {
      await nodeRed.deploy(FIRST_STEPS)
      const page = await edit()
      await page.evaluate(`RED.actions.invoke('core:toggle-palette', true)`)
      const category = page.locator('#red-ui-palette-container-sms')
      await category.scrollIntoViewIfNeeded()
      return category.screenshot()
    },
  ],
  [
    'choose-provider',
    async ({ edit }) => {
      const page = await edit()
      await page.evaluate(`RED.editor.edit(RED.nodes.node('out'))`)
      const dialog = page.locator('.red-ui-tray').last()
      await dialog.locator('.sms-form').waitFor()
      await atRest(page)
      await dialog.getByRole('button', { name: 'Add a provider' }).click()
      await page.locator('.red-ui-popover-panel .red-ui-menu a', { hasText: 'GSM modem' }).waitFor()
      const { x, y, width } = (await dialog.boundingBox())!
      return page.screenshot({ clip: { x, y, width: width + 160, height: 480 } })
    },
  ],
  [
    'first-steps',
    async ({ nodeRed, edit }) => {
      const page = await edit()
      await onlyFlowAndDebug(page)
      for (const button of ['hello', 'answer']) {
        const heard = nodeRed.logged(button === 'hello' ? /debug:on the phone/ : /debug:came in/)
        await fetch(`${nodeRed.url}/inject/${button}`, { method: 'POST' })
        await heard
      }
      await page.locator('.red-ui-debug-msg').nth(2).waitFor()
      return page.screenshot({ clip: { x: 0, y: 0, width: 1400, height: 640 } })
    },
  ],
]

const built = await runScript('tools/build.ts')
if (built.code !== 0) throw new Error(built.stdout + built.stderr)
const userDir = mkdtempSync(join(tmpdir(), 'sms-pictures-'))
prepareDemo(userDir)
const modem = await startDemoModem(() => {})
const nodeRed = await startNodeRed({
  version: 5,
  userDir,
  env: modem.env,
  settings: { editorTheme: { tours: false } },
})
const browser = await startBrowser(executablePath)
try {
  mkdirSync(folder, { recursive: true })
  const scene: Scene = {
    nodeRed,
    async edit() {
      const { page } = await openEditor(browser, nodeRed.url)
      // Tips lie over what is described there.
      await page.evaluate(`RED.actions.invoke('core:toggle-show-tips', false)`)
      return page
    },
    async visit(path) {
      const page = await browser.newPage()
      await page.goto(nodeRed.url + path)
      return page
    },
  }
  for (const [name, take] of PICTURES) writeFileSync(join(folder, `${name}.png`), await take(scene))
} finally {
  await browser.close()
  await nodeRed.stop()
  await modem.stop()
  rmSync(userDir, { recursive: true, force: true })
}

/** Leaves room for the whole flow. */
async function onlyFlowAndDebug(page: Page): Promise<void> {
  await page.evaluate(`RED.actions.invoke('core:toggle-palette', false)`)
  await page.evaluate(`RED.sidebar.show('debug')`)
}

/** Dialogs slide in. */
async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(`!$('.red-ui-tray').last().is(':animated')`)
}

/** The dialog of the first config node of a type. */
async function openConfig(page: Page, type: string): Promise<Buffer> {
  await page.evaluate(`(() => {
    let found
    RED.nodes.eachConfig(node => { if (node.type === '${type}') found = node })
    RED.editor.editConfig('', '${type}', found.id)
  })()`)
  const dialog = page.locator('.red-ui-tray').last()
  await dialog.locator('.sms-form').waitFor()
  await atRest(page)
  return dialog.screenshot()
}
