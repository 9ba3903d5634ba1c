import { copyData } from './data.ts'
import type { SmsRecord } from './message.ts'

/** A record for a flow to keep: flows write into messages, and must not reach what is stored or what others got. */
export function copyRecord<R extends SmsRecord>(record: R): R {
  const copy = { ...record } as Record<string, unknown>
  for (const [field, value] of Object.entries(copy)) {
    if (typeof value === 'object' && value !== null) copy[field] = copyData(value)
  }
  return copy as R
}
