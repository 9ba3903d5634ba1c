import { createHash } from 'node:crypto'

/** `id` of `send.php`: 1 to 2147483647. */
const MOST = 2 ** 31 - 1

/**
 * The number a message of ours has at SMSC, made of our id: the same in every attempt and after every restart, so that
 * what became of it can always be asked. SMSC finds messages by number and phone together, so two messages are confused
 * only if they go to the same phone: among a thousand to one phone that is one chance in four thousand.
 */
export function numberOf(id: string): number {
  return (createHash('sha256').update(id).digest().readUInt32BE(0) % MOST) + 1
}

/** A message at SMSC. */
export interface MessageKey {
  readonly number: number
  /** Digits alone. */
  readonly phone: string
}

/** The provider's id of a message: number and phone, as callbacks name it. */
export const toText = ({ number, phone }: MessageKey): string => `${number}:${phone}`

/** Undefined for what is none. */
export function readKey(text: string | undefined): MessageKey | undefined {
  const [, number, phone] = /^(\d{1,10}):(\d{1,20})$/.exec(text ?? '') ?? []
  return number === undefined || phone === undefined ? undefined : { number: Number(number), phone }
}

/** A phone number as SMSC's answers and callbacks have it. */
export const digitsOf = (phone: string): string => phone.replaceAll(/\D/g, '')
