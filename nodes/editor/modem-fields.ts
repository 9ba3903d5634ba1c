import { reason } from './texts.ts'
import { suggest } from './suggestions.ts'
import type { Validator } from './validators.ts'
import { asText, isReference } from './values.ts'

/** A port as the runtime tells of it. */
interface Port {
  readonly path: string
  readonly byId?: string
  readonly manufacturer?: string
  readonly product?: string
}

const BAUD_RATES = ['auto', '9600', '19200', '38400', '57600', '115200', '230400', '460800', '921600'] as const

/** The rows of a modem's dialog: ports and speeds to choose from, and what is shown only where it matters. */
export function modemFields(): void {
  const field = (property: string) => $(`#node-config-input-${property}`)
  suggest(
    field('baudRate'),
    BAUD_RATES.map(value => ({ value })),
  )
  $.getJSON('sms/ports', found => suggest(field('port'), portsOf(found)))

  field('port').on('input change', () => {
    // A serial server knows the speed of its line itself.
    $('.sms-row-baud').toggle(!/^tcp:/i.test(asText(field('port').val())))
  })
  field('balanceUssd').on('input change', () => {
    $('.sms-row-pattern').toggle(asText(field('balanceUssd').val()) !== '')
  })
  for (const property of ['port', 'balanceUssd']) field(property).trigger('change')

  // A flow from before there were transcripts says nothing of them, and a list must not be saved without a choice.
  if (asText(field('trace').val()) === '') field('trace').val('off')
}

/** A regular expression, as the runtime reads it. */
export const regexValidator: Validator = (value, options) => {
  const pattern = asText(value)
  if (pattern === '' || isReference(pattern)) return true
  try {
    RegExp(pattern, 'iu')
    return true
  } catch {
    return reason('regex', options)
  }
}

/** A PIN, or the sign by which the editor shows that one is stored. */
export const pinValidator: Validator = (value, options) => {
  const pin = asText(value)
  return pin === '' || pin === '__PWRD__' || isReference(pin) || /^\d{4,8}$/.test(pin) || reason('pin', options)
}

/** By the name that stays when ports are numbered anew, where there is one. */
function portsOf(found: unknown): { value: string; label: string }[] {
  if (!Array.isArray(found)) return []
  return (found as readonly Port[]).map(({ path, byId, manufacturer, product }) => {
    const name = [manufacturer, product].filter(Boolean).join(' ')
    return { value: byId ?? path, label: name === '' ? path : `${name} (${path})` }
  })
}
