import { showMenu } from './menu.ts'
import type { EditorNode, Query } from './red.ts'
import { providersIn, providerTypeLabel, providerTypes, strayLabel } from './providers.ts'
import type { ProviderChoice, ProviderRules } from './providers.ts'
import { text } from './texts.ts'
import { asText } from './values.ts'

/** What the core saves as an empty value. */
const NOTHING = '_ADD_'

/**
 * Turns the select that the core made for `provider` (of the one declared type) into one of every provider visible in
 * this flow, by type, with buttons to edit and to add. For `oneditprepare`.
 */
export function providerField(
  node: EditorNode,
  { types, optional = false, prefix = 'node-input', property = 'provider', without }: ProviderRules = {},
): void {
  const select = $(`#${prefix}-${property}`)
  // The core's own buttons know one type only, and cannot be reached by keyboard.
  select.nextAll('a').remove()
  const edit = button('pencil', text('provider.edit')).insertAfter(select)
  const add = button('plus', text('provider.add')).insertAfter(edit)
  let opened: string | undefined

  function open(type: string, id: string): void {
    opened = id
    RED.editor.editConfig(property, type, id, prefix, node)
  }

  edit.on('click', () => {
    const config = RED.nodes.node(asText(select.val()))
    if (config) open(config.type, config.id)
  })
  add.on('click', () => {
    const offered = providerTypes(types)
    const [only] = offered
    if (only !== undefined && offered.length === 1) return open(only.type, NOTHING)
    showMenu(
      add,
      offered.map(({ type, label }) => ({ label, onselect: () => open(type, NOTHING) })),
    )
  })
  select.on('change', () => {
    if (opened === undefined) return show()
    // A config dialog has closed, and the core has filled the select with the config nodes of that type alone; after
    // a deletion it has even chosen the next of them.
    const isDeleted = opened !== NOTHING && !RED.nodes.node(opened)
    const value = isDeleted ? '' : asText(select.val())
    opened = undefined
    fill(value)
    select.trigger('change').trigger('focus')
  })

  function fill(value: string): void {
    const choices = providersIn(node.z, types, without)
    select.empty().append(option(NOTHING, emptyLabel(choices)))
    for (const [type, label] of typesOf(choices)) {
      const group = $('<optgroup>').attr('label', label).appendTo(select)
      for (const choice of choices) if (choice.type === type) group.append(option(choice.id, choice.label))
    }
    const isStray = value !== '' && value !== NOTHING && !choices.some(({ id }) => id === value)
    if (isStray) select.append(option(value, strayLabel(value)))
    select.val(value || NOTHING)
  }

  function emptyLabel(choices: readonly ProviderChoice[]): string {
    if (optional) return text(property === 'provider' ? 'provider.every' : 'provider.none')
    return text(choices.length === 0 ? 'provider.first' : 'provider.none')
  }

  function show(): void {
    const canEdit = Boolean(RED.nodes.node(asText(select.val())))
    edit.prop('disabled', !canEdit).toggleClass('disabled', !canEdit)
  }

  fill(asText(node[property]))
  show()
}

/** The types among the choices with what they are called, by that. */
const typesOf = (choices: readonly ProviderChoice[]): [type: string, label: string][] =>
  [...new Set(choices.map(({ type }) => type))]
    .map((type): [string, string] => [type, providerTypeLabel(type)])
    .sort(([, one], [, other]) => one.localeCompare(other))

const option = (value: string, label: string): Query => $('<option>').val(value).text(label)

const button = (icon: string, title: string): Query =>
  $('<button type="button" class="red-ui-button sms-button">')
    .attr({ title, 'aria-label': title })
    .append(`<i class="fa fa-${icon}" aria-hidden="true"></i>`)
