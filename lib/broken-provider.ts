import { toText } from './data.ts'
import { SmsError } from './errors.ts'
import type { Provider } from './provider.ts'

/**
 * Stands in for a provider whose settings are not usable: it says why, to whoever wants to use it. What was queued for
 * the right settings waits until they are back.
 */
export function brokenProvider(type: string, name: string, error: SmsError): Provider {
  return {
    type,
    name,
    pace: { concurrency: 0 },
    numbers: { shortCodes: true },
    maxCharacters: Infinity,
    check() {
      throw error
    },
    send: () => Promise.reject(error),
    balance: () => Promise.reject(error),
    start: host => host.health({ health: 'failed', error: error.toJSON() }),
  }
}

/** The given provider, or where it lacks what every provider has, as one of another package may, one that says so. */
export function soundProvider(given: Provider): Provider {
  const { type, name, pace, numbers, send, maxCharacters }: Partial<Record<keyof Provider, unknown>> = given
  const lacks = Object.entries({
    type: typeof type === 'string',
    name: typeof name === 'string',
    pace: typeof pace === 'object' && pace !== null,
    numbers: typeof numbers === 'object' && numbers !== null,
    maxCharacters: typeof maxCharacters === 'number',
    send: typeof send === 'function',
  }).filter(([, isThere]) => !isThere)
  if (lacks.length === 0) return given
  const fields = lacks.map(([field]) => field).join(', ')
  const error = new SmsError('SMS_CONFIG', `this is no SMS provider: ${fields} missing or of another type`)
  return brokenProvider(toText(type) ?? 'unknown', toText(name) ?? 'unknown', error)
}
