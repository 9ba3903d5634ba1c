import { createHash } from 'node:crypto'
import { systemClock } from '../../lib/clock.ts'
import type { Clock } from '../../lib/clock.ts'
import { countSegments } from '../../lib/segments.ts'
import { answer, listen, readBody } from '../support/http-server.ts'
import type { Reply } from '../support/http-server.ts'
import { createCallbacks } from './smsc-callbacks.ts'
import type { CallbackStyle } from './smsc-callbacks.ts'
import { createMinutes, CROWDED, formRefusal, phoneRefusal, refusal } from './smsc-rules.ts'
import type { Refusal } from './smsc-rules.ts'

/** An SMSC on the loopback: its HTTP API in JSON, with signed callbacks, its own limits, and faults on demand. */
export interface Smsc {
  /** For `apiUrl`. */
  readonly url: string
  /** Everything it took, one for each phone, oldest first. */
  readonly messages: readonly SimSms[]
  /** How many requests came, by operation, and what the latest of each had in its form. */
  readonly requests: Readonly<Record<Operation, number>>
  readonly forms: Readonly<Partial<Record<Operation, URLSearchParams>>>
  /** The most that were under way at once. */
  readonly atOnce: number
  /** May be changed at any time. */
  readonly behaviour: Behaviour
  /** Makes the next requests go wrong, in this order. A number is an `error_code`. */
  inject(fault: Fault | number, options?: { on?: Operation; times?: number; afterMs?: number; says?: string }): void
  /** Somebody texts the account's number. Resolves to how the handler, if there is one, answered. */
  receive(text: Texted): Promise<number | undefined>
  /** Somebody calls, for the service that confirms a number by a call. */
  ring(phone: string, tsSeconds: number): Promise<number | undefined>
  /** Changes a message's status and tells the handler. */
  report(message: SimSms, status: number, err?: number): Promise<number | undefined>
  /** Resolves when all that is on its way has arrived. */
  settled(): Promise<void>
  stop(): Promise<void>
}

export interface SimSms {
  readonly id: number
  readonly phone: string
  readonly text: string
  readonly form: Readonly<Record<string, string>>
  readonly parts: number
  status: number
  err: number
}

export interface Behaviour {
  /** Who may sign in. Nobody named: anybody. */
  login?: string
  password?: string
  apiKey?: string
  /** What a message goes through after it was taken. */
  statuses: readonly number[]
  /** With the last of these. */
  err: number
  money: number
  /** Called for what comes in and for reports. */
  webhookUrl?: string
  secret: string
  callbacks: CallbackStyle
  /** Whether callbacks name the id that the list has, too. */
  callbackIds: boolean
  /** Whether a message can be asked about: SMSC may be slower than its answer. */
  knows: boolean
}

export interface Texted {
  readonly from: string
  readonly to?: string
  readonly text: string
  /** Only the list knows of it: the callback was missed. */
  readonly silent?: boolean
}

export type Operation = 'send' | 'cost' | 'status' | 'balance' | 'get'
export type Fault = keyof typeof FAULTS

/** What each fault answers, and whether the request was carried out before. */
const FAULTS = {
  unavailable: { acts: false, reply: () => ({ status: 503, body: 'upstream connect error' }) },
  html: { acts: false, reply: () => ({ status: 200, body: '<html>Welcome to your network</html>' }) },
  takenHtml: { acts: true, reply: () => ({ status: 200, body: '<html><h1>502 Bad Gateway</h1></html>' }) },
  truncated: { acts: true, reply: (body: string) => ({ body: body.slice(0, body.length / 2), fault: 'truncated' }) },
  silent: { acts: true, reply: () => ({ fault: 'silent' }) },
  lostAnswer: { acts: true, reply: () => ({ fault: 'cut' }) },
  cut: { acts: false, reply: () => ({ fault: 'cut' }) },
  /** Does not name the recipients it took. */
  unnamed: { acts: true, reply: (body: string) => ({ body: body.replace(/"phones":\[.*\]/, '"phones":[]') }) },
  slow: { acts: true, reply: (body: string) => ({ body }) },
} as const satisfies Record<string, { acts: boolean; reply: (body: string) => Reply }>

export async function startSmsc(options: { clock?: Clock; behaviour?: Partial<Behaviour> } = {}): Promise<Smsc> {
  const { clock = systemClock } = options
  const behaviour: Behaviour = {
    statuses: [0, 1],
    err: 0,
    money: 100,
    secret: '',
    callbacks: { method: 'POST', charset: 'utf-8', hash: 'md5' },
    callbackIds: true,
    knows: true,
    ...options.behaviour,
  }
  const messages: SimSms[] = []
  const inbox: { id: number; phone: string; to_phone: string; message: string; sent: string; received: string }[] = []
  const requests: Record<Operation, number> = { send: 0, cost: 0, status: 0, balance: 0, get: 0 }
  const forms: Partial<Record<Operation, URLSearchParams>> = {}
  const injected: { fault: Fault | number; on: Operation; afterMs: number; says: string | undefined }[] = []
  const minutes = createMinutes(clock)
  const callbacks = createCallbacks(() => behaviour.callbacks)
  const waysOut = new Set<Promise<void>>()
  let lastId = 1000
  let underWay = 0
  let atOnce = 0

  const server = await listen(async (request, response) => {
    atOnce = Math.max(atOnce, ++underWay)
    response.on('close', () => (underWay -= 1))
    const isCrowded = underWay > 4
    const [, script] = /^\/sys\/(\w+)\.php$/.exec(request.url ?? '') ?? []
    const form = new URLSearchParams(await readBody(request))
    const operation = script === 'send' && form.get('cost') === '1' ? 'cost' : script
    if (request.method !== 'POST' || !isOperation(operation)) return answer(response, { status: 404 })
    requests[operation] += 1
    forms[operation] = form
    if (isCrowded) return answer(response, refused(CROWDED))
    if (!signsIn(form)) return answer(response, refused(refusal(2)))
    const at = injected.findIndex(({ on }) => on === operation)
    const [hit] = at === -1 ? [] : injected.splice(at, 1)
    if (typeof hit?.fault === 'number') return answer(response, refused(refusal(hit.fault, hit.says)))
    const fault = hit && FAULTS[hit.fault]
    if (fault && !fault.acts) return answer(response, fault.reply())
    const done = operations[operation](form)
    const reply: (body: string) => Reply = fault?.reply ?? (() => done)
    const later = () => answer(response, reply(done.body ?? ''))
    if (hit && hit.afterMs > 0) clock.after(hit.afterMs, later)
    else later()
  })

  function signsIn(form: URLSearchParams): boolean {
    const { login, password = '', apiKey } = behaviour
    if (login === undefined && apiKey === undefined) return form.has('apikey') || form.has('psw')
    if (form.has('apikey')) return form.get('apikey') === apiKey
    const hashed = createHash('md5').update(password).digest('hex')
    return form.get('login') === login && [password, hashed].includes(form.get('psw') ?? '')
  }

  const operations: Record<Operation, (form: URLSearchParams) => Reply> = {
    send(form) {
      const wrong = formRefusal(form)
      if (wrong) return refused(wrong)
      const phones = (form.get('phones') ?? '').split(/[,;]/).map(phone => phone.replace(/^\+/, ''))
      const id = Number(form.get('id') ?? ++lastId)
      const judged = phones.map(phone => ({ phone, wrong: phoneRefusal(phone) }))
      const good = judged.filter(({ wrong }) => !wrong)
      if (good.length === 0) return refused(judged[0]!.wrong!, id)
      if (behaviour.money <= 0) return refused(refusal(3), id)
      const same = `${form.get('sender')} ${form.get('mes')} ${form.get('phones')}`
      if (minutes.exceeds(same, 1)) return refused(refusal(9))
      const parts = countSegments(form.get('mes') ?? '').parts
      const isHeld = form.has('time')
      for (const { phone } of good) take({ id, phone, form, parts, isHeld })
      return json({
        id,
        cnt: parts * good.length,
        cost: cost(parts * good.length),
        balance: behaviour.money.toFixed(2),
        ...(form.has('op') && {
          phones: judged.map(({ phone, wrong }) => ({
            phone,
            mccmnc: '25001',
            cost: wrong ? '0' : cost(parts),
            status: wrong ? '22' : '',
            error: wrong ? '249' : '0',
          })),
        }),
      })
    },
    cost(form) {
      if (minutes.exceeds(`cost ${form.get('phones')} ${form.get('mes')}`, 5)) return refused(refusal(9))
      const wrong = formRefusal(form)
      const { parts } = countSegments(form.get('mes') ?? '')
      return wrong ? refused(wrong) : json({ cost: cost(parts), cnt: parts })
    },
    status(form) {
      const [phone, id] = [form.get('phone') ?? '', Number(form.get('id'))]
      if (minutes.exceeds(`status ${id} ${phone}`, 5)) return refused(refusal(9))
      const found = messages.findLast(message => message.id === id && message.phone === phone)
      if (!found || !behaviour.knows) return json({ status: -3, last_date: '', last_timestamp: 0 })
      const { status, err, parts, text } = found
      const seconds = Math.floor(clock.now() / 1_000)
      return json({ status, last_timestamp: seconds, err, cost: cost(parts), phone, message: text, type: 0 })
    },
    balance: () => json({ balance: behaviour.money.toFixed(2), currency: 'RUR' }),
    get(form) {
      const after = form.get('after_id')
      if (minutes.exceeds(`get ${after}`, 3)) return refused(refusal(9))
      const found = inbox.filter(({ id }) => after === null || id > Number(after))
      // Newest first, as nothing says that it is not.
      return json(found.toReversed().slice(0, Number(form.get('cnt') ?? 100)))
    },
  }

  interface Taking extends Pick<SimSms, 'id' | 'phone' | 'parts'> {
    readonly form: URLSearchParams
    readonly isHeld: boolean
  }

  function take({ id, phone, form, parts, isHeld }: Taking): void {
    const message: SimSms = {
      id,
      phone,
      parts,
      text: form.get('mes')!,
      form: Object.fromEntries(form),
      status: -1,
      err: 0,
    }
    messages.push(message)
    behaviour.money -= parts * PRICE
    if (isHeld) return
    const proceeding = new Promise<void>(resolve => setImmediate(resolve)).then(async () => {
      for (const status of behaviour.statuses) {
        await tell(message, status, status === behaviour.statuses.at(-1) ? behaviour.err : 0)
      }
    })
    waysOut.add(proceeding)
    void proceeding.finally(() => waysOut.delete(proceeding))
  }

  function tell(message: SimSms, status: number, err: number): Promise<number | undefined> {
    Object.assign(message, { status, err })
    const { id, phone, parts } = message
    const seconds = String(Math.floor(clock.now() / 1_000))
    const fields = { id, phone, status, err, ts: seconds, type: 0, cost: cost(parts), cnt: parts, sender: '' }
    return call(fields, ['id', 'phone', 'status'])
  }

  async function call(given: object, signed: readonly string[]): Promise<number | undefined> {
    const { webhookUrl, secret } = behaviour
    if (webhookUrl === undefined) return undefined
    const fields = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
    return callbacks.call(webhookUrl, fields, signed, secret)
  }

  return {
    url: `${server.url}/sys/`,
    messages,
    requests,
    forms,
    get atOnce() {
      return atOnce
    },
    behaviour,
    inject(fault, { on = 'send', times = 1, afterMs = 0, says } = {}) {
      for (let i = 0; i < times; i++) injected.push({ fault, on, afterMs, says })
    },
    async receive({ from, to = '79990001122', text, silent = false }) {
      const id = ++lastId
      const at = new Date(clock.now()).toISOString()
      const sent = `${at.slice(8, 10)}.${at.slice(5, 7)}.${at.slice(0, 4)} ${at.slice(11, 19)}`
      inbox.push({ id, phone: from, to_phone: to, message: text, sent, received: sent })
      if (silent) return undefined
      const named = behaviour.callbackIds ? { id, time: Math.floor(clock.now() / 1_000) } : {}
      return call({ ...named, phone: from, mes: text, to }, ['phone', 'mes', 'to'])
    },
    ring: (phone, ts) => call({ waitcall: 1, phone, ts }, ['phone', 'ts']),
    report: (message, status, err = 0) => tell(message, status, err),
    async settled() {
      while (waysOut.size > 0) await Promise.all(waysOut)
      await callbacks.settled()
    },
    async stop() {
      await server.close()
      callbacks.close()
    },
  }
}

const PRICE = 2.5

const cost = (parts: number): string => (parts * PRICE).toFixed(2)

const isOperation = (name: string | undefined): name is Operation =>
  ['send', 'cost', 'status', 'balance', 'get'].includes(name ?? '')

const json = (body: unknown): Reply => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })

/** With the id of the message for those that tell of it, as SMSC does. */
function refused({ code, error }: Refusal, id?: number): Reply {
  return json({ error, error_code: code, ...(id !== undefined && [3, 6, 7, 8].includes(code) && { id }) })
}
