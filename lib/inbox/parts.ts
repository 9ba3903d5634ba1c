import type { Clock } from '../clock.ts'
import type { SmsRecord } from '../message.ts'
import { pair } from '../store/pair.ts'
import type { Fragment, Store } from '../store/store.ts'
import { isSamePart, isWhole, joined } from './join.ts'

/** Keeps parts of messages on disk until they are whole, or have waited for too long. */
export interface Parts {
  /** Resolves after the commit, to false for a part that is there already or was part of an earlier message. */
  received(fragment: Fragment): Promise<boolean>
  /** Takes up what waits since an earlier run. */
  load(): Promise<void>
  /** Ends every waiting. */
  end(): void
}

export interface PartsOptions {
  readonly store: Store
  readonly clock: Clock
  /** How long after its last part a message is given out as it is. */
  readonly timeoutMs: number
  /** Stores a message made of parts; one that was stored before is no error. */
  readonly deliver: (record: SmsRecord) => Promise<unknown>
  readonly log: (level: 'warn', text: string) => void
}

interface Waiting {
  readonly group: readonly Fragment[]
  readonly cancel: () => void
}

/** When to try again to give out what the store refused. */
const RETRY_MS = 60_000

export function createParts({ store, clock, timeoutMs, deliver, log }: PartsOptions): Parts {
  const waiting = new Map<string, Waiting>()
  const turns = new Map<string, Promise<unknown>>()
  let isEnded = false

  /** What concerns one group goes in turn: no part must come in while those before it are given out and dropped. */
  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const done = (turns.get(key) ?? Promise.resolve()).then(work)
    const forget = () => turns.get(key) === turn && turns.delete(key)
    const turn: Promise<unknown> = done.then(forget, forget)
    turns.set(key, turn)
    return done
  }

  async function take(fragment: Fragment): Promise<boolean> {
    const group = await store.addFragment(fragment)
    const stored = group.find(({ index }) => index === fragment.index)?.record
    if (stored && !isSamePart(stored, fragment.record)) {
      // A sender's references run out and begin again: what the message before this one lacks will not come any more.
      await giveOut(group)
      return take(fragment)
    }
    const isNew = stored?.id === fragment.record.id
    if (isNew) wait(group, isWhole(group) ? RETRY_MS : timeoutMs)
    if (isWhole(group)) await giveOut(group)
    return isNew
  }

  async function giveOut(group: readonly Fragment[]): Promise<void> {
    const [{ record, group: name }] = group as [Fragment]
    await deliver(await joined(group, clock.now()))
    // Should Node-RED end here, they are joined once more, which makes a repeat.
    await store.dropFragments(record.providerNode, name)
    const key = keyOf(group)
    waiting.get(key)?.cancel()
    waiting.delete(key)
  }

  /** The latest of a group counts; it is what the store has of it. */
  function wait(group: readonly Fragment[], ms: number): void {
    if (isEnded) return
    const key = keyOf(group)
    waiting.get(key)?.cancel()
    const mine = { group, cancel: clock.after(ms, () => void inTurn(key, giveUp)) }
    waiting.set(key, mine)

    async function giveUp(): Promise<void> {
      if (waiting.get(key) !== mine) return
      try {
        await giveOut(group)
      } catch {
        log('warn', 'a message that came in parts could not be stored; trying again in a minute')
        wait(group, RETRY_MS)
      }
    }
  }

  return {
    received: fragment => inTurn(keyOf([fragment]), () => take(fragment)),
    // Each group waits anew, as nobody knows for how long it has: clocks are set, and computers are off.
    async load() {
      for (const group of await store.fragmentGroups()) wait(group, isWhole(group) ? 0 : timeoutMs)
    },
    end() {
      isEnded = true
      for (const { cancel } of waiting.values()) cancel()
      waiting.clear()
    },
  }
}

const keyOf = (group: readonly Fragment[]): string => pair(group[0]!.record.providerNode, group[0]!.group)
