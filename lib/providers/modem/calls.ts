import { readCaller } from '../../at/answers.ts'
import type { Unsolicited } from '../../at/contract.ts'
import { toSmsError } from '../../errors.ts'
import type { IncomingMessage, ProviderHost } from '../../provider.ts'
import { uuidv7 } from '../../uuid.ts'
import { firstOk } from './connection.ts'
import type { Connection } from './connection.ts'

/** Tells of calls as they ring, and when they are over; ends them where that is wanted. */
export interface Calls {
  /** `RING`, `+CRING`: every few seconds while it rings. */
  rang(): void
  /** `+CLIP`: who it is. */
  named(code: Unsolicited): void
  /** `NO CARRIER` and the like: nobody took it, or nobody told us who did. */
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
/** Rings come every three to six seconds; some modems say nothing when they end. */
const SILENCE_MS = 10_000

type State =
  | { readonly is: 'quiet' }
  /** Its number is awaited. */
  | { readonly is: 'ringing' }
  | { readonly is: 'told'; readonly call: IncomingMessage }

export function createCalls({ connection, host, mode, number }: CallsOptions): Calls {
  let state: State = { is: 'quiet' }
  let cancelNumber = () => {}
  let cancelSilence = () => {}
  let isHangingUp = false
  let bringing: Promise<unknown> = Promise.resolve()

  function tell(from: string, callState: 'ringing' | 'missed'): void {
    cancelNumber()
    const to = number()
    const call = {
      type: 'call',
      providerMessageId: uuidv7(host.clock.now()),
      from: from === '' ? ANONYMOUS : from,
      ...(to !== undefined && { to }),
      text: '',
      state: callState,
    } as const
    state = { is: 'told', call }
    bring(call)
  }

  function bring(call: IncomingMessage): void {
    bringing = bringing
      .then(() => host.received(call))
      .catch((thrown: unknown) => host.log('warn', `a call could not be stored: ${toSmsError(thrown).message}`))
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

  /** One that is to be hung up has been missed, whatever becomes of it. */
  function ring(from: string): void {
    tell(from, mode === 'hangup' ? 'missed' : 'ringing')
    void hangUp()
  }

  function rings(): void {
    if (state.is === 'quiet') {
      state = { is: 'ringing' }
      cancelNumber = host.clock.after(NUMBER_MS, () => ring(''))
    }
    cancelSilence()
    cancelSilence = host.clock.after(SILENCE_MS, over)
  }

  function over(): void {
    cancelSilence()
    if (state.is === 'ringing') tell('', 'missed')
    else if (state.is === 'told' && state.call.state !== 'missed') bring({ ...state.call, state: 'missed' })
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
      if (state.is === 'ringing') ring(readCaller(text)?.number ?? '')
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
