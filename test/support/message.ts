import { isoTime } from '../../lib/clock.ts'
import type { SmsRecord } from '../../lib/message.ts'
import { draftMessage } from '../../lib/outbox/draft.ts'
import type { Sending } from '../../lib/outbox/draft.ts'
import type { StoredMessage } from '../../lib/store/store.ts'
import { uuidv7 } from '../../lib/uuid.ts'

/** When tests begin, as `createManualClock` has it: 2026-11-21T10:00:00Z. */
export const NOW_MS = Date.UTC(2026, 10, 21, 10)

type SendingFields = Partial<Omit<Sending, 'draft'>> & Partial<Pick<Sending['draft'], 'to' | 'text' | 'deliveryReport'>>

/** One message to one recipient, on its way through lane `p`. */
export function sending(fields: SendingFields = {}): Sending {
  const { to = '+380501112233', text = 'Hello', deliveryReport = true, ...rest } = fields
  return {
    lane: 'p',
    providerName: 'Carrier',
    parts: 1,
    encoding: 'gsm7',
    onDoubt: 'fail',
    ...rest,
    draft: {
      to,
      text,
      encoding: 'auto',
      transliterate: false,
      flash: false,
      deliveryReport,
      allowReply: true,
    },
  }
}

type StoredFields = Partial<Omit<StoredMessage, 'record'>> & { readonly record?: Partial<StoredMessage['record']> }

/** A message as it is kept: new, or as the fields have it. */
export function stored({ record, ...fields }: StoredFields = {}, nowMs = NOW_MS): StoredMessage {
  const { lane = 'p' } = fields
  const message = draftMessage(sending({ lane }), nowMs)
  return { ...message, ...fields, record: { ...message.record, ...record } }
}

/** A record that came in. */
export function incoming(fields: Partial<SmsRecord> = {}, nowMs = NOW_MS): SmsRecord {
  const at = isoTime(nowMs)
  return {
    id: uuidv7(nowMs),
    type: 'message',
    direction: 'in',
    provider: 'Carrier',
    providerNode: 'p',
    from: '+380671112233',
    text: 'Hi',
    state: 'received',
    receivedAt: at,
    createdAt: at,
    updatedAt: at,
    ...fields,
  }
}
