import { SmsError } from '../../lib/errors.ts'
import type { Message, NodeRedNode, Red } from './red.ts'

/** A text property; `${ENV}` is replaced already. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
}

/** A text property, or nothing where it is empty: for options that are absent rather than empty. */
export function optionalText(value: unknown): string | undefined {
  return text(value) || undefined
}

/** A number property, which the editor stores as text; `SMS_CONFIG` where it is not a number from `least` up. */
export function number(
  value: unknown,
  name: string,
  { fallback, least = 0 }: { fallback: number; least?: number },
): number {
  const given = text(value)
  if (given === '') return fallback
  const read = Number(given)
  if (!Number.isFinite(read) || read < least)
    throw new SmsError('SMS_CONFIG', `${name} must be a number from ${least} up, not «${given.slice(0, 40)}»`)
  return read
}

/** A number property that may be left out. */
export function optionalNumber(value: unknown, name: string): number | undefined {
  return text(value) === '' ? undefined : number(value, name, { fallback: 0 })
}

/** A checkbox, which old flows store as text. */
export function flag(value: unknown, fallback: boolean): boolean {
  return value === true || value === 'true' ? true : value === false || value === 'false' ? false : fallback
}

/** A choice; what is not among the words is the first of them. */
export function choice<const W extends readonly [string, ...string[]]>(value: unknown, words: W): W[number] {
  return words.includes(value as string) ? (value as W[number]) : words[0]
}

/** A typed input's value for one message. */
export function evaluate(RED: Red, node: NodeRedNode, value: unknown, type: string, msg: Message): Promise<unknown> {
  return new Promise<unknown>((resolve, reject) => {
    RED.util.evaluateNodeProperty(value, type, node, msg, (error, result) => (error ? reject(error) : resolve(result)))
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : 'it cannot be read'
    throw new SmsError('SMS_REQUEST', `the ${type} expression failed: ${reason}`)
  })
}
