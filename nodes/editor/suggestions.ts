import type { Query } from './red.ts'

/** Offers the time zones that this browser knows. */
export function suggestTimeZones(field: Query): void {
  suggest(
    field,
    Intl.supportedValuesOf('timeZone').map(value => ({ value })),
  )
}

/** Offers countries by their two letters, with their names in the language of the editor. */
export function suggestCountries(field: Query): void {
  const names = new Intl.DisplayNames([RED.i18n.lang(), 'en'], { type: 'region', fallback: 'none' })
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at))
  const codes = letters.flatMap(first => letters.map(second => first + second))
  suggest(
    field,
    codes.flatMap(value => {
      // A withdrawn code, such as SU or DD, becomes that of its successor here.
      const isCurrent = new Intl.Locale(`und-${value}`).region === value && !NO_COUNTRIES.has(value)
      const label = isCurrent ? names.of(value) : undefined
      return label === undefined ? [] : [{ value, label }]
    }),
  )
}

/** Other regions that have a code and a name: unions, outlying oceans, and codes for testing. */
const NO_COUNTRIES = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'])

/** Offers values while a field is filled in; any other may be written. */
export function suggest(field: Query, values: readonly { readonly value: string; readonly label?: string }[]): void {
  const list = `${field.attr('id') ?? ''}-suggestions`
  const datalist = $('<datalist>').attr('id', list).insertAfter(field)
  for (const { value, label } of values)
    datalist.append($('<option>').attr({ value, ...(label !== undefined && { label }) }))
  field.attr('list', list)
}
