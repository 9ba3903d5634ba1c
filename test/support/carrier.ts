import type { OutgoingMessage, Provider } from '../../lib/provider.ts'

/** A provider with only what a test gives it; it takes every message and notes which. */
export interface FakeCarrier extends Provider {
  /** The messages that were handed to it, in order, those it did not take too. */
  readonly calls: OutgoingMessage[]
}

export function fakeCarrier(fields: Partial<Provider> = {}): FakeCarrier {
  const calls: OutgoingMessage[] = []
  const { send = async () => ({}), ...rest } = fields
  return {
    type: 'sms-fake',
    name: 'Carrier',
    pace: { concurrency: 1 },
    numbers: {},
    maxCharacters: 1600,
    ...rest,
    calls,
    send(message, call) {
      calls.push(message)
      return send(message, call)
    },
  }
}

/** An answer that never comes. */
export const never = <T>(): Promise<T> => new Promise(() => {})
