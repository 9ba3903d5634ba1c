import type { HttpAnswer } from '../../http.ts'
import type { WebhookRequest } from '../../provider.ts'
import type { Answer } from './condition.ts'
import type { Source } from './pointer.ts'

/** An answer of the carrier, to look for things in. */
export function readAnswer({ status, headers, text }: HttpAnswer): Answer {
  return { status, headers, text, data: readData(text, headers['content-type']), query: new URLSearchParams() }
}

/** A request of the carrier: JSON, a form, or a GET with everything in the query. */
export function readRequest({ url, headers, body }: WebhookRequest): Source {
  const query = URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams()
  const text = body.toString('utf8')
  const data = readData(text, headers['content-type'])
  const isFields = body.length === 0 || (isForm(headers['content-type']) && isObject(data))
  return {
    headers,
    text,
    query,
    data: isFields ? { ...Object.fromEntries(query), ...(isObject(data) ? data : {}) } : data,
  }
}

/**
 * The value of a field as the bytes that came, read in a character set of the carrier's own; undefined for a set nobody
 * knows. Only fields of a form or a query have one: JSON is Unicode.
 */
export function decodeField(request: WebhookRequest, name: string, charset: string): string | undefined {
  const query = /\?([^#]*)/.exec(request.url)?.[1] ?? ''
  const pairs = `${isForm(request.headers['content-type']) ? request.body.toString('latin1') : ''}&${query}`.split('&')
  const found = pairs.map(pair => pair.split(/=(.*)/s, 2)).find(([key]) => key !== undefined && textOf(key) === name)
  try {
    return found && new TextDecoder(charset).decode(bytesOf(found[1] ?? ''))
  } catch {
    return undefined
  }
}

function readData(text: string, contentType: string | undefined): unknown {
  if (isForm(contentType)) return Object.fromEntries(new URLSearchParams(text))
  // By what it is, as many say nothing or something else about it.
  return /^\s*[[{"]/.test(text) ? parseJson(text) : undefined
}

function parseJson(text: string): unknown {
  try {
    // A number too long for us is an id: its digits count, not its size.
    const exact = (_name: string, value: unknown, context?: { readonly source?: string }): unknown =>
      typeof value === 'number' && !Number.isSafeInteger(value) && /^\d+$/.test(context?.source ?? '')
        ? context?.source
        : value
    return JSON.parse(text, exact)
  } catch {
    return undefined
  }
}

const isForm = (contentType = ''): boolean => /^application\/x-www-form-urlencoded\b/i.test(contentType)

const isObject = (data: unknown): data is object => typeof data === 'object' && data !== null

const textOf = (encoded: string): string => bytesOf(encoded).toString('utf8')

function bytesOf(encoded: string): Buffer {
  const bytes = encoded
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}
