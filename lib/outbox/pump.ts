import type { Clock } from '../clock.ts'
import type { StoredMessage } from '../store/store.ts'

/** Takes work as it falls due and as there is room, and sees each piece to its end. */
export interface Pump {
  /** There may be new work, or new room. */
  turn(): void
  /** Takes no more. Resolves when all that was taken has ended. */
  close(): Promise<void>
  /** Resolves when all that is in flight now has ended. */
  settled(): Promise<void>
}

export interface PumpOptions {
  readonly clock: Clock
  readonly room: (inFlight: number) => Room
  readonly take: (limit: number) => Promise<readonly StoredMessage[]>
  /** When the next work is due, in milliseconds since the epoch. */
  readonly nextDue: () => Promise<number | undefined>
  /** Does one piece of work and commits what came of it. What it throws is its own to tell; the pump goes on. */
  readonly work: (message: StoredMessage) => Promise<void>
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
  let turns: Promise<void> | undefined
  let again = false
  let closed = false
  let storeFails = false
  let cancelTimer = (): void => {}

  function arm(ms: number): void {
    cancelTimer()
    if (!closed) cancelTimer = clock.after(ms, turn)
  }

  function start(message: StoredMessage): void {
    const end = () => {
      inFlight.delete(running)
      turn()
    }
    const running = options.work(message).then(end, end)
    inFlight.add(running)
  }

  async function turnOnce(): Promise<void> {
    cancelTimer()
    const { free, againMs } = options.room(inFlight.size)
    if (free < 1) {
      if (againMs !== undefined) arm(againMs)
      return
    }
    const messages = await options.take(free)
    if (closed) return void (await Promise.all(messages.map(options.giveBack)))
    for (const message of messages) start(message)
    if (messages.length === free) again = true
    else {
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
    if (turns) again = true
    else turns = takeTurns()
  }

  const settled = async () => void (await Promise.allSettled([turns, ...inFlight]))

  return {
    turn,
    settled,
    close() {
      closed = true
      cancelTimer()
      return settled()
    },
  }
}
