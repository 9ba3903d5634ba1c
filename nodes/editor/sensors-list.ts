import type { Query } from './red.ts'
import { keptSensor, parseSensors, SENSOR_FIELDS, sensorsProblem } from './sensors.ts'
import type { SensorRow } from './sensors.ts'
import { reason, text } from './texts.ts'
import type { Validator } from './validators.ts'
import { asText } from './values.ts'

/** An example of what must be filled in, and what the runtime takes where the others are empty. */
const PLACEHOLDERS = { topic: 'home/door', name: '', on: 'on', off: 'off' } as const satisfies Record<
  keyof SensorRow,
  string
>

/** A row's item: the sensor it was made from, kept in a field as the list may change the item itself. */
interface Item {
  readonly sensor?: Partial<SensorRow>
}

/** The list of sensors in the dialog. For `oneditprepare`. */
export function sensorsList(list: Query, sensors: unknown): void {
  const header = $('<div class="sms-sensors-header">')
  for (const field of SENSOR_FIELDS) header.append($('<span>').text(text(`sensor.${field}`)))

  list.editableList<Item>({ header, sortable: true, removable: true, addItem })
  for (const sensor of Array.isArray(sensors) ? sensors : []) add(sensor as SensorRow)

  function add(sensor: Partial<SensorRow>): void {
    list.editableList('addItem', { sensor })
  }

  function addItem(row: Query, _index: number, { sensor }: Item): void {
    row.addClass('sms-sensor')
    row.data('sensor', sensor)
    for (const field of SENSOR_FIELDS) {
      $('<input type="text">')
        .attr({ 'aria-label': text(`sensor.${field}`), placeholder: PLACEHOLDERS[field], 'data-field': field })
        .val(sensor?.[field] ?? '')
        .appendTo(row)
    }
    row.closest('li').find('.red-ui-editableList-item-remove').attr('aria-label', text('sensor.remove'))
    const topic = row.find('[data-field=topic]')
    row.on('keydown', event => {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
      event.preventDefault()
      move(row.closest('li'), event.key)
    })
    topic.on('paste', event => {
      const pasted = (event.originalEvent as ClipboardEvent | undefined)?.clipboardData?.getData('text') ?? ''
      const several = parseSensors(pasted)
      if (!/[\r\n\t]/.test(pasted.trim()) || several.length === 0) return
      event.preventDefault()
      const isUnused = asText(topic.val()) === ''
      for (const sensor of several) add(sensor)
      if (isUnused) list.editableList('removeItem', row.data('data') as object)
    })
    // What the sensor will be called where it is given no name.
    const lastPart = () =>
      row.find('[data-field=name]').attr('placeholder', asText(topic.val()).split('/').at(-1) ?? '')
    topic.on('input change', lastPart)
    lastPart()
    if (sensor === undefined) topic.trigger('focus')
  }
}

/** What the list holds now. For `oneditsave`. */
export function savedSensors(list: Query): Partial<SensorRow>[] {
  const sensors: Partial<SensorRow>[] = []
  list.editableList('items').each(function () {
    const row = $(this)
    // Removed, and only fading out.
    if (row.closest('li').is('.red-ui-editableList-item-deleting')) return
    const shown = Object.fromEntries(
      SENSOR_FIELDS.map(field => [field, asText(row.find(`[data-field=${field}]`).val())]),
    ) as unknown as SensorRow
    // A row that was added and never filled.
    if (SENSOR_FIELDS.every(field => shown[field] === '')) return
    sensors.push(keptSensor(row.data('sensor') as Partial<SensorRow> | undefined, shown))
  })
  return sensors
}

/** The validator of `sensors`. */
export const sensorsValidator: Validator = (value, options) => {
  const problem = sensorsProblem(Array.isArray(value) ? value : [])
  return problem === undefined || reason(problem.key, options, { sensor: problem.sensor })
}

function move(item: Query, key: 'ArrowUp' | 'ArrowDown'): void {
  const neighbour = key === 'ArrowUp' ? item.prev('li') : item.next('li')
  if (neighbour.length === 0) return
  const focused = document.activeElement
  if (key === 'ArrowUp') neighbour.before(item)
  else neighbour.after(item)
  if (focused instanceof HTMLElement) focused.focus()
}
