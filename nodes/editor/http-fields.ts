import { PRESETS, presetSettings } from '../../lib/providers/http/presets.ts'
import type { DEFAULT_SETTINGS } from '../../lib/providers/http/settings.ts'
import type { EditorNode, Query } from './red.ts'
import { asText } from './values.ts'
import { webhookFields } from './webhook-fields.ts'

/** The secrets a dialog has fields for: `secretNameA` and the credential `secretA`. */
export const SECRET_LETTERS = ['A', 'B', 'C', 'D'] as const

/** What belongs to this installation, whatever its carrier. */
const KEPT = new Set(['path', 'receive', 'from', 'optOut'])

const field = (property: string): Query => $(`#node-config-input-${property}`)

/** The dialog of an HTTP API: presets that fill it, and only the rows that say something. For `oneditprepare`. */
export function httpFields(node: EditorNode): void {
  webhookFields({ node, isLocal: true })
  presetField(asText(node['preset']))
  suggest(field('contentType'), ['form', 'json', 'xml', 'text'])
  suggest(field('replyType'), ['text/plain', 'application/json', 'text/xml'])

  shows(field('method'), method => $('.sms-row-body').toggle(method !== 'GET'))
  const rows = () => {
    const verify = field('receive').val() === 'webhook' ? (field('verify').val() ?? '') : ''
    $('.sms-row-proof').toggle(['secret', 'hmac', 'jwt'].includes(verify))
    $('.sms-row-signed').toggle(verify === 'hmac')
  }
  shows(field('receive'), rows)
  shows(field('verify'), rows)
}

/** Calls `show` with the value of a select, now and whenever it changes. */
function shows(select: Query, show: (value: string) => unknown): void {
  const changed = () => void show(select.val() ?? '')
  select.on('change', changed)
  changed()
}

function presetField(saved: string): void {
  const select = field('preset')
  for (const [id, { label }] of Object.entries(PRESETS)) select.append($('<option>').attr('value', id).text(label))
  // A preset of a later version is shown as none, and is not one to fill the form with.
  select.val(Object.hasOwn(PRESETS, saved) ? saved : '')
  let chosen = select.val() ?? ''
  shows(select, id => {
    const docs = PRESETS[id]?.docs ?? ''
    $('#sms-preset-hint').toggle(docs !== '')
    $('#sms-preset-docs').attr('href', docs).text(docs)
    // The editor triggers changes too, when nothing did.
    if (id === chosen) return
    chosen = id
    if (id !== '') fill(id)
  })
}

/** Puts a preset into the form; secrets stay under their names. */
function fill(id: string): void {
  for (const [property, value] of Object.entries(presetSettings(id)) as [keyof typeof DEFAULT_SETTINGS, unknown][]) {
    if (KEPT.has(property)) continue
    const target = field(property)
    if (typeof value === 'boolean') target.prop('checked', value)
    else target.val(String(value))
    target.trigger('change')
  }
  for (const [index, letter] of SECRET_LETTERS.entries()) {
    const name = PRESETS[id]?.secrets[index] ?? ''
    if (field(`secretName${letter}`).val() === name) continue
    field(`secretName${letter}`).val(name).trigger('change')
    field(`secret${letter}`).val('').trigger('change')
  }
}

function suggest(target: Query, values: readonly string[]): void {
  const list = `${target.attr('id') ?? ''}-suggestions`
  const datalist = $('<datalist>').attr('id', list).insertAfter(target)
  for (const value of values) datalist.append($('<option>').attr('value', value))
  target.attr('list', list)
}
