import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { root } from '../../tools/project.ts'
import type { EditorPage } from '../support/editor.ts'
import { CORE } from './dialog-case.ts'
import type { DialogCase, Input, Named } from './dialog-case.ts'

/** What the editor knows of a type: the properties of a node and its credentials, each with what it is called. */
export interface Definition {
  readonly category: string
  readonly defaults: Readonly<Record<string, { readonly value?: unknown; readonly label?: string }>>
  readonly credentials: Readonly<Record<string, { readonly type: string; readonly label?: string }>>
}

interface EditorWindow {
  readonly $: (element: object) => { data(name: 'tooltip'): { readonly why: string } | undefined }
  readonly document: { readonly activeElement: { blur(): void } | null }
}

/** Fills in the dialog that is open, as `DialogCase` says. */
export interface DialogFiller {
  /** With what each field refuses, and looks whether the field says why; the last of that stays. */
  refused(): Promise<void>
  /** With what each field takes; then no field is marked as wrong, and none is left that was not filled in. */
  taken(): Promise<void>
}

const { validation } = JSON.parse(readFileSync(join(root, 'nodes/locales/en-US/sms-out.json'), 'utf8')) as {
  validation: Readonly<Record<string, string>>
}

/** A reason as people read it; of the core's own only how it begins. */
export function reasonOf(definition: Definition, property: string, why: string, named: Named = {}): string {
  const label = (definition.defaults[property] ?? definition.credentials[property])?.label
  const text = why === CORE ? '' : validation[why]?.replaceAll(/__(\w+)__/g, (_, name) => String(named[name]))
  assert.ok(text !== undefined, `there is no text for ${why}`)
  return label === undefined ? text : `${label}: ${text}`
}

export function dialogFiller(editor: EditorPage, definition: Definition, { list, steps }: DialogCase): DialogFiller {
  const prefix = definition.category === 'config' ? 'node-config-input' : 'node-input'
  const isPart = (field: string): boolean => /^[#.[]/.test(field)
  const find = (field: string): Locator => editor.dialog.locator(isPart(field) ? field : `#${prefix}-${field}`)

  let selects: ReadonlySet<string> = new Set()

  async function begin(): Promise<void> {
    if (list !== undefined && (await editor.dialog.locator(`${list} > li`).count()) === 0)
      await editor.dialog.locator('.red-ui-editableList-addButton').click()
    const fields = steps.map(([field]) => [field, isPart(field) ? field : `#${prefix}-${field}`])
    const found = `${JSON.stringify(fields)}.filter(([, selector]) => $('.red-ui-tray:last').find(selector).is('select'))`
    selects = new Set(await editor.value<string[]>(`${found}.map(([field]) => field)`))
  }

  /** As a person does: what cannot be seen cannot be filled in. */
  async function put(field: string, input: Input): Promise<void> {
    const element = find(field)
    if (typeof input === 'boolean') {
      await element.setChecked(input)
      // One that was so already tells nothing.
      await element.dispatchEvent('change')
    } else if (typeof input === 'object') await putTyped(field, input)
    else if (selects.has(field)) await element.selectOption(input)
    else await element.fill(input)
  }

  async function putTyped(field: string, { type, value }: Exclude<Input, string | boolean>): Promise<void> {
    const container = editor.dialog.locator(`#${prefix}-${field} + .red-ui-typedInput-container`)
    if ((await find(`${field}Type`).inputValue()) !== type) {
      await container.locator('.red-ui-typedInput-type-select').click()
      await editor.page.locator(`.red-ui-typedInput-options:visible a[value="${type}"]`).click()
    }
    if (value !== undefined) await container.locator('.red-ui-typedInput-input').fill(value)
  }

  /** Why a field is marked as wrong, when it is left; nothing where it is not. */
  const shown = (field: string): Promise<string> =>
    find(field).evaluate(element => {
      const { $, document } = globalThis as unknown as EditorWindow
      document.activeElement?.blur()
      return element.classList.contains('input-error') ? ($(element).data('tooltip')?.why ?? '') : ''
    })

  return {
    async refused() {
      await begin()
      for (const [field, taken, ...refused] of steps) {
        if (refused.length === 0) await put(field, taken)
        for (const [value, why, named] of refused) {
          await put(field, value)
          if (why === undefined) continue
          const expected = reasonOf(definition, field, why, named)
          const actual = await shown(field)
          if (why === CORE) assert.ok(actual, `${field} ${JSON.stringify(value)}`)
          else assert.equal(actual, expected, `${field} ${JSON.stringify(value)}`)
        }
      }
    },
    async taken() {
      await begin()
      for (const [field, taken] of steps) await put(field, taken)
      await editor.page.evaluate('document.activeElement.blur()')
      assert.deepEqual(await editor.value(WRONG), [], 'marked as wrong')
      assert.deepEqual(await editor.value(LEFT_OUT), [], 'left out')
    },
  }
}

/**
 * Has a window keep what it shows only to who points at a field for a while, why that is wrong, and mark what is filled
 * in. Once in a window.
 */
export const watchFields = ({ page }: EditorPage): Promise<void> =>
  page.evaluate(`(tooltip => {
    RED.popover.tooltip = (target, content, ...rest) => {
      const made = tooltip(target, content, ...rest)
      const { setContent } = made
      made.why = content
      made.setContent = next => setContent((made.why = next))
      return made
    }
    const mark = ({ target }) => target.classList?.add('filled-in')
    for (const event of ['input', 'change']) document.addEventListener(event, mark, true)
  })(RED.popover.tooltip)`)

const WRONG = `$('.red-ui-tray:last .sms-form .input-error').toArray().map(({ id, outerHTML }) => id || outerHTML)`

/** Fields a person can fill in: not what only shows something, nor the pattern of a list's rows. */
const LEFT_OUT = `$('.red-ui-tray:last .sms-form').find('input, select, textarea')
  .not('.filled-in, [type=hidden], [readonly], [hidden] *, .red-ui-typedInput-container *').toArray()
  .map(({ id, outerHTML }) => id || outerHTML)`
