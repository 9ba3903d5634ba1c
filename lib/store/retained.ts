import { isFinal, OUTGOING_STATES } from '../message.ts'
import type { OutgoingState } from '../message.ts'

/**
 * How long `accepted` and `unknown` messages are kept beyond the others: nothing is left to do for them, yet a report
 * may come. Carriers keep trying a phone that is off for about a week.
 */
const LATE_REPORT_MS = 14 * 24 * 3_600_000

/** How much longer than others messages are kept that ended in a state; one that is not named is never deleted. */
export const KEPT_LONGER_MS: ReadonlyMap<OutgoingState, number> = new Map([
  ...OUTGOING_STATES.filter(isFinal).map(state => [state, 0] as const),
  ['accepted', LATE_REPORT_MS],
  ['unknown', LATE_REPORT_MS],
])
