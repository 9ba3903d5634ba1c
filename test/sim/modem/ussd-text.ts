import { EncodeError } from '../../../lib/gsm/encode.ts'
import { decodeUssdForm, encodeUssd } from '../../../lib/gsm/ussd.ts'
import type { Core } from './command.ts'

const HEX = /^(?:[0-9a-f]{2})+$/i
/** Coding groups of a cell broadcast (3GPP TS 23.038 §5): GSM 7-bit without a language, UCS-2. */
const GSM7 = 15
const UCS2 = 72

/** What was asked, out of how this modem wants it written; undefined where it is written otherwise. */
export function readUssd({ behaviour, settings }: Core, text: string): string | undefined {
  if (behaviour.ussd === 'packed')
    return HEX.test(text) ? decodeUssdForm(text, 'gsm7hex')?.replace(/\r$/, '') : undefined
  if (behaviour.ussd === 'ucs2' || settings.charset === 'UCS2')
    return HEX.test(text) ? decodeUssdForm(text, 'ucs2hex') : text
  if (settings.charset === 'HEX') return HEX.test(text) ? Buffer.from(text, 'hex').toString('latin1') : undefined
  return text
}

/** Tells an answer in this modem's spelling. */
export function sayUssd(modem: Core, text: string, more: boolean): void {
  const { behaviour } = modem
  const { said, dcs } = spell(modem, text)
  modem.say(`+CUSD: ${more ? 1 : 0},"${said}",${behaviour.ussdDcs ?? dcs}${behaviour.ussdTrailer}`)
}

function spell({ behaviour, settings }: Core, text: string): { readonly said: string; readonly dcs: number } {
  const packed = packedOf(text)
  const ucs2 = { said: encodeUssd(text, 'ucs2hex'), dcs: UCS2 }
  if (behaviour.ussd === 'ucs2' || packed === undefined) return ucs2
  if (behaviour.ussd === 'packed') return { said: packed, dcs: GSM7 }
  if (settings.charset === 'UCS2') return { said: ucs2.said, dcs: GSM7 }
  if (settings.charset === 'HEX') return { said: Buffer.from(text, 'latin1').toString('hex').toUpperCase(), dcs: GSM7 }
  return { said: text, dcs: GSM7 }
}

/** Undefined for what GSM 7-bit has no characters for. */
function packedOf(text: string): string | undefined {
  try {
    return encodeUssd(text, 'gsm7hex')
  } catch (error) {
    if (error instanceof EncodeError) return undefined
    throw error
  }
}
