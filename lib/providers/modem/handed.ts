import type { Unsolicited } from '../../at/contract.ts'
import { errorNumberOf } from '../../at/errors.ts'
import { splitFields, toNumber } from '../../at/fields.ts'
import { toSmsError } from '../../errors.ts'
import type { ProviderHost } from '../../provider.ts'
import { isOk } from './connection.ts'
import type { Connection } from './connection.ts'
import type { Delivery } from './delivery.ts'

/** Takes what a modem does not store but hands over at once (`+CMT`, `+CDS`), and acknowledges it where that is awaited. */
export interface Handed {
  took(code: Unsolicited): void
  /** The modem was set up; `acknowledges`: it awaits `+CNMA`. */
  begin(acknowledges: boolean): void
  /** The modem is not ready any more. */
  pause(): void
  /** Resolves when nothing waits to be acknowledged, after `limitMs` at the latest. */
  settled(limitMs: number): Promise<void>
  /** Ends every wait. */
  end(): void
}

export interface HandedOptions {
  readonly connection: Connection
  readonly host: Pick<ProviderHost, 'clock' | 'log'>
  readonly delivery: Delivery
  /** The modem is in text mode, and so does not read as it was set to. */
  readonly onUnset: () => void
  /** A modem that was not acknowledged hands nothing over any more. */
  readonly onUnacknowledged: () => void
}

interface Item {
  readonly code: Unsolicited
  readonly atMs: number
  readonly steadyMs: number
}

/** Not all modems take each form (3GPP TS 27.005 §3.4.4); in PDU mode, n = 0 is as without. */
const FORMS = ['+CNMA', '+CNMA=0', '+CNMA=1'] as const
/** Modems wait for it for fifteen seconds or more, then for nothing any more. */
const ACKNOWLEDGE_MS = 12_000
/** +CMS ERROR 340, no +CNMA acknowledgement expected. */
const NOT_AWAITED = 340
/** After the store failed. */
const AGAIN_MS = 5_000
/** The network hands over the next one only when the last was acknowledged; not so all modems. */
const MOST = 200

export function createHanded(options: HandedOptions): Handed {
  const { connection, host, delivery } = options
  const { clock } = host
  const items: Item[] = []
  const waiting = new Set<() => void>()
  let mode: 'paused' | 'plain' | 'acknowledging' | 'ended' = 'paused'
  let form: string | undefined
  let isWorking = false
  let cancelAgain = () => {}

  async function work(): Promise<void> {
    if (isWorking) return
    isWorking = true
    try {
      for (let item = items[0]; item && mode !== 'paused' && mode !== 'ended'; item = items[0]) {
        await take(item)
        items.shift()
      }
    } catch (thrown) {
      host.log('debug', `what was handed over waits: ${toSmsError(thrown).message}`)
      cancelAgain()
      if (mode !== 'ended') cancelAgain = clock.after(AGAIN_MS, () => void work())
    } finally {
      isWorking = false
      if (items.length === 0) for (const tell of waiting) tell()
    }
  }

  async function take({ code, atMs, steadyMs }: Item): Promise<void> {
    const { text, pdu = '' } = code
    const fields = splitFields(text)
    const tpduLength = toNumber(fields.at(-1))
    // In text mode there are more of them: it is told as it is.
    if (fields.length > 2) options.onUnset()
    const delivered = await delivery.deliver({ pdu: pdu.toUpperCase(), tpduLength }, atMs)
    if (mode !== 'acknowledging') return delivered.freed()
    // One that comes too late might acknowledge what has come since, before that is stored.
    if (clock.steadyMs() - steadyMs < ACKNOWLEDGE_MS && (await acknowledge())) return delivered.freed()
    options.onUnacknowledged()
  }

  async function acknowledge(): Promise<boolean> {
    for (const tried of form === undefined ? FORMS : [form]) {
      const answer = await connection.run(tried, { urgent: true })
      if (isOk(answer)) {
        form = tried
        return true
      }
      if (errorNumberOf(answer.result) === NOT_AWAITED) return false
    }
    return false
  }

  return {
    took(code) {
      if (items.length < MOST) items.push({ code, atMs: clock.now(), steadyMs: clock.steadyMs() })
      void work()
    },
    begin(acknowledges) {
      mode = acknowledges ? 'acknowledging' : 'plain'
      void work()
    },
    pause() {
      if (mode !== 'ended') mode = 'paused'
    },
    settled: limitMs =>
      new Promise(resolve => {
        const end = () => {
          cancel()
          waiting.delete(end)
          resolve()
        }
        const cancel = clock.after(limitMs, end)
        waiting.add(end)
        if (items.length === 0) end()
      }),
    end() {
      mode = 'ended'
      cancelAgain()
      for (const tell of waiting) tell()
    },
  }
}
