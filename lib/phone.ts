import {
  isSupportedCountry,
  Metadata,
  ParseError,
  parsePhoneNumberFromString,
  parsePhoneNumberWithError,
  validatePhoneNumberLength,
  type CountryCode,
  type PhoneNumber,
} from 'libphonenumber-js/max'
import { keepNewest } from './bounded.ts'
import { SmsError, type SmsErrorCode } from './errors.ts'

export interface RecipientOptions {
  /** ISO 3166-1 alpha-2, in any case: the country whose national numbers are understood. Empty: none. */
  readonly defaultCountry?: string | undefined
  /** Takes 3 to 6 digits as a carrier's short code, also where a small country has numbers as short. */
  readonly shortCodes?: boolean | undefined
}

export interface Recipients {
  /** E.164 numbers and short codes. */
  readonly recipients: readonly string[]
  readonly failures: readonly RecipientFailure[]
}

/** An entry of `msg.failures`; `to` is as it was given. */
export interface RecipientFailure {
  readonly to: string
  readonly code: SmsErrorCode
  readonly message: string
}

/**
 * A recipient as E.164 (`+380501234567`), or a short code as it is. Understands the usual punctuation, `00` for `+`,
 * `tel:` URIs (RFC 3966) and full-width or Arabic digits.
 *
 * A number with a country code has only to be possible: the right length for its country. Numbering plans grow faster
 * than tables of them, and Twilio's test numbers belong to no plan. What is read by the default country must be a
 * number the plan knows: else a foreign number without its `+` would become a stranger's.
 *
 * @throws SmsError `SMS_REQUEST` with a sentence for people; `SMS_CONFIG` if there is no such default country.
 */
export function parseRecipient(input: string, options: RecipientOptions = {}): string {
  const key = `${options.defaultCountry ?? ''} ${options.shortCodes === true} ${input}`
  const known = alreadyRead.get(key)
  if (known !== undefined) return known
  const recipient = readRecipient(input, options)
  alreadyRead.set(key, recipient)
  keepNewest(alreadyRead, KEPT)
  return recipient
}

/** Most senders text the same few people, and reading a number is a tenth of the whole work of sending to it. */
const alreadyRead = new Map<string, string>()
const KEPT = 1_000

function readRecipient(input: string, options: RecipientOptions): string {
  const country = defaultCountryOf(options)
  const text = plain(input)
  if (options.shortCodes === true && /^\d{3,6}$/.test(text)) return text

  if (ALTERNATIVE.test(text)) throw refusal(input, 'names more than one number')

  const phone = text.startsWith('+')
    ? possible(input, text, parse(input, text))
    : LEADING_ZEROS.test(text)
      ? afterZeros(input, text, country)
      : valid(input, parse(input, text, country))
  if (phone.ext !== undefined) throw refusal(input, 'has an extension, and an SMS cannot be sent to one')
  return phone.number
}

/**
 * The entries of `msg.to` in their order, trimmed, each once: a text with commas, semicolons or line ends between them,
 * or an array of such texts. `undefined`, `null` and empty entries are left out. A JavaScript number is its digits, with
 * no `+` put before them: 13800138000 is a mobile in China, but +13800138000 a telephone in Ohio.
 *
 * @throws SmsError `SMS_REQUEST` for anything else.
 */
export function splitRecipients(to: unknown): string[] {
  const entries: unknown[] = Array.isArray(to) ? to : [to]
  return [...new Set(entries.flatMap(splitEntry))]
}

/** Every recipient once, good ones as `parseRecipient` gives them; the others with the reason. Throws as both others. */
export function parseRecipients(to: unknown, options: RecipientOptions = {}): Recipients {
  defaultCountryOf(options)
  const recipients = new Set<string>()
  const failures: RecipientFailure[] = []
  for (const entry of splitRecipients(to)) {
    try {
      recipients.add(parseRecipient(entry, options))
    } catch (error) {
      if (!(error instanceof SmsError)) throw error
      failures.push({ to: entry, code: error.code, message: error.message })
    }
  }
  return { recipients: [...recipients], failures }
}

/** ISO 3166-1 alpha-2 of an E.164 number; `undefined` if it tells none, as satellite and made-up numbers do. */
export function countryOf(e164: string): string | undefined {
  return parsePhoneNumberFromString(e164, { extract: false })?.country
}

/** Whether `parseRecipient` knows this default country. */
export function isDefaultCountry(value: unknown): value is string {
  return typeof value === 'string' && isSupportedCountry(value.trim().toUpperCase())
}

function defaultCountryOf({ defaultCountry = '' }: RecipientOptions): CountryCode | undefined {
  const country = defaultCountry.trim().toUpperCase()
  if (country === '' || isSupportedCountry(country)) return country || undefined
  throw new SmsError('SMS_CONFIG', `the default country ${quote(defaultCountry)} is not an ISO 3166-1 two-letter code`)
}

// A tel: URI has parameters after semicolons (RFC 3966 §3), which end no recipient.
const SEPARATOR = /[,\r\n]|;(?!\s*(?:phone-context|ext|isub)=)/i

function splitEntry(entry: unknown): string[] {
  if (entry === undefined || entry === null) return []
  if (typeof entry === 'number' && Number.isSafeInteger(entry) && entry > 0) return [String(entry)]
  if (typeof entry === 'string')
    return entry
      .split(SEPARATOR)
      .map(recipient => recipient.trim())
      .filter(recipient => recipient !== '')
  throw new SmsError('SMS_REQUEST', 'recipients must be a text or an array of texts')
}

/** Without what only looks different: invisible marks that copying brings along, other scripts' digits, a URI's frame. */
function plain(input: string): string {
  const text = input
    .replaceAll(/\p{Cf}/gu, '')
    // In each of these blocks the digit is the low four bits.
    .replaceAll(/[\u0660-\u0669\u06F0-\u06F9\uFF10-\uFF19]/g, digit => String(digit.charCodeAt(0) & 0xf))
    .replaceAll('\uFF0B', '+')
    .trim()
  const uri = /^tel:([^;]*)(.*)$/is.exec(text)
  // (+380) and [00380]
  return (uri === null ? text : numberOf(uri[1] ?? '', uri[2] ?? '')).replace(/^[([]\s*(?=\+|00)/, '')
}

/** RFC 3966 §5.1.5: a local number is completed by its context. */
function numberOf(number: string, parameters: string): string {
  const context = /;phone-context=([^;]*)/i.exec(parameters)?.[1] ?? ''
  const extension = /;ext=[^;]*/i.exec(parameters)?.[0] ?? ''
  return `${number.startsWith('+') ? '' : context}${number}${extension}`
}

const LEADING_ZEROS = /^0[\s().-]*0[\s().-]*(?=\d)/

// +49 30 1234567/8 is two numbers in short, 0171/1234567 is one.
const ALTERNATIVE = /\/\s*\d{1,3}$/

/**
 * `00` stands for + in most countries, and people write it everywhere. Where the default country dials abroad with
 * something longer that begins the same (Australia 0011, Singapore 001), only a text that cannot mean both is taken.
 */
function afterZeros(input: string, text: string, country: CountryCode | undefined): PhoneNumber {
  const withPlus = text.replace(LEADING_ZEROS, '+')
  if (country === undefined) return possible(input, withPlus, parse(input, withPlus))
  const dialled = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false })
  const written = parsePhoneNumberFromString(withPlus, { extract: false })
  if (written !== undefined && written.number === dialled?.number) return possible(input, withPlus, written)
  if (!beginsWithPrefix(text, country)) return valid(input, parse(input, withPlus))
  const canMeanPlus = written !== undefined && written.isValid() && isVerbatim(withPlus, written)
  if (dialled?.isValid() === true && !canMeanPlus) return dialled
  throw refusal(input, `begins with 00, and ${nameOf(country)} dials abroad in another way: write it with +`)
}

/** Whether it begins as calls abroad do in that country. */
function beginsWithPrefix(text: string, country: CountryCode): boolean {
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  const prefix = metadata.numberingPlan?.IDDPrefix()
  return prefix !== undefined && new RegExp(`^(?:${prefix})`).test(text.replaceAll(/\D/g, ''))
}

function parse(input: string, text: string, country?: CountryCode): PhoneNumber {
  try {
    return parsePhoneNumberWithError(text, { ...(country && { defaultCountry: country }), extract: false })
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    if (error.message !== 'INVALID_COUNTRY') throw refusal(input, WRONG.get(error.message) ?? 'is not a phone number')
    throw refusal(
      input,
      text.startsWith('+')
        ? 'begins with the code of no country'
        : 'has no country code, and there is no default country: write it with + and its country code',
    )
  }
}

// ITU-T E.164 §6: a country code and the rest have 15 digits at most. Some national tables allow more.
const MAX_DIGITS = 15

/** Fit for its country by length. Of a number that the plan does not know, no digit may have been left out as a prefix. */
function possible(input: string, text: string, phone: PhoneNumber): PhoneNumber {
  refuseLength(input, phone)
  if (phone.isValid() || isVerbatim(text, phone)) return phone
  throw refusal(input, `is not a number of ${placeOf(phone)}`)
}

const isVerbatim = (text: string, { number, ext = '' }: PhoneNumber): boolean =>
  text.replaceAll(/\D/g, '') === `${number.slice(1)}${ext}`

function valid(input: string, phone: PhoneNumber): PhoneNumber {
  refuseLength(input, phone)
  if (phone.isValid()) return phone
  throw refusal(input, `is not a number of ${placeOf(phone)}: if it is right, write it with + and its country code`)
}

function refuseLength(input: string, phone: PhoneNumber): void {
  const isTooLong = phone.number.length > MAX_DIGITS + '+'.length
  if (!isTooLong && (phone.isPossible() || phone.isValid())) return
  const wrong = isTooLong ? 'TOO_LONG' : (validatePhoneNumberLength(phone.number) ?? '')
  throw refusal(input, `${WRONG.get(wrong) ?? 'is not possible'} for ${placeOf(phone)}`)
}

/** By the library's words. */
const WRONG: ReadonlyMap<string, string> = new Map([
  ['TOO_SHORT', 'is too short'],
  ['TOO_LONG', 'is too long'],
  ['INVALID_LENGTH', 'has the wrong number of digits'],
])

const placeOf = ({ country, countryCallingCode }: PhoneNumber): string =>
  country === undefined ? `+${countryCallingCode}` : nameOf(country)

const nameOf = (country: CountryCode): string =>
  new Intl.DisplayNames(['en'], { type: 'region' }).of(country) ?? country

const refusal = (input: string, reason: string): SmsError => new SmsError('SMS_REQUEST', `${quote(input)} ${reason}`)

const QUOTED_CHARACTERS = 40

/** What was given, fit for a log line: no line ends or other controls, and not the whole of a text put in a wrong field. */
function quote(input: string): string {
  const characters = Array.from(input.slice(0, 4 * QUOTED_CHARACTERS).replaceAll(/\p{C}/gu, ''))
  const isLong = characters.length > QUOTED_CHARACTERS
  return `«${isLong ? `${characters.slice(0, QUOTED_CHARACTERS - 1).join('')}…` : characters.join('')}»`
}
