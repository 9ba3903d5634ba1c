import { systemClock } from '../../../lib/clock.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Submit } from '../../../lib/gsm/pdu.ts'
import { createCalls } from './calls.ts'
import type { Call, Calls } from './calls.ts'
import { deliverPdus, forwardPdu, joinTexts, readSubmit, reportPdu } from './centre.ts'
import type { Postmark, Texted } from './centre.ts'
import { createServices } from './services.ts'
import type { Services } from './services.ts'

/** A mobile network of one country: it carries texts between modems and test code, and remembers all it was given. */
export interface Network {
  readonly clock: Clock
  /** Every part it took from a modem, oldest first, whether or not the modem's answer reached anybody. */
  readonly sent: readonly Sent[]
  /** Whole texts sent to `number`, parts joined, in the order they became complete; of all numbers without one. */
  texts(number?: string): readonly string[]
  /** Somebody texts a modem; without `to` the first one. Parts that find its memory full wait for room. */
  deliver(text: Texted): void
  /** Hands over a PDU as it is, such as a broken one; `tpduLength` counts the octets after the centre's address. */
  deliverPdu(pdu: string, options?: { readonly to?: string; readonly kind?: 'message' | 'report' }): void
  /** Parts and reports that wait for a modem to have room or to be on the network. */
  waiting(number?: string): number
  /** Somebody calls a modem: it rings until one side hangs up. */
  call(from: string | { readonly from: string; readonly to?: string }): Call
  /** Calls in both directions, oldest first. */
  readonly calls: Calls['all']
  /** USSD services by code, such as `*100#`. */
  readonly services: Services
  readonly behaviour: NetworkBehaviour
  /** Tells the sender of a part what became of it: TP-ST (3GPP TS 23.040 §9.2.3.15). */
  report(sent: Sent, status?: number): void
  /** Called with every part it takes; returns what takes that back. */
  onSent(tell: (sent: Sent) => void): () => void

  // What modems use.
  attach(modem: Subscriber): void
  detach(modem: Subscriber): void
  /** Takes a part: its TP-MR, or a `+CMS ERROR` number. */
  submit(from: Subscriber, pdu: string): { readonly reference: number } | { readonly cms: number }
  /** Tries what waits for a modem again: it has room, or has come back to the network. */
  retry(modem: Subscriber): void
  dial(from: Subscriber, number: string): Call
}

/** One part a modem sent. */
export interface Sent {
  readonly atMs: number
  /** The modem's number. */
  readonly from: string
  readonly to: string
  /** Absent for 8-bit data; of one part only, see `Network.texts`. */
  readonly text: string | undefined
  /** TP-MR, as `+CMGS` answered. */
  readonly reference: number
  readonly submit: Submit
  /** As it came, with the service centre's address in front. */
  readonly pdu: string
  /** TP-ST of the reports the modem was given. */
  readonly reports: number[]
}

export interface NetworkBehaviour {
  /** What is reported of a part that asked for it, in order: TP-ST values; 0 is delivered, 0x46 expired. */
  reports: readonly number[] | ((sent: Sent) => readonly number[])
  reportDelayMs: number
  /** Every report comes this many times. */
  reportTimes: number
  /** A `+CMS ERROR` number for a part it does not take. */
  refuse: (submit: Submit) => number | undefined
  /** The number the service centre has. */
  centre: string
  /** What local time stamps say, in minutes east of UTC. */
  utcOffsetMinutes: number
}

/** What the network knows of a modem. */
export interface Subscriber {
  readonly number: string
  /** Takes a PDU, now or later; `refused` leaves it waiting. */
  take(kind: 'message' | 'report', pdu: string, done: (outcome: 'taken' | 'refused') => void): void
  ring(call: Call): void
  /** A service of the network speaks without being asked. */
  ussd(text: string, more: boolean): void
}

export interface NetworkOptions {
  readonly clock?: Clock
  readonly behaviour?: Partial<NetworkBehaviour>
  /** The first TP-MR of each modem. */
  readonly firstReference?: number
}

/** A network without modems; a modem made without one gets its own. */
export function createNetwork(options: NetworkOptions = {}): Network {
  const { clock = systemClock, firstReference = 1 } = options
  const modems = new Map<string, Entry>()
  const sent: Sent[] = []
  const listeners = new Set<(sent: Sent) => void>()
  let texted = 0
  const calls = createCalls(clock)
  const services = createServices()
  const behaviour: NetworkBehaviour = {
    reports: [0],
    reportDelayMs: 0,
    reportTimes: 1,
    refuse: () => undefined,
    centre: '+380670000000',
    utcOffsetMinutes: 120,
    ...options.behaviour,
  }

  const find = (number: string | undefined) => (number === undefined ? [...modems.values()][0] : modems.get(number))

  function enqueue(number: string | undefined, waiting: Waiting): void {
    const entry = find(number)
    if (!entry) throw new Error(`no modem has the number ${number ?? ''}`)
    entry.queue.push(waiting)
    pump(entry)
  }

  // One at a time, as a service centre does: the next part goes out when the last was acknowledged. One that was refused
  // is tried again when the modem can take it, not with the next that comes.
  function pump(entry: Entry): void {
    const next = entry.queue[0]
    if (!next || entry.state !== 'idle') return
    entry.state = 'busy'
    entry.modem.take(next.kind, next.pdu, outcome => {
      entry.state = outcome === 'refused' ? 'refused' : 'idle'
      if (outcome === 'refused') return
      entry.queue.shift()
      pump(entry)
    })
  }

  const network: Network = {
    clock,
    sent,
    services,
    behaviour,
    calls: calls.all,
    texts: number => joinTexts(sent.filter(part => number === undefined || part.to === number)),
    deliver(text) {
      const numbered = { reference: ++texted % 256, ...text }
      for (const pdu of deliverPdus(numbered, mark())) enqueue(text.to, { kind: 'message', pdu })
    },
    deliverPdu(pdu, { to, kind = 'message' } = {}) {
      enqueue(to, { kind, pdu })
    },
    waiting: number => find(number)?.queue.length ?? 0,
    call(options) {
      const { from, to } = typeof options === 'string' ? { from: options } : options
      const entry = find(to)
      if (!entry) throw new Error(`no modem has the number ${to ?? ''}`)
      const call = calls.start({ from, to: entry.modem.number, direction: 'in' })
      entry.modem.ring(call)
      return call
    },
    report(part, status = 0) {
      part.reports.push(status)
      const pdu = reportPdu(part, status, mark())
      enqueue(part.from, { kind: 'report', pdu })
    },
    onSent(tell) {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    attach(modem) {
      modems.set(modem.number, { modem, reference: firstReference, queue: [], state: 'idle' })
    },
    detach(modem) {
      modems.delete(modem.number)
    },
    submit(modem, pdu) {
      const entry = modems.get(modem.number)
      const read = readSubmit(pdu)
      // 3GPP TS 27.005 §3.2.5: 304 is an invalid PDU mode parameter.
      if (!entry || !read) return { cms: 304 }
      const refused = behaviour.refuse(read)
      if (refused !== undefined) return { cms: refused }
      const { reference } = entry
      entry.reference = (reference + 1) % 256
      const part: Sent = {
        atMs: clock.now(),
        from: modem.number,
        to: read.to.number,
        text: read.text,
        reference,
        submit: read,
        pdu,
        reports: [],
      }
      sent.push(part)
      for (const tell of listeners) tell(part)
      carry(part)
      return { reference }
    },
    retry(modem) {
      const entry = modems.get(modem.number)
      if (entry?.state === 'refused') entry.state = 'idle'
      if (entry) pump(entry)
    },
    dial: (modem, number) => calls.start({ from: modem.number, to: number, direction: 'out' }),
  }
  return network

  /** What follows from a part that was taken: its reports, and its way to another modem. */
  function carry(part: Sent): void {
    const { reports, reportDelayMs, reportTimes } = behaviour
    if (part.submit.reportRequested)
      for (const status of typeof reports === 'function' ? reports(part) : reports)
        for (let time = 0; time < reportTimes; time++)
          clock.after(reportDelayMs, () => modems.has(part.from) && network.report(part, status))
    if (modems.has(part.to))
      clock.after(0, () => {
        if (modems.has(part.to)) enqueue(part.to, { kind: 'message', pdu: forwardPdu(part, mark()) })
      })
  }

  function mark(): Postmark {
    return { nowMs: clock.now(), centre: behaviour.centre, utcOffsetMinutes: behaviour.utcOffsetMinutes }
  }
}

interface Entry {
  readonly modem: Subscriber
  reference: number
  readonly queue: Waiting[]
  state: 'idle' | 'busy' | 'refused'
}

interface Waiting {
  readonly kind: 'message' | 'report'
  readonly pdu: string
}
