import { isoTime } from '../clock.ts'
import { toData, toText } from '../data.ts'
import { isErrorInfo } from '../errors.ts'
import type { SmsRecord } from '../message.ts'
import type { IncomingMessage } from '../provider.ts'
import { uuidv7 } from '../uuid.ts'

/** Who received a message: the id of a provider's config node, and its name. */
export interface Source {
  readonly id: string
  readonly name: string
}

/** What came in as the record that flows see. A provider may be anybody's code: only what the contract names is kept. */
export function recordOf(source: Source, message: IncomingMessage, nowMs: number): SmsRecord {
  const { type = 'message', parts, encoding, mediaUrls } = message
  const to = toText(message.to)
  const providerMessageId = toText(message.providerMessageId)
  const at = isoTime(nowMs)
  const sentAt = message.sentAtMs === undefined ? undefined : timeOf(message.sentAtMs)
  const raw = message.raw === undefined ? undefined : toData(message.raw)
  const error = toData(message.error)
  return {
    id: uuidv7(nowMs),
    type,
    direction: 'in',
    provider: source.name,
    providerNode: source.id,
    ...(providerMessageId !== undefined && { providerMessageId }),
    from: toText(message.from) ?? '',
    ...(to !== undefined && { to }),
    text: toText(message.text) ?? '',
    state: type !== 'call' ? 'received' : message.state === 'missed' ? 'missed' : 'ringing',
    ...(parts !== undefined && { parts }),
    ...(encoding !== undefined && { encoding }),
    ...(mediaUrls !== undefined && { mediaUrls: [...mediaUrls] }),
    ...(sentAt !== undefined && { sentAt }),
    receivedAt: at,
    createdAt: at,
    updatedAt: at,
    ...(message.incomplete && { incomplete: true }),
    ...(raw !== undefined && { raw }),
    ...(isErrorInfo(error) && { error }),
  }
}

/** A carrier's time, unless it lies where no date does. */
function timeOf(ms: number): string | undefined {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
