import type { EditorNode, Query } from './red.ts'
import { reason } from './texts.ts'
import type { Validator } from './validators.ts'
import { asText, isReference } from './values.ts'
import { randomPath } from './webhook-fields.ts'

/** A remote client as the flow file has it; its logins are credentials, under the number of its slot. */
interface ClientRow {
  /** What waits for the client is kept under it; in a flow written by hand it may be missing. */
  readonly id: string
  readonly slot: number
  readonly name: string
  readonly url: string
  readonly events: readonly string[]
  readonly to: string
  readonly keyword: string
  readonly category: string
}

const FIELDS = ['name', 'url', 'to', 'keyword', 'category'] as const satisfies readonly (keyof ClientRow)[]
const EVENTS = ['messages', 'statuses', 'calls'] as const
const LOGIN = { user: 'text', password: 'password', callbackUser: 'text', callbackPassword: 'password' } as const
/** As many as the runtime has credentials for. */
const SLOTS = 10
/** What the core shows for a password, which it does not know. */
const KEPT = '__PWRD__'

const credentialOf = (node: EditorNode, name: string): unknown =>
  (node['credentials'] as Readonly<Record<string, unknown>> | undefined)?.[name]

/** By these ids the core saves credentials. */
const input = (name: string): Query => $(`#node-config-input-${name}`)

/** The list of clients in the dialog; each is shown as `template` has it. For `oneditprepare`. */
export function clientsList(list: Query, template: Query, node: EditorNode): void {
  list.editableList<Partial<ClientRow>>({ sortable: true, removable: true, addItem, removeItem: limit })
  for (const [index, client] of clientsOf(node['clients']).entries()) {
    list.editableList('addItem', { ...client, slot: client.slot ?? index + 1 })
  }

  function addItem(row: Query, _index: number, given: Partial<ClientRow>): void {
    const isNew = given.slot === undefined
    const client = isNew ? newClient() : given
    row.addClass('sms-client').data('client', client)
    row.append(template.html())
    for (const field of FIELDS) row.find(`[data-field=${field}]`).val(asText(client[field]))
    for (const event of EVENTS)
      row.find(`[value=${event}]`).prop('checked', client.events?.includes(event) ?? event !== 'calls')
    for (const [field, type] of Object.entries(LOGIN)) {
      const name = `${field}${client.slot}`
      // Of a client that was removed.
      input(name).remove()
      const kept = type === 'password' && credentialOf(node, `has_${name}`) === true ? KEPT : ''
      row
        .find(`[data-login=${field}]`)
        .attr('id', `node-config-input-${name}`)
        .val(isNew ? '' : asText(credentialOf(node, name)) || kept)
    }
    limit()
    if (isNew) row.find('[data-field=name]').trigger('focus')
  }

  function newClient(): Partial<ClientRow> {
    const taken = new Set(rowsOf(list).map(row => clientIn(row).slot))
    const free = Array.from({ length: SLOTS }, (_, index) => index + 1).find(slot => !taken.has(slot))
    return { id: randomPath(), slot: free ?? SLOTS, events: ['messages', 'statuses'] }
  }

  function limit(): void {
    list
      .closest('.red-ui-editableList')
      .find('.red-ui-editableList-addButton')
      .toggle(rowsOf(list).length < SLOTS)
  }
}

/** What the list holds now; of clients that are gone the secrets go too. For `oneditsave`. */
export function savedClients(list: Query, node: EditorNode): Partial<ClientRow>[] {
  const rows = rowsOf(list)
  const slots = new Set(rows.map(row => clientIn(row).slot))
  for (let slot = 1; slot <= SLOTS; slot++) {
    for (const field of slots.has(slot) ? [] : Object.keys(LOGIN)) {
      const name = `${field}${slot}`
      if (!credentialOf(node, name) && credentialOf(node, `has_${name}`) !== true) continue
      if (input(name).length === 0) $('<input type="hidden">').attr('id', `node-config-input-${name}`).insertAfter(list)
      input(name).val('')
    }
  }
  const originals = clientsOf(node['clients'])
  return rows.map(row => {
    const client = clientIn(row)
    const index = originals.findIndex(({ slot }, index) => (slot ?? index + 1) === client.slot)
    const shown = shownIn(row)
    const original = originals[index]
    // Where the form changed nothing, the very object there was, so that nothing has changed.
    return original && isSame(original, shown) && (original.slot ?? rows.indexOf(row) + 1) === client.slot
      ? original
      : shown
  })
}

/** The validator of `clients`: each has a name of its own, and an address that can be one. */
export const clientsValidator: Validator = (value, options) => {
  const clients = clientsOf(value)
  const names = clients.map(({ name }) => asText(name))
  if (names.includes('') || new Set(names).size < names.length) return reason('clientNames', options)
  const wrong = clients.map(({ url }) => asText(url)).find(url => url !== '' && !isReference(url) && !ADDRESS.test(url))
  return wrong === undefined || reason('clientUrl', options, { url: wrong })
}

const ADDRESS = /^https?:\/\/[^\s?#]+$/

const clientsOf = (value: unknown): readonly Partial<ClientRow>[] =>
  Array.isArray(value) ? (value as Partial<ClientRow>[]) : []

const clientIn = (row: Query): Partial<ClientRow> => row.data('client') as Partial<ClientRow>

/** Without those that were removed and only fade out. */
function rowsOf(list: Query): Query[] {
  const rows: Query[] = []
  list.editableList('items').each(function () {
    const row = $(this)
    const isGone = row.closest('li').is('.red-ui-editableList-item-deleting')
    if (!isGone && row.data('client') !== undefined) rows.push(row)
  })
  return rows
}

function shownIn(row: Query): ClientRow {
  const { id = '', slot = 0 } = clientIn(row)
  const [name = '', url = '', to = '', keyword = '', category = ''] = FIELDS.map(field =>
    asText(row.find(`[data-field=${field}]`).val()),
  )
  const events = EVENTS.filter(event => row.find(`[value=${event}]`).prop('checked') === true)
  return { id, slot, name, url, events, to, keyword, category }
}

function isSame(original: Partial<ClientRow>, shown: ClientRow): boolean {
  const events = EVENTS.filter(event => original.events?.includes(event) ?? event !== 'calls')
  return FIELDS.every(field => asText(original[field]) === shown[field]) && events.join() === shown.events.join()
}
