/**
 * The comma-separated values of an information text, such as `1,"Kyivstar, UA",(2,3)`: quotes taken off, an empty or
 * missing value as '', a bracketed list as one value with its brackets. Never throws: a quote or a bracket that is not
 * closed ends with the text.
 */
export function splitFields(text: string): string[] {
  const fields: string[] = []
  let value = ''
  let quoted = false
  let depth = 0
  for (const character of text) {
    if (character === '"') {
      quoted = !quoted
      if (depth > 0) value += character
    } else if (!quoted && depth === 0 && character === ',') {
      fields.push(value)
      value = ''
    } else if (quoted || character !== ' ' || depth > 0) {
      // Spaces around values are decoration; within a name, such as in an unquoted `T-Mobile A`, they are not.
      value += character
      if (!quoted && character === '(') depth++
      if (!quoted && character === ')') depth = Math.max(0, depth - 1)
    } else if (value !== '') {
      value += character
    }
  }
  fields.push(value)
  return fields.map(field => field.trimEnd())
}

/** The values of a bracketed list as `=?` answers have it, such as `("SM","ME")` or `(0-2,4)`: ranges are spelled out. */
export function splitList(field: string): string[] {
  const inner = field.startsWith('(') ? field.slice(1).replace(/\)$/, '') : field
  return splitFields(inner).flatMap(value => {
    const range = /^(\d{1,3})-(\d{1,3})$/.exec(value)
    if (!range) return value === '' ? [] : [value]
    const [from, to] = [Number(range[1]), Number(range[2])]
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => String(from + i))
  })
}

/** A non-negative decimal value, or undefined where there is none or something else. */
export function toNumber(field: string | undefined): number | undefined {
  return field !== undefined && /^\d{1,15}$/.test(field) ? Number(field) : undefined
}

/** Whether it is whole octets in hexadecimal, as PDUs are written; at least one. */
export function isHex(text: string): boolean {
  return text.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(text)
}

/**
 * Text that came as UCS2 in hexadecimal, which `AT+CSCS="UCS2"` makes of strings, or as it is where it cannot be that.
 * A decimal number of whole groups of four is taken for a number, as `"12345678"` could be both.
 */
export function fromUcs2Hex(text: string): string {
  const groups = /^(?:[0-9A-Fa-f]{4})+$/.test(text) ? text.match(/.{4}/g) : null
  if (!groups) return text
  const isNumber = /^\d+$/.test(text) && !groups.every(group => group.startsWith('00'))
  return isNumber ? text : String.fromCharCode(...groups.map(group => Number.parseInt(group, 16)))
}
