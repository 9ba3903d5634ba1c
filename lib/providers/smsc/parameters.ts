import { SmsError } from '../../errors.ts'

/**
 * What a message may ask of `send.php` beyond what the contract has words for (https://smsc.ru/api/http/). A list of
 * what may, not of what may not: a parameter nobody thought of must not replace the login or the recipients.
 */
const ALLOWED: ReadonlySet<string> = new Set([
  'bin',
  'bot',
  'call',
  'fileurl',
  'freq',
  'hlr',
  'imgcode',
  'mail',
  'maxsms',
  'mms',
  'param',
  'period',
  'ping',
  'pp',
  'push',
  'smsreq',
  'soc',
  'subj',
  'tg',
  'time',
  'tinyurl',
  'translit',
  'tz',
  'userip',
  'valid',
  'viber',
  'voice',
  'whatsapp',
])

/** `smsOptions.params` as fields of the form. Throws `SMS_REQUEST` for a name or a value SMSC has no such parameter for. */
export function readParameters(params: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [name, value] of Object.entries(params)) {
    if (!ALLOWED.has(name))
      throw new SmsError('SMS_REQUEST', `smsOptions.params has «${name.slice(0, 40)}», which cannot be set for SMSC`)
    if (value === undefined || value === null) continue
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw new SmsError('SMS_REQUEST', `smsOptions.params.${name} must be a text or a number`)
    fields[name] = typeof value === 'boolean' ? String(Number(value)) : String(value)
  }
  return fields
}
