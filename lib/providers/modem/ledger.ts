import type { ProviderHost } from '../../provider.ts'

/** One part of a message as the network took it. A modem has 256 references (TP-MR), so there are at most so many. */
export interface Part {
  readonly id: string
  readonly index: number
  readonly total: number
  readonly to: string
  readonly reference: number
  /** Of the concatenation. */
  readonly concat: number
  readonly atMs: number
  /** The final word of its report. */
  readonly outcome?: 'delivered' | 'forwarded' | 'failed' | 'expired'
  /** When the service centre took it, by the centre's clock, as its report said. */
  readonly centreMs?: number | undefined
}

/** A message that the network has not taken whole yet, as far as it is known. */
export interface Unfinished {
  readonly id: string
  readonly to: string
  readonly total: number
  /** Of the concatenation: the same again when it is resumed. */
  readonly concat: number
  /** References of the parts taken, from the first on; null where the modem told none. */
  readonly taken: readonly (number | null)[]
  /** Since when the next part may or may not have been sent, in milliseconds since the epoch. */
  readonly doubtAtMs?: number
}

/** What is known, over restarts, of every part that was sent: it is resumed, settled and reported on by this. */
export interface Ledger {
  /** Reads what was noted; comes before everything else. */
  load(): Promise<void>
  unfinished(id: string): Unfinished | undefined
  /** Messages with a part in doubt, the latest first. */
  doubts(): readonly Unfinished[]
  partsOf(id: string): readonly Part[]
  byReference(reference: number): Part | undefined
  /** That of the message in several parts that was begun last; undefined when none was. */
  lastConcat(): number | undefined
  /** Comes before the next part is written. Rejects with `SMS_STORE`. */
  begin(message: Omit<Unfinished, 'taken' | 'doubtAtMs'>, nowMs: number): Promise<void>
  /** The part begun was surely not taken. */
  notTaken(id: string): Promise<void>
  /** The part begun was taken, under the reference the modem told. */
  taken(id: string, reference: number | undefined, atMs: number): Promise<void>
  reported(part: Part, word: Pick<Part, 'outcome' | 'centreMs'>): Promise<void>
}

const REFERENCES = 256
const KEYS = { unfinished: 'unfinished', concat: 'concat', part: (reference: number) => `mr:${reference}` } as const
/** Only those in doubt and those sent in part count, so there are few; the oldest are those nobody asks for any more. */
const MOST_UNFINISHED = 100

export function createLedger(notes: ProviderHost['notes']): Ledger {
  const parts = new Map<number, Part>()
  const open = new Map<string, Unfinished>()
  let lastConcat: number | undefined

  function keep(message: Unfinished): Promise<void> {
    const isWhole = message.taken.length === message.total
    open.delete(message.id)
    const isUntouched = message.taken.length === 0 && message.doubtAtMs === undefined
    // One whose references are all known lives on in its parts.
    if (!isUntouched && (!isWhole || message.taken.includes(null))) open.set(message.id, message)
    for (const id of open.keys()) if (open.size > MOST_UNFINISHED) open.delete(id)
    return notes.set(KEYS.unfinished, JSON.stringify([...open.values()]))
  }

  function keepPart(part: Part): Promise<void> {
    parts.set(part.reference, part)
    return notes.set(KEYS.part(part.reference), JSON.stringify(part))
  }

  return {
    async load() {
      const references = Array.from({ length: REFERENCES }, (_, reference) => reference)
      const noted = await Promise.all(references.map(reference => notes.get(KEYS.part(reference))))
      const waiting = await notes.get(KEYS.unfinished)
      const concat = await notes.get(KEYS.concat)
      lastConcat = concat ? Number(concat) : undefined
      for (const text of noted) {
        const part = text ? (JSON.parse(text) as Part) : undefined
        if (part) parts.set(part.reference, part)
      }
      for (const message of waiting ? (JSON.parse(waiting) as Unfinished[]) : []) open.set(message.id, message)
    },

    unfinished: id => open.get(id),
    doubts: () => [...open.values()].filter(({ doubtAtMs }) => doubtAtMs !== undefined).reverse(),
    partsOf: id => [...parts.values()].filter(part => part.id === id).sort((a, b) => a.index - b.index),
    byReference: reference => parts.get(reference),
    lastConcat: () => lastConcat,

    async begin(message, nowMs) {
      // Noted, as the times of parts do not tell: an older message may be resumed after a later one was begun.
      if (message.total > 1 && !open.has(message.id)) {
        lastConcat = message.concat
        await notes.set(KEYS.concat, String(message.concat))
      }
      await keep({ taken: [], ...open.get(message.id), ...message, doubtAtMs: nowMs })
    },

    async notTaken(id) {
      const message = open.get(id)
      if (!message) return
      const { doubtAtMs: _over, ...rest } = message
      await keep(rest)
    },

    async taken(id, reference, atMs) {
      const message = open.get(id)
      if (!message) return
      const { doubtAtMs: _over, ...rest } = message
      const index = rest.taken.length + 1
      const writes = [keep({ ...rest, taken: [...rest.taken, reference ?? null] })]
      if (reference !== undefined)
        writes.push(keepPart({ id, index, total: rest.total, to: rest.to, reference, concat: rest.concat, atMs }))
      await Promise.all(writes)
    },

    reported: (part, word) => keepPart({ ...part, ...word }),
  }
}
