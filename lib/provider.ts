import type { Clock } from './clock.ts'
import type { ErrorInfo } from './errors.ts'
import type { Encoding, Money, OutgoingState } from './message.ts'
import type { Router } from './router/contract.ts'

/**
 * The provider contract: a value, data plus functions, that knows nothing of queues, stores or Node-RED.
 *
 * A config node of any package is a provider when its editor definition carries `smsProvider: true` and its runtime
 * object has a property `smsProvider` that fulfils this interface.
 */
export interface Provider {
  /** The registered node type, e.g. `sms-twilio`. */
  readonly type: string
  /** What people call it; `msg.topic` and `record.provider`. */
  readonly name: string
  readonly pace: Pace
  readonly numbers: NumberRules
  /** Longest text the carrier takes, in UTF-16 units. */
  readonly maxCharacters: number
  /** Refuses, before anything is stored, what could never be sent. Throws `SmsError`. */
  check?(message: MessageDraft): void
  /** Whether the carrier itself can hold this message until `sendAt`; without it the outbox waits. */
  holdsUntil?(message: MessageDraft, sendAtMs: number, nowMs: number): boolean
  /**
   * Hands one message to the carrier. Throws `SmsError`: a retryable one when the carrier surely took nothing,
   * `SMS_UNKNOWN` when it may have; anything else thrown counts as `SMS_UNKNOWN` too.
   */
  send(message: OutgoingMessage, call: Call): Promise<Receipt>
  /** Finds out what became of a message whose answer was lost. Without it, doubt stays. */
  settle?(message: OutgoingMessage, call: Call): Promise<Settlement>
  /** The carrier's present word on a message. */
  queryStatus?(message: SentMessage, call: Call): Promise<StatusReport | undefined>
  /** Whether reports must be asked for with `queryStatus`, as nothing will push them. */
  readonly asksForReports?: boolean
  /** Whether who texts STOP or the like is not texted any more. Off: elsewhere such words are commands people use. */
  readonly respectsOptOut?: boolean
  /** Takes back a message the carrier still holds. Resolves to whether it did. */
  cancel?(message: SentMessage, call: Call): Promise<boolean>
  balance?(call: Call): Promise<Balance>
  /**
   * Tries the settings, started or not, by calls that change and cost nothing. Throws `SmsError` with why they cannot
   * work.
   */
  probe?(call: Call): Promise<Finding>
  /** What it keeps for itself alone while it is started: the address of a port. */
  readonly holds?: string
  /** Starts receiving. Called once per life of the config node; must not wait for the carrier. */
  start?(host: ProviderHost): void | Promise<void>
  /** Ends receiving and every wait, within a second. */
  stop?(): void | Promise<void>
  /** Answers one HTTP request of the carrier; resolves only after what it brought is stored. */
  webhook?(request: WebhookRequest): Promise<WebhookReply>
  /** Makes it a router: messages go through the providers that it picks among, and none through itself. */
  readonly router?: Router
}

/** How fast and how wide a provider may be used. */
export interface Pace {
  /** Attempts in flight at once; 1 keeps strict order, 0 lets everything wait. */
  readonly concurrency: number
  /** Attempts started per second, on average; absent: no limit. */
  readonly perSecond?: number
  /** Longest time one attempt may take before it counts as doubtful; 30 s by default. */
  readonly timeoutMs?: number
}

/** How recipients are read for this provider. */
export interface NumberRules {
  /** ISO 3166-1 alpha-2, for numbers in national form. */
  readonly defaultCountry?: string
  /** Whether 3 to 6 digits are a number as they stand. */
  readonly shortCodes?: boolean
  /** Who gets a message that names nobody: the account's own phones. */
  readonly defaultRecipients?: string
}

/**
 * What a call to the carrier may cost in time. When `signal` aborts it must end, and has 200 ms for its last word: an
 * error that says nothing was taken yet puts the message back.
 */
export interface Call {
  readonly signal: AbortSignal
}

/** What is to be sent, before it has an id. */
export interface MessageDraft {
  readonly to: string
  readonly text: string
  readonly from?: string
  readonly encoding: 'auto' | Encoding
  readonly transliterate: boolean
  readonly flash: boolean
  readonly deliveryReport: boolean
  readonly allowReply: boolean
  /** Milliseconds since the epoch, only where `holdsUntil` said yes. */
  readonly sendAtMs?: number
  readonly mediaUrls?: readonly string[]
  readonly params?: Readonly<Record<string, unknown>>
}

/** A message as a provider sends it. */
export interface OutgoingMessage extends MessageDraft {
  /** Our id; where the carrier takes a reference of the sender's, this is it. */
  readonly id: string
  readonly createdAtMs: number
  /** When the latest attempt began. */
  readonly attemptedAtMs: number
  /** What is left of its validity. */
  readonly validityMinutes?: number
  /** The sender's label, e.g. `alarm` or `users/notification`. */
  readonly category?: string
}

/** A message the carrier has taken, as it is asked about. */
export interface SentMessage {
  readonly id: string
  readonly providerMessageId?: string
  readonly to: string
}

/** The carrier's answer to a sending. */
export interface Receipt {
  readonly providerMessageId?: string
  /** `accepted` by default; `scheduled` when the carrier holds it. */
  readonly state?: 'accepted' | 'scheduled' | 'delivered'
  readonly from?: string
  readonly parts?: number
  readonly encoding?: Encoding
  readonly price?: Money
  readonly raw?: unknown
}

/** What became of a doubtful message; `open`: not known yet, ask again. */
export type Settlement =
  | { readonly outcome: 'taken'; readonly receipt: Receipt }
  | { readonly outcome: 'notTaken' }
  | { readonly outcome: 'open' }

/**
 * A carrier's word on a message of ours. One of `id` and `providerMessageId` says which. Only `accepted` and the final
 * states move a message; what is before them is ours to say.
 */
export interface StatusReport {
  readonly id?: string
  readonly providerMessageId?: string
  readonly state: OutgoingState
  readonly error?: ErrorInfo
  readonly price?: Money
  readonly parts?: number
  readonly raw?: unknown
}

/** A message or a call that came in. */
export interface IncomingMessage {
  readonly type?: 'message' | 'call'
  /** The carrier's id, by which a repeat is known across restarts. */
  readonly providerMessageId?: string
  readonly from: string
  readonly to?: string
  readonly text: string
  readonly sentAtMs?: number
  readonly parts?: number
  readonly encoding?: Encoding
  readonly mediaUrls?: readonly string[]
  readonly incomplete?: true
  /** Where this is one part of a longer message, which the inbox makes whole; `parts` is not needed then. */
  readonly part?: MessagePart
  /**
   * Of a call: it rings, by default, or nobody took it and it is over. One that rang is brought again, as `missed` and
   * under the same `providerMessageId`, when it is over; without that it counts as over after four minutes.
   */
  readonly state?: 'ringing' | 'missed'
  /** Why it is not what was sent, such as a message that cannot be read; what came is `raw` then. */
  readonly error?: ErrorInfo
  /** The carrier's own word that the sender opted out, or in again; without it the text is looked at. */
  readonly optOut?: 'out' | 'in'
  readonly raw?: unknown
}

/** What a part says of the message it belongs to (3GPP TS 23.040 §9.2.3.24.1). */
export interface MessagePart {
  /** The same in all parts of a message; of the sender's choice, and used again. */
  readonly reference: string
  /** From 1 to `total`. */
  readonly index: number
  /** At most 255. */
  readonly total: number
  /**
   * The part as a modem has it, in hexadecimal digits, the service centre's address in front: some senders cut a
   * character in two, so that only the octets of both parts together tell which one it is.
   */
  readonly pdu?: string
}

export interface Balance {
  /** Decimal string, absent where only a text is known. */
  readonly amount?: string
  readonly currency?: string
  readonly text: string
}

/** What trying a provider's settings came to. */
export interface Finding {
  /** `worked`: they were let in. `reached`: somebody is there; only a message can tell whether they are let in. */
  readonly outcome: 'worked' | 'reached'
  /** What the other side told of itself, for people. */
  readonly facts: Readonly<Partial<Record<Fact, string>>>
}

/** `sim` and `registration` are words of a table where they are known, all others are text. */
export type Fact =
  | 'account'
  | 'balance'
  | 'server'
  | 'modem'
  | 'speed'
  | 'sim'
  | 'number'
  | 'registration'
  | 'operator'
  | 'signal'

export type Health = 'ready' | 'connecting' | 'degraded' | 'failed'

/** How a provider fares, with the reason when it is not `ready`. */
export interface HealthReport {
  readonly health: Health
  readonly error?: ErrorInfo
}

/** What a running provider may use of its surroundings. */
export interface ProviderHost {
  readonly clock: Clock
  /** Stores what came in; resolves after the commit, to false when it told nothing new. Only then acknowledge. */
  received(message: IncomingMessage): Promise<boolean>
  /** Applies a report; resolves after the commit, to false when it told nothing new or of no message of ours. */
  reported(report: StatusReport): Promise<boolean>
  /** How it fares. `ready` after anything else lets what waits to be sent go at once. */
  health(report: HealthReport): void
  /** Our id of the message that was sent under this id of the carrier's, in an earlier run too; undefined: of none. */
  ownerOf(providerMessageId: string): Promise<string | undefined>
  /** Small durable notes of this provider, such as how far it has polled. */
  readonly notes: {
    get(key: string): Promise<string | undefined>
    set(key: string, value: string): Promise<void>
  }
  log(level: 'info' | 'warn' | 'debug', text: string): void
}

/** One HTTP request as the mount hands it on: nothing decoded but the path. */
export interface WebhookRequest {
  readonly method: string
  /** The public URL as the carrier called it, query string untouched. */
  readonly url: string
  /** Which path was used: `…/im`, `…/status`, or the common one. */
  readonly kind: 'any' | 'im' | 'status'
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

export interface WebhookReply {
  readonly status: number
  readonly contentType?: string
  readonly body?: string
}
