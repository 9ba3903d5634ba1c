import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export interface SignedRequest {
  /** The public URL as Twilio called it, query untouched. */
  readonly url: string
  /** The fields of a form; none for a GET, whose fields are in the URL. */
  readonly form?: URLSearchParams | undefined
  /** The body of a request that is no form. */
  readonly body?: Buffer | undefined
}

/**
 * Whether `X-Twilio-Signature` was made with this auth token for this request, compared in constant time:
 * https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function isSigned(authToken: string, signature: string, { url, form, body }: SignedRequest): boolean {
  if (!form && body && body.length > 0 && !hashFits(url, body)) return false
  const fields = form ? fieldsOf(form) : ''
  const isOf = (variant: string) => {
    const digest = createHmac('sha1', authToken)
    return equals(signature, digest.update(variant + fields, 'utf8').digest('base64'))
  }
  // Nearly always as it is; which of the others fits is no secret either.
  return isOf(url) || [...variantsOf(url)].some(isOf)
}

/** Names in code-unit order, each with each of its values; a value that is repeated counts once. */
function fieldsOf(form: URLSearchParams): string {
  const values = new Map<string, Set<string>>()
  for (const [name, value] of form) {
    const known = values.get(name)
    if (known) known.add(value)
    else values.set(name, new Set([value]))
  }
  let fields = ''
  for (const name of [...values.keys()].sort()) {
    for (const value of [...values.get(name)!].sort()) fields += name + value
  }
  return fields
}

/** A body that is no form is signed by its hash in the query. */
function hashFits(url: string, body: Buffer): boolean {
  const given = /[?&]bodySHA256=([0-9a-f]{64})(?=[&#]|$)/i.exec(url)?.[1]
  return given !== undefined && equals(given.toLowerCase(), createHash('sha256').update(body).digest('hex'))
}

/**
 * How Twilio may have written the URL it signed: with the port, without it, or with the default one; and the rest as
 * it came, as the URL standard writes it (`'` and %27), or re-encoded as its older services do.
 */
function variantsOf(url: string): Set<string> {
  const [, scheme = '', authority = '', rest = ''] = /^(https?:\/\/)([^/?#]*)([^#]*)/i.exec(url) ?? []
  const host = authority.replace(/:\d*$/, '')
  const hosts = [authority, host, `${host}:${/^https/i.test(scheme) ? 443 : 80}`]
  const rests = [rest, normalised(scheme + authority, rest), reencoded(rest)]
  return new Set([url, ...hosts.flatMap(host => rests.map(rest => scheme + host + rest))])
}

function normalised(origin: string, rest: string): string {
  if (!URL.canParse(origin + rest)) return rest
  const { pathname, search } = new URL(origin + rest)
  return pathname + search
}

function reencoded(rest: string): string {
  const [path = '', query] = rest.split(/\?(.*)/s, 2)
  if (query === undefined) return rest
  const fields = [...new URLSearchParams(query)].map(pair => pair.map(encodeURIComponent).join('='))
  return `${path}?${fields.join('&')}`
}

function equals(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
