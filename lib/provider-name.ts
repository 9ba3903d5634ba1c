/** What kind of thing it is, and the first of the settings that tells it from others of its kind, as it is shown. */
interface Unnamed {
  readonly kind: string
  readonly by?: Readonly<Record<string, (value: string) => string>>
}

// In one language, as these names go into records and messages, which editors in several languages show.
const UNNAMED: Readonly<Record<string, Unnamed>> = {
  'sms-twilio': { kind: 'Twilio', by: { from: asItIs, accountSid: sid => `${sid.slice(0, 8)}…` } },
  'sms-smsc': { kind: 'SMSC', by: { login: asItIs } },
  'sms-modem': { kind: 'Modem', by: { port: portOf } },
  'sms-http': { kind: 'HTTP API', by: { url: hostOf } },
  'sms-forward-client': { kind: 'Remote server', by: { serverUrl: hostOf } },
  'sms-forward-server': { kind: 'SMS for remote clients' },
  'sms-router': { kind: 'Router' },
  'sms-test': { kind: 'Simulated carrier' },
}

/**
 * What a config node is called: its own name, or else `Twilio +15551234567`, `Modem ttyUSB0`, `Simulated carrier`, made of
 * its type and properties. Of a type that is not of this package, the type.
 */
export function providerName(type: string, properties: Readonly<Record<string, unknown>>): string {
  const own = textOf(properties['name'])
  const unnamed = Object.hasOwn(UNNAMED, type) ? UNNAMED[type] : undefined
  if (own !== '' || unnamed === undefined) return own || type
  for (const [property, show] of Object.entries(unnamed.by ?? {})) {
    const value = textOf(properties[property])
    const shown = value === '' ? '' : show(value)
    if (shown !== '') return `${unnamed.kind} ${shown}`
  }
  return unnamed.kind
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

function asItIs(value: string): string {
  return value
}

/** `/dev/serial/by-id/usb-HUAWEI_Mobile-if00-port0`, `COM6`, `tcp://host:port`: what comes last says most. */
function portOf(port: string): string {
  return port.replace(/^.*\/(?=.)|\/$/g, '').replace(/^usb-/, '')
}

/** No more of an address than this: in what follows there may be secrets. */
function hostOf(url: string): string {
  return /^https?:\/\/(?:[^/?#]*@)?([^/?#]+)/i.exec(url)?.[1] ?? ''
}
