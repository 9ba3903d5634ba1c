import { isoTime } from '../clock.ts'
import type { SmsRecord } from '../message.ts'

/** A call that rang, once it is over. */
export const endedCall = (record: SmsRecord, nowMs: number): SmsRecord => ({
  ...record,
  state: 'missed',
  updatedAt: isoTime(nowMs),
})
