import { decodeIncoming, decodeOutgoing } from '../../../lib/gsm/decode.ts'
import { encodeSubmit } from '../../../lib/gsm/encode.ts'
import type { Core } from './command.ts'
import type { Slot } from './storage.ts'

/** By number, as PDU mode has them (3GPP TS 27.005 §3.1). */
export const STATUS_TEXT = ['REC UNREAD', 'REC READ', 'STO UNSENT', 'STO SENT'] as const

/** A message as text mode tells it: the header after `prefix`, and the text in the chosen character set. */
export function textHeader({ settings }: Core, { status, pdu }: Slot, prefix: string): readonly string[] {
  const read = status < 2 ? decodeIncoming(pdu) : decodeOutgoing(pdu)
  const message = read.ok ? read.value : undefined
  const text = message === undefined || message.kind === 'status-report' ? '' : (message.text ?? '')
  const number = message === undefined ? '' : message.kind === 'deliver' ? message.from.number : message.to.number
  const time = message?.kind === 'deliver' ? stampText(message.timestamp?.iso ?? '') : ''
  const state = prefix.startsWith('+CMT') ? '' : `"${STATUS_TEXT[status]}",`
  return [`${prefix}${state}"${inCharset(number, settings.charset)}",,"${time}"`, inCharset(text, settings.charset)]
}

/** The PDU of what was typed in text mode, if one part is enough for it. */
export function submitOfText(modem: Core, to: string, _type: string | undefined, body: string): string | undefined {
  const { charset, csmp } = modem.settings
  try {
    const [first, ...others] = encodeSubmit({
      to: fromCharset(to, charset),
      text: fromCharset(body, charset),
      // <fo> of +CSMP: bit 5 asks for a report.
      deliveryReport: (csmp[0] & 0x20) !== 0,
    })
    return others.length === 0 ? first?.hex : undefined
  } catch {
    return undefined
  }
}

/** `26/11/21,10:00:00+08`: local time, and quarters of an hour ahead of UTC. */
function stampText(iso: string): string {
  const [, date = '', time = '', sign = '+', hours = '0', minutes = '0'] =
    /^\d\d(\d\d-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:([+-])(\d\d):(\d\d)|Z)$/.exec(iso) ?? []
  const quarters = Number(hours) * 4 + Number(minutes) / 15
  return `${date.replaceAll('-', '/')},${time}${sign}${String(quarters).padStart(2, '0')}`
}

const inCharset = (text: string, charset: string): string => {
  if (charset === 'UCS2') return Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()
  return charset === 'HEX' ? Buffer.from(text, 'latin1').toString('hex').toUpperCase() : text
}

const fromCharset = (text: string, charset: string): string => {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return text
  if (charset === 'UCS2' && text.length % 4 === 0) return Buffer.from(text, 'hex').swap16().toString('utf16le')
  return charset === 'HEX' ? Buffer.from(text, 'hex').toString('latin1') : text
}
