import { ERROR_CODES, SmsError } from '../../errors.ts'
import type { SmsErrorCode } from '../../errors.ts'
import type { OutgoingState } from '../../message.ts'

/** What a carrier's word means; undefined for one that is not in the list. */
export type Meaning<T> = (word: string) => T | undefined

/** States a report can bring. */
const REPORTED_STATES = ['accepted', 'delivered', 'expired', 'failed', 'cancelled'] as const

/** Compiles lines `DELIVRD = delivered`; a `*` at a word's end stands for any rest. Throws `SMS_CONFIG`. */
export function compileStates(lines: string): Meaning<OutgoingState> {
  return compileWords(lines, 'the states', word => REPORTED_STATES.find(state => state === word.toLowerCase()))
}

/** Compiles lines `301 = SMS_CREDIT`. Throws `SMS_CONFIG`. */
export function compileErrorCodes(lines: string): Meaning<SmsErrorCode> {
  return compileWords(lines, 'the error codes', word => {
    const code = word.toUpperCase()
    return Object.hasOwn(ERROR_CODES, code) ? (code as SmsErrorCode) : undefined
  })
}

function compileWords<T extends string>(
  lines: string,
  where: string,
  read: (word: string) => T | undefined,
): Meaning<T> {
  const exact = new Map<string, T>()
  const beginnings: [string, T][] = []
  for (const [index, line] of lines.split(/\r?\n|\r/).entries()) {
    if (line.trim() === '') continue
    const [, word, ours = ''] = /^(.*\S)\s*=\s*(\S+)\s*$/.exec(line.trim()) ?? []
    const meaning = read(ours)
    if (word === undefined || meaning === undefined)
      throw new SmsError('SMS_CONFIG', `line ${index + 1} of ${where} is not word = ours, or ours is not one of them`)
    if (word.endsWith('*')) beginnings.push([folded(word.slice(0, -1)), meaning])
    else exact.set(folded(word), meaning)
  }
  return word => {
    const given = folded(word)
    return exact.get(given) ?? beginnings.find(([beginning]) => given.startsWith(beginning))?.[1]
  }
}

const folded = (word: string): string => word.trim().toLowerCase()
