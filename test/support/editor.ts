import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser, Locator, Page } from 'playwright-core'
import { root } from '../../tools/project.ts'
import { startNodeRed } from './node-red.ts'
import type { NodeRed } from './node-red.ts'

/** A Node-RED editor in a browser, driven as a person would; nodes are named by their ids. */
export interface EditorPage {
  readonly page: Page
  /** What went wrong in the page: exceptions, and what it logged as errors. */
  readonly problems: readonly string[]
  /** The topmost dialog. */
  readonly dialog: Locator
  /** The value of an expression in the page, in which `node('id')` is a node. */
  value<T>(expression: string): Promise<T>
  /** Opens the dialog of a node. */
  edit(id: string): Promise<void>
  /** Does what opens a dialog, and waits for that. */
  opening(open: () => Promise<unknown>): Promise<void>
  /** Presses a button of the topmost dialog and waits until that has closed. */
  press(button: 'done' | 'cancel' | 'delete'): Promise<void>
  undo(): Promise<void>
  /** Presses Deploy and waits until the editor has nothing to deploy any more. */
  deploy(): Promise<void>
  reload(): Promise<void>
}

export interface EditorOptions {
  readonly theme?: 'light' | 'dark'
  /** Whether the window stays open for the tests after this one. */
  readonly lasting?: boolean
}

/** What a test of the editor gets. */
export interface EditorTools {
  readonly version: 4 | 5
  /** Deploys these flows and opens them in a new window, which is closed after the test. */
  open(flows: readonly object[], options?: EditorOptions): Promise<EditorPage>
  /** The one that all tests of this version share; there is none before they begin. */
  nodeRed(): NodeRed
}

/** Nodes of the core that are in no flow here; to load them takes as long as all the rest. */
const OTHERS = ['function', 'network', 'parsers', 'sequence', 'storage'].flatMap(folder =>
  readdirSync(join(root, 'node_modules/@node-red/nodes/core', folder)).filter(file => file.endsWith('.js')),
)

const browserPath = process.env['SMS_BROWSER']

/**
 * Tests of the editor, in a real browser over a real Node-RED 5 and 4.1; pending without a browser. The page must not
 * log any error in any of them.
 */
export function describeEditor(title: string, define: (tools: EditorTools) => void): void {
  for (const version of [5, 4] as const) {
    const needs = browserPath ? '' : ' – pending: SMS_BROWSER, the path of a Chromium, is not set'
    describe(`editor of Node-RED ${version}: ${title}${needs}`, function () {
      this.timeout(40_000)
      let browser: Browser | undefined
      let nodeRed: NodeRed | undefined
      const opened: EditorPage[] = []
      const lasting = new Set<EditorPage>()

      before(async function () {
        const executablePath = browserPath || this.skip()
        this.timeout(90_000)
        const nodesDir = [root, join(root, 'test/editor/fixtures/sms-acme')]
        // Ace loads faster than Monaco, and nothing here is code.
        const editorTheme = { tours: false, projects: { enabled: false }, codeEditor: { lib: 'ace' } }
        const settings = { nodesDir, nodesExcludes: OTHERS, editorTheme, httpNodeRoot: '/endpoint' }
        nodeRed = await startNodeRed({ version, settings })
        browser = await startBrowser(executablePath)
      })
      afterEach(async () => {
        for (const editor of opened.splice(0)) {
          if (!lasting.has(editor)) await editor.page.context().close()
          assert.deepEqual(editor.problems, [])
        }
        opened.push(...lasting)
      })
      after(async function () {
        this.timeout(30_000)
        await browser?.close()
        await nodeRed?.stop()
      })

      define({
        version,
        async open(flows, options) {
          assert.ok(browser && nodeRed)
          await nodeRed.deploy(flows)
          const editor = await openEditor(browser, nodeRed.url, options)
          opened.push(editor)
          if (options?.lasting) lasting.add(editor)
          return editor
        },
        nodeRed() {
          assert.ok(nodeRed)
          return nodeRed
        },
      })
    })
  }
}

/** Starts a browser that talks to nobody but the pages it is told to open. */
export function startBrowser(executablePath: string): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  return chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
  })
}

/** Opens the editor of a running Node-RED in a window of its own. */
export async function openEditor(
  browser: Browser,
  url: string,
  { theme = 'light' }: EditorOptions = {},
): Promise<EditorPage> {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 950 },
    locale: 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  // Where Node-RED 5 keeps what was chosen in its settings; 4.1 has the light theme only.
  await context.addInitScript(`localStorage.setItem('view-dark-theme', '${theme}')`)
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const problems: string[] = []
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`)
  })

  const value = <T>(expression: string): Promise<T> =>
    page.evaluate<T>(`(node => (${expression}))(id => RED.nodes.node(id))`)
  const dialog = page.locator('.red-ui-tray').last()
  const atRest = () => page.waitForFunction('$(".red-ui-tray-stack :animated, .red-ui-tray:animated").length === 0')

  async function loaded(): Promise<void> {
    const isLoaded = [
      'window.RED?.nodes?.getType?.("sms out")',
      'RED.workspaces?.count() > 0',
      '!$("#red-ui-loading-progress").is(":visible")',
    ]
    await page.waitForFunction(isLoaded.join(' && '), undefined, { timeout: 30_000 })
    await page.evaluate('$.fx.off = true')
    await page.addStyleTag({ content: '* { transition: none !important; animation: none !important; }' })
  }

  async function opening(open: () => Promise<unknown>): Promise<void> {
    await page.evaluate(`$('.red-ui-tray').addClass('known')`)
    await open()
    await page.waitForFunction(`$('.red-ui-tray:not(.known) .sms-form').length > 0`)
    // The editor puts the focus into a new dialog after a while, and would take it from a field that has it by then.
    await page.waitForFunction(`$(document.activeElement).closest('.red-ui-tray:not(.known)').length > 0`)
    await atRest()
  }

  await page.goto(url)
  await loaded()
  return {
    page,
    problems,
    dialog,
    value,
    opening,
    edit: id =>
      opening(() =>
        value(`node('${id}')._def.category === 'config'
          ? RED.editor.editConfig('', node('${id}').type, '${id}')
          : RED.editor.edit(node('${id}'))`),
      ),
    async press(button) {
      await dialog.evaluate(tray => tray.classList.add('leaving'))
      const name = { done: /^(Done|Update|Add)$/, cancel: 'Cancel', delete: 'Delete' }[button]
      await dialog
        .locator('.red-ui-tray-toolbar, .red-ui-tray-header')
        .getByRole('button', { name, exact: true })
        .click()
      await page.waitForFunction(`$('.red-ui-tray.leaving').length === 0`)
      await atRest()
    },
    undo: () => page.evaluate('RED.actions.invoke("core:undo")'),
    async deploy() {
      await page.locator('#red-ui-header-button-deploy').click()
      await page.waitForFunction('!RED.nodes.dirty()')
    },
    async reload() {
      await page.reload()
      await loaded()
    },
  }
}
