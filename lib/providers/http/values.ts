import type { MessageDraft } from '../../provider.ts'
import { countSegments } from '../../segments.ts'
import { BASIC_SECRETS, GROUPS, NAMES } from './placeholders.ts'
import type { Known, Values } from './placeholders.ts'
import type { HttpSettings } from './settings.ts'

type Account = Pick<HttpSettings, 'from' | 'secrets' | 'callbackUrl'>

/** The placeholders that templates of this account may have. */
export function knownTo({ secrets }: Account, names: ReadonlySet<string> = NAMES): Known {
  return { names, groups: GROUPS, secrets: new Set(Object.keys(secrets).filter(name => secrets[name] !== '')) }
}

/** What placeholders stand for with one message. Throws `SMS_REQUEST` where it cannot be sent in its encoding. */
export function valuesOf(message: MessageDraft & { id: string; validityMinutes?: number }, account: Account): Values {
  const { to, text, encoding, validityMinutes } = message
  const from = (message.from ?? '') || account.from || undefined
  const count = countSegments(text, { encoding })
  const minutes = validityMinutes === undefined ? undefined : Math.max(1, Math.round(validityMinutes))
  return {
    ...accountValues(account),
    id: message.id,
    idNumber: numberOf(message.id),
    to,
    toNoPlus: to.replace(/^\+/, ''),
    from,
    fromType: from === undefined ? undefined : senderType(from),
    fromNoPlus: from?.replace(/^\+(?=\d)/, ''),
    text,
    textOrHex: count.encoding === 'gsm7' ? text : Buffer.from(text, 'utf16le').swap16().toString('hex'),
    encoding: count.encoding,
    parts: count.parts,
    flash: message.flash,
    deliveryReport: message.deliveryReport,
    allowReply: message.allowReply,
    validityMinutes: minutes,
    validitySeconds: minutes === undefined ? undefined : minutes * 60,
    validityMs: minutes === undefined ? undefined : minutes * 60_000,
    mediaUrls: message.mediaUrls?.length ? message.mediaUrls : undefined,
    params: message.params,
  }
}

/** What does not depend on a message. */
export function accountValues({ secrets, callbackUrl }: Account): Values {
  return { secret: secrets, basic: basicOf(secrets), callbackUrl }
}

/** The credentials of HTTP Basic authentication (RFC 7617), where both secrets are there. */
export function basicOf(secrets: HttpSettings['secrets']): string | undefined {
  const [user, password] = BASIC_SECRETS.map(name => secrets[name])
  return user && password ? Buffer.from(`${user}:${password}`).toString('base64') : undefined
}

/** Of use to who takes only numbers: sixteen digits, made of the time in a UUIDv7 (RFC 9562 §5.7) and what follows it. */
function numberOf(id: string): string {
  const hex = id.replaceAll('-', '')
  const timeMs = Number.parseInt(hex.slice(0, 12), 16)
  return `${timeMs}${String(Number.parseInt(hex.slice(13, 20), 16) % 1_000).padStart(3, '0')}`
}

function senderType(from: string): 'number' | 'shortCode' | 'name' {
  if (/^\d{3,6}$/.test(from)) return 'shortCode'
  return /^\+?[\d\s().-]+$/.test(from) ? 'number' : 'name'
}
