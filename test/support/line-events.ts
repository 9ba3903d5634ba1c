import type { SmsError } from '../../lib/errors.ts'
import type { TransportEvents } from '../../lib/transport/contract.ts'

export interface LineEvents {
  /** To open a transport with. */
  readonly events: TransportEvents
  /** Resolves once all that came, as text, is or has been this. */
  came(text: string): Promise<void>
  /** Resolves to the reason the line ended with. */
  readonly ended: Promise<SmsError | undefined>
  /** Every end that was told. */
  readonly ends: readonly (SmsError | undefined)[]
}

/** Notes what a transport tells. */
export function recordLine(): LineEvents {
  let text = ''
  const waiting = new Map<string, () => void>()
  const ends: (SmsError | undefined)[] = []
  let end: (error: SmsError | undefined) => void
  const ended = new Promise<SmsError | undefined>(resolve => (end = resolve))
  return {
    events: {
      data(bytes) {
        text += Buffer.from(bytes).toString('latin1')
        waiting.get(text)?.()
      },
      closed(error) {
        ends.push(error)
        end(error)
      },
    },
    came: wanted =>
      new Promise(resolve => {
        waiting.set(wanted, resolve)
        if (text === wanted) resolve()
      }),
    ended,
    ends,
  }
}
