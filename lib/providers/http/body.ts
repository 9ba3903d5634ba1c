import { SmsError } from '../../errors.ts'
import { asText, compileText, namesIn, renderText, valueOf } from './placeholders.ts'
import type { Known, Pieces, Placeholder, Value, Values } from './placeholders.ts'

/** A compiled template: `render` makes the text, `names` are the placeholders it uses. */
export interface Template {
  readonly names: readonly string[]
  render(values: Values): string
}

export type ContentKind = 'form' | 'json' | 'xml' | 'text'

/** What a content type means: how the body is written, and what the header says. Throws `SMS_CONFIG`. */
export function readContentType(given: string): { readonly kind: ContentKind; readonly header: string } {
  const type = given.toLowerCase()
  if (Object.hasOwn(HEADERS, type)) return { kind: type as ContentKind, header: HEADERS[type as ContentKind] }
  if (!/^[\w.+-]+\/[\w.+-]+\s*(;\s*[\w.+-]+\s*=\s*("[^"\r\n]*"|[^\s;"]+)\s*)*$/.test(given))
    throw new SmsError('SMS_CONFIG', 'the content type must be form, json, xml, text or a MIME type')
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/.exec(type)?.[1]
  if (charset !== undefined && charset !== 'utf-8') throw new SmsError('SMS_CONFIG', 'requests are sent as UTF-8 only')
  if (type.startsWith('multipart/')) throw new SmsError('SMS_CONFIG', 'multipart bodies cannot be sent')
  return { kind: KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'text', header: given }
}

const HEADERS = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
  xml: 'application/xml; charset=utf-8',
  text: 'text/plain; charset=utf-8',
} as const satisfies Record<ContentKind, string>

const KINDS: readonly (readonly [RegExp, ContentKind])[] = [
  [/^application\/x-www-form-urlencoded\b/, 'form'],
  [/^[^;]*[/+]json\b/, 'json'],
  [/^[^;]*[/+]xml\b/, 'xml'],
]

/** Compiles a body; every value is escaped as its place in this kind of content needs. Throws `SMS_CONFIG`. */
export function compileBody(template: string, kind: ContentKind, known: Known): Template {
  return COMPILERS[kind](template, known)
}

const COMPILERS: Readonly<Record<ContentKind, (template: string, known: Known) => Template>> = {
  form: (template, known) => compileFields(template, known, 'the body'),
  json: compileJson,
  xml: (template, known) => compilePlain(template, known, escapeXml),
  text: (template, known) => compilePlain(template, known, text => text),
}

/**
 * Fields `name=value` with & or line ends between them, of a form or a query; a field whose value is not there is left
 * out. What is written literally goes as it is, but for what must not stand there.
 */
export function compileFields(template: string, known: Known, where: string): Template {
  const fields = (template.match(/(?:\{\{[^{}]*\}\}|[^&\r\n])+/g) ?? [])
    .map(field => field.trim())
    .filter(field => field !== '')
    .map(field => compileText(field, known, where).map(piece => (typeof piece === 'string' ? literal(piece) : piece)))
  return {
    names: fields.flatMap(namesIn),
    render: values =>
      fields
        .map(field => renderText(field, values, encodeURIComponent))
        .filter(field => field !== undefined)
        .join('&'),
  }
}

const literal = (text: string): string =>
  asText(text)!.replaceAll(/[^\x21-\x7e]|["<>#\\^`{}]/gu, character => encodeURIComponent(character))

/** Text and attributes alike: a parser would make one line end of each kind, and blanks of those in an attribute. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(NOT_XML, '')
    .replaceAll(/[&<>"'\r\n\t\u0085\u2028]/g, character => `&#${character.codePointAt(0)};`)
}

/** XML 1.0 §2.2: these cannot be in a document in any form, and nobody reads them. */
// oxlint-disable-next-line no-control-regex
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

function compilePlain(template: string, known: Known, escape: (text: string) => string): Template {
  // Piece by piece, as here nothing can be left out.
  const pieces = compileText(template, known, 'the body')
  return {
    names: namesIn(pieces),
    render: values => pieces.map(piece => renderText([piece], values, escape) ?? '').join(''),
  }
}

/** JSON as a tree: values are put into data, and the data is written, so that no value can break out of its place. */
type Node =
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'text'; readonly pieces: Pieces }
  | { readonly kind: 'value'; readonly placeholder: Placeholder }
  | { readonly kind: 'array'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, Node])[] }

/** Marks a placeholder that stood without quotes; no JSON text of people has it. */
const UNQUOTED = '\u0000'

function compileJson(template: string, known: Known): Template {
  if (template.trim() === '') return { names: [], render: () => '' }
  const marked = template.replaceAll(/"(?:[^"\\]|\\.)*"|\{\{([^{}]*)\}\}/gs, (match, name: string | undefined) =>
    name === undefined ? match : JSON.stringify(UNQUOTED + match),
  )
  const names: string[] = []
  const tree = toNode(parseJson(marked), known, names)
  return { names, render: values => JSON.stringify(toJson(tree, values) ?? null) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SmsError('SMS_CONFIG', 'the body is not JSON: look for missing quotes, commas or braces')
  }
}

function toNode(json: unknown, known: Known, names: string[]): Node {
  if (typeof json === 'string') {
    const pieces = compileText(json.replace(UNQUOTED, ''), known, 'the body')
    const [first] = pieces
    names.push(...namesIn(pieces))
    if (typeof first === 'object' && json.startsWith(UNQUOTED)) return { kind: 'value', placeholder: first }
    return { kind: 'text', pieces }
  }
  if (Array.isArray(json)) return { kind: 'array', items: json.map(item => toNode(item, known, names)) }
  if (typeof json !== 'object' || json === null) return { kind: 'constant', value: json }
  const fields = Object.entries(json).map(([name, value]) => {
    if (name.includes('{{')) throw new SmsError('SMS_CONFIG', 'the body has a placeholder in the name of a field')
    return [name, toNode(value, known, names)] as const
  })
  return { kind: 'object', fields }
}

/** Undefined for what is left out. */
function toJson(node: Node, values: Values): unknown {
  if (node.kind === 'constant') return node.value
  if (node.kind === 'text') return renderText(node.pieces, values, text => text)
  if (node.kind === 'value') return scalar(node.placeholder, valueOf(node.placeholder, values))
  if (node.kind === 'array') return node.items.map(item => toJson(item, values)).filter(item => item !== undefined)
  const fields = node.fields.map(([name, field]) => [name, toJson(field, values)] as const)
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined))
}

/** A word that stands for a value may be a number or a truth, as in `{{flash|true=1|false=0}}`. */
function scalar({ words }: Placeholder, value: Value): unknown {
  if (typeof value !== 'string') return value
  const isWord = [...words.values()].includes(value)
  return isWord && /^(-?\d+(\.\d+)?|true|false)$/.test(value) ? JSON.parse(value) : asText(value)
}
