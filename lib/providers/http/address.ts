import { SmsError } from '../../errors.ts'
import { compileFields } from './body.ts'
import type { Template } from './body.ts'
import { compileText, namesIn, renderText } from './placeholders.ts'
import type { Known, Pieces } from './placeholders.ts'

/**
 * Compiles a URL: values are percent-encoded, in the path and in the query; a query field whose value is not there is
 * left out. The host is fixed: whoever writes a text must not choose where it and the secrets go. Throws `SMS_CONFIG`.
 */
export function compileAddress(template: string, known: Known, where = 'the URL'): Template {
  const [, origin, path = '', query] =
    /^(https?:\/\/[^\s/?#@\\{}]+)((?:\/[^?#\\]*)?)(?:\?([^#]*))?$/i.exec(template) ?? []
  if (origin === undefined || !URL.canParse(origin))
    throw new SmsError(
      'SMS_CONFIG',
      `${where} must begin with http:// or https:// and a host, without placeholders or a password in it`,
    )
  const segments = (path.match(/\/(?:\{\{[^{}]*\}\}|[^/])*/g) ?? ['/']).map(segment =>
    compileText(segment.slice(1), known, where),
  )
  const fields = query === undefined ? undefined : compileFields(query, known, where)
  return {
    names: [...segments.flatMap(namesIn), ...(fields?.names ?? [])],
    render(values) {
      const written = segments.map(segment =>
        renderSegment(segment, where, segment => renderText(segment, values, encodeURIComponent)),
      )
      const search = fields?.render(values)
      return `${origin}/${written.join('/')}${search ? `?${search}` : ''}`
    },
  }
}

/** Throws `SMS_REQUEST` for a value that would lead elsewhere: `..` goes up, and nothing makes another path. */
function renderSegment(segment: Pieces, where: string, render: (segment: Pieces) => string | undefined): string {
  const written = render(segment)
  const isFixed = namesIn(segment).length === 0
  if (written === undefined || (!isFixed && /^\.{0,2}$/.test(written)))
    throw new SmsError('SMS_REQUEST', `this message has nothing fit for a placeholder in the path of ${where}`)
  return written
}
