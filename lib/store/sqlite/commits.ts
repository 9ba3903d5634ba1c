import type { Prepare } from './query.ts'

/** Runs what reads or writes the database, and commits the calls of one moment together. */
export interface Commits {
  /**
   * Runs `work`, soon, in a transaction that it may share with other calls, after those that came before it. Resolves
   * after the commit, in the order of the calls. Where `work` throws, it alone rejects and has changed nothing; it may
   * run twice.
   */
  run<T>(work: () => T): Promise<T>
  /** The same for `work` that changes nothing: now, unless others wait, which come first. */
  read<T>(work: () => T): Promise<T>
  /** Runs and commits all that waits, before it returns. */
  flush(): void
}

interface Call {
  readonly work: () => unknown
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

type Outcome = { readonly value: unknown } | { readonly error: unknown }

/** A commit of more would keep Node's one thread for too long. */
const MOST_AT_ONCE = 500
/** More than these in one turn are likely to be followed by others. */
const FEW = 4
/** Calls that never stop coming must not hold up the first. */
const MOST_TURNS = 5

/**
 * A commit costs a sync, which costs more than all else. So a call waits for the end of this turn of the event loop, and
 * many for the next ones while each brings more: all of them share its commit. What arrives while the disk is busy is
 * the next one's.
 */
export function createCommits(prepare: Prepare): Commits {
  const begin = prepare('BEGIN IMMEDIATE')
  const commit = prepare('COMMIT')
  const rollback = prepare('ROLLBACK')
  const mark = prepare('SAVEPOINT one')
  const undo = prepare('ROLLBACK TO one')
  const release = prepare('RELEASE one')
  const waiting: Call[] = []
  let isScheduled = false
  /** Turns that have ended since a commit was scheduled, and the calls that waited at the end of the latest. */
  let turns = 0
  let brought = 0

  function schedule(): void {
    if (isScheduled || waiting.length === 0) return
    isScheduled = true
    turns = 0
    brought = FEW
    setImmediate(endTurn)
  }

  function endTurn(): void {
    turns += 1
    const bringsMore = waiting.length > brought
    brought = waiting.length
    if (bringsMore && brought < MOST_AT_ONCE && turns < MOST_TURNS) return void setImmediate(endTurn)
    isScheduled = false
    flushSome()
    schedule()
  }

  function flushSome(): void {
    const calls = waiting.splice(0, MOST_AT_ONCE)
    const outcomes = (calls.length > 1 && (together(calls, bare) || together(calls, apart))) || calls.map(alone)
    for (const [i, outcome] of outcomes.entries()) {
      if ('error' in outcome) calls[i]!.reject(outcome.error)
      else calls[i]!.resolve(outcome.value as never)
    }
  }

  /** One transaction for all; undefined when it cannot be for all of them, and nothing is changed. */
  function together(calls: readonly Call[], one: (call: Call) => Outcome): readonly Outcome[] | undefined {
    try {
      begin.run()
      const outcomes = calls.map(one)
      commit.run()
      return outcomes
    } catch {
      abandon()
      return undefined
    }
  }

  /** One that hardly ever fails: if it does, all run again, apart. */
  const bare = ({ work }: Call): Outcome => ({ value: work() })

  /** One among several in a transaction. Throws where SQLite gave the whole transaction up, as on a full disk. */
  function apart({ work }: Call): Outcome {
    mark.run()
    let outcome: Outcome
    try {
      outcome = { value: work() }
    } catch (error) {
      undo.run()
      outcome = { error }
    }
    release.run()
    return outcome
  }

  function alone({ work }: Call): Outcome {
    try {
      begin.run()
      const value = work()
      commit.run()
      return { value }
    } catch (error) {
      abandon()
      return { error }
    }
  }

  function abandon(): void {
    try {
      rollback.run()
    } catch {
      // SQLite has done so itself.
    }
  }

  function run<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      waiting.push({ work, resolve, reject })
      schedule()
    })
  }

  return {
    run,
    read: work => (waiting.length === 0 ? new Promise(resolve => resolve(work())) : run(work)),
    flush() {
      while (waiting.length > 0) flushSome()
    },
  }
}
