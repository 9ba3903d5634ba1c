import { EncodeError } from './encode-error.ts'

/** Answers the number if it is an integer of the range, else throws `EncodeError`. */
export function inRange(what: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new EncodeError('option', `${what} cannot be ${value}: it is a whole number from ${least} to ${most}`)
}
