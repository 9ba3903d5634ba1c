import type { EditorNode, Query } from './red.ts'

/**
 * The fields of the dialog opened last, by the type of which they tell. While another lies over that, the editor has it
 * out of the page.
 */
const fields = new Map<string, Query>()

/**
 * Rows that lead to config nodes which no node has as a property: nothing else in the editor would. Each names those of
 * its `data-sms-config` type that there are, and its button opens the first, or adds one. For `oneditprepare`.
 */
export function configLinks(node: EditorNode): void {
  $('[data-sms-config]').each(function () {
    const row = $(this)
    const type = row.attr('data-sms-config')!
    row.toggle(RED.nodes.getType(type) !== undefined)
    row.find('button').on('click', () => {
      RED.editor.editConfig('', type, configsOf(type)[0]?.id ?? '_ADD_', '', node)
    })
    fields.set(type, row.find('input'))
    show(type)
  })
}

/** Calls back with each node, of whatever type, that is added, changed, removed or edited. */
export function onNodes(listener: (node: EditorNode) => void): void {
  for (const event of ['nodes:add', 'nodes:change', 'nodes:remove', 'editor:save']) RED.events.on(event, listener)
}

/** Follows what happens to such config nodes while a dialog is open. */
export function followLinks(): void {
  onNodes(({ type }) => show(type))
}

/** The config nodes of a type that are not disabled. */
export function configsOf(type: string): readonly EditorNode[] {
  const found: EditorNode[] = []
  RED.nodes.eachConfig(config => {
    if (config.type === type && !config.d) found.push(config)
  })
  return found
}

function show(type: string): void {
  const names = configsOf(type).map(config => RED.utils.getNodeLabel(config, config.id))
  fields.get(type)?.val(names.join(', '))
}
