/** A sensor of `sensor debounce` as the flow file has it. */
export interface SensorRow {
  readonly topic: string
  readonly name: string
  readonly on: string
  readonly off: string
}

export const SENSOR_FIELDS = ['topic', 'name', 'on', 'off'] as const satisfies readonly (keyof SensorRow)[]

/** What is wrong with a list of sensors, as the runtime would refuse it: a key of the catalogue, and which sensor. */
export function sensorsProblem(
  sensors: readonly Partial<SensorRow>[],
):
  | { readonly key: 'sensorTopic' | 'sensorTopicTwice' | 'sensorNameTwice' | 'sensorLabels'; readonly sensor: string }
  | undefined {
  const topics = new Set<string>()
  const names = new Set<string>()
  for (const [index, { topic = '', name = '', on = '', off = '' }] of sensors.entries()) {
    const label = name || topic || String(index + 1)
    if (topic.trim() === '') return { key: 'sensorTopic', sensor: label }
    if (topics.has(topic.trim())) return { key: 'sensorTopicTwice', sensor: topic }
    if (name !== '' && names.has(name)) return { key: 'sensorNameTwice', sensor: name }
    // What the runtime takes where a label is left out.
    if ((on || 'on').toLowerCase() === (off || 'off').toLowerCase()) return { key: 'sensorLabels', sensor: label }
    topics.add(topic.trim())
    if (name !== '') names.add(name)
  }
  return undefined
}

/** Sensors from lines as a spreadsheet or a list has them: topic, name, on, off, between tabs or semicolons. */
export function parseSensors(lines: string): SensorRow[] {
  return lines
    .split(/\r?\n/)
    .filter(line => line.trim() !== '')
    .map(line => {
      const [topic = '', name = '', on = '', off = ''] = line.split(/[\t;]/).map(part => part.trim())
      return { topic, name, on, off }
    })
}

/** The row as it is kept: where the form changed nothing, the very object there was, so that nothing has changed. */
export function keptSensor(original: Partial<SensorRow> | undefined, shown: SensorRow): Partial<SensorRow> {
  const isSame = original !== undefined && SENSOR_FIELDS.every(field => (original[field] ?? '') === shown[field])
  return isSame ? original : shown
}
