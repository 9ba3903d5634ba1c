/** A message as the simulated Twilio keeps it. */
export interface SimMessage {
  readonly sid: string
  readonly accountSid: string
  readonly direction: 'inbound' | 'outbound-api'
  readonly from: string | null
  readonly to: string
  body: string
  status: string
  errorCode: number | null
  readonly messagingServiceSid: string | null
  readonly statusCallback: string | null
  readonly mediaUrls: readonly string[]
  readonly createdAtMs: number
  updatedAtMs: number
  sentAtMs: number | null
  /** Everything that was asked of a creation. */
  readonly form: Readonly<Record<string, readonly string[]>>
}

export interface Page {
  readonly messages: readonly SimMessage[]
  /** Where the next page begins, if there is one. */
  readonly next: number | undefined
}

/** All messages of all accounts, oldest first, and how Twilio finds them. */
export interface Ledger {
  readonly messages: readonly SimMessage[]
  add(message: Omit<SimMessage, 'sid'>): SimMessage
  get(accountSid: string, sid: string): SimMessage | undefined
  remove(sid: string): void
  /** Newest first, `from` counted from the oldest end so that it stays right when messages come. */
  page(accountSid: string, query: URLSearchParams, size: number, from: number | undefined): Page
}

export function createLedger(): Ledger {
  const messages: SimMessage[] = []
  const bySid = new Map<string, SimMessage>()

  return {
    messages,
    add(given) {
      const prefix = given.mediaUrls.length > 0 ? 'MM' : 'SM'
      const message = { sid: prefix + (bySid.size + 1).toString(16).padStart(32, '0'), ...given }
      messages.push(message)
      bySid.set(message.sid, message)
      return message
    },
    get(accountSid, sid) {
      const message = bySid.get(sid)
      return message?.accountSid === accountSid ? message : undefined
    },
    remove(sid) {
      const message = bySid.get(sid)
      if (message) messages.splice(messages.indexOf(message), 1)
    },
    page(accountSid, query, size, from = messages.length - 1) {
      const found: SimMessage[] = []
      for (let index = Math.min(from, messages.length - 1); index >= 0; index--) {
        const message = messages[index]!
        if (message.accountSid !== accountSid || !fits(message, query)) continue
        if (found.length === size) return { messages: found, next: index }
        found.push(message)
      }
      return { messages: found, next: undefined }
    },
  }
}

function fits(message: SimMessage, query: URLSearchParams): boolean {
  for (const [name, value] of query) {
    if (FILTERS[name]?.(message, value) === false) return false
  }
  return true
}

/** What was not sent yet has no day on which it was. */
const day = ({ sentAtMs }: SimMessage): string | undefined =>
  sentAtMs === null ? undefined : new Date(sentAtMs).toISOString().slice(0, 10)

const FILTERS: Record<string, (message: SimMessage, value: string) => boolean> = {
  To: (message, value) => message.to === value,
  From: (message, value) => message.from === value,
  DateSent: (message, value) => day(message) === value.slice(0, 10),
  'DateSent>': (message, value) => (day(message) ?? '') >= value.slice(0, 10),
  'DateSent<': (message, value) => (day(message) ?? '9') <= value.slice(0, 10),
}

/** The resource as the API shows it. */
export function toJson(message: SimMessage): Record<string, unknown> {
  const { sid, accountSid } = message
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`
  const counted = message.messagingServiceSid === null || message.sentAtMs !== null
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: rfc2822(message.createdAtMs),
    date_sent: message.sentAtMs === null ? null : rfc2822(message.sentAtMs),
    date_updated: rfc2822(message.updatedAtMs),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: String(message.mediaUrls.length),
    num_segments: counted ? '1' : '0',
    price: message.status === 'delivered' ? '-0.00750' : null,
    price_unit: 'USD',
    sid,
    status: message.status,
    subresource_uris: { media: uri.replace('.json', '/Media.json') },
    to: message.to,
    uri,
  }
}

const rfc2822 = (ms: number): string => new Date(ms).toUTCString().replace('GMT', '+0000')
