import { readCaller } from '../../at/answers.ts'
import type { Unsolicited } from '../../at/contract.ts'
import { toSmsError } from '../../errors.ts'
import type { ProviderHost } from '../../provider.ts'
import { uuidv7 } from '../../uuid.ts'
import { firstOk } from './connection.ts'
import type { Connection } from './connection.ts'

/** Tells of calls, once each, and ends them where that is wanted. */
export interface Calls {
  /** `RING`, `+CRING`: every few seconds while it rings. */
  rang(): void
  /** `+CLIP`: who it is. */
  named(code: Unsolicited): void
  /** `NO CARRIER` and the like. */
  over(): void
  /** Ends every wait. */
  end(): void
}

export interface CallsOptions {
  readonly connection: Connection
  readonly host: Pick<ProviderHost, 'clock' | 'received' | 'log'>
  readonly mode: 'report' | 'hangup' | 'ignore'
  readonly number: () => string | undefined
}

/** The caller's number follows the first ring, if it comes at all. */
const NUMBER_MS = 2_500
/** Rings come every three to six seconds. */
const SILENCE_MS = 10_000

type State = { readonly is: 'quiet' } | { readonly is: 'ringing' } | { readonly is: 'told' }

export function createCalls({ connection, host, mode, number }: CallsOptions): Calls {
  let state: State = { is: 'quiet' }
  let cancelNumber = () => {}
  let cancelSilence = () => {}
  let isHangingUp = false

  function tell(from: string): void {
    cancelNumber()
    state = { is: 'told' }
    const to = number()
    host
      .received({
        type: 'call',
        providerMessageId: uuidv7(host.clock.now()),
        from: from === '' ? ANONYMOUS : from,
        ...(to !== undefined && { to }),
        text: '',
        ...(mode === 'hangup' && { state: 'missed' }),
      })
      .catch((thrown: unknown) => host.log('warn', `a call could not be stored: ${toSmsError(thrown).message}`))
    void hangUp()
  }

  async function hangUp(): Promise<void> {
    if (mode !== 'hangup' || isHangingUp) return
    isHangingUp = true
    try {
      if (!(await firstOk(connection, ['+CHUP', 'H']))) host.log('warn', 'the modem did not end a call')
    } catch (thrown) {
      host.log('debug', `a call was not ended: ${toSmsError(thrown).message}`)
    } finally {
      isHangingUp = false
    }
  }

  function rings(): void {
    if (state.is === 'quiet') {
      state = { is: 'ringing' }
      cancelNumber = host.clock.after(NUMBER_MS, () => tell(''))
    }
    cancelSilence()
    cancelSilence = host.clock.after(SILENCE_MS, over)
  }

  function over(): void {
    cancelSilence()
    if (state.is === 'ringing') tell('')
    state = { is: 'quiet' }
  }

  if (mode === 'ignore') return { rang() {}, named() {}, over() {}, end() {} }
  return {
    rang() {
      rings()
      // It goes on although it was ended.
      if (state.is === 'told') void hangUp()
    },
    named({ text }) {
      rings()
      if (state.is === 'ringing') tell(readCaller(text)?.number ?? '')
    },
    over,
    end() {
      cancelNumber()
      cancelSilence()
    },
  }
}

/** Who withheld the number. */
const ANONYMOUS = 'anonymous'
