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
  deliver(stored: { readonly pdu: string; readonly tpduLength?: number | undefined }, atMs: number): Promise<Delivered>
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
  return {
    async deliver({ pdu, tpduLength }, atMs) {
      const { value, fault } = opened(decodeIncoming(pdu, { tpduLength }))
      if (value?.kind === 'status-report') {
        await reports.apply(value, atMs)
        return { kind: 'report', async freed() {} }
      }
      const id = await unfreed.idOf(pdu, host.clock.now())
      if (value) await host.received(toIncoming(value, pdu, id, number()))
      else {
        host.log('warn', `a message cannot be read: ${fault.message}`)
        await host.received(toUnreadable(fault, id, number()))
      }
      return { kind: 'message', freed: () => unfreed.freed(pdu) }
    },
  }
}
