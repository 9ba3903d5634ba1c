/** What went wrong with a connection, as a sentence for people with the error's code; of the error nothing else. */
export function reasonOf(error: Error): string {
  const code = codeOf(error)
  if (error.name === 'HTTPParserError') return 'its answer is not HTTP'
  if (code === undefined) return 'the connection failed'
  if (code === 'UND_ERR_INVALID_ARG') return code
  const words = WORDS[code] ?? KINDS.find(([pattern]) => pattern.test(code))?.[1] ?? 'the connection failed'
  return `${words} (${code})`
}

/** Whether the other side had dropped the connection, perhaps before the request came. */
export function stale(error: Error): boolean {
  return STALE.has(codeOf(error) ?? '')
}

function codeOf(error: Error): string | undefined {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined
}

const STALE: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** By the codes of Node (`errno`, `dns`, `tls`) and of undici. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'no connection came about in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_DESTROYED: 'the connection was closed',
  UND_ERR_CLOSED: 'the connection was closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer was cut short',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody known',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody known',
}

const KINDS: readonly (readonly [code: RegExp, words: string])[] = [
  [/^EPROTO$|^ERR_SSL_/, 'it does not speak TLS as we do'],
  [/CERT|SIGNED/, 'its certificate is not trusted'],
]
