import type { IncomingMessage } from 'node:http'
import { systemClock } from '../../lib/clock.ts'
import type { Clock } from '../../lib/clock.ts'
import { answer, listen, readBody } from '../support/http-server.ts'
import type { Reply } from '../support/http-server.ts'
import { createCalls } from './twilio-calls.ts'
import { refusalOf } from './twilio-refusals.ts'
import type { Refusal } from './twilio-refusals.ts'
import { createLedger, toJson } from './twilio-ledger.ts'
import { createSenders } from './twilio-senders.ts'
import type { Senders } from './twilio-senders.ts'
import type { SimMessage } from './twilio-ledger.ts'

/** A Twilio on the loopback: its messages API, with signed webhooks and reports, and faults on demand. */
export interface Twilio {
  /** For `apiUrl`. */
  readonly url: string
  /** Everything it took or brought, oldest first. */
  readonly messages: readonly SimMessage[]
  /** How many requests came, by operation. */
  readonly requests: Readonly<Record<Operation, number>>
  /** Who may sign in. Empty: anybody, and the token an account comes with first is then its own. */
  readonly accounts: Map<string, SimAccount>
  /** Recipients who texted STOP. */
  readonly optedOut: Set<string>
  /** Its numbers and messaging services. */
  readonly senders: Senders['all']
  /** May be changed at any time. */
  readonly behaviour: Behaviour
  /** Makes the next requests go wrong, in this order. */
  inject(fault: Fault, options?: { on?: Operation; times?: number; afterMs?: number }): void
  /** Somebody texts one of our numbers. Resolves to the message, and how the webhook, if there is one, answered. */
  receive(text: Texted): Promise<{ message: SimMessage; answered: number | undefined }>
  /** Changes a message's status and, if it has a callback, reports it. Resolves to the answer to that. */
  report(sid: string, status: string, errorCode?: number): Promise<number | undefined>
  /** Resolves when all reports under way were answered. */
  settled(): Promise<void>
  stop(): Promise<void>
}

export interface SimAccount {
  readonly authToken: string
  readonly apiKeys?: Readonly<Record<string, string>>
}

export interface Behaviour {
  /** What a message goes through after it was taken. */
  statuses: readonly string[]
  /** With the last of these. */
  errorCode?: number
  /** How the callbacks come; `beforeAnswer`: all of them before the creation is answered. */
  callbacks: 'inOrder' | 'reversed' | 'twice' | 'beforeAnswer'
  /** Puts a trial account's words before each text. */
  trial: boolean
  /** Called for what comes in. */
  webhookUrl?: string
  /** `active`, unless Twilio has something against it. */
  accountStatus?: string
}

export interface Texted {
  readonly accountSid?: string
  readonly from: string
  readonly to: string
  readonly body: string
  readonly mediaUrls?: readonly string[]
  readonly messagingServiceSid?: string
  /** Beside the usual fields of the webhook. */
  readonly fields?: Readonly<Record<string, string>>
  /** Only the list knows of it: the webhook was missed. */
  readonly silent?: boolean
}

export type Operation = 'create' | 'list' | 'fetch' | 'update' | 'balance' | 'media' | 'account' | 'sender'
export type Fault = keyof typeof FAULTS

const ACCOUNT_PATH = /^\/2010-04-01\/Accounts\/(AC[0-9a-f]{32})(?:\/(.+))?\.json$/i
/** Of another host of Twilio's, where the account is told by who signs in. */
const SERVICE_PATH = /^\/v1\/(Services\/MG[0-9a-f]{32})$/i

/** What each fault answers, and whether the request was carried out before. */
const FAULTS = {
  limited: { acts: false, reply: () => refusal({ status: 429, code: 20429, message: 'Too Many Requests' }) },
  limitedFor7s: {
    acts: false,
    reply: () => refusal({ status: 429, code: 20429, message: 'Too Many Requests' }, { 'retry-after': '7' }),
  },
  unauthorized: { acts: false, reply: () => refusal({ status: 401, code: 20003, message: 'Authenticate' }) },
  missing: {
    acts: false,
    reply: () => refusal({ status: 404, code: 20404, message: 'The requested resource was not found' }),
  },
  error: {
    acts: false,
    reply: () => refusal({ status: 500, code: 20500, message: 'An internal server error has occurred' }),
  },
  unavailable: { acts: false, reply: () => ({ status: 503, body: 'upstream connect error' }) },
  html: { acts: false, reply: () => ({ status: 502, body: '<html><h1>502 Bad Gateway</h1></html>' }) },
  takenHtml: { acts: true, reply: () => ({ status: 200, body: '<html>Welcome to your network</html>' }) },
  truncated: { acts: true, reply: (body: string) => ({ body: body.slice(0, body.length / 2), fault: 'truncated' }) },
  huge: { acts: true, reply: () => ({ fault: 'huge' }) },
  silent: { acts: true, reply: () => ({ fault: 'silent' }) },
  lostAnswer: { acts: true, reply: () => ({ fault: 'cut' }) },
  cut: { acts: false, reply: () => ({ fault: 'cut' }) },
  slow: { acts: true, reply: (body: string, status: number) => ({ status, body }) },
} as const satisfies Record<string, { acts: boolean; reply: (body: string, status: number) => Reply }>

export interface TwilioOptions {
  readonly clock?: Clock
  readonly accounts?: Readonly<Record<string, SimAccount>>
  readonly behaviour?: Partial<Behaviour>
}

export async function startTwilio(options: TwilioOptions = {}): Promise<Twilio> {
  const { clock = systemClock } = options
  const accounts = new Map(Object.entries(options.accounts ?? {}))
  const isOpen = accounts.size === 0
  const ledger = createLedger()
  const calls = createCalls()
  const waysOut = new Set<Promise<void>>()
  const optedOut = new Set<string>()
  const senders = createSenders(FAULTS.missing.reply)
  const requests: Record<Operation, number> = {
    create: 0,
    list: 0,
    fetch: 0,
    update: 0,
    balance: 0,
    media: 0,
    account: 0,
    sender: 0,
  }
  const faults: { fault: Fault; on: Operation; afterMs: number }[] = []
  const behaviour: Behaviour = {
    statuses: ['sent', 'delivered'],
    callbacks: 'inOrder',
    trial: false,
    ...options.behaviour,
  }

  const server = await listen(async (request, response) => {
    const form = new URLSearchParams(request.method === 'POST' ? await readBody(request) : '')
    response.setHeader('date', new Date(clock.now()).toUTCString())
    const { pathname, searchParams } = new URL(request.url ?? '', server.url)
    const { accountSid, path } = placeOf(pathname, request)
    const operation = operationOf(request.method, path)
    if (!operation || accountSid === '') return answer(response, FAULTS.missing.reply())
    requests[operation] += 1
    if (!signsIn(request, accountSid)) return answer(response, FAULTS.unauthorized.reply())
    const at = faults.findIndex(({ on }) => on === operation)
    const [hit] = at === -1 ? [] : faults.splice(at, 1)
    if (hit && !FAULTS[hit.fault].acts) return answer(response, FAULTS[hit.fault].reply('', 200))
    const { method = '' } = request
    const done = await operations[operation]({ accountSid, method, path, query: searchParams, form })
    const reply = hit ? FAULTS[hit.fault].reply(done.body ?? '', done.status ?? 200) : done
    later(hit?.afterMs ?? 0, () => answer(response, withType(reply)))
  })

  function later(ms: number, run: () => void): void {
    if (ms === 0) run()
    else clock.after(ms, run)
  }

  function signsIn(request: IncomingMessage, accountSid: string): boolean {
    const [, encoded = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? []
    const [user = '', password = ''] = Buffer.from(encoded, 'base64').toString().split(/:(.*)/s)
    if (isOpen && !accounts.has(accountSid) && password !== '') accounts.set(accountSid, { authToken: password })
    const account = accounts.get(accountSid)
    return account !== undefined && password === (user === accountSid ? account.authToken : account.apiKeys?.[user])
  }

  interface Asked {
    readonly accountSid: string
    readonly method: string
    readonly path: string
    readonly query: URLSearchParams
    readonly form: URLSearchParams
  }

  const operations: Record<Operation, (asked: Asked) => Reply | Promise<Reply>> = {
    async create({ accountSid, form }) {
      const refused = refusalOf(form, optedOut, clock.now())
      if (refused) return refusal(refused)
      const message = create(accountSid, form)
      const body = JSON.stringify(toJson(message))
      if (behaviour.callbacks === 'beforeAnswer') await proceed(message)
      else if (message.status !== 'scheduled') proceedSoon(message)
      return { status: 201, body }
    },
    list({ accountSid, query }) {
      const size = Math.min(1_000, Math.max(1, Number(query.get('PageSize') ?? 50)))
      const token = query.get('PageToken')?.slice('PA'.length)
      const { messages, next } = ledger.page(accountSid, query, size, token === undefined ? undefined : Number(token))
      return json({ messages: messages.map(toJson), page_size: size, next_page_uri: pageUri(accountSid, query, next) })
    },
    fetch: asked => found(asked, message => json(toJson(message))),
    update: asked =>
      found(asked, message => {
        if (asked.form.get('Status') === 'canceled' && message.status !== 'scheduled') {
          return refusal({
            status: 409,
            code: 20409,
            message: `Message in status ${message.status} cannot be canceled`,
          })
        }
        if (asked.form.has('Body')) message.body = asked.form.get('Body')!
        message.status = asked.form.get('Status') ?? message.status
        return json(toJson(message))
      }),
    balance: ({ accountSid }) => json({ account_sid: accountSid, balance: '12.34', currency: 'USD' }),
    account: ({ accountSid }) =>
      json({
        sid: accountSid,
        friendly_name: 'Our village',
        status: behaviour.accountStatus ?? 'active',
        type: 'Full',
      }),
    sender: asked => senders.answer(asked) ?? FAULTS.missing.reply(),
    media: asked =>
      found(asked, message =>
        json({ media_list: message.mediaUrls.map(url => ({ uri: `${new URL(url).pathname}.json` })) }),
      ),
  }

  function found({ accountSid, path }: Asked, reply: (message: SimMessage) => Reply): Reply {
    const message = ledger.get(accountSid, path.split('/')[1] ?? '')
    return message ? reply(message) : FAULTS.missing.reply()
  }

  function create(accountSid: string, form: URLSearchParams): SimMessage {
    const nowMs = clock.now()
    const service = form.get('MessagingServiceSid')
    return ledger.add({
      accountSid,
      direction: 'outbound-api',
      from: form.get('From'),
      to: form.get('To')!,
      body: (behaviour.trial ? 'Sent from your Twilio trial account - ' : '') + (form.get('Body') ?? ''),
      status: form.has('ScheduleType') ? 'scheduled' : service === null ? 'queued' : 'accepted',
      errorCode: null,
      messagingServiceSid: service,
      statusCallback: form.get('StatusCallback'),
      mediaUrls: form.getAll('MediaUrl'),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      sentAtMs: null,
      form: Object.fromEntries([...new Set(form.keys())].map(name => [name, form.getAll(name)])),
    })
  }

  /** After the creation was answered. */
  function proceedSoon(message: SimMessage): void {
    const proceeding = new Promise<void>(resolve => setImmediate(resolve)).then(() => proceed(message))
    waysOut.add(proceeding)
    void proceeding.finally(() => waysOut.delete(proceeding))
  }

  /** Takes a message through its statuses, with or without anybody who wants to know. */
  async function proceed(message: SimMessage): Promise<void> {
    const { statuses, callbacks } = behaviour
    const order = callbacks === 'reversed' ? statuses.toReversed() : statuses
    for (const status of order.flatMap(status => (callbacks === 'twice' ? [status, status] : [status]))) {
      await tell(message, status, status === statuses.at(-1) ? behaviour.errorCode : undefined)
    }
    // Whatever order the reports came in, this is what the API shows then.
    message.status = statuses.at(-1) ?? message.status
  }

  async function tell(message: SimMessage, status: string, errorCode?: number): Promise<number | undefined> {
    message.status = status
    message.updatedAtMs = clock.now()
    message.sentAtMs ??= clock.now()
    message.errorCode = errorCode ?? null
    if (message.statusCallback === null) return undefined
    const fields = {
      AccountSid: message.accountSid,
      ApiVersion: '2010-04-01',
      From: message.from ?? '',
      MessageSid: message.sid,
      MessageStatus: status,
      SmsSid: message.sid,
      SmsStatus: status,
      To: message.to,
      ...(errorCode !== undefined && { ErrorCode: String(errorCode) }),
    }
    return calls.post(message.statusCallback, fields, tokenOf(message.accountSid))
  }

  const tokenOf = (accountSid: string): string => accounts.get(accountSid)?.authToken ?? ''

  return {
    url: server.url,
    messages: ledger.messages,
    requests,
    accounts,
    optedOut,
    senders: senders.all,
    behaviour,
    inject(fault, { on = 'create', times = 1, afterMs = 0 } = {}) {
      for (let i = 0; i < times; i++) faults.push({ fault, on, afterMs })
    },
    async receive({ accountSid = [...accounts.keys()][0] ?? '', from, to, body, ...more }) {
      const nowMs = clock.now()
      const message = ledger.add({
        accountSid,
        direction: 'inbound',
        from,
        to,
        body,
        status: 'received',
        errorCode: null,
        messagingServiceSid: more.messagingServiceSid ?? null,
        statusCallback: null,
        mediaUrls: more.mediaUrls ?? [],
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        sentAtMs: nowMs,
        form: {},
      })
      if (behaviour.webhookUrl === undefined || more.silent) return { message, answered: undefined }
      const fields = { ...incomingFields(message), ...more.fields }
      return { message, answered: await calls.post(behaviour.webhookUrl, fields, tokenOf(accountSid)) }
    },
    async report(sid, status, errorCode) {
      const message = ledger.messages.find(message => message.sid === sid)
      return message && tell(message, status, errorCode)
    },
    async settled() {
      while (waysOut.size > 0) await Promise.all(waysOut)
      await calls.settled()
    },
    async stop() {
      await server.close()
      calls.close()
    },
  }
}

/** Whose resource is asked for, and which. */
function placeOf(pathname: string, request: IncomingMessage): { accountSid: string; path: string } {
  const service = SERVICE_PATH.exec(pathname)?.[1]
  if (service !== undefined) return { accountSid: userOf(request), path: service }
  const [, accountSid = '', path = ''] = ACCOUNT_PATH.exec(pathname) ?? []
  return { accountSid, path }
}

const userOf = (request: IncomingMessage): string => {
  const [, encoded = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? []
  return Buffer.from(encoded, 'base64').toString().split(':')[0] ?? ''
}

function operationOf(method: string | undefined, path: string): Operation | undefined {
  const isGet = method === 'GET'
  if (path === 'Messages') return isGet ? 'list' : 'create'
  if (path === 'Balance') return 'balance'
  if (path === '') return 'account'
  if (/^(IncomingPhoneNumbers(\/|$)|Services\/)/.test(path)) return 'sender'
  if (/^Messages\/[^/]+$/.test(path)) return isGet ? 'fetch' : 'update'
  return /^Messages\/[^/]+\/Media$/.test(path) ? 'media' : undefined
}

function pageUri(accountSid: string, query: URLSearchParams, next: number | undefined): string | null {
  if (next === undefined) return null
  const page = new URLSearchParams(query)
  page.set('Page', String(Number(query.get('Page') ?? 0) + 1))
  page.set('PageToken', `PA${next}`)
  return `/2010-04-01/Accounts/${accountSid}/Messages.json?${page.toString()}`
}

/** What Twilio posts for a message that came in. */
function incomingFields(message: SimMessage): Record<string, string> {
  return {
    AccountSid: message.accountSid,
    ApiVersion: '2010-04-01',
    Body: message.body,
    From: message.from ?? '',
    MessageSid: message.sid,
    NumMedia: String(message.mediaUrls.length),
    NumSegments: '1',
    SmsMessageSid: message.sid,
    SmsSid: message.sid,
    SmsStatus: 'received',
    To: message.to,
    ...(message.messagingServiceSid !== null && { MessagingServiceSid: message.messagingServiceSid }),
    ...Object.fromEntries(
      message.mediaUrls.flatMap((url, i) => [
        [`MediaUrl${i}`, url],
        [`MediaContentType${i}`, 'image/jpeg'],
      ]),
    ),
  }
}

const json = (body: unknown, status = 200): Reply => ({ status, body: JSON.stringify(body) })

function refusal({ status, code, message }: Refusal, headers: Record<string, string> = {}): Reply {
  const more_info = `https://www.twilio.com/docs/errors/${code}`
  return { ...json({ code, message, more_info, status }, status), headers }
}

function withType(reply: Reply): Reply {
  return { ...reply, headers: { 'content-type': 'application/json', ...reply.headers } }
}
