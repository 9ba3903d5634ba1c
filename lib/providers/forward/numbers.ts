/** A number as smsframework has it: digits alone. Sender names stay as they are. */
export const toDigits = (number: string): string =>
  /^[+\d\s().-]+$/.test(number) ? number.replaceAll(/\D/g, '') : number

/** A number of smsframework's: its digits begin with the country code, but for short codes and national ones. */
export const fromDigits = (digits: string): string => (/^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : digits)
