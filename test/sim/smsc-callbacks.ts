import { createHash } from 'node:crypto'
import { Agent, request } from 'node:http'

export interface CallbackStyle {
  readonly method: 'POST' | 'GET'
  readonly charset: 'utf-8' | 'windows-1251'
  readonly hash: 'md5' | 'sha1'
}

/** The simulated SMSC's calls to a handler's address, signed as the real ones are. */
export interface Callbacks {
  /** Resolves to the status of the answer, or undefined when none came. `signed`: the fields the hash is made of. */
  call(url: string, fields: Fields, signed: readonly string[], secret: string): Promise<number | undefined>
  settled(): Promise<void>
  close(): void
}

type Fields = Readonly<Record<string, string>>

export function createCallbacks(style: () => CallbackStyle): Callbacks {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const underWay = new Set<Promise<unknown>>()

  return {
    call(url, fields, signed, secret) {
      const calling = call(agent, url, writeCallback(fields, signed, secret, style()), style().method)
      underWay.add(calling)
      void calling.finally(() => underWay.delete(calling))
      return calling
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    close: () => agent.destroy(),
  }
}

/** A callback as a form: its fields, and the hash of some of them and the secret. */
export function writeCallback(fields: Fields, signed: readonly string[], secret: string, style: CallbackStyle): string {
  const parts = signed.map(name => encode(fields[name] ?? '', style.charset))
  const text = Buffer.concat(parts.flatMap(part => [part, Buffer.from(':')]))
  const hash = createHash(style.hash).update(text).update(secret).digest('hex')
  return Object.entries({ ...fields, [style.hash]: hash })
    .map(([name, value]) => `${name}=${percent(encode(value, style.charset))}`)
    .join('&')
}

/** Of windows-1251, the letters of Russian and Ukrainian. */
function encode(text: string, charset: CallbackStyle['charset']): Buffer {
  if (charset === 'utf-8') return Buffer.from(text)
  return Buffer.from(Array.from(text, char => CP1251.get(char) ?? (char < '\u0080' ? char.charCodeAt(0) : 0x3f)))
}

const decoder = new TextDecoder('windows-1251')
const CP1251 = new Map(
  Array.from({ length: 128 }, (_, at) => [decoder.decode(Uint8Array.of(at + 128)), at + 128] as const),
)

const percent = (bytes: Buffer): string =>
  Array.from(bytes, octet =>
    /[A-Za-z0-9._~-]/.test(String.fromCharCode(octet))
      ? String.fromCharCode(octet)
      : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('')

function call(agent: Agent, url: string, form: string, method: CallbackStyle['method']): Promise<number | undefined> {
  const address = method === 'GET' ? `${url}${url.includes('?') ? '&' : '?'}${form}` : url
  return new Promise(resolve => {
    const calling = request(address, {
      method,
      agent,
      headers:
        method === 'POST'
          ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(form) }
          : {},
    })
    calling.on('response', response => {
      response.resume()
      response.on('error', () => resolve(undefined))
      response.on('end', () => resolve(response.statusCode))
    })
    calling.on('error', () => resolve(undefined))
    calling.end(method === 'POST' ? form : undefined)
  })
}
