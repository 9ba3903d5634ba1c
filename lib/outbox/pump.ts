import type { Clock } from '../clock.ts'
import type { StoredMessage } from '../store/store.ts'

/** Takes work as it falls due and as there is room, and sees each piece to its end. */
export interface Pump {
  /** There may be new work, or new room. */
  turn(): void
  /**
   * Keeps room, up to `limit`, for work that is only being stored: undefined where other work waits, which comes first,
   * or where there is no room.
   */
  reserve(limit: number): Reservation | undefined
  /** Takes no more. Resolves when all that was taken has ended. */
  close(): Promise<void>
  /** Resolves when all that is in flight now has ended. */
  settled(): Promise<void>
}

/** Room for work that was never in the queue. */
export interface Reservation {
  readonly size: number
  /** Begins with at most `size` pieces, taken already; what room is left over is free again. To be called once. */
  start(messages: readonly StoredMessage[]): Promise<void>
}

export interface PumpOptions {
  readonly clock: Clock
  readonly room: (inFlight: number) => Room
  /** So many take room beside what `take` answers; negative where they did not need it. */
  readonly spend: (count: number) => void
  readonly take: (limit: number) => Promise<readonly StoredMessage[]>
  /** When the next work is due, in milliseconds since the epoch. */
  readonly nextDue: () => Promise<number | undefined>
  /**
   * Does one piece of work and commits what came of it. Resolves to whether that may have left, or made due, anything
   * to be taken that `turn` was not told of. What it throws is its own to tell; the pump goes on.
   */
  readonly work: (message: StoredMessage) => Promise<boolean>
  /** Gives back what was taken in the moment of closing. */
  readonly giveBack: (message: StoredMessage) => Promise<void>
  /** Told when the store fails, and with undefined when it works again. */
  readonly onStore: (error: unknown) => void
}

/** How much may start now and, where only time makes room, when to look again. */
export interface Room {
  readonly free: number
  readonly againMs?: number
}

const STORE_PAUSE_MS = 1_000
/** A wall clock may be set while a timer runs, so that what is due is looked at again at least this often. */
const LONGEST_WAIT_MS = 60_000
/** What is due by the store, and yet was not there to be taken, is not asked for in a busy loop. */
const SHORTEST_WAIT_MS = 10

export function createPump(options: PumpOptions): Pump {
  const { clock } = options
  const inFlight = new Set<Promise<void>>()
  const reservations = new Set<Promise<void>>()
  let turns: Promise<void> | undefined
  let again = false
  let reserved = 0
  /** Whether all that was due was taken, as far as is known. */
  let isDrained = false
  let closed = false
  let storeFails = false
  let cancelTimer = (): void => {}

  function arm(ms: number): void {
    cancelTimer()
    if (!closed) cancelTimer = clock.after(ms, turn)
  }

  function start(message: StoredMessage): void {
    const end = (leavesWork: boolean) => {
      inFlight.delete(running)
      if (leavesWork || !isDrained) turn()
    }
    const running = options.work(message).then(end, () => end(true))
    inFlight.add(running)
  }

  async function turnOnce(): Promise<void> {
    cancelTimer()
    const { free, againMs } = options.room(inFlight.size + reserved)
    if (free < 1) {
      if (againMs !== undefined) arm(againMs)
      return
    }
    const messages = await options.take(free)
    if (closed) return void (await Promise.all(messages.map(options.giveBack)))
    for (const message of messages) start(message)
    if (messages.length === free) again = true
    else {
      isDrained = !again
      const dueAtMs = await options.nextDue()
      if (dueAtMs !== undefined) arm(Math.min(Math.max(dueAtMs - clock.now(), SHORTEST_WAIT_MS), LONGEST_WAIT_MS))
    }
    if (storeFails) {
      storeFails = false
      options.onStore(undefined)
    }
  }

  async function takeTurns(): Promise<void> {
    do {
      again = false
      try {
        await turnOnce()
      } catch (error) {
        if (closed) break
        storeFails = true
        options.onStore(error)
        arm(STORE_PAUSE_MS)
      }
    } while (again && !closed)
    turns = undefined
  }

  /** A turn runs alone; who calls meanwhile makes it go round once more. */
  function turn(): void {
    if (closed) return
    isDrained = false
    if (turns) again = true
    else turns = takeTurns()
  }

  function reserve(limit: number): Reservation | undefined {
    if (closed || !isDrained) return undefined
    const size = Math.min(limit, options.room(inFlight.size + reserved).free)
    if (size < 1) return undefined
    reserved += size
    options.spend(size)
    let end = (): void => {}
    const ended = new Promise<void>(resolve => {
      end = resolve
    })
    reservations.add(ended)
    return {
      size,
      async start(messages) {
        reserved -= size
        options.spend(messages.length - size)
        if (closed) await Promise.allSettled(messages.map(options.giveBack))
        else for (const message of messages) start(message)
        reservations.delete(ended)
        end()
      },
    }
  }

  const settled = async () => void (await Promise.allSettled([turns, ...inFlight, ...reservations]))

  return {
    turn,
    reserve,
    settled,
    close() {
      closed = true
      cancelTimer()
      return settled()
    },
  }
}
