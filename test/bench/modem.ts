import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../interop/program.ts'
import { createVirtualModem } from '../sim/modem/modem.ts'
import type { VirtualModem } from '../sim/modem/modem.ts'
import { servePty } from '../sim/modem/serve.ts'
import { median } from './compare.ts'
import { installedPrograms, ourDriver } from './modem-programs.ts'
import type { Drives, Driving } from './modem-programs.ts'
import { costRow, limitRow } from './row.ts'
import type { Row } from './row.ts'

const MESSAGES = 20
const ROUNDS = 3
/** What a driver may add to a message, of which the modem itself takes two seconds and more. */
const MOST_MS = 20
const MUTE_MS = 15_000
const MOST_BACK_S = 6
/** Who is not back by then is not waited for. */
const GIVEN_UP_S = 120

/** A modem that takes no time, on a serial port: what those add who drive it, and how soon they are back. */
export async function modem(): Promise<readonly Row[]> {
  const programs = installedPrograms()
  const rows: Row[] = []

  const oursMs = await medianOf(() => sendingMs(ourDriver))
  rows.push(limitRow('modem: overhead of a message sent', oursMs, MOST_MS, 'ms'))
  for (const program of programs) {
    const peerMs = await sendingMs(program)
    rows.push(costRow(`modem: overhead of a message sent, ${program.name}`, compare(oursMs, peerMs), 'ms'))
  }

  const [oursS, ...peersS] = await Promise.all([ourDriver, ...programs].map(backAfterS))
  rows.push(limitRow('modem: mute for 15 s, then one comes', oursS!, MOST_BACK_S, 's'))
  for (const [at, program] of programs.entries())
    rows.push(costRow(`modem: mute for 15 s, then one comes, ${program.name}`, compare(oursS!, peersS[at]!), 's'))
  return rows
}

const compare = (ours: number, peer: number) => ({ ours, peer, ratio: ours / peer })

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const values: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) values.push(await measure())
  return median(values)
}

/** Milliseconds from one of the queued messages to the next, as the network gets them. */
async function sendingMs(drives: Drives): Promise<number> {
  const texts = Array.from({ length: MESSAGES }, (_, number) => `Door ${number}: open`)
  return onModem(drives, texts, async ({ network }) => {
    await until(() => network.sent.length === MESSAGES, `the messages of ${drives.name}`, 120_000)
    return (network.sent.at(-1)!.atMs - network.sent[0]!.atMs) / (MESSAGES - 1)
  })
}

/** Seconds from when the modem answers again, and a message comes in, to when that was handed on. */
async function backAfterS(drives: Drives): Promise<number> {
  return onModem(drives, [], async (virtual, driving) => {
    virtual.network.deliver({ from: '+380671112233', text: 'Before' })
    await until(() => driving.received() === 1, `the first message of ${drives.name}`)
    virtual.behaviour.mute = 'drop'
    await delay(MUTE_MS)
    virtual.behaviour.mute = false
    virtual.network.deliver({ from: '+380671112233', text: 'After' })
    const startedAt = performance.now()
    await until(() => driving.received() === 2, `${drives.name} to be back`, GIVEN_UP_S * 1_000).catch(() => {})
    return (performance.now() - startedAt) / 1_000
  })
}

async function onModem<T>(
  drives: Drives,
  texts: readonly string[],
  measure: (modem: VirtualModem, driving: Driving) => Promise<T>,
): Promise<T> {
  const virtual = createVirtualModem()
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
