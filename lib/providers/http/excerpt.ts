/** A line of what the carrier said, `: …` to put after a sentence; `''` where there is nothing to quote, or a secret in it. */
export type Excerpt = (text: string) => string

const QUOTED_CHARACTERS = 200
/** Looked through for secrets, so that none is cut in two by the end of the quotation. */
const EXAMINED_CHARACTERS = 8_000

/** Quotes carriers but for the given secrets, however these are encoded there. */
export function createExcerpt(secrets: readonly string[]): Excerpt {
  const needles = secrets.flatMap(secret => [secret, plain(secret)]).filter(needle => needle !== '')
  return text => {
    const examined = text.slice(0, EXAMINED_CHARACTERS)
    const readings = [examined, plain(examined), plain(plain(examined))]
    if (needles.some(needle => readings.some(reading => reading.includes(needle)))) return ''
    const quoted = examined.replaceAll(/[\s\p{C}]+/gu, ' ').trim()
    if (quoted === '') return ''
    const cut = Array.from(quoted.slice(0, 2 * QUOTED_CHARACTERS))
      .slice(0, QUOTED_CHARACTERS)
      .join('')
    return `: ${cut}${cut.length < quoted.length ? '…' : ''}`
  }
}

/** Without the escapes of URLs, forms, XML and JSON, nor anything that one of them may have put in. */
function plain(text: string): string {
  return text
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/&#(\d{1,7});/g, (_, code: string) => character(Number(code)))
    .replaceAll(/&#x([0-9a-f]{1,6});/gi, (_, hex: string) => character(Number.parseInt(hex, 16)))
    .replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replaceAll(/(?:%[0-9a-f]{2})+/gi, bytes => decode(bytes))
    .replaceAll(/[\s+\\]+/g, '')
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const character = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '')

function decode(bytes: string): string {
  try {
    return decodeURIComponent(bytes)
  } catch {
    return bytes
  }
}
