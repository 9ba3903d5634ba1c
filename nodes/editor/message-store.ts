import type { EditorNode, Query } from './red.ts'
import { reason } from './texts.ts'
import type { Validator } from './validators.ts'

const TYPE = 'sms-store'

/** In the dialog opened last. While another lies over that, the editor has it out of the page. */
let field: Query | undefined

/**
 * The row that shows where messages are kept, with a button to change that: no node has the store as a property, so
 * nothing else in the editor would lead to its dialog. For `oneditprepare`.
 */
export function storeField(node: EditorNode): void {
  $('.sms-row-store').toggle(RED.nodes.getType(TYPE) !== undefined)
  $('#sms-store-edit').on('click', () => {
    RED.editor.editConfig('', TYPE, stores()[0]?.id ?? '_ADD_', '', node)
  })
  field = $('#sms-store')
  showStore()
}

/** Follows what happens to stores while a dialog is open, and judges the others anew: fewer may be right. */
export function followStores(): void {
  const follow = ({ id, type }: EditorNode): void => {
    if (type !== TYPE) return
    showStore()
    for (const store of stores()) if (store.id !== id) RED.editor.validateNode(store)
  }
  for (const event of ['nodes:add', 'nodes:change', 'nodes:remove', 'editor:save']) RED.events.on(event, follow)
}

/** There is one store in a runtime, whatever flow its config node is in. */
export const onlyStoreValidator: Validator = function (_value, options) {
  const other = stores().find(({ id }) => id !== this.id)
  if (this.d || other === undefined) return true
  return reason('storeTwice', options, { name: RED.utils.getNodeLabel(other, other.id) })
}

/** Fields of the file, which memory has none of. For `oneditprepare`. */
export function storeFields(): void {
  const backend = $('#node-config-input-backend')
  backend.on('change', () => {
    $('.sms-row-file').toggle(backend.val() !== 'memory')
    $('.sms-row-memory').toggle(backend.val() === 'memory')
  })
}

function stores(): readonly EditorNode[] {
  const found: EditorNode[] = []
  RED.nodes.eachConfig(config => {
    if (config.type === TYPE && !config.d) found.push(config)
  })
  return found
}

function showStore(): void {
  const [store] = stores()
  field?.val(store === undefined ? '' : RED.utils.getNodeLabel(store, store.id))
}
