import { SmsError } from '../../errors.ts'
import type { Call, OutgoingMessage, Provider, Receipt } from '../../provider.ts'
import type { Sender } from './send.ts'

interface Waiting {
  readonly message: OutgoingMessage
  readonly call: Call
  readonly resolve: (receipt: Receipt) => void
  readonly reject: (error: SmsError) => void
}

/**
 * A `send` whose calls of one turn of the event loop are handed over together, so that a text to many recipients is one
 * request to SMSC; what comes of each is still its own.
 */
export function gather(sendMany: Sender['sendMany']): Provider['send'] {
  let waiting: Waiting[] = []

  async function handOver(): Promise<void> {
    const gathered = waiting
    waiting = []
    // They began together, so that their time ends together, as their lane does.
    const signal = AbortSignal.any(gathered.map(({ call }) => call.signal))
    const results = await sendMany(
      gathered.map(({ message }) => message),
      { signal },
    )
    for (const [at, { resolve, reject }] of gathered.entries()) {
      const result = results[at]!
      if (result instanceof SmsError) reject(result)
      else resolve(result)
    }
  }

  return (message, call) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(() => void handOver())
      waiting.push({ message, call, resolve, reject })
    })
}
