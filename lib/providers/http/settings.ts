/** How an HTTP API sends, answers and calls back, as people write it in the dialog: texts, `''` where left out. */
export interface HttpSettings {
  readonly name: string
  readonly method: string
  /** With placeholders in path and query, not in the host. */
  readonly url: string
  /** Lines `Name: value`. */
  readonly headers: string
  readonly body: string
  /** `form`, `json`, `xml`, `text`, or a MIME type. */
  readonly contentType: string
  /** What is sent from, where the message does not say. */
  readonly from: string
  /** By the names used in `{{secret.NAME}}`. */
  readonly secrets: Readonly<Record<string, string>>
  /** What an answer must hold, see `condition.ts`; any 2xx if empty. */
  readonly success: string
  /** Where in the answer the carrier's id of the message is, see `pointer.ts`. */
  readonly idPath: string
  /** Where in a refusal its code is. */
  readonly errorPath: string
  /** What the codes mean: lines `301 = SMS_CREDIT`. */
  readonly errorCodes: string
  /** Whether a 5xx leaves in doubt if the message was taken, or the API says that it was not. */
  readonly serverErrors: 'doubt' | 'retry'
  /** Asked for the state of a message; with `{{id}}` alone it also settles a lost answer. */
  readonly statusUrl: string
  readonly statusPath: string
  /** The answer from `statusUrl` that proves that there is no such message. */
  readonly missing: string
  readonly receive: 'webhook' | 'off'
  /** Where the carrier reaches us, `…/sms/<path>`; absent without a public address. */
  readonly callbackUrl?: string | undefined
  /** The last part of that address; where it is what keeps strangers out, it must be hard to guess. */
  readonly path: string
  /** Where in a request of the carrier each thing is, see `pointer.ts`. */
  readonly inFrom: string
  readonly inText: string
  readonly inTo: string
  readonly inId: string
  readonly inTime: string
  /** Three fields with commas between: reference, number of the part, number of parts. */
  readonly inPart: string
  /** The field that names the character set of the text, where that is not always UTF-8. */
  readonly inCharset: string
  /** Whether senders are international numbers without their `+`. */
  readonly inPlus: boolean
  readonly reportId: string
  /** Our own id, where the carrier gives it back. */
  readonly reportRef: string
  readonly reportState: string
  readonly reportError: string
  /** The carrier's words: lines `DELIVRD = delivered`. */
  readonly states: string
  readonly verify: 'path' | 'secret' | 'hmac' | 'jwt'
  readonly verifyField: string
  /** What stands before the secret or signature there, e.g. `sha256=` or `Bearer `. */
  readonly verifyPrefix: string
  readonly hmacHash: 'sha256' | 'sha1' | 'sha512'
  readonly hmacEncoding: 'hex' | 'base64'
  /** What is signed, `{{body}}` if empty, see `signature.ts`. */
  readonly signed: string
  /** Where the time of signing is; what is older than five minutes is refused then. */
  readonly signedAt: string
  readonly webhookSecret: string
  /** What the carrier is answered; may hold `{{id}}`. */
  readonly reply: string
  readonly replyType: string
  readonly ratePerSecond?: number | undefined
  readonly defaultCountry?: string | undefined
  readonly optOut: boolean
}

/** What most APIs need nothing else than; also what a new node's dialog begins with. */
export const DEFAULT_SETTINGS: Omit<
  HttpSettings,
  'name' | 'secrets' | 'callbackUrl' | 'webhookSecret' | 'ratePerSecond' | 'defaultCountry'
> = {
  method: 'POST',
  url: '',
  headers: '',
  body: '',
  contentType: 'form',
  from: '',
  success: '',
  idPath: '',
  errorPath: '',
  errorCodes: '',
  serverErrors: 'doubt',
  statusUrl: '',
  statusPath: '',
  missing: '',
  receive: 'off',
  path: '',
  inFrom: 'from',
  inText: 'text',
  inTo: 'to',
  inId: 'id',
  inTime: '',
  inPart: '',
  inCharset: '',
  inPlus: false,
  reportId: 'id',
  reportRef: '',
  reportState: 'status',
  reportError: '',
  states: 'delivered = delivered\nsent = accepted\nexpired = expired\nfailed = failed\nundelivered = failed',
  verify: 'path',
  verifyField: '',
  verifyPrefix: '',
  hmacHash: 'sha256',
  hmacEncoding: 'hex',
  signed: '',
  signedAt: '',
  reply: 'OK',
  replyType: 'text/plain',
  optOut: false,
}
