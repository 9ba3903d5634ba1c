import { createGuards } from '../../lib/router/guards.ts'
import { readRoutes } from '../../lib/router/settings.ts'
import type { EditorNode, Query } from './red.ts'
import { filledSlots } from './router-slots.ts'
import { reason } from './texts.ts'
import type { Validator } from './validators.ts'
import { asText, isReference } from './values.ts'

/** A route as the flow file has it. What the dialog does not show, as `options.params`, stays as it is. */
interface RouteRow {
  readonly name?: string
  readonly when?: Readonly<Record<string, unknown>>
  readonly strategy?: string
  readonly use?: readonly string[]
  readonly weights?: readonly number[]
  readonly options?: Readonly<Record<string, unknown>>
}

type Shown = Record<string, unknown>

/** What a field of a row shows: where it is kept, and how lists are written there. */
const FIELDS = {
  name: ['name'],
  strategy: ['strategy'],
  use: ['use'],
  weights: ['weights'],
  to: ['when', 'to'],
  country: ['when', 'country'],
  category: ['when', 'category'],
  alphabet: ['when', 'alphabet'],
  minParts: ['when', 'minParts'],
  maxParts: ['when', 'maxParts'],
  days: ['when', 'time', 'days'],
  timeFrom: ['when', 'time', 'from'],
  timeTo: ['when', 'time', 'to'],
  timeZone: ['when', 'time', 'timeZone'],
  available: ['when', 'available'],
  expression: ['when', 'expression'],
  from: ['options', 'from'],
  validityMinutes: ['options', 'validityMinutes'],
} as const satisfies Record<string, readonly string[]>

type Field = keyof typeof FIELDS
const NAMES = Object.keys(FIELDS) as Field[]
/** Shown as numbers with commas between; kept as `p1`, `p2`. */
const OF_SLOTS: ReadonlySet<Field> = new Set(['use', 'available'])
/** Their entries may have blanks in them. */
const OF_PHRASES: ReadonlySet<Field> = new Set(['to', 'category'])
const LISTS: ReadonlySet<Field> = new Set([...OF_SLOTS, ...OF_PHRASES, 'weights', 'country', 'days'])

/** The list of routes in the dialog; each is shown as `template` has it. For `oneditprepare`. */
export function routesList(list: Query, template: Query, node: EditorNode): void {
  list.editableList<RouteRow>({ sortable: true, removable: true, addItem })
  for (const route of routesOf(node['routes'])) list.editableList('addItem', route)

  function addItem(row: Query, _index: number, route: RouteRow): void {
    row.addClass('sms-client').data('route', route)
    row.append(template.html())
    for (const name of NAMES) field(row, name).val(written(name, valueIn(route, FIELDS[name])))
    const strategy = field(row, 'strategy')
    if (asText(strategy.val()) === '') strategy.val('failover')
    const weights = () =>
      field(row, 'weights')
        .closest('label')
        .toggle(strategy.val() === 'weighted')
    strategy.on('change', weights)
    weights()
    row.on('keydown', event => {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
      event.preventDefault()
      move(row.closest('li'), event.key)
    })
    if (Object.keys(route).length === 0) field(row, 'name').trigger('focus')
  }
}

/** What the list holds now. For `oneditsave`. */
export function savedRoutes(list: Query): RouteRow[] {
  const routes: RouteRow[] = []
  list.editableList('items').each(function () {
    const row = $(this)
    const original = row.data('route') as RouteRow | undefined
    if (row.closest('li').is('.red-ui-editableList-item-deleting') || original === undefined) return
    const route = structuredClone(original) as Shown
    let isChanged = Object.keys(original).length === 0
    for (const name of NAMES) {
      const shown = asText(field(row, name).val())
      const before = written(name, valueIn(original, FIELDS[name]))
      // Where the form changed nothing, the very object there was, so that nothing has changed.
      if (shown === (name === 'strategy' && before === '' ? 'failover' : before)) continue
      isChanged = true
      put(route, FIELDS[name], read(name, shown))
    }
    routes.push(isChanged ? route : original)
  })
  return routes
}

const GUARDS = [
  'allow',
  'perRecipient',
  'perDay',
  'floodMessages',
  'floodMinutes',
  'floodPause',
  'quietFrom',
  'quietTo',
  'quiet',
  'timeZone',
  'exempt',
] as const

/** The fields of a router's guards. For `oneditprepare`. */
export function guardsField(guards: unknown): void {
  for (const name of GUARDS) {
    const value = valueIn(guards, [name])
    $(`#sms-guard-${name}`).val(Array.isArray(value) ? value.map(asText).join(', ') : asText(value))
  }
  const quiet = $('#sms-guard-quiet')
  if (asText(quiet.val()) === '') quiet.val('hold')
}

/** What they say now; the very object there was where nothing was changed. For `oneditsave`. */
export function savedGuards(before: unknown): unknown {
  const shown = GUARDS.map(name => [name, asText($(`#sms-guard-${name}`).val())] as const)
  const filled = shown.filter(([name, value]) => value !== '' && !(name === 'quiet' && value === 'hold'))
  const guards = Object.fromEntries(filled)
  return JSON.stringify(guards) === JSON.stringify(before ?? {}) ? before : guards
}

/** The validator of `routes`, judged by what will read them, with the slots as they are filled. */
export const routesValidator: Validator = function (value, options) {
  const slots = filledSlots(this)
  // A router without any has none that could be marked alone.
  if (slots.size === 0) return reason('provider', { label: RED._('@sms-flows/node-red-sms/sms-router:label.p1') })
  const context = { slot: (name: string) => slots.get(name), compile: () => () => true, onFailure() {} }
  const wrong = routesOf(value).findIndex(route => {
    if (JSON.stringify(route).includes('${')) return false
    return throws(() => readRoutes([route], slots, context))
  })
  return wrong < 0 || reason('route', options, { place: wrong + 1 })
}

/** The validator of `guards`. */
export const guardsValidator: Validator = (value, options) => {
  if (isReference(asText(value)) || JSON.stringify(value ?? '').includes('${')) return true
  const clock = { now: () => 0, steadyMs: () => 0, after: () => () => {} }
  const notes = { get: async () => undefined, set: async () => {} }
  return !throws(() => createGuards(value, { clock, notes, onFlood() {} })) || reason('guards', options)
}

function throws(run: () => unknown): boolean {
  try {
    run()
    return false
  } catch {
    return true
  }
}

const field = (row: Query, name: Field): Query => row.find(`[data-field=${name}]`)

const routesOf = (value: unknown): readonly RouteRow[] => (Array.isArray(value) ? (value as RouteRow[]) : [])

function valueIn(given: unknown, path: readonly string[]): unknown {
  let value = given
  for (const step of path) value = (value as Shown | undefined)?.[step]
  return value
}

function put(target: Shown, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) {
    const inner = (target[step] ??= {}) as Shown
    put(inner, rest, value)
    if (Object.keys(inner).length === 0) Reflect.deleteProperty(target, step)
  } else if (value === undefined) Reflect.deleteProperty(target, step)
  else target[step] = value
}

function written(name: Field, value: unknown): string {
  if (!Array.isArray(value)) return asText(value)
  return value.map(entry => (OF_SLOTS.has(name) ? asText(entry).replace(/^p/, '') : asText(entry))).join(', ')
}

function read(name: Field, shown: string): unknown {
  if (shown === '') return undefined
  if (!LISTS.has(name)) return shown
  const separator = OF_PHRASES.has(name) ? /\s*[,;\n]\s*/ : /[,;\s]+/
  const entries = shown.split(separator).filter(Boolean)
  if (OF_SLOTS.has(name)) return entries.map(entry => `p${entry.replace(/^p/, '')}`)
  // What is no number stays, to be told of.
  return name === 'weights' ? entries.map(entry => (Number.isNaN(Number(entry)) ? entry : Number(entry))) : entries
}

function move(item: Query, key: 'ArrowUp' | 'ArrowDown'): void {
  const neighbour = key === 'ArrowUp' ? item.prev('li') : item.next('li')
  if (neighbour.length === 0) return
  const focused = document.activeElement
  if (key === 'ArrowUp') neighbour.before(item)
  else neighbour.after(item)
  if (focused instanceof HTMLElement) focused.focus()
}
