import type { Core } from './command.ts'
import { isRegistered } from './command.ts'
import type { Subscriber } from './network.ts'
import { tpduLength } from './storage.ts'
import { textHeader } from './text-mode.ts'
import { sayUssd } from './ussd-text.ts'
import type { MemoryName } from './profile.ts'

type Done = (outcome: 'taken' | 'refused') => void

/** The side of a modem that the network sees: where what comes in goes, as `+CNMI` says (3GPP TS 27.005 §3.4.1). */
export function createSubscriber(number: string, modem: () => Core): Subscriber & Pick<Incoming, 'flush' | 'clear'> {
  let buffered: (readonly string[])[] = []

  /** Mode 0 keeps codes back until another mode is set. */
  function tell(...lines: readonly string[]): void {
    const core = modem()
    if (core.settings.cnmi[0] === 0) buffered.push(lines)
    else core.say(...lines)
  }

  function store(core: Core, memoryName: MemoryName, pdu: string, code: '+CMTI' | '+CDSI', isTold: boolean): boolean {
    const memory = core.storage[memoryName]
    const slot = memory?.put(pdu)
    if (!slot) {
      if (core.profile.memoryFull !== undefined) core.say(core.profile.memoryFull.replace('%', memoryName))
      return false
    }
    const { announces, announcesNothing } = core.behaviour
    const name = (code === '+CMTI' ? announces.message : announces.report) ?? memoryName
    if (isTold && !announcesNothing) tell(`${code}: "${name}",${slot.index}`)
    return true
  }

  /** Straight to the line; in phase 2+ it counts only when `+CNMA` says so (§3.4.4). */
  function hand(core: Core, lines: readonly string[], done: Done): void {
    if (core.settings.csms !== 1) {
      tell(...lines)
      done('taken')
      return
    }
    const stop = core.clock.after(core.behaviour.acknowledgeMs, () => {
      core.settings.cnmi = core.settings.cnmi.map((value, i) => (i === 1 || i === 3 ? 0 : value))
      end('refused')
    })
    const end: Done = outcome => {
      stop()
      core.acknowledge = undefined
      done(outcome)
    }
    core.acknowledge = isTaken => end(isTaken ? 'taken' : 'refused')
    tell(...lines)
  }

  function takeMessage(core: Core, pdu: string, done: Done): void {
    const [, mt = 0] = core.settings.cnmi
    const kind = classOf(pdu)
    const goesToSim = kind === 2
    if (!goesToSim && (mt === 2 || (mt === 3 && kind === 3))) {
      hand(core, messageLines(core, pdu, '+CMT'), done)
      return
    }
    let isKept = false
    for (let copy = 0; copy < core.behaviour.copies; copy++)
      isKept = store(core, goesToSim ? 'SM' : core.settings.cpms[2], pdu, '+CMTI', mt !== 0) || isKept
    done(isKept ? 'taken' : 'refused')
  }

  function takeReport(core: Core, pdu: string, done: Done): void {
    const ds = core.settings.cnmi[3] ?? 0
    if (ds === 1) {
      hand(core, messageLines(core, pdu, '+CDS'), done)
      return
    }
    // What finds no room is lost: nobody sends a report again.
    if (ds === 2) store(core, core.storage.SR ? 'SR' : core.settings.cpms[2], pdu, '+CDSI', true)
    done('taken')
  }

  return {
    number,
    take(kind, pdu, done) {
      const core = modem()
      if (!isRegistered(core)) done('refused')
      else if (kind === 'message') takeMessage(core, pdu, done)
      else takeReport(core, pdu, done)
    },
    ring(call) {
      const core = modem()
      if (!isRegistered(core) || core.call) {
        call.end('missed')
        return
      }
      core.call = call
      const ring = () => {
        if (call.state !== 'ringing') return
        core.say(core.settings.crc === 1 ? '+CRING: VOICE' : 'RING')
        if (core.settings.clip === 1)
          core.say(`+CLIP: "${call.from}",${call.from.startsWith('+') ? 145 : 129},"",,"",0`)
        const stop = core.clock.after(core.behaviour.ringEveryMs, ring)
        call.onEnd(stop)
      }
      call.onEnd(() => {
        if (core.call !== call) return
        core.call = undefined
        if (core.behaviour.callOver.length > 0) core.say(...core.behaviour.callOver)
      })
      ring()
    },
    ussd: (text, more) => {
      if (modem().settings.cusd === 1) sayUssd(modem(), text, more)
    },
    flush() {
      const core = modem()
      if (core.settings.cnmi[0] === 0) return
      const lines = buffered
      buffered = []
      // <bfr> 1: what was kept back is forgotten.
      if (core.settings.cnmi[4] === 0) for (const block of lines) core.say(...block)
    },
    clear() {
      buffered = []
    },
  }
}

interface Incoming {
  /** Tells what `+CNMI` had kept back. */
  flush(): void
  clear(): void
}

function messageLines(core: Core, pdu: string, code: '+CMT' | '+CDS'): readonly string[] {
  if (core.settings.cmgf === 1 && code === '+CMT') return textHeader(core, { index: 0, status: 0, pdu }, '+CMT: ')
  return [`${code}: ${code === '+CMT' ? ',' : ''}${tpduLength(pdu)}`, pdu]
}

/** The message class in the coding octet (3GPP TS 23.038 §4), as far as it decides where a message goes. */
function classOf(pdu: string): number | undefined {
  const octets = Buffer.from(pdu, 'hex')
  const sender = 1 + (octets[0] ?? 0) + 1
  const dcs = octets[sender + 2 + Math.ceil((octets[sender] ?? 0) / 2) + 1]
  if (dcs === undefined) return undefined
  const hasClass = (dcs & 0xf0) === 0xf0 || (dcs & 0xd0) === 0x10
  return hasClass ? dcs & 3 : undefined
}
