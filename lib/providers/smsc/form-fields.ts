/** What a callback brought: a form, its address's query, or JSON, kept as the bytes it came in. */
export interface FormFields {
  has(name: string): boolean
  /** As it came, for hashes; empty for a field that is not there. */
  bytes(name: string): Buffer
  /** As text, in whichever of SMSC's two usual charsets it is; empty for a field that is not there. */
  text(name: string): string
  names(): readonly string[]
}

/**
 * Reads `application/x-www-form-urlencoded`, given as latin1, without guessing a charset. SMSC writes windows-1251 unless the callback's
 * address asks for `charset=utf-8`, and signs what it wrote.
 */
export function readForm(encoded: string): FormFields {
  const fields = new Map<string, Buffer>()
  for (const pair of encoded.split('&')) {
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2)
    const key = decode(name).toString('utf8')
    if (key !== '' && !fields.has(key)) fields.set(key, decode(value))
  }
  return fieldsOf(fields)
}

/** Reads a JSON object of texts and numbers, as SMSC sends with `fmt=3`; undefined for what is none. */
export function readJsonFields(body: Buffer): FormFields | undefined {
  try {
    const json: unknown = JSON.parse(body.toString('utf8'))
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
    const plain = Object.entries(json as Record<string, unknown>).filter(
      ([, value]) => typeof value === 'string' || typeof value === 'number',
    )
    return fieldsOf(new Map(plain.map(([name, value]) => [name, Buffer.from(String(value))])))
  } catch {
    return undefined
  }
}

function fieldsOf(fields: ReadonlyMap<string, Buffer>): FormFields {
  const bytes = (name: string) => fields.get(name) ?? Buffer.alloc(0)
  return { has: name => fields.has(name), bytes, text: name => toText(bytes(name)), names: () => [...fields.keys()] }
}

/** `%XX` and `+` of a text whose characters are octets (latin1), as they came; what is malformed stays as it is. */
function decode(text: string): Buffer {
  const plain = text.replaceAll('+', ' ')
  const octets: number[] = []
  for (let at = 0; at < plain.length; at += 1) {
    const hex = plain[at] === '%' ? /^[0-9a-f]{2}/i.exec(plain.slice(at + 1, at + 3))?.[0] : undefined
    if (hex === undefined) {
      octets.push(plain.charCodeAt(at) & 0xff)
      continue
    }
    octets.push(Number.parseInt(hex, 16))
    at += 2
  }
  return Buffer.from(octets)
}

/** Text in windows-1251 is hardly ever valid UTF-8 by chance. */
function toText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1251').decode(bytes)
  }
}
