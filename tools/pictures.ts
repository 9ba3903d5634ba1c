// npm run pictures: takes the pictures of the documents from the real editor, with the browser that SMS_BROWSER names.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEditor, startBrowser } from '../test/support/editor.ts'
import { startNodeRed } from '../test/support/node-red.ts'
import { prepareDemo, pressButton } from './demo-folder.ts'
import { root, runScript } from './project.ts'

const folder = join(root, 'docs', 'images')
const executablePath = process.env['SMS_BROWSER']
if (!executablePath) throw new Error('SMS_BROWSER, the path of a Chromium, is not set')

const built = await runScript('tools/build.ts')
if (built.code !== 0) throw new Error(built.stdout + built.stderr)
const userDir = mkdtempSync(join(tmpdir(), 'sms-pictures-'))
prepareDemo(userDir)
const nodeRed = await startNodeRed({ version: 5, userDir, settings: { editorTheme: { tours: false } } })
const browser = await startBrowser(executablePath)
try {
  mkdirSync(folder, { recursive: true })
  const { page } = await openEditor(browser, nodeRed.url)
  await page.evaluate(`RED.sidebar.show('debug')`)
  const heard = nodeRed.logged(/reaction to/)
  await pressButton(nodeRed.url, 'Door opens')
  await heard
  await page.locator('.red-ui-debug-msg').nth(1).waitFor()
  await page.screenshot({ path: join(folder, 'first-flow.png'), clip: { x: 0, y: 0, width: 1400, height: 560 } })
} finally {
  await browser.close()
  await nodeRed.stop()
  rmSync(userDir, { recursive: true, force: true })
}
