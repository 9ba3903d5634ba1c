import { SmsError } from './errors.ts'
import type { Labels } from './sensors.ts'

/**
 * What a sensor's message says: `true` on (open, wet, motion…), `false` off, `undefined` no reading (unavailable,
 * empty). Takes booleans, numbers, text, bytes of text, JSON, objects of Home Assistant and zigbee2mqtt; the
 * sensor's own labels win over the table, which also turns a sensor round. Anything else is SMS_REQUEST.
 */
export function readState(payload: unknown, labels: Labels): boolean | undefined {
  return read(payload, { on: folded(labels.on), off: folded(labels.off), words: WORDS, depth: 0 })
}

/**
 * A binary sensor of Home Assistant is on while open, unlocked, wet, moving, at home, connected
 * (https://developers.home-assistant.io/docs/core/entity/binary-sensor), so the words sort as its on and off do; only
 * high and low are those of a pin, not of a battery. A door still closing or locking is not closed yet.
 */
const ON_WORDS = [
  ['on', 'true', 'yes', '1', 'high', 'active', 'enabled', 'running', 'pressed', 'raised', 'alarm', 'triggered'],
  ['open', 'opened', 'opening', 'closing', 'unlock', 'unlocked', 'unlocking', 'locking', 'unlatched'],
  ['detected', 'motion', 'moving', 'occupied', 'home', 'present', 'online', 'connected', 'plugged'],
  ['wet', 'leak', 'leaking', 'flooded', 'smoke', 'gas', 'fire', 'vibration', 'problem', 'unsafe', 'tampered'],
].flat()
const OFF_WORDS = [
  ['off', 'false', 'no', '0', 'low', 'inactive', 'disabled', 'stopped', 'released', 'idle', 'normal', 'ok'],
  ['close', 'closed', 'lock', 'locked', 'latched'],
  ['clear', 'cleared', 'not_detected', 'undetected', 'no_motion', 'still', 'unoccupied', 'vacant'],
  ['not_home', 'away', 'absent', 'offline', 'disconnected', 'unplugged', 'dry', 'no_leak', 'safe'],
].flat()
const NO_READING = ['', 'unavailable', 'unknown', 'none', 'null', 'undefined', 'n/a']

type Words = ReadonlyMap<string, boolean | undefined>

const WORDS: Words = new Map<string, boolean | undefined>([
  ...ON_WORDS.map(word => [word, true] as const),
  ...OFF_WORDS.map(word => [word, false] as const),
  ...NO_READING.map(word => [word, undefined] as const),
])

// zigbee2mqtt's `contact` is true while the contact is closed (any door sensor of https://www.zigbee2mqtt.io/devices/).
const CONTACT_WORDS: Words = new Map([...WORDS, ['true', false], ['1', false], ['false', true], ['0', true]])

/**
 * The fields that hold the state, the first one present decides. What a device measures comes before `state`, which
 * in zigbee2mqtt is its relay; `tamper` is not here, as it only accompanies a measurement.
 */
const FIELDS: readonly { readonly field: string; readonly words?: Words; readonly objectOnly?: true }[] = [
  // Home Assistant's event `state_changed`: wrapped in `event`, `data` or both, where other systems put a mere word.
  { field: 'event', objectOnly: true },
  { field: 'data', objectOnly: true },
  { field: 'new_state' },
  { field: 'contact', words: CONTACT_WORDS },
  { field: 'occupancy' },
  { field: 'presence' },
  { field: 'motion' },
  { field: 'water_leak' },
  { field: 'smoke' },
  { field: 'gas' },
  { field: 'carbon_monoxide' },
  { field: 'vibration' },
  { field: 'state' },
  { field: 'value' },
]

// JSON text of an event in an event is five deep; an object that contains itself ends here too.
const MAX_DEPTH = 6
const QUOTED_CHARACTERS = 40
const utf8 = new TextDecoder()

interface Reader extends Labels {
  readonly words: Words
  readonly depth: number
}

function read(payload: unknown, reader: Reader): boolean | undefined {
  if (payload === null || payload === undefined) return undefined
  if (typeof payload === 'string') return readText(payload, reader)
  if (typeof payload === 'boolean' || typeof payload === 'number') return readText(String(payload), reader)
  if (payload instanceof Uint8Array) return readText(utf8.decode(payload), reader)
  if (typeof payload === 'object') return readObject(payload, reader)
  throw notUnderstood(`a ${typeof payload}`)
}

function readText(text: string, reader: Reader): boolean | undefined {
  const word = folded(text)
  const isOn = word !== '' && word === reader.on
  const isOff = word !== '' && word === reader.off
  if (isOn !== isOff) return isOn
  const key = word.replace(/[\s-]+/g, '_')
  if (reader.words.has(key)) return reader.words.get(key)
  const json = /^[{"]/.test(word) ? parsed(text) : undefined
  if (json === undefined || reader.depth >= MAX_DEPTH) throw notUnderstood(quoted(text.trim()))
  return read(json, { ...reader, depth: reader.depth + 1 })
}

function readObject(payload: object, reader: Reader): boolean | undefined {
  for (const { field, words, objectOnly } of FIELDS) {
    if (!Object.hasOwn(payload, field)) continue
    const value: unknown = (payload as Record<string, unknown>)[field]
    if (value === undefined || (objectOnly && (typeof value !== 'object' || value === null))) continue
    if (reader.depth >= MAX_DEPTH) break
    return read(value, { ...reader, words: words ?? reader.words, depth: reader.depth + 1 })
  }
  throw notUnderstood(
    Array.isArray(payload) ? 'an array' : `an object with the fields ${quoted(Object.keys(payload).join(', '))}`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function folded(text: string): string {
  return text.trim().toLowerCase()
}

function quoted(text: string): string {
  // Cut twice: by code units to be quick on a long text, by characters not to halve one.
  const start = Array.from(text.slice(0, 2 * QUOTED_CHARACTERS + 1)).slice(0, QUOTED_CHARACTERS)
  const shown = start.join('').replace(/\p{Cc}/gu, ' ')
  return `"${shown}"${text.length > shown.length ? '…' : ''}`
}

function notUnderstood(what: string): SmsError {
  return new SmsError(
    'SMS_REQUEST',
    `cannot tell whether ${what} means on or off; if it is one, enter it as that text of the sensor`,
  )
}
