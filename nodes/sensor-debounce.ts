import { createChangeText } from '../lib/change-text.ts'
import { createDebounce } from '../lib/debounce.ts'
import type { Change } from '../lib/debounce.ts'
import { SmsError } from '../lib/errors.ts'
import { readState } from '../lib/reading.ts'
import type { SensorConfig } from '../lib/sensors.ts'
import { onInput } from './shared/input.ts'
import { choice, number, text } from './shared/property.ts'
import type { NodeConfig, NodeRedNode, Red } from './shared/red.ts'
import { registerNode } from './shared/register.ts'
import { statusOf } from './shared/status.ts'

/** The node `sensor debounce`: turns bouncing sensors into one message per real change. */
export default function (RED: Red): void {
  registerNode(RED, 'sensor debounce', run)
}

function run(node: NodeRedNode, config: NodeConfig): void {
  const debounce = createDebounce({
    sensors: readSensors(config['sensors']),
    windowMs: number(config['windowMs'], 'the window', { fallback: 1000 }),
    maxWaitMs: number(config['maxWaitMs'], 'the longest wait', { fallback: 10_000 }),
    initial: choice(config['initial'], ['silent', 'report']),
    unknown: choice(config['unknown'], ['ignore', 'add']),
  })
  const changeText = createChangeText({ template: templateOf(config['template']), timeZone: text(config['timeZone']) })
  // One timer for all sensors: the time it is for only moves on while it runs.
  let timer: NodeJS.Timeout | undefined

  function arm(dueMs: number | undefined): void {
    if (timer !== undefined || dueMs === undefined) return
    node.status(statusOf('waiting'))
    timer = setTimeout(settle, Math.max(0, dueMs - performance.now()))
  }

  function settle(): void {
    timer = undefined
    const change = debounce.settle(performance.now())
    const dueMs = debounce.dueMs()
    if (dueMs !== undefined) return arm(dueMs)
    if (change) tell(change)
    else node.status({})
  }

  function tell(change: Change): void {
    const changes = Object.fromEntries(change.changes.map(({ name, state }) => [name, state]))
    const last = change.changes.at(-1)!
    node.status({ fill: last.on ? 'yellow' : 'green', shape: 'dot', text: `${last.name}: ${last.state}` })
    node.send({ payload: changeText(change, Date.now()), changes, states: change.states })
  }

  onInput(node, (msg, { status }) => {
    const topic = text(msg.topic)
    const labels = debounce.labels(topic)
    if (!labels) return status(statusOf('unknownTopic'))
    const on = readState(msg.payload, labels)
    if (on === undefined) return status(statusOf('noReading'))
    arm(debounce.reading(topic, on, performance.now()).dueMs)
  })
  node.on('close', (_removed, done) => {
    clearTimeout(timer)
    done()
  })
}

function readSensors(given: unknown): readonly SensorConfig[] {
  if (given === undefined || given === null || given === '') return []
  if (!Array.isArray(given)) throw new SmsError('SMS_CONFIG', 'the sensors must be a list')
  return given.map((sensor: Record<string, unknown>) => ({
    topic: text(sensor['topic']),
    name: text(sensor['name']),
    on: text(sensor['on']),
    off: text(sensor['off']),
  }))
}

/** A one-line field cannot hold a line break, so `\n` stands for one. */
const templateOf = (given: unknown): string => (typeof given === 'string' ? given.replaceAll('\\n', '\n') : '')
