import { setTimeout as delay } from 'node:timers/promises'
import { createVirtualModem } from '../sim/modem/modem.ts'
import type { VirtualModem } from '../sim/modem/modem.ts'
import { serveTcp } from '../sim/modem/serve.ts'
import type { Served } from '../sim/modem/serve.ts'
import { createModemHome } from '../support/modem-home.ts'
import type { ModemHome } from '../support/modem-home.ts'
import { compareModem } from './modem-books.ts'
import { BACK_MS } from './modem-faults.ts'
import type { ModemFault } from './modem-faults.ts'

/** Many modems in one real Node-RED, each with a fault of its own, behind serial servers of their own. */
export interface ModemChaos {
  /**
   * Traffic, faults and a kill, then peace until all is settled; resolves to everything that is not as it must be, of
   * this round and those before, in a sentence each.
   */
  round(round: Round): Promise<readonly string[]>
  /** The longest each modem took to be back, by the fault's name, and what there was, for who wants to know. */
  told(): string
  end(): Promise<void>
}

export interface Round {
  readonly traffic: 'sending' | 'receiving' | 'both'
  /** Each modem falls silent in such a moment of its own; when all have, Node-RED is killed. Without it, it lives on. */
  readonly kill?: Moment
}

/** The so-and-so-many-th time that a part was taken, or that a command is given. */
export interface Moment {
  readonly as: 'a part was taken' | '+CMGS' | '+CMGL' | '+CMGR' | '+CMGD' | '+CNMA'
  readonly nth: number
}

interface Stand {
  readonly fault: ModemFault
  readonly modem: VirtualModem
  readonly served: Served
  readonly out: string[]
  readonly in: string[]
}

const ME = '+380501112233'
const OTHER = '+380671112233'
/** Where a fault keeps a modem from its moment. */
const LONGEST_MS = 2_500
/** From the first of the traffic to what goes wrong amid it. */
const AMID_MS = 120
/** How long a modem that is away stays so after Node-RED is there again. */
const AWAY_MS = 1_000
/** How long a report waits to be acknowledged before the network keeps it; in a kill it is over before the restart. */
const ACKNOWLEDGE_MS = { alive: 4_000, killed: 300 } as const
/** By then all that is in doubt is settled, and all that was refused is tried again. */
const SETTLED_MS = 120_000
const LOOK_EVERY_MS = 50

/** Starts Node-RED; resolves when every modem is ready. */
export async function startModemChaos(faults: readonly ModemFault[]): Promise<ModemChaos> {
  const stands: readonly Stand[] = await Promise.all(faults.map(createStand))
  const home = await createModemHome(stands.map(({ fault, served }) => ({ name: fault.name, port: served.address })))
  const backMs: Record<string, number> = {}
  let rounds = 0
  let kills = 0
  await home.start()
  await home.ready()

  /** What is not as it must be now. */
  async function look(): Promise<readonly string[]> {
    const [stored, flow] = [await home.outgoing(), home.book()]
    return stands.flatMap(stand => compareModem({ ...stand, faults: rounds, kills, stored, flow }))
  }

  return {
    async round(round) {
      rounds += 1
      const stalls = round.kill ? stands.map(({ modem }) => stall(modem, round.kill!)) : []
      begin(home, stands, round, rounds)
      await delay(AMID_MS)
      let ends = stands.map(({ fault, modem }) => fault.amid?.(modem))
      if (round.kill) {
        await Promise.race([Promise.all(stalls.map(({ reached }) => reached)), delay(LONGEST_MS)])
        await home.kill()
        kills += 1
        for (const { release } of stalls) release()
        // Falling silent for the kill may have ended what lasts.
        ends = stands.map(({ fault, modem }, at) => ends[at] && fault.amid?.(modem))
        await home.start()
      }
      await delay(AWAY_MS)
      for (const end of ends) end?.()

      const late = await back(home, stands, round, rounds, backMs)
      let problems: readonly string[] = []
      await until(async () => (problems = await look()).length === 0, SETTLED_MS, 500)
      return [...late, ...problems]
    },
    told: () => JSON.stringify(backMs),
    async end() {
      await home.end()
      for (const { served, modem } of stands) {
        await served.stop()
        modem.stop()
      }
    },
  }
}

async function createStand(fault: ModemFault): Promise<Stand> {
  const behaviour = { acknowledgeMs: ACKNOWLEDGE_MS.alive, ...fault.modem?.behaviour }
  const modem = createVirtualModem({ ...fault.modem, behaviour })
  return { fault, modem, served: await serveTcp(modem), out: [], in: [] }
}

/** Hands in three texts for each modem, and texts it three, the second one in parts; they go their way meanwhile. */
function begin(home: ModemHome, stands: readonly Stand[], { traffic }: Round, number: number): void {
  for (const { fault, modem, ...stand } of stands) {
    fault.before?.(modem)
    for (const order of ['first', 'second', 'third']) {
      const long = order === 'second' ? ` ${'Двері відчинено 🚪 '.repeat(8)}!` : ''
      const text = (way: string) => `${order} ${way} ${number} of ${fault.name}${long}`
      if (traffic !== 'receiving') handIn(home, { fault, ...stand }, text('out'))
      if (traffic !== 'sending') deliver({ modem, ...stand }, text('in'))
    }
  }
}

function handIn(home: ModemHome, { fault, out }: Pick<Stand, 'fault' | 'out'>, text: string): void {
  out.push(text)
  // Until it is stored, also after a kill; what never is, is found missing.
  void home.handIn(fault.name, ME, text)
}

function deliver({ modem, ...stand }: Pick<Stand, 'modem' | 'in'>, text: string): void {
  stand.in.push(text)
  modem.network.deliver({ from: OTHER, text })
}

/** Makes a modem fall silent in that moment: it does what it was told, and tells nobody. */
function stall({ behaviour, network, watch }: VirtualModem, { as, nth }: Moment) {
  let count = 0
  let isSilent = false
  let tell = () => {}
  const reached = new Promise<void>(resolve => (tell = resolve))
  const happens = () => {
    count += 1
    if (count !== nth) return
    isSilent = true
    behaviour.mute = 'drop'
    behaviour.acknowledgeMs = ACKNOWLEDGE_MS.killed
    tell()
  }
  const forget =
    as === 'a part was taken'
      ? network.onSent(happens)
      : watch((side, text) => side === 'host' && text.startsWith(`AT${as}`) && happens())
  return {
    reached,
    release() {
      forget()
      if (!isSilent) return
      behaviour.mute = false
      behaviour.acknowledgeMs = ACKNOWLEDGE_MS.alive
    },
  }
}

/** From now on all is well: waits until one more text in each direction has gone through every modem; tells of those late. */
async function back(
  home: ModemHome,
  stands: readonly Stand[],
  round: Round,
  number: number,
  backMs: Record<string, number>,
): Promise<readonly string[]> {
  const late: string[] = []
  const sinceMs = performance.now()
  const probe = ({ fault }: Stand) => `probe ${number} of ${fault.name}`
  for (const stand of stands) {
    deliver(stand, probe(stand))
    handIn(home, stand, probe(stand))
  }
  const away = new Set(stands)
  await until(() => {
    const heard = new Set(home.book().map(({ about, text }) => `${about} ${text}`))
    const ms = Math.round(performance.now() - sinceMs)
    for (const stand of away) {
      const { name, backMs: usualMs = BACK_MS, midstMs = usualMs } = stand.fault
      const isBack = heard.has(`in ${probe(stand)}`) && stand.modem.network.texts().includes(probe(stand))
      const isLate = ms > (round.kill || round.traffic === 'receiving' ? usualMs : midstMs)
      if (isBack) backMs[name] = Math.max(backMs[name] ?? 0, ms)
      else if (isLate) late.push(`${name}: not back after ${ms} ms`)
      if (isBack || isLate) away.delete(stand)
    }
    return away.size === 0
  }, SETTLED_MS)
  return late
}

async function until(isTrue: () => boolean | Promise<boolean>, limitMs: number, everyMs = LOOK_EVERY_MS) {
  for (const endMs = performance.now() + limitMs; !(await isTrue()) && performance.now() < endMs;) await delay(everyMs)
}
