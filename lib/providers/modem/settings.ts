import { SmsError } from '../../errors.ts'

/** The settings of a modem, as its config node has them. */
export interface ModemSettings {
  readonly name: string
  /** `/dev/serial/by-id/…`, `COM6`, or `tcp://host:port` of a serial server. */
  readonly port: string
  /** In baud; `auto` tries the usual ones. */
  readonly baudRate?: number | 'auto' | undefined
  readonly pin?: string | undefined
  /** The service centre's number; without it the SIM's is used. */
  readonly smsc?: string | undefined
  /** Where the modem is to keep what comes in: `SM`, `ME`, `MT`; without it, where it does by itself. */
  readonly storage?: string | undefined
  /** Sent after all others, one per line, with or without `AT`. */
  readonly initCommands?: string | undefined
  /** `push`: the modem tells; `poll`: it is asked every `pollSeconds`, which happens in any case. */
  readonly receive?: 'push' | 'poll' | undefined
  readonly pollSeconds?: number | undefined
  readonly calls?: 'report' | 'hangup' | 'ignore' | undefined
  /** The code that tells the balance, such as `*100#`. */
  readonly balanceUssd?: string | undefined
  /** What finds the amount in the answer: its group `amount`, or its first one; also `currency`. */
  readonly balancePattern?: string | undefined
  /** Whether flows may send AT commands of their own. */
  readonly allowAt?: boolean | undefined
  readonly ratePerMinute?: number | undefined
  readonly optOut?: boolean | undefined
  readonly defaultCountry?: string | undefined
}

/** The settings, checked and with every default. */
export interface ModemPlan {
  readonly name: string
  readonly port: string
  readonly baudRates: readonly number[]
  readonly pin: string | undefined
  readonly smsc: string | undefined
  readonly storage: string | undefined
  readonly initCommands: readonly string[]
  readonly announces: boolean
  readonly sweepMs: number
  readonly calls: 'report' | 'hangup' | 'ignore'
  readonly balanceUssd: string | undefined
  readonly balancePattern: RegExp
  readonly allowAt: boolean
}

/** The usual ones, likeliest first; USB modems take any. */
const BAUD_RATES = [115_200, 9_600, 460_800, 57_600, 19_200, 38_400, 230_400, 921_600] as const
const POLL_SECONDS = { usual: 60, least: 2 }
/** Any number, as balances are written: 1 234,56. */
const ANY_AMOUNT = /(?<amount>[-−]?\d+(?:\s\d{3}(?!\d))*(?:[.,]\d+)*)(?:\s*(?<currency>\p{Sc}|[A-Z]{3}\b))?/u

/** Throws `SMS_CONFIG` for a setting that cannot work. */
export function readSettings(settings: ModemSettings): ModemPlan {
  const { pin, smsc, storage, pollSeconds = POLL_SECONDS.usual } = settings
  if (settings.port.trim() === '') throw config('no port is entered for the modem')
  if (pin !== undefined && !/^\d{4,8}$/.test(pin)) throw config('a PIN has 4 to 8 digits')
  if (smsc !== undefined && !/^\+?\d{3,15}$/.test(smsc))
    throw config('the service centre must be a number with + in front')
  if (storage !== undefined && !/^[A-Za-z]{2}$/.test(storage))
    throw config('a memory has a name of two letters, such as SM')
  return {
    name: settings.name,
    port: settings.port.trim(),
    baudRates: readBaudRates(settings.baudRate),
    pin,
    smsc,
    storage: storage?.toUpperCase(),
    initCommands: readCommands(settings.initCommands),
    announces: settings.receive !== 'poll',
    sweepMs: Math.max(POLL_SECONDS.least, pollSeconds) * 1_000,
    calls: settings.calls ?? 'report',
    balanceUssd: readUssdCode(settings.balanceUssd),
    balancePattern: readPattern(settings.balancePattern),
    allowAt: settings.allowAt ?? false,
  }
}

const config = (message: string): SmsError => new SmsError('SMS_CONFIG', message)

function readBaudRates(baudRate: ModemSettings['baudRate'] = 'auto'): readonly number[] {
  if (baudRate === 'auto') return BAUD_RATES
  if (Number.isInteger(baudRate) && baudRate >= 300 && baudRate <= 4_000_000) return [baudRate]
  throw config(`the speed must be a number of baud, or auto`)
}

function readCommands(text = ''): readonly string[] {
  const commands = text
    .split('\n')
    .map(line => line.trim().replace(/^AT/i, ''))
    .filter(line => line !== '')
  for (const command of commands) refuseControls(command)
  return commands
}

/** A command is one line; what asks for a text, or is one, has ways of its own. Throws `SMS_CONFIG`, or `code`. */
export function refuseControls(command: string, code: 'SMS_CONFIG' | 'SMS_REQUEST' = 'SMS_CONFIG'): void {
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f-\uffff]/.test(command))
    throw new SmsError(code, 'an AT command is one line of plain letters and digits')
  if (/\+CMG[SCW]|\+CMSS/i.test(command))
    throw new SmsError(code, 'messages are sent by an sms out node, not by AT commands')
}

function readUssdCode(code: string | undefined): string | undefined {
  if (code !== undefined && !/^[*#][\d*#]+$/.test(code)) throw config('a USSD code is written like *100#')
  return code
}

function readPattern(pattern: string | undefined): RegExp {
  if (pattern === undefined) return ANY_AMOUNT
  try {
    return new RegExp(pattern, 'iu')
  } catch {
    throw config('the pattern of the balance is no regular expression')
  }
}
