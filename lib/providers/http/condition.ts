import { SmsError } from '../../errors.ts'
import { compilePointer, readPattern } from './pointer.ts'
import type { Source } from './pointer.ts'

/** Whether an answer meets a condition; `unclear` where it says nothing about it, as a page of someone else would. */
export type Verdict = 'yes' | 'no' | 'unclear'

export interface Answer extends Source {
  readonly status: number
}

/**
 * Compiles what is asked of an answer. Throws `SMS_CONFIG` for anything else than:
 *
 * - nothing: any status 2xx
 * - `200, 202` or `2xx`: these statuses
 * - `messages.0.status = 0`, `success = 100|true`: a value; `error != null`: not that one
 * - `messages.0.id exists`
 * - `contains OK`, `/^ID: /`: a text; for these and the values, the status must be 2xx
 */
export function compileCondition(text: string, where: string): (answer: Answer) => Verdict {
  const given = text.trim()
  if (given === '') return ({ status }) => (isFine(status) ? 'yes' : 'no')
  if (/^[1-5](\d\d|xx)(\s*,\s*[1-5](\d\d|xx))*$/i.test(given)) return statusIn(given)
  const judge = compileContent(given, where)
  return answer => (isFine(answer.status) ? judge(answer) : 'no')
}

export const isFine = (status: number): boolean => status >= 200 && status < 300

/** Another 2xx than the expected is not the carrier's no: a gate on the way may have answered. */
function statusIn(list: string): (answer: Answer) => Verdict {
  const patterns = list.split(',').map(status => new RegExp(`^${status.trim().replace(/xx/i, '..')}$`))
  return ({ status }) =>
    patterns.some(pattern => pattern.test(String(status))) ? 'yes' : isFine(status) ? 'unclear' : 'no'
}

function compileContent(given: string, where: string): (answer: Answer) => Verdict {
  const wanted = /^contains\s+(.+)$/is.exec(given)?.[1]
  if (wanted !== undefined) return textFits(text => text.includes(wanted))
  if (given.startsWith('/')) {
    const pattern = readPattern(given, where)
    return textFits(text => pattern.test(text))
  }
  const existing = /^(\S+)\s+exists$/i.exec(given)?.[1]
  if (existing !== undefined) {
    const find = compilePointer(existing, where)
    return answer => (isThere(find(answer)) ? 'yes' : saysSomething(answer.data) ? 'no' : 'unclear')
  }
  const [, path, operator, value] = /^([^\s=!]+)\s*(!?=)\s*(.*)$/s.exec(given) ?? []
  if (path === undefined)
    throw new SmsError('SMS_CONFIG', `${where} must be like 200, or status = 0, or id exists, or contains OK, or /OK/`)
  const find = compilePointer(path, where)
  const values = new Set((value ?? '').split('|').map(value => value.trim()))
  return answer => {
    const found = find(answer)
    if (found === undefined) return 'unclear'
    return values.has(wordOf(found)) === (operator === '=') ? 'yes' : 'no'
  }
}

const wordOf = (found: unknown): string => (typeof found === 'string' ? found : (JSON.stringify(found) ?? ''))

const isThere = (found: unknown): boolean => found !== undefined && found !== null && found !== ''

const saysSomething = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && Object.keys(data).length > 0

/** Nothing at all, and a page for people, are nobody's refusal. */
const textFits =
  (fits: (text: string) => boolean) =>
  ({ text }: Answer): Verdict =>
    fits(text) ? 'yes' : text.trim() === '' || /^\s*<(!doctype html|html)\b/i.test(text) ? 'unclear' : 'no'
