import { SmsError } from '../errors.ts'
import type { SmsErrorCode } from '../errors.ts'
import type { Result } from './contract.ts'
import { CME_WORDS, CMS_WORDS } from './error-words.ts'

/**
 * What to make of an error: `transient`, it may work in a while; `permanent`, not with this message; `stopAndAlarm`, not
 * before somebody has seen to the SIM or the modem; `storage`, about a slot or a full memory; `unsupported`, never with
 * this modem.
 */
export type ErrorClass = 'transient' | 'permanent' | 'stopAndAlarm' | 'storage' | 'unsupported'

/** The class of a final result code that is no OK. An error nobody knows is transient, so that it is tried again. */
export function errorClassOf(result: Result): ErrorClass {
  if (result.code === 'COMMAND NOT SUPPORT') return 'unsupported'
  if (result.code !== '+CMS ERROR' && result.code !== '+CME ERROR') return 'transient'
  const classes = result.code === '+CMS ERROR' ? CMS_CLASSES : CME_CLASSES
  const number = errorNumberOf(result)
  return (number === undefined ? undefined : classes[number]) ?? 'transient'
}

/** The number of a `+CMS ERROR` or `+CME ERROR`, of its words too where they are the standard's; else undefined. */
export function errorNumberOf(result: Result): number | undefined {
  if (result.code !== '+CMS ERROR' && result.code !== '+CME ERROR') return undefined
  if (result.number !== undefined) return result.number
  const words = result.code === '+CMS ERROR' ? CMS_WORDS : CME_WORDS
  const said = normalized(result.text)
  const found = Object.entries(words).find(([, known]) => normalized(known) === said)
  return found && Number(found[0])
}

/**
 * The error of a command that was answered with another final result code than OK, which means that it surely was not
 * done: `what` says what it was to do, as `sending`. `providerCode` is the number where there is one.
 */
export function smsErrorOf(result: Result, what: string): SmsError {
  const number = errorNumberOf(result)
  const { code, retryable } = SMS_ERRORS[errorClassOf(result)]
  return new SmsError(code, `${what}: the modem answered ${describe(result, number)}`, {
    providerCode: number ?? result.code,
    retryable,
  })
}

/** The cause of a rejection that came after a body went out: whether it was done, nobody knows. */
export const BODY_WRITTEN = { bodyWritten: true } as const

/** Whether an error of `Channel.run` says that the body was, or may have been, written with the 0x1A that sends it. */
export function isBodyWritten(error: unknown): boolean {
  return error instanceof SmsError && error.cause === BODY_WRITTEN
}

/** What a final result code says, as `+CMS ERROR 38 (network out of order)`. */
function describe(result: Result, number: number | undefined): string {
  if (result.code !== '+CMS ERROR' && result.code !== '+CME ERROR') return result.code
  const words = (result.code === '+CMS ERROR' ? CMS_WORDS : CME_WORDS)[number ?? -1]
  if (number === undefined) return `${result.code}: ${printable(result.text)}`
  return `${result.code} ${number}${words === undefined ? '' : ` (${words})`}`
}

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
const normalized = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')

const SMS_ERRORS = {
  transient: { code: 'SMS_SERVER', retryable: true },
  permanent: { code: 'SMS_SEND', retryable: false },
  // The message is as good as it was: it goes once the SIM is back.
  stopAndAlarm: { code: 'SMS_PROVIDER', retryable: true },
  storage: { code: 'SMS_PROVIDER', retryable: true },
  unsupported: { code: 'SMS_UNSUPPORTED', retryable: false },
} as const satisfies Record<ErrorClass, { code: SmsErrorCode; retryable: boolean }>

const CMS_CLASSES = classes({
  transient: [17, 22, 27, 38, 41, 42, 47, 192, 194, 212, 255, 300, 301, 302, 313, 314, 331, 332, 340, 500, 512, 515],
  permanent: [
    // The network about the message or the subscriber, the modem about what it was given.
    1, 8, 10, 21, 28, 29, 30, 50, 69, 81, 95, 96, 97, 98, 99, 111, 127, 128, 129, 130, 143, 144, 145, 159, 160, 161,
    175, 176, 193, 195, 196, 197, 198, 199, 304, 305, 330,
  ],
  stopAndAlarm: [310, 311, 312, 315, 316, 317, 318],
  storage: [208, 209, 211, 320, 321, 322],
  unsupported: [303],
})

const CME_CLASSES = classes({
  transient: [0, 1, 2, 3, 13, 14, 30, 31, 32, 100, 134, 148, 257, 258, 515],
  permanent: [24, 25, 26, 27, 50, 107, 132, 133],
  stopAndAlarm: [5, 6, 7, 10, 11, 12, 15, 16, 17, 18, 40, 41, 42, 43, 44, 45, 46, 47, 103, 106, 111, 112, 113],
  storage: [20, 21, 22, 23],
  unsupported: [4],
})

function classes(table: Record<ErrorClass, readonly number[]>): Readonly<Record<number, ErrorClass>> {
  const rows = Object.entries(table) as [ErrorClass, readonly number[]][]
  return Object.fromEntries(rows.flatMap(([of, numbers]) => numbers.map(number => [number, of])))
}
