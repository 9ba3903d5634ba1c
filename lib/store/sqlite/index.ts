import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../clock.ts'
import type { Clock } from '../../clock.ts'
import { SmsError } from '../../errors.ts'
import { createRetention } from '../retention.ts'
import type { Store } from '../store.ts'
import { createCommits } from './commits.ts'
import { createCounts } from './counts.ts'
import { storeError } from './failure.ts'
import { createFragments } from './fragments.ts'
import { createHistory } from './history.ts'
import { createIncoming } from './incoming.ts'
import { createNotes } from './notes.ts'
import { openDatabase } from './open-database.ts'
import { createOutgoing } from './outgoing.ts'
import { createPrune } from './prune.ts'
import { preparing } from './query.ts'
import { createTrail } from './trail.ts'
import { createWork } from './work.ts'

export interface SqliteOptions {
  /** The file; it is made with its folder where there is none. */
  readonly path: string
  /** For how many days messages are kept once they are over; 0: for ever. */
  readonly retentionDays: number
  readonly clock?: Clock
  readonly log?: (level: 'info' | 'warn', text: string) => void
}

/**
 * The durable store: an SQLite file that one runtime has for itself. Its calls reject with `SMS_CONFIG` for what its
 * owner can set right (the file is in use, not to be written, or none of ours; Node has no SQLite) and with `SMS_STORE`
 * for what befell the disk. The file is never replaced, and an `open` that was rejected may be tried again.
 */
export function createSqliteStore(options: SqliteOptions, open = openDatabase): Store {
  const { clock = systemClock, log = () => {} } = options
  const path = resolve(options.path)
  let engine: Engine | undefined

  /** Calls that are each one atomic step of the open engine. */
  const stepBy =
    (how: 'run' | 'read') =>
    <A extends readonly unknown[], R>(method: (engine: Engine) => (...args: A) => R) =>
    async (...args: A): Promise<R> => {
      if (!engine) throw new SmsError('SMS_STORE', 'the message store is not open')
      const work = method(engine)
      try {
        return await engine.commits[how](() => work(...args))
      } catch (error) {
        throw storeError(error, path)
      }
    }
  const step = stepBy('run')
  /** A step that reads a row at most. What reads more leaves the others their turn of the event loop. */
  const look = stepBy('read')

  const prune = step(engine => engine.prune)
  const retention = createRetention({ days: options.retentionDays, clock, prune, log })

  async function close(): Promise<void> {
    retention.stop()
    const closing = engine
    engine = undefined
    closing?.commits.flush()
    closing?.database.close()
  }

  return {
    async open(nowMs) {
      await close()
      try {
        engine = start(open(path), nowMs)
      } catch (error) {
        throw storeError(error, path)
      }
      retention.start()
    },
    close,
    add: step(({ outgoing }) => outgoing.add),
    take: step(({ outgoing }) => outgoing.take),
    nextDue: look(({ work }) => work.nextDue),
    retryNow: step(({ work }) => work.hurry),
    change: step(({ outgoing }) => outgoing.change),
    get: look(({ outgoing }) => outgoing.get),
    waiting: step(({ work }) => work.waiting),
    waitingRouted: step(({ outgoing }) => outgoing.waitingRouted),
    lanesRouted: step(({ work }) => work.lanesRouted),
    trail: step(({ trail }) => trail),
    receive: step(({ incoming }) => incoming.receive),
    takeReceived: step(({ incoming }) => incoming.take),
    finishReceived: step(({ incoming }) => incoming.finish),
    endCall: step(({ incoming }) => incoming.endCall),
    addFragment: step(({ fragments }) => fragments.add),
    fragmentGroups: step(({ fragments }) => fragments.groups),
    dropFragments: step(({ fragments }) => fragments.drop),
    history: step(({ history }) => history),
    counts: step(({ counts }) => counts),
    note: look(({ notes }) => notes.get),
    setNote: step(({ notes }) => notes.set),
    prune,
  }
}

type Engine = ReturnType<typeof prepareAll> & { readonly database: DatabaseSync }

/** Throws what SQLite throws; the database is closed then. */
function start(database: DatabaseSync, nowMs: number): Engine {
  try {
    const engine = { database, ...prepareAll(database) }
    database.exec('BEGIN IMMEDIATE')
    engine.outgoing.recover(nowMs)
    engine.incoming.recover(nowMs)
    database.exec('COMMIT')
    return engine
  } catch (error) {
    database.close()
    throw error
  }
}

function prepareAll(database: DatabaseSync) {
  const prepare = preparing(database)
  const work = createWork(prepare)
  return {
    commits: createCommits(prepare),
    work,
    trail: createTrail(prepare),
    outgoing: createOutgoing(prepare, work),
    incoming: createIncoming(prepare),
    fragments: createFragments(prepare),
    history: createHistory(prepare),
    counts: createCounts(prepare),
    notes: createNotes(prepare),
    prune: createPrune(prepare),
  }
}
