import { decodeIncoming } from '../../gsm/decode.ts'
import type { Decoded, PduFault } from '../../gsm/pdu.ts'
import type { ProviderHost } from '../../provider.ts'
import { toIncoming, toUnreadable } from './incoming.ts'
import type { Reports } from './reports.ts'
import type { Unfreed } from './unfreed.ts'

/** Hands what came in to who it is for. */
export interface Delivery {
  /**
   * Resolves once it is committed; only then may the modem's copy be acknowledged or deleted, and `freed` be called.
   * `atMs` is when it came. Rejects when the store fails.
   */
  deliver(stored: Stored, atMs: number): Promise<Delivered>
}

export interface Stored {
  readonly pdu: string
  readonly tpduLength?: number | undefined
  /** 1 of what was read before (3GPP TS 27.005 §3.1). */
  readonly status?: number | undefined
}

export interface Delivered {
  readonly kind: 'message' | 'report'
  /** The modem has it no more: should the same come again, it is another one. */
  freed(): Promise<void>
}

export interface DeliveryOptions {
  readonly host: Pick<ProviderHost, 'clock' | 'received' | 'log'>
  readonly unfreed: Unfreed
  readonly reports: Reports
  /** Our own number, as far as it is known. */
  readonly number: () => string | undefined
}

function opened<T>(decoded: Decoded<T>): { value: T; fault?: never } | { value?: never; fault: PduFault } {
  return decoded.ok ? { value: decoded.value } : { fault: decoded.fault }
}

export function createDelivery({ host, unfreed, reports, number }: DeliveryOptions): Delivery {
  /** Our own number as the parts of a message have it, which would not be joined should it become known amid them. */
  let joining: { readonly to: string | undefined } | undefined

  return {
    async deliver({ pdu, tpduLength, status }, atMs) {
      const { value, fault } = opened(decodeIncoming(pdu, { tpduLength }))
      if (value?.kind === 'status-report') {
        await reports.apply(value, atMs)
        return { kind: 'report', async freed() {} }
      }
      const isPart = value?.header?.concat !== undefined
      // What is a part, or was read before, is never sent a second time to the last octet.
      const id = await unfreed.idOf(pdu, host.clock.now(), isPart || status === 1)
      if (isPart) joining ??= { to: number() }
      if (value) await host.received(toIncoming(value, pdu, id, isPart ? joining?.to : number()))
      else {
        host.log('warn', `a message cannot be read: ${fault.message}`)
        await host.received(toUnreadable(fault, id, number()))
      }
      return { kind: 'message', freed: () => unfreed.freed(pdu) }
    },
  }
}
