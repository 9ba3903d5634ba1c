import type { SmsRecord } from '../message.ts'

/** What waits for one client. */
export interface Entry {
  readonly kind: 'im' | 'status'
  /** When it began to wait, by the wall clock. */
  readonly sinceMs: number
  readonly record: SmsRecord
}

/**
 * A durable queue, kept in notes of the store. A note is small and written whole, so entries stand in segments of a
 * few, in a ring of notes that are used again; an index says where it begins and ends.
 */
export interface Queue {
  /**
   * Comes before everything else. Resolves, when the queue can be used, to the latest change of a status that was added
   * to it in an earlier life, in milliseconds since the epoch.
   */
  load(): Promise<number>
  /** Adds an entry. Its commit comes before that of whatever the store is asked for after this call. */
  push(entry: Entry): void
  /** The oldest entry. */
  next(): Promise<Entry | undefined>
  /** The oldest entry, which must be this one, is done with; resolves after the commit. */
  done(entry: Entry): Promise<void>
}

export interface QueueOptions {
  /** Notes of this queue alone. Never reject, however long the store takes; `text` is called for what is written then. */
  readonly get: (key: string) => Promise<string | undefined>
  readonly set: (key: string, text: () => string) => Promise<void>
  readonly now: () => number
  /** Told how many were let go as there is no more room. */
  readonly onFull: (lost: number) => void
}

const SEGMENT = 20
/** At most so many segments wait, and so 20 000 entries. */
const RING = 1_000

interface Index {
  /** The segment the oldest entry is in, and which of its entries it is. */
  first: number
  offset: number
  last: number
  toldMs: number
}

export function createQueue({ get, set, now, onFull }: QueueOptions): Queue {
  let index: Index | undefined
  /** The segment that entries are added to: never one of an earlier life, so that none has to be read for it. */
  let tail: { number: number; entries: Entry[] } = { number: 0, entries: [] }
  let head: { readonly number: number; readonly entries: readonly Entry[] } | undefined
  const early: Entry[] = []

  const saveIndex = () => set('index', () => JSON.stringify(index))
  const keyOf = (segment: number) => `segment.${segment % RING}`

  function saveTail(): void {
    const saved = tail
    void set(keyOf(saved.number), () => JSON.stringify(saved))
  }

  async function entriesOf(segment: number): Promise<readonly Entry[]> {
    if (segment === tail.number) return tail.entries
    if (head?.number !== segment) {
      const kept = readSegment(await get(keyOf(segment)))
      head = { number: segment, entries: kept?.number === segment ? kept.entries : [] }
    }
    return head.entries
  }

  /** Texts are not left behind once their messages are gone. */
  function leave(index: Index): void {
    const left = index.first
    index.first += 1
    index.offset = 0
    void saveIndex()
    void set(keyOf(left), () => (tail.number % RING === left % RING ? JSON.stringify(tail) : ''))
  }

  function push(entry: Entry): void {
    if (!index) return void early.push(entry)
    if (tail.entries.length >= SEGMENT) tail = { number: tail.number + 1, entries: [] }
    if (tail.number - index.first >= RING) {
      onFull(SEGMENT - index.offset)
      index.first += 1
      index.offset = 0
    }
    tail.entries.push(entry)
    index.last = tail.number
    if (entry.kind === 'status') index.toldMs = Math.max(index.toldMs, Date.parse(entry.record.updatedAt))
    saveTail()
    void saveIndex()
  }

  return {
    async load() {
      index = readIndex(await get('index')) ?? { first: 0, offset: 0, last: -1, toldMs: now() }
      tail = { number: index.last + 1, entries: [] }
      const { toldMs } = index
      for (const entry of early.splice(0)) push(entry)
      return toldMs
    },

    push,

    async next() {
      while (index && index.first <= tail.number) {
        const entry = (await entriesOf(index.first))[index.offset]
        if (entry) return entry
        if (index.first === tail.number) return undefined
        leave(index)
      }
      return undefined
    },

    async done(entry) {
      // Where there was no more room it may be gone.
      if (!index || (await entriesOf(index.first))[index.offset] !== entry) return
      index.offset += 1
      if (index.first === tail.number && index.offset >= tail.entries.length) {
        tail = { number: tail.number + 1, entries: [] }
        index.last = tail.number - 1
        leave(index)
      }
      await saveIndex()
    },
  }
}

function readIndex(text: string | undefined): Index | undefined {
  return text ? (JSON.parse(text) as Index) : undefined
}

function readSegment(text: string | undefined): { readonly number: number; readonly entries: Entry[] } | undefined {
  return text ? (JSON.parse(text) as { number: number; entries: Entry[] }) : undefined
}
