import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { SmsError } from '../../errors.ts'
import type { WebhookRequest } from '../../provider.ts'
import { asText, compileText } from './placeholders.ts'
import type { Known } from './placeholders.ts'
import { compilePointer, textAt } from './pointer.ts'
import type { Source } from './pointer.ts'
import type { HttpSettings } from './settings.ts'
import { readTime } from './time.ts'

/** Why a request is not of the carrier; undefined if it is. */
export type Verifier = (request: WebhookRequest, source: Source, nowMs: number) => string | undefined

/** As hard to guess as a password of the same length; the dialog proposes 20. */
const SHORTEST_PATH = 16
/** How far the carrier's clock and ours may be apart, and how long what it signed may travel. */
const FRESH_MS = 300_000

/** Compiles how requests are verified. Throws `SMS_CONFIG`. */
export function compileVerifier(settings: HttpSettings): Verifier {
  if (settings.verify !== 'path' && settings.webhookSecret === '')
    throw new SmsError('SMS_CONFIG', 'the secret of the webhook is missing')
  return VERIFIERS[settings.verify](settings)
}

const VERIFIERS: Readonly<Record<HttpSettings['verify'], (settings: HttpSettings) => Verifier>> = {
  path({ path }) {
    if (path.length < SHORTEST_PATH)
      throw new SmsError(
        'SMS_CONFIG',
        `nothing but the path keeps strangers out, so it must have ${SHORTEST_PATH} characters that are hard to guess`,
      )
    return () => undefined
  },

  secret(settings) {
    const given = givenBy(settings)
    return (_request, source) => (isSame(given(source), settings.webhookSecret) ? undefined : 'the secret is wrong')
  },

  hmac(settings) {
    const given = givenBy(settings)
    const signedAt =
      settings.signedAt.trim() === '' ? undefined : compilePointer(settings.signedAt, 'the time of signing')
    const signed = compileText(settings.signed.replaceAll('\\n', '\n') || '{{body}}', SIGNED, 'what is signed')
    return (request, source, nowMs) => {
      const time = signedAt && textAt(signedAt, source)
      if (signedAt && !isFresh(time, nowMs)) return 'the time of signing is missing or more than five minutes off'
      const hmac = createHmac(settings.hmacHash, settings.webhookSecret)
      for (const piece of signed) {
        if (typeof piece === 'string') hmac.update(piece, 'utf8')
        // The very bytes, which need not be UTF-8.
        else if (piece.name === 'body') hmac.update(request.body)
        else hmac.update(asText(partOf(piece.name, request, time)) ?? '', 'utf8')
      }
      const digest = hmac.digest(settings.hmacEncoding)
      const signature = given(source)
      return isSame(settings.hmacEncoding === 'hex' ? signature?.toLowerCase() : signature, digest)
        ? undefined
        : 'the signature is wrong'
    }
  },

  /** RFC 7519, of the one kind that needs only a secret. */
  jwt(settings) {
    const given = givenBy({
      verifyField: settings.verifyField || 'header:Authorization',
      verifyPrefix: settings.verifyPrefix || 'Bearer ',
    })
    return (_request, source, nowMs) => {
      const [head = '', claims = '', signature, ...rest] = given(source)?.split('.') ?? []
      const digest = createHmac('sha256', settings.webhookSecret).update(`${head}.${claims}`).digest('base64url')
      // The algorithm is ours to say: a token that names another one, or none, is not looked at.
      if (rest.length > 0 || !isSame(signature, digest) || readPart(head)['alg'] !== 'HS256')
        return 'the token is wrong'
      const { exp, nbf } = readPart(claims)
      const isOver = typeof exp === 'number' && exp * 1_000 + FRESH_MS < nowMs
      const isEarly = typeof nbf === 'number' && nbf * 1_000 - FRESH_MS > nowMs
      return isOver || isEarly ? 'the token is not valid at this time' : undefined
    }
  },
}

const SIGNED: Known = {
  names: new Set(['body', 'timestamp', 'url', 'method', 'bodyMd5']),
  groups: new Set(['header']),
  secrets: new Set(),
}

function partOf(
  name: string,
  { url, method, body, headers }: WebhookRequest,
  time: string | undefined,
): string | undefined {
  if (name.startsWith('header.')) return headers[name.slice('header.'.length).toLowerCase()]
  const parts: Readonly<Record<string, () => string | undefined>> = {
    timestamp: () => time,
    url: () => url,
    method: () => method,
    bodyMd5: () => createHash('md5').update(body).digest('hex'),
  }
  return parts[name]?.()
}

/** The secret or signature in a request, without what stands before it. */
function givenBy({ verifyField, verifyPrefix }: Pick<HttpSettings, 'verifyField' | 'verifyPrefix'>) {
  if (verifyField.trim() === '')
    throw new SmsError('SMS_CONFIG', 'where the secret or signature of the webhook is, is missing')
  const find = compilePointer(verifyField, 'the place of the signature')
  const prefix = verifyPrefix.trim()
  return (source: Source): string | undefined => {
    const text = textAt(find, source)?.trim()
    if (prefix === '') return text
    return text?.toLowerCase().startsWith(prefix.toLowerCase()) ? text.slice(prefix.length).trim() : undefined
  }
}

/** In constant time, whatever their lengths: it is their hashes that are compared. */
function isSame(given: string | undefined, expected: string): boolean {
  const [a, b] = [given ?? '', expected].map(text => createHash('sha256').update(text, 'utf8').digest()) as [
    Buffer,
    Buffer,
  ]
  return timingSafeEqual(a, b) && given !== undefined
}

function isFresh(time: string | undefined, nowMs: number): boolean {
  const atMs = time === undefined ? undefined : readTime(time)
  return atMs !== undefined && Math.abs(nowMs - atMs) <= FRESH_MS
}

function readPart(base64: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(Buffer.from(base64, 'base64url').toString('utf8'))
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
