import { showMenu } from './menu.ts'
import type { EditorNode, Query } from './red.ts'

/**
 * The fields of the dialog opened last, by the type of which they tell. While another lies over that, the editor has it
 * out of the page.
 */
const fields = new Map<string, Query>()

/**
 * Rows that lead to config nodes which no node has as a property: nothing else in the editor would. Each names those of
 * its `data-sms-config` type that there are. Its button opens the one there is, lets people choose among several, and adds
 * the first; one marked `data-sms-add`, where there may be several, adds another. For `oneditprepare`.
 */
export function configLinks(node: EditorNode): void {
  $('[data-sms-config]').each(function () {
    const row = $(this)
    const type = row.attr('data-sms-config')!
    const open = (id: string) => RED.editor.editConfig('', type, id, '', node)
    row.toggle(RED.nodes.getType(type) !== undefined)
    const edit = row.find('button').first()
    edit.on('click', () => {
      const [first, ...others] = configsOf(type)
      if (others.length === 0) return open(first?.id ?? NEW)
      showMenu(
        edit,
        [first!, ...others].map(config => ({ label: labelOf(config), onselect: () => open(config.id) })),
      )
    })
    row.find('[data-sms-add]').on('click', () => open(NEW))
    fields.set(type, row.find('input'))
    show(type)
  })
}

/** By it the editor makes a new config node. */
const NEW = '_ADD_'

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
  fields.get(type)?.val(configsOf(type).map(labelOf).join(', '))
}

const labelOf = (config: EditorNode): string => RED.utils.getNodeLabel(config, config.id)
