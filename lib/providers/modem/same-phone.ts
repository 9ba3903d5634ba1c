/**
 * Whether two spellings mean one phone: a report may name the recipient in national form where we sent to the
 * international one. Digits are compared from the end, all of the shorter one but its trunk prefix (0, or 8 in former
 * Soviet countries, or 1 in North America).
 */
export function isSamePhone(one: string, other: string): boolean {
  const [a, b] = [digitsOf(one), digitsOf(other)]
  if (a === b) return a !== '' || one === other
  if (isInternational(one) && isInternational(other)) return false
  return isNationalFormOf(one, a, b) || isNationalFormOf(other, b, a)
}

/** Shorter ones are short codes and service numbers, which have one form only. */
const LEAST_DIGITS = 7

const digitsOf = (number: string): string => number.replace(/^00/, '+').replaceAll(/\D/g, '')
const isInternational = (number: string): boolean => number.startsWith('+') || number.startsWith('00')

function isNationalFormOf(spelled: string, national: string, full: string): boolean {
  if (isInternational(spelled)) return false
  return [national, national.replace(/^(0+|8|1)/, '')].some(
    digits => digits.length >= LEAST_DIGITS && full.endsWith(digits),
  )
}
