import { readPin } from '../../at/answers.ts'
import { splitFields, toNumber } from '../../at/fields.ts'

/** How a modem wants a USSD code written. */
export type UssdForm = 'plain' | 'gsm7hex' | 'ucs2hex'

/** What one make of modem does its own way. */
export interface Profile {
  readonly name: string
  /** Fits `+CGMI` and `+CGMM` together; the first row that fits counts. */
  readonly fits: RegExp
  /** Sent at the start, whatever it is answered with: switches off what the modem says all the time. */
  readonly quiet?: readonly string[]
  /** Tried in this order. */
  readonly ussd: readonly UssdForm[]
  /** What tells how many attempts the PIN has left. */
  readonly attempts?: { readonly command: string; read(lines: readonly string[]): number | undefined }
  /** What tells the SIM's serial number. */
  readonly iccid: readonly string[]
}

const ALL = { ussd: ['plain', 'ucs2hex', 'gsm7hex'], iccid: ['+CCID', '+CCID?'] } as const

/** The value at a place of the line that begins with a name. */
const at =
  (name: string, place: number) =>
  (lines: readonly string[]): number | undefined => {
    const line = lines.find(line => line.startsWith(name))
    return line === undefined ? undefined : toNumber(splitFields(line.slice(line.indexOf(':') + 1))[place])
  }

export const PROFILES: readonly Profile[] = [
  {
    ...ALL,
    name: 'ZTE',
    fits: /\bZTE\b|\bMF\d{3}/i,
    // A dongle says +ZUSIMR:2 every two seconds until its messages are asked for.
    quiet: ['+CPMS?'],
    attempts: { command: '+ZPINPUK=?', read: at('+ZPINPUK', 0) },
    iccid: ['+ZGETICCID', '+ICCID?', '+CCID'],
  },
  {
    ...ALL,
    name: 'Huawei',
    fits: /huawei/i,
    // ^RSSI, ^MODE, ^BOOT and ^DSFLOWRPT every few seconds, in the midst of answers.
    quiet: ['^CURC=0'],
    ussd: ['gsm7hex', 'plain', 'ucs2hex'],
    // ^CPIN: <code>,[<times>],<puk>,<pin>,<puk2>,<pin2>
    attempts: { command: '^CPIN?', read: at('^CPIN', 3) },
    iccid: ['^ICCID?', '+CCID'],
  },
  {
    ...ALL,
    name: 'SIMCom',
    fits: /simcom|\bSIM\d{3}|\bA76\d{2}/i,
    attempts: { command: '+SPIC', read: at('+SPIC', 0) },
    iccid: ['+CICCID', '+CCID'],
  },
  {
    ...ALL,
    name: 'Quectel',
    fits: /quectel|\b[EBM][CGM]\d{2}\b|\bM95\b/i,
    quiet: ['+QINDCFG="csq",0', '+QINDCFG="smsfull",1'],
    attempts: { command: '+QPINC="SC"', read: at('+QPINC', 1) },
    iccid: ['+QCCID', '+CCID'],
  },
  {
    ...ALL,
    name: 'u-blox',
    fits: /u-?blox|\bSARA\b|\bLISA\b|\bTOBY\b/i,
    attempts: { command: '+UPINCNT', read: at('+UPINCNT', 0) },
  },
  {
    ...ALL,
    name: 'Sierra Wireless',
    fits: /sierra|airprime/i,
    iccid: ['+ICCID?', '!ICCID?', '+CCID'],
    attempts: { command: '+CPINC?', read: at('+CPINC', 0) },
  },
]

/** A modem nobody has described: what the standards say. */
export const GENERIC: Profile = {
  ...ALL,
  name: 'generic',
  fits: /(?:)/,
  // 3GPP TS 27.007 §8.65: +CPINR: <code>,<retries>[,<default>]
  attempts: {
    command: '+CPINR',
    read: lines => at('+CPINR', 1)(lines.filter(line => readPin(line.slice(line.indexOf(':') + 1)) === 'SIM PIN')),
  },
}

/** The profile of a modem that calls itself so. */
export function profileOf(identification: string): Profile {
  return PROFILES.find(({ fits }) => fits.test(identification)) ?? GENERIC
}
