import { providerField } from './provider-field.ts'
import { providerValidator } from './providers.ts'
import type { EditorNode } from './red.ts'
import { reason } from './texts.ts'
import type { Validator } from './validators.ts'
import { asText } from './values.ts'

/** The slots of a router: fixed properties, as the core counts users and start order by those, not by lists. */
const SLOTS = Array.from({ length: 10 }, (_, index) => `p${index + 1}`)
const PREFIX = 'node-config-input'

const select = (slot: string) => $(`#${PREFIX}-${slot}`)
const isFilled = (value: unknown): boolean => !['', '_ADD_'].includes(asText(value))

/** The providers of a router, by the slots they are in. */
export const filledSlots = (node: EditorNode): ReadonlyMap<string, string> =>
  new Map(SLOTS.filter(slot => isFilled(node[slot])).map(slot => [slot, asText(node[slot])]))

/** The selects of a router's providers, as many as are used and one more. For `oneditprepare`. */
export function slotFields(node: EditorNode): void {
  const show = () => {
    const used = SLOTS.map((slot, index) => (isFilled(select(slot).val()) ? index + 1 : 0))
    for (const [index, slot] of SLOTS.entries())
      select(slot)
        .closest('.form-row')
        .toggle(index <= Math.max(...used))
  }
  for (const property of SLOTS) {
    providerField(node, {
      prefix: PREFIX,
      property,
      optional: true,
      without: provider => reaches(provider, node.id),
    })
    select(property).on('change', show)
  }
  show()
}

/** Leaves slots out of the flow that are empty and were never filled. For `oneditsave`. */
export function saveSlots(node: EditorNode): void {
  for (const slot of SLOTS) if (node[slot] === undefined && !isFilled(select(slot).val())) select(slot).remove()
}

/** The validator of a slot: routers must not list each other. */
export const slotValidator: Validator = function (value, options) {
  const provider = RED.nodes.node(asText(value))
  if (provider && reaches(provider, this.id)) return reason('slotCycle', options)
  return providerValidator({ optional: true }).call(this, value ?? '', options)
}

/** Whether a provider is this router, or one that leads to it. */
function reaches(provider: EditorNode, id: string, seen: readonly string[] = []): boolean {
  if (provider.id === id) return true
  return SLOTS.some(slot => {
    const next = RED.nodes.node(asText(provider[slot]))
    return next && !seen.includes(next.id) && reaches(next, id, [...seen, provider.id])
  })
}
