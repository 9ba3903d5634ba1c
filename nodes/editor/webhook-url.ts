export interface WebhookAddress {
  /** Where this Node-RED's http nodes are reached from outside. */
  readonly publicUrl: string
  readonly path: string
  /** As in the settings of Node-RED. */
  readonly httpNodeRoot: string
}

/** What is wrong with an address: keys of the catalogue. */
export type WebhookWarning =
  | 'noPublicUrl'
  | 'notAnAddress'
  | 'notHttps'
  | 'private'
  | 'trailingSlash'
  | 'noHttpNodeRoot'
  | 'underscore'

/** The address to give to the carrier, and what will keep the carrier from reaching it; `''` where it cannot be told. */
export function webhookUrl({ publicUrl, path, httpNodeRoot }: WebhookAddress): {
  readonly url: string
  readonly warnings: readonly WebhookWarning[]
} {
  if (publicUrl === '') return { url: '', warnings: ['noPublicUrl'] }
  const address = parse(publicUrl)
  if (address === undefined) return { url: '', warnings: ['notAnAddress'] }

  const root = httpNodeRoot.replace(/^\/+|\/+$/g, '')
  const base = publicUrl.replace(/\/+$/, '')
  const found: Record<WebhookWarning, boolean> = {
    noPublicUrl: false,
    notAnAddress: false,
    notHttps: address.protocol !== 'https:',
    private: PRIVATE_HOST.test(address.hostname),
    trailingSlash: base !== publicUrl,
    noHttpNodeRoot: root !== '' && !base.endsWith(`/${root}`),
    // Twilio's documentation of StatusCallback: the host must not contain underscores.
    underscore: address.hostname.includes('_'),
  }
  const warnings = (Object.keys(found) as WebhookWarning[]).filter(warning => found[warning])
  return { url: `${base}/sms/${path}`, warnings }
}

function parse(publicUrl: string): URL | undefined {
  if (!/^https?:\/\/[^\s?#]+$/.test(publicUrl)) return undefined
  try {
    return new URL(publicUrl)
  } catch {
    return undefined
  }
}

// Loopback, RFC 1918 and link-local addresses, and names that only a local network resolves.
const PRIVATE_HOST =
  /^(localhost|127\..*|10\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|169\.254\..*|\[(::1|f[cde].*)\]|[^.:]+|.*\.(local|lan|internal|home\.arpa))$/
