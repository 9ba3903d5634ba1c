import { SmsError } from './errors.ts'

/** How a sensor's two states are called, e.g. `{ on: 'open', off: 'closed' }`. */
export interface Labels {
  readonly on: string
  readonly off: string
}

/** A sensor as set up; what is empty is filled in: the name from the topic's last part, the labels from defaults. */
export interface SensorConfig {
  readonly topic: string
  readonly name?: string | undefined
  readonly on?: string | undefined
  readonly off?: string | undefined
}

/** A sensor at work: `raw` is its last reading, `reported` what was last told about it. */
export interface Sensor {
  readonly index: number
  readonly topic: string
  readonly name: string
  readonly labels: Labels
  raw: boolean | undefined
  reported: boolean | undefined
}

/** What becomes of topics that were not set up, and of missing labels. */
export interface SensorsOptions {
  readonly unknown: 'ignore' | 'add'
  /** Labels of a sensor that has none of its own; `on` and `off` unless given. */
  readonly defaultOn?: string | undefined
  readonly defaultOff?: string | undefined
}

/** The sensors, to be found by topic in one step. */
export interface Sensors {
  /** In the configured order, then those added, in the order of their first message. */
  readonly all: readonly Sensor[]
  /** The sensor of a topic; with unknown `add` it is made on first sight. */
  find(topic: string): Sensor | undefined
  /** The labels a topic has or would get, without adding it; `undefined` for one that is not listened to. */
  labels(topic: string): Labels | undefined
}

/** Whoever can publish could otherwise fill the memory with made-up topics. */
export const MAX_ADDED_SENSORS = 100_000

/** The sensors by topic; SMS_CONFIG for an empty or repeated topic, a repeated name, or labels that read the same. */
export function createSensors(configs: readonly SensorConfig[], options: SensorsOptions): Sensors {
  const defaults: Labels = { on: options.defaultOn || 'on', off: options.defaultOff || 'off' }
  const all: Sensor[] = []
  const byTopic = new Map<string, Sensor>()
  const names = givenNames(configs)

  for (const config of configs) {
    if (byTopic.has(config.topic)) throw invalid(`two sensors have the topic "${config.topic}"`)
    const sensor = add(config)
    if (sensor.labels.on.trim().toLowerCase() === sensor.labels.off.trim().toLowerCase())
      throw invalid(`the sensor "${sensor.name}" has one text for on and off, "${sensor.labels.on}"`)
  }
  const limit = options.unknown === 'add' ? all.length + MAX_ADDED_SENSORS : 0

  return {
    all,
    find: topic => byTopic.get(topic) ?? (mayAdd(topic) ? add({ topic }) : undefined),
    labels: topic => byTopic.get(topic)?.labels ?? (mayAdd(topic) ? defaults : undefined),
  }

  function mayAdd(topic: string): boolean {
    return all.length < limit && topic.trim() !== ''
  }

  function add({ topic, name, on, off }: SensorConfig): Sensor {
    const labels = on || off ? { on: on || defaults.on, off: off || defaults.off } : defaults
    const sensor = {
      index: all.length,
      topic,
      name: name || freeName(topic, names),
      labels,
      raw: undefined,
      reported: undefined,
    }
    names.add(sensor.name)
    byTopic.set(topic, sensor)
    all.push(sensor)
    return sensor
  }
}

/** The names that were given, known before any is made from a topic, so that a made one never takes a given one. */
function givenNames(configs: readonly SensorConfig[]): Set<string> {
  // As a key of an object this one would set its prototype.
  const names = new Set(['__proto__'])
  for (const [index, { topic, name }] of configs.entries()) {
    if (topic.trim() === '') throw invalid(`sensor ${index + 1}${name ? ` ("${name}")` : ''} has no topic`)
    if (!name) continue
    if (name === '__proto__') throw invalid('a sensor cannot be named "__proto__"')
    if (names.has(name)) throw invalid(`two sensors are named "${name}"`)
    names.add(name)
  }
  return names
}

/** The topic's last part, or the whole topic where that is taken, or the topic with a number. */
function freeName(topic: string, taken: ReadonlySet<string>): string {
  const lastPart = topic.slice(topic.lastIndexOf('/') + 1).trim()
  if (lastPart !== '' && !taken.has(lastPart)) return lastPart
  let name = topic
  for (let number = 2; taken.has(name); number += 1) name = `${topic} (${number})`
  return name
}

function invalid(message: string): SmsError {
  return new SmsError('SMS_CONFIG', message)
}
