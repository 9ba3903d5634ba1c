import { fromUcs2Hex, splitFields, splitList, toNumber } from './fields.ts'

// Every reader takes what follows the colon (`Unsolicited.text`, or `textOf` of an answer's lines), never throws, and
// returns undefined for what it cannot make sense of.

/** What follows the colon in the first line that begins with a name, such as `+CSQ`; undefined without one. */
export function textOf(lines: readonly string[], name: string): string | undefined {
  return textsOf(lines, name)[0]
}

/** What follows the colon in every line that begins with a name, in order. */
export function textsOf(lines: readonly string[], name: string): string[] {
  return lines
    .filter(line => line.startsWith(`${name}:`) || line === name)
    .map(line => line.slice(name.length + 1).trim())
}

/** `+CSQ` (3GPP TS 27.007 §8.5). */
export interface Signal {
  /** 0–31, 99 where it is not known; 100–199 of TD-SCDMA modems. */
  readonly rssi: number
  /** -113 to -51 dBm, TD-SCDMA -116 to -25. */
  readonly dbm?: number
  /** 0–100, of the scale above. */
  readonly percent?: number
  /** Bit error rate class 0–7; absent where it is not known. */
  readonly ber?: number
}

export function readSignal(text: string | undefined): Signal | undefined {
  const [rssi, ber] = splitFields(text ?? '').map(toNumber)
  if (rssi === undefined || (rssi > 31 && rssi < 99) || rssi > 199) return undefined
  const ofBer = ber === undefined || ber > 7 ? {} : { ber }
  if (rssi <= 31) return { rssi, dbm: -113 + 2 * rssi, percent: Math.round((rssi / 31) * 100), ...ofBer }
  if (rssi < 100 || rssi > 191) return { rssi, ...ofBer }
  return { rssi, dbm: -116 + (rssi - 100), percent: Math.round(((rssi - 100) / 91) * 100), ...ofBer }
}

/** `+CPIN` (§8.3): what the SIM waits for, such as `READY`, `SIM PIN`, `SIM PUK`, `SIM PIN2`, `PH-SIM PIN`. */
export function readPin(text: string | undefined): string | undefined {
  // Some quote it, some end it with a comma and the tries left.
  return splitFields(text ?? '')[0]?.toUpperCase() || undefined
}

/** `+CBC` (§8.4). */
export interface Battery {
  /** 0 on battery, 1 powered from outside (charging), 2 no battery, 3 a fault. */
  readonly status: number
  readonly percent: number
  /** A common extension: the voltage in millivolts. */
  readonly millivolts?: number
}

export function readBattery(text: string | undefined): Battery | undefined {
  const [status, percent, millivolts] = splitFields(text ?? '').map(toNumber)
  if (status === undefined || percent === undefined || percent > 100) return undefined
  return { status, percent, ...(millivolts === undefined ? {} : { millivolts }) }
}

/** `+CUSD` (§7.15). */
export interface UssdAnswer {
  /** 0 done, 1 an answer is awaited, 2 ended by the network, 3 another client answered, 4 not supported, 5 timed out. */
  readonly status: number
  /** As the modem wrote it: plain, packed septets in hexadecimal, or UCS2 in hexadecimal. */
  readonly text?: string
  /** Data coding scheme (3GPP TS 23.038 §5). */
  readonly dcs?: number
}

export function readUssd(text: string | undefined): UssdAnswer | undefined {
  // The text may itself hold quotes, even one at its end, and line ends: the last quote before the scheme closes it.
  const match = /^\s*(\d)\s*(?:,\s*(?:"([\s\S]*)"|([^",]*))\s*(?:,\s*(\d{1,3})?\s*)?)?$/.exec(text ?? '')
  const open = match ? null : /^\s*(\d)\s*,\s*"([\s\S]*)$/.exec(text ?? '')
  const found = match ?? open
  if (!found) return undefined
  const dcs = toNumber(found[4])
  const words = found[2] ?? (found[3] || undefined)
  return {
    status: Number(found[1]),
    ...(words === undefined ? {} : { text: words }),
    ...(dcs === undefined ? {} : { dcs }),
  }
}

/** `+CLIP` (§7.11). */
export interface Caller {
  /** With + where the type says international; '' where it is withheld or not available. */
  readonly number: string
  /** 0 valid, 1 withheld by the caller, 2 not available. */
  readonly validity: number
  /** The name in the phone book. */
  readonly name?: string
}

export function readCaller(text: string | undefined): Caller | undefined {
  if (text === undefined || text === '') return undefined
  const [number = '', type, , , name = '', validity] = splitFields(text)
  const withheld = toNumber(validity) ?? 0
  return {
    number: toAddress(number, type),
    validity: withheld,
    ...(name === '' ? {} : { name: fromUcs2Hex(name) }),
  }
}

/** `+CNUM` (§7.1): our own numbers as the SIM has them, which may be none. */
export function readOwnNumbers(lines: readonly string[]): string[] {
  return textsOf(lines, '+CNUM')
    .map(splitFields)
    .map(([, number = '', type]) => toAddress(number, type))
    .filter(number => number !== '')
}

/** `+CSCA` (3GPP TS 27.005 §3.3.1): the number of the service centre; undefined where none is set. */
export function readServiceCentre(text: string | undefined): string | undefined {
  const [number = '', type] = splitFields(text ?? '')
  return toAddress(number, type) || undefined
}

/**
 * The SIM's serial number, 18–20 digits, from whatever command a vendor has for it (`+CCID: "…"`, `^ICCID: …`, digits
 * alone); a filler F at its end is taken off.
 */
export function readIccid(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const match = /(?:^|[\s":,])(89\d{16,18})F{0,2}(?:"|\s|,|$)/i.exec(line)
    if (match) return match[1]
  }
  return undefined
}

/** The memories each of the three places of `+CPMS` may be set to, of `AT+CPMS=?`. */
export function readMemoryChoices(text: string | undefined): string[][] {
  // Without brackets where there is one choice for all: `"SM","ME"`.
  const fields = splitFields(text ?? '').filter(field => field !== '')
  return fields.some(field => field.startsWith('('))
    ? fields.map(splitList)
    : fields.length === 0
      ? []
      : [fields, fields, fields]
}

/** An address as people write it: type 145 (international, 3GPP TS 24.008 §10.5.4.7) with a plus in front. */
function toAddress(number: string, type: string | undefined): string {
  const written = fromUcs2Hex(number).trim()
  return toNumber(type) === 145 && /^\d/.test(written) ? `+${written}` : written
}
