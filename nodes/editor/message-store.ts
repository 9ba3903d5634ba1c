import { configsOf, onNodes } from './config-link.ts'
import { reason } from './texts.ts'
import type { Validator } from './validators.ts'

const TYPE = 'sms-store'

/** Judges the other stores anew when something happens to one: fewer may be right. */
export function followStores(): void {
  onNodes(({ id, type }) => {
    if (type !== TYPE) return
    for (const store of configsOf(TYPE)) if (store.id !== id) RED.editor.validateNode(store)
  })
}

/** There is one store in a runtime, whatever flow its config node is in. */
export const onlyStoreValidator: Validator = function (_value, options) {
  const other = configsOf(TYPE).find(({ id }) => id !== this.id)
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
