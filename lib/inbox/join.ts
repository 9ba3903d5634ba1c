import { isoTime } from '../clock.ts'
import { toText } from '../data.ts'
import type { SmsRecord } from '../message.ts'
import type { IncomingMessage } from '../provider.ts'
import type { Fragment } from '../store/store.ts'
import { uuidv7 } from '../uuid.ts'

/** What came in as a part of a longer message; undefined where it is whole, or says nothing of a message that can be. */
export function fragmentOf(record: SmsRecord, { part }: IncomingMessage): Fragment | undefined {
  const { reference, index = 0, total = 0, pdu } = (part ?? {}) as Partial<NonNullable<IncomingMessage['part']>>
  const known = toText(reference)
  if (known === undefined || !Number.isInteger(index) || !Number.isInteger(total)) return undefined
  if (index < 1 || index > total || total < 2 || total > 255) return undefined
  const group = [record.from, record.to, known, total].join('\n')
  return { group, index, total, record, ...(typeof pdu === 'string' && { pdu }) }
}

export const isWhole = (group: readonly Fragment[]): boolean => group.length === group[0]?.total

/** Whether a part that came is the stored one again, and not one of a later message under the same reference. */
export function isSamePart(a: SmsRecord, b: SmsRecord): boolean {
  const isSameId = a.providerMessageId !== undefined && a.providerMessageId === b.providerMessageId
  return isSameId || (a.text === b.text && a.sentAt === b.sentAt)
}

/**
 * The message that parts make, in order of index: `incomplete` where some are missing. The same parts always get the
 * same `providerMessageId`, which no others get, so that the inbox knows what it has joined before.
 */
export async function joined(group: readonly Fragment[], nowMs: number): Promise<SmsRecord> {
  const first = group[0]!
  const records = group.map(({ record }) => record)
  const raw = records.flatMap(record => (record.raw === undefined ? [] : [record.raw]))
  const mediaUrls = records.flatMap(record => record.mediaUrls ?? [])
  const sentAt = records.flatMap(record => record.sentAt ?? []).toSorted()[0]
  const carrierId = first.record.providerMessageId ?? first.record.id
  const at = isoTime(nowMs)
  return {
    ...first.record,
    id: uuidv7(nowMs),
    providerMessageId: isWhole(group) ? carrierId : `${carrierId}/${group.map(({ index }) => index).join('+')}`,
    text: await textOf(group),
    parts: first.total,
    ...(records.some(({ encoding }) => encoding === 'ucs2') && { encoding: 'ucs2' }),
    ...(mediaUrls.length > 0 && { mediaUrls }),
    ...(sentAt !== undefined && { sentAt }),
    receivedAt: records
      .map(({ receivedAt = at }) => receivedAt)
      .toSorted()
      .at(-1)!,
    createdAt: at,
    updatedAt: at,
    ...(!isWhole(group) && { incomplete: true }),
    ...(raw.length > 0 && { raw }),
  }
}

/** The texts of the parts, in order of index, put together; what was cut in two there is one character again. */
async function textOf(group: readonly Fragment[]): Promise<string> {
  const pdus = group.flatMap(({ pdu }) => pdu ?? [])
  if (pdus.length === group.length) {
    // Only modems have such, and a flow without one should not load their codec.
    const [{ joinParts }, { decodeIncoming }] = await Promise.all([
      import('../gsm/concat.ts'),
      import('../gsm/decode.ts'),
    ])
    const parts = pdus.flatMap(pdu => {
      const decoded = decodeIncoming(pdu)
      return decoded.ok && decoded.value.kind === 'deliver' ? decoded.value : []
    })
    if (parts.length === group.length) return joinParts(parts).text
  }
  return group
    .map(({ record }) => record.text)
    .join('')
    .toWellFormed()
}
