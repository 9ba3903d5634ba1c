import { fromUcs2Hex, splitFields, toNumber } from './fields.ts'

/** `+CREG`, `+CGREG`, `+CEREG` and `+C5GREG` (3GPP TS 27.007 §7.2, §10.1.20, §10.1.22). */
export interface Registration {
  readonly state: RegistrationState
  readonly roaming: boolean
  /** Location or tracking area code and cell, in hexadecimal as the modem has them. */
  readonly lac?: string
  readonly cell?: string
  readonly technology?: Technology
}

export type RegistrationState = 'idle' | 'registered' | 'searching' | 'denied' | 'unknown' | 'emergency'
export type Technology = 'GSM' | 'UMTS' | 'LTE' | 'NB-IoT' | '5G'

/** Either form: `<n>,<stat>[,<lac>,<ci>[,<AcT>]]` as `AT+CREG?` is answered, or unsolicited, without `<n>`. */
export function readRegistration(text: string | undefined): Registration | undefined {
  const fields = splitFields(text ?? '')
  const [state, lac, cell, technology] = hasMode(text ?? '') ? fields.slice(1) : fields
  // +CGREG has a routing area between them in some versions, +CEREG none: the fourth is the technology either way.
  const known = STATES[toNumber(state) ?? -1]
  if (!known) return undefined
  const tech = TECHNOLOGIES[toNumber(technology) ?? -1]
  return {
    ...known,
    ...(lac ? { lac } : {}),
    ...(cell ? { cell } : {}),
    ...(tech ? { technology: tech } : {}),
  }
}

/** Whether a text of `+CREG` and its kin begins with `<n>`, and so answers a question. */
export function hasMode(text: string): boolean {
  // An area code is in quotes; some leave these away, and none has a code of one digit.
  return /^\s*[0-5]\s*,\s*\d{1,2}\s*(,|$)/.test(text)
}

/** `+COPS?` (§7.3). */
export interface Operator {
  /** 0 automatic, 1 manual, 2 deregistered, 3 sets the format only, 4 manual, then automatic. */
  readonly mode: number
  /** A name, or digits of country and network such as `25503`; absent while there is none. */
  readonly name?: string
  readonly technology?: Technology
}

export function readOperator(text: string | undefined): Operator | undefined {
  const [mode, , name = '', technology] = splitFields(text ?? '')
  const known = toNumber(mode)
  if (known === undefined) return undefined
  const tech = TECHNOLOGIES[toNumber(technology) ?? -1]
  return {
    mode: known,
    ...(name === '' ? {} : { name: fromUcs2Hex(name) }),
    ...(tech ? { technology: tech } : {}),
  }
}

// 6 and 7 are registered for SMS alone, 9 and 10 for calls placed otherwise (CSFB not preferred): all of use to us.
const STATES: Readonly<Record<number, { state: RegistrationState; roaming: boolean }>> = {
  0: { state: 'idle', roaming: false },
  1: { state: 'registered', roaming: false },
  2: { state: 'searching', roaming: false },
  3: { state: 'denied', roaming: false },
  4: { state: 'unknown', roaming: false },
  5: { state: 'registered', roaming: true },
  6: { state: 'registered', roaming: false },
  7: { state: 'registered', roaming: true },
  8: { state: 'emergency', roaming: false },
  9: { state: 'registered', roaming: false },
  10: { state: 'registered', roaming: true },
}

const TECHNOLOGIES: Readonly<Record<number, Technology>> = {
  0: 'GSM',
  1: 'GSM',
  2: 'UMTS',
  3: 'GSM', // with EGPRS
  4: 'UMTS',
  5: 'UMTS',
  6: 'UMTS',
  7: 'LTE',
  8: 'GSM', // EC-GSM-IoT
  9: 'NB-IoT',
  10: 'LTE', // connected to a 5G core
  11: '5G',
  12: '5G',
  13: '5G',
}
