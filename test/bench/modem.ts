import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../interop/program.ts'
import { createVirtualModem } from '../sim/modem/modem.ts'
import type { ModemOptions, VirtualModem } from '../sim/modem/modem.ts'
import { servePty } from '../sim/modem/serve.ts'
import { median } from './compare.ts'
import { installedPrograms, ours, serialportGsm } from './modem-programs.ts'
import type { Drives, Driving } from './modem-programs.ts'
import { costRow, limitRow } from './row.ts'
import type { Row } from './row.ts'

/** One figure of a modem that takes no time itself, on a serial port, so that only the driver's time counts. */
interface Measure {
  readonly name: string
  readonly unit: 'ms' | 's'
  /** The most that ours may take. */
  readonly limit: number
  /** How many messages; the others get fewer, as they take long. */
  readonly messages: { readonly ours: number; readonly others: number }
  readonly against: readonly Drives[]
  take(drives: Drives, messages: number): Promise<number>
}

const FROM = '+380671112233'
const MUTE_MS = 15_000
/** Who takes longer is not waited for. */
const GIVEN_UP_MS = 120_000
const ROUNDS = 3

/** What those add who drive a modem, and how soon they are back when it was away. */
export async function* modem(): AsyncGenerator<Row> {
  const programs = installedPrograms()
  const others = [ours('sqlite'), ...programs]
  const measures: readonly Measure[] = [
    {
      name: 'each message sent',
      unit: 'ms',
      limit: 5,
      messages: { ours: 100, others: 10 },
      against: [...others, serialportGsm],
      take: sendingMs,
    },
    {
      name: '+CMTI to the flow, p95',
      unit: 'ms',
      limit: 20,
      messages: { ours: 100, others: 5 },
      against: others,
      take: arrivingMs,
    },
    {
      name: 'each of 1 000 found stored',
      unit: 'ms',
      limit: 20,
      messages: { ours: 1_000, others: 50 },
      against: others,
      take: sweepingMs,
    },
    {
      name: 'mute for 15 s, then one comes',
      unit: 's',
      limit: 6,
      messages: { ours: 1, others: 1 },
      against: others,
      take: backAfterS,
    },
  ]
  for (const { name, unit, limit, messages, against, take } of measures) {
    const values: number[] = []
    for (let round = 0; round < (unit === 's' ? 1 : ROUNDS); round += 1)
      values.push(await take(ours('memory'), messages.ours))
    const cost = median(values)
    yield limitRow(`modem: ${name}`, cost, limit, unit)
    for (const other of against) {
      const theirs = await take(other, other.isOurs ? messages.ours : messages.others)
      yield costRow(`  ${other.name}`, { ours: cost, peer: theirs, ratio: cost / theirs }, unit)
    }
  }
}

/** Milliseconds from one of the queued messages to the next, as the network gets them. */
function sendingMs(drives: Drives, messages: number): Promise<number> {
  const texts = Array.from({ length: messages }, (_, number) => `Door ${number}: open`)
  return onModem(drives, { texts }, async ({ network }) => {
    await until(() => network.sent.length === messages, `the messages of ${drives.name}`, GIVEN_UP_MS)
    return (network.sent.at(-1)!.atMs - network.sent[0]!.atMs) / (messages - 1)
  })
}

/** Milliseconds from when a message came until it was handed on, one after the other: what 95 of 100 stay within. */
function arrivingMs(drives: Drives, messages: number): Promise<number> {
  return onModem(drives, {}, async ({ network }, driving) => {
    const took: number[] = []
    for (let nth = 1; nth <= messages; nth += 1) {
      const startedAt = performance.now()
      network.deliver({ from: FROM, text: `Reading ${nth}` })
      await driving.received(nth, GIVEN_UP_MS)
      took.push(performance.now() - startedAt)
    }
    return took.toSorted((a, b) => a - b)[Math.ceil(took.length * 0.95) - 1]!
  })
}

/** Milliseconds for each message of a full memory, from when it is first looked for until all were handed on. */
function sweepingMs(drives: Drives, messages: number): Promise<number> {
  const options: ModemOptions = { memories: { SM: messages } }
  let startedAt = 0
  const prepare = ({ network, watch }: VirtualModem) => {
    for (let nth = 1; nth <= messages; nth += 1) network.deliver({ from: FROM, text: `Reading ${nth}` })
    watch((side, text) => {
      if (side === 'host' && startedAt === 0 && /^AT\+CMG[LR]/.test(text)) startedAt = performance.now()
    })
  }
  return onModem(drives, { options, prepare }, async (_modem, driving) => {
    await driving.received(messages, GIVEN_UP_MS)
    return (performance.now() - startedAt) / messages
  })
}

/** Seconds from when the modem answers again, and a message comes in, to when that was handed on. */
function backAfterS(drives: Drives): Promise<number> {
  return onModem(drives, {}, async ({ network, behaviour }, driving) => {
    network.deliver({ from: FROM, text: 'Before' })
    await driving.received(1, GIVEN_UP_MS)
    behaviour.mute = 'drop'
    await delay(MUTE_MS)
    behaviour.mute = false
    network.deliver({ from: FROM, text: 'After' })
    const startedAt = performance.now()
    await driving.received(2, GIVEN_UP_MS).catch(() => {})
    return (performance.now() - startedAt) / 1_000
  })
}

interface Scene {
  readonly options?: ModemOptions
  /** Before anybody drives it. */
  readonly prepare?: (modem: VirtualModem) => void
  /** To be sent. */
  readonly texts?: readonly string[]
}

async function onModem<T>(
  drives: Drives,
  { options = {}, prepare, texts = [] }: Scene,
  measure: (modem: VirtualModem, driving: Driving) => Promise<T>,
): Promise<T> {
  const virtual = createVirtualModem(options)
  prepare?.(virtual)
  const served = await servePty(virtual)
  try {
    const driving = await drives.start(virtual, served.address, texts)
    try {
      return await measure(virtual, driving)
    } finally {
      await driving.stop()
    }
  } finally {
    await served.stop()
    virtual.stop()
  }
}
