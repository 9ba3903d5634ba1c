import { createFilter } from '../../lib/inbox/filter.ts'
import { createJudge } from '../../lib/questions/judge.ts'
import type { EditorNode } from './red.ts'
import { reason } from './texts.ts'
import { asText, isReference } from './values.ts'
import type { ValidatorOptions } from './texts.ts'

/** A validator as the editor calls it; it must declare two parameters for its reason to be shown. */
export type Validator = (this: EditorNode, value: unknown, options: ValidatorOptions | undefined) => true | string

export interface NumberRules {
  readonly least?: number
  readonly most?: number
  readonly optional?: boolean
}

/** Numbers, which fields keep as text. */
export function numberValidator({ least, most, optional = false }: NumberRules): Validator {
  return (value, options) => {
    const given = asText(value)
    if (given === '') return optional || reason('required', options)
    if (isReference(given)) return true
    const number = Number(given)
    const bounds = { least: least ?? '', most: most ?? '' }
    if (Number.isFinite(number) && number >= (least ?? -Infinity) && number <= (most ?? Infinity)) return true
    return reason(
      most === undefined ? (least === undefined ? 'number' : 'numberFrom') : 'numberBetween',
      options,
      bounds,
    )
  }
}

/** Text of a given form; `key` names the reason in the catalogue. */
export function patternValidator(pattern: RegExp, key: string, { optional = false } = {}): Validator {
  return (value, options) => {
    const given = asText(value)
    if (given === '') return optional || reason('required', options)
    return isReference(given) || pattern.test(given) || reason(key, options)
  }
}

/** Phone numbers in any notation, separated as `msg.to` may be. Only the runtime knows which exist. */
export function phoneListValidator({ optional = false } = {}): Validator {
  return (value, options) => {
    const given = asText(value)
    const numbers = given.split(/[,;\n]/).map(number => number.trim())
    if (numbers.every(number => number === '')) return optional || reason('required', options)
    const wrong = numbers.find(number => number !== '' && !isReference(number) && !PHONE.test(number))
    return wrong === undefined || reason('phone', options, { number: wrong })
  }
}

/** The recipient of a message: no number where the name of a property stands, and no such name in place of a number. */
export const recipientValidator: Validator = function (value, options) {
  const type = shown('node-input-toType') ?? asText(this['toType'])
  if (isStrayNumber(type, asText(value))) return reason('numberAsProperty', options)
  if (type === 'str') return phones.call(this, value, options)
  return RED.validators.typedInput('toType').call(this, value, options)
}

const phones = phoneListValidator()

/** Whether a phone number was typed in where `type` wants the name of a property, as the field does at first. */
export const isStrayNumber = (type: string, value: string): boolean =>
  ['msg', 'flow', 'global'].includes(type) && /^[+(]?\d[\d\s()./-]{2,}$/.test(value)

/** Senders that `sms in` takes: numbers, names, and the beginnings of either with a `*` after them. */
export const allowListValidator: Validator = (value, options) => {
  const entries = asText(value).split(/[,;\n]/)
  const wrong = entries.map(entry => entry.trim()).find(entry => /\*./.test(entry))
  return wrong === undefined || reason('prefix', options, { entry: wrong })
}

/** The pattern of `sms in`, judged by what will run it. `matchType` is the form's where its dialog is open. */
export const matchValidator: Validator = function (value, options) {
  const match = asText(value)
  const matchType = shown('node-input-matchType') ?? this['matchType']
  if (isReference(match) || matchType === 'any') return true
  if (match === '') return reason('required', options)
  if (matchType !== 'regex') return true
  try {
    createFilter({ listen: 'messages', allowFrom: '', matchType, match })
    return true
  } catch {
    return reason('regex', options)
  }
}

/** What refuses a question of `sms ask`, judged by what will run it. */
export const refuseValidator: Validator = (value, options) => {
  const refuse = asText(value)
  if (isReference(refuse)) return true
  try {
    createJudge({ match: '', matchType: 'any', refuse })
    return true
  } catch {
    return reason('regex', options)
  }
}

/** IANA time zones, as this browser knows them. */
export const timeZoneValidator: Validator = (value, options) => {
  const timeZone = asText(value)
  if (timeZone === '' || isReference(timeZone)) return true
  try {
    Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return reason('timeZone', options)
  }
}

/** The longest wait, which is never shorter than the window. */
export const maxWaitValidator: Validator = function (value, options) {
  const windowMs = Number(shown('node-input-windowMs') ?? this['windowMs'])
  const valid = numberValidator({ least: 0, most: LONGEST_TIMER_MS }).call(this, value, options)
  if (valid !== true || Number(value) === 0 || !(Number(value) < windowMs)) return valid
  return reason('maxWait', options, { windowMs })
}

/** What a timer of the runtime can wait at most: longer ones would end at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

/** What the form says, where the dialog is open: a validator is given the saved node. */
export const shown = (id: string): string | undefined => $(`#${id}`).val()

// Leading + or 00, then digits with the usual punctuation; or a URI (RFC 3966).
const PHONE = /^(tel:)?[+(]?[\d\s()./-]*\d[\d\s()./-]*(;.*)?$/i
