import { errorKey } from '../../lib/error-key.ts'
import type { SmsErrorCode } from '../../lib/errors.ts'
import type { ProviderReport } from '../../lib/gateway.ts'
import type { NodeStatus } from './red.ts'

/** Texts are catalogue keys of the set `sms-out`, named in full so that every node of the package can use them. */
const CATALOGUE = '@sms-flows/node-red-sms/sms-out:'

const STATUS = {
  ready: ['green', 'dot'],
  connecting: ['yellow', 'ring'],
  degraded: ['yellow', 'dot'],
  failed: ['red', 'ring'],
  paused: ['yellow', 'ring'],
  sending: ['blue', 'dot'],
  queued: ['blue', 'ring'],
  accepted: ['green', 'ring'],
  delivered: ['green', 'dot'],
  partial: ['yellow', 'dot'],
  resting: ['yellow', 'ring'],
  listening: ['grey', 'ring'],
  received: ['green', 'dot'],
  filtered: ['grey', 'dot'],
  waiting: ['blue', 'ring'],
  unknownTopic: ['grey', 'dot'],
  noReading: ['grey', 'dot'],
  asking: ['blue', 'dot'],
  answered: ['green', 'dot'],
  refused: ['yellow', 'dot'],
  timedOut: ['grey', 'dot'],
} as const satisfies Record<string, readonly [NodeStatus['fill'], NodeStatus['shape']]>

export type StatusKey = keyof typeof STATUS

/** A status of ours, to be translated by the editor. */
export function statusOf(key: StatusKey): NodeStatus {
  const [fill, shape] = STATUS[key]
  return { fill, shape, text: `${CATALOGUE}status.${key}` }
}

/** What went wrong, as a red status that says so in a few words. */
export function errorStatus(code: SmsErrorCode): NodeStatus {
  return { fill: 'red', shape: 'ring', text: `${CATALOGUE}errors.${code}` }
}

/** How a provider fares as a status: the reason where there is one, `idle` where it is well. */
export function healthStatus({ type, health, error, paused }: ProviderReport, idle: StatusKey): NodeStatus {
  if (health === 'ready') return statusOf(idle)
  // What is wrong besides does not go away when it is resumed.
  if (paused && !error) return statusOf('paused')
  const status = statusOf(health)
  return error ? { ...status, text: `${CATALOGUE}${errorKey(error.code, type)}` } : status
}
