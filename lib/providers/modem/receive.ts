import { textOf } from '../../at/answers.ts'
import type { Unsolicited } from '../../at/contract.ts'
import { readListing, readMemories, readSlot, readStoredPdu } from '../../at/storage.ts'
import type { Slot, StoredPdu } from '../../at/storage.ts'
import { keepNewest } from '../../bounded.ts'
import { toSmsError } from '../../errors.ts'
import type { ProviderHost } from '../../provider.ts'
import { ask, isOk } from './connection.ts'
import type { Connection } from './connection.ts'
import type { Delivered, Delivery } from './delivery.ts'

/** Takes what a modem has stored: delivered first, deleted after that, one after the other. */
export interface Receiver {
  /** `+CMTI`, `+CDSI`: something lies there. */
  announced(code: Unsolicited): void
  /** Looks through all memories, as soon as the modem is ready. */
  sweep(): void
  /** The modem was set up, and has these memories: what waits is done. */
  begin(memories: readonly string[]): void
  /** The modem is not ready any more. */
  pause(): void
  /** Ends every wait. */
  end(): void
}

export interface ReceiverOptions {
  readonly connection: Connection
  readonly host: Pick<ProviderHost, 'clock' | 'log'>
  readonly delivery: Delivery
  /** The modem does not read as it was set to; it must be set up anew. */
  readonly onUnset: () => void
  /** Told after each sweep whether a memory is full of what we may not delete. */
  readonly onFull: (full: boolean) => void
}

type Found = { readonly [K in keyof StoredPdu]: StoredPdu[K] | undefined } & {
  readonly pdu: string
  readonly slot: Slot
}

/** After the store failed, or a command, when the memories are looked through again. */
const AGAIN_MS = 5_000
const MOST_DIFFERING = 100

const isReadable = (found: readonly Found[]): boolean => found.every(({ status }) => status !== undefined)

export function createReceiver({ connection, host, delivery, onUnset, onFull }: ReceiverOptions): Receiver {
  const slots = new Map<string, { readonly slot: Slot; readonly isReport: boolean }>()
  let memories: readonly string[] | undefined
  /** What lay elsewhere when it was to be deleted. */
  const differing = new Set<string>()
  let sweepWanted = true
  let isWorking = false
  let isEnded = false
  let cancelAgain = () => {}

  function work(): void {
    if (isWorking || !memories || isEnded) return
    isWorking = true
    takeAll().then(
      () => {
        isWorking = false
        // Something may have come in the moment it ended.
        if (sweepWanted || slots.size > 0) work()
      },
      (thrown: unknown) => {
        isWorking = false
        host.log('debug', `reading stopped: ${toSmsError(thrown).message}`)
        again()
      },
    )
  }

  function again(): void {
    cancelAgain()
    if (!isEnded) cancelAgain = host.clock.after(AGAIN_MS, sweep)
  }

  function sweep(): void {
    sweepWanted = true
    work()
  }

  async function takeAll(): Promise<void> {
    while (memories && !isEnded) {
      const [key, announced] = [...slots][0] ?? []
      if (sweepWanted) {
        // Whatever was announced until now is found by it.
        slots.clear()
        sweepWanted = false
        await sweepAll(memories)
      } else if (key !== undefined && announced) {
        slots.delete(key)
        await takeAnnounced(announced.slot, announced.isReport)
      } else return
    }
  }

  async function takeAnnounced(slot: Slot, isReport: boolean): Promise<void> {
    const [found] = await connection.during(async () =>
      (await select(slot.memory)) ? inPduMode(() => read(slot)) : [],
    )
    // Taken by a sweep meanwhile, or announced with another memory's name, as EC25 does of reports.
    const taken = found && (await take(found))
    if (!taken || (isReport && taken !== 'report')) sweepWanted = true
  }

  /**
   * In text mode a header has words where PDU mode has a number: the modem has forgotten what it was set to. Where it
   * has them in PDU mode too the slot is broken, and must not be in the way of the others.
   */
  async function inPduMode(look: () => Promise<readonly Found[]>): Promise<readonly Found[]> {
    const found = await look()
    if (isReadable(found)) return found
    if (!isOk(await connection.run('+CMGF=0'))) {
      onUnset()
      return []
    }
    const again = await look()
    if (isReadable(again)) onUnset()
    return again
  }

  async function read(slot: Slot): Promise<readonly Found[]> {
    const stored = readStoredPdu((await ask(connection, `+CMGR=${slot.index}`)) ?? [])
    return stored ? [{ ...stored, slot }] : []
  }

  async function sweepAll(names: readonly string[]): Promise<void> {
    let full = false
    for (const name of names) {
      const { total, listed } = await connection.during(async () => {
        const size = await select(name)
        return { total: size?.total ?? 0, listed: size ? await inPduMode(() => list(name, size.total)) : [] }
      })
      let kept = 0
      for (const found of listed) if ((await take(found)) === 'kept') kept += 1
      if (name !== 'SR' && total > 0 && kept >= total) full = true
    }
    onFull(full)
  }

  async function list(name: string, total: number): Promise<readonly Found[]> {
    const answer = await connection.run('+CMGL=4')
    const found = readListing(answer.lines).map(({ index, pdu, status, tpduLength }) => {
      return { pdu, status, tpduLength, slot: { memory: name, index } }
    })
    if (isOk(answer) || found.length > 0) return found
    // One bad slot can make a modem refuse the whole list: then slot by slot, from 0 or 1 on.
    const singly: Found[] = []
    for (let index = 0; index <= total; index++) singly.push(...(await read({ memory: name, index })))
    return singly
  }

  /** What lies in a slot is delivered, then deleted. */
  async function take(found: Found): Promise<Delivered['kind'] | 'kept'> {
    // 2 and 3: written by somebody to be sent, and none of our business.
    if (found.status !== undefined && found.status > 1) return 'kept'
    const delivered = await delivery.deliver(found, host.clock.now())
    if (!(await connection.during(signal => remove(found, signal)))) return 'kept'
    await delivered.freed()
    return delivered.kind
  }

  /** Deletes what was read, and nothing else: after a restart another message may lie there, or come at this moment. */
  async function remove({ slot, pdu }: Found, signal: AbortSignal): Promise<boolean> {
    // Where its memory is not the one that is chosen, the index is that of another message.
    if (!(await select(slot.memory))) {
      again()
      return false
    }
    const [now] = await read(slot)
    const place = `${slot.memory} ${slot.index} ${pdu}`
    if (now?.pdu !== pdu && !differing.has(place)) {
      // It is found again, and known. If it is at the same place then, the modem but tells it in two ways.
      differing.add(place)
      keepNewest(differing, MOST_DIFFERING)
      again()
      return false
    }
    differing.delete(place)
    const isDeleted = (await ask(connection, `+CMGD=${slot.index}`, { signal })) !== undefined
    if (!isDeleted) host.log('warn', `the modem did not delete a message (${slot.memory} ${slot.index})`)
    return isDeleted
  }

  /**
   * Makes a memory the one that is read and deleted in; resolves to how many places it has, or undefined where there is
   * none of that name. Each time anew: a modem that restarted has another one chosen, in which something else may lie.
   */
  async function select(name: string): Promise<{ readonly total: number } | undefined> {
    const lines = await ask(connection, `+CPMS="${name}"`)
    return lines && { total: readMemories(textOf(lines, '+CPMS'))[0]?.total ?? 0 }
  }

  return {
    announced({ name, text }) {
      const slot = readSlot(text)
      if (slot) slots.set(`${slot.memory} ${slot.index}`, { slot, isReport: name === '+CDSI' })
      else sweepWanted = true
      work()
    },
    sweep,
    begin(found) {
      memories = found
      sweepWanted = true
      work()
    },
    pause() {
      memories = undefined
    },
    end() {
      isEnded = true
      cancelAgain()
    },
  }
}
