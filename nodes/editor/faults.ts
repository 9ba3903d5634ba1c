import { reason } from './texts.ts'
import { asText } from './values.ts'
import type { Validator } from './validators.ts'

/** What can go wrong on a simulated carrier: the fields of `faults`, with the most each can be. */
const FAULTS = { refusals: 100, lostAnswers: 100, lostReports: 100, delayMs: 600_000 } as const

type Faults = Readonly<Record<string, unknown>>

/** Fills the dialog's fields from the one property they make up. For `oneditprepare`. */
export function faultFields(faults: unknown): void {
  const kept = asFaults(faults)
  for (const [fault, most] of entries()) {
    const field = $(`#sms-fault-${fault}`).val(asText(kept[fault]))
    // The editor checks fields of properties only, and these are parts of one.
    const check = () => field.toggleClass('input-error', !isValid(asText(field.val()), most))
    field.on('input change', check)
    check()
  }
}

/** The property from the fields; the very object there was, where they say the same. For `oneditsave`. */
export function savedFaults(faults: unknown): Faults {
  const kept = asFaults(faults)
  const shown = entries().map(([fault]) => [fault, asText($(`#sms-fault-${fault}`).val())] as const)
  if (shown.every(([fault, value]) => asText(kept[fault]) === value)) return kept
  return Object.fromEntries(
    shown
      .filter(([, value]) => value !== '')
      .map(([fault, value]) => [fault, isValid(value, Infinity) ? Number(value) : value]),
  )
}

/** The validator of `faults`. */
export const faultsValidator: Validator = (value, options) => {
  const wrong = entries().find(([fault, most]) => !isValid(asText(asFaults(value)[fault]), most))
  return wrong === undefined || reason('fault', options)
}

const entries = () => Object.entries(FAULTS)

const asFaults = (value: unknown): Faults => (typeof value === 'object' && value !== null ? (value as Faults) : {})

const isValid = (value: string, most: number): boolean =>
  value === '' || (/^\d+(\.\d+)?$/.test(value) && Number(value) <= most)
