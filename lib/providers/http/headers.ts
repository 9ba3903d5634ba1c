import { SmsError } from '../../errors.ts'
import { compileText, namesIn, renderText } from './placeholders.ts'
import type { Known, Values } from './placeholders.ts'

/** Headers with placeholders; one whose value is not there is left out. */
export interface HeaderTemplates {
  readonly names: readonly string[]
  /** By lower-case name. Throws `SMS_REQUEST` for a value that no header can carry. */
  render(values: Values): Record<string, string>
}

/** Compiles lines `Name: value`. Throws `SMS_CONFIG` for what is no header, or not ours to set. */
export function compileHeaders(lines: string, known: Known): HeaderTemplates {
  const headers = lines
    .split(/\r?\n|\r/)
    .map(line => line.trim())
    .filter(line => line !== '')
    .map((line, index) => {
      const [, name = '', value = ''] = /^([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*)$/.exec(line) ?? []
      if (name === '') throw new SmsError('SMS_CONFIG', `line ${index + 1} of the headers is not Name: value`)
      if (NOT_OURS.has(name.toLowerCase())) throw new SmsError('SMS_CONFIG', `the header ${name} cannot be set`)
      return [name.toLowerCase(), compileText(value, known, `the header ${name}`)] as const
    })
  return {
    names: headers.flatMap(([, value]) => namesIn(value)),
    render(values) {
      const rendered: Record<string, string> = {}
      for (const [name, value] of headers) {
        const text = renderText(value, values, text => text)
        if (text !== undefined) rendered[name] = fit(name, text)
      }
      return rendered
    },
  }
}

/** They belong to the connection. */
const NOT_OURS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  '__proto__',
])

/** A line end would begin another header (RFC 9110 §5.5). */
function fit(name: string, value: string): string {
  if (/[^\t\u0020-\u007e\u0080-\u00ff]/.test(value))
    throw new SmsError(
      'SMS_REQUEST',
      `the header ${name} cannot carry this value: it has line ends or letters beyond Latin-1`,
    )
  return value.trim()
}
