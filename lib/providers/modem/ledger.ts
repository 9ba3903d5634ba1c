import type { ProviderHost } from '../../provider.ts'

/** One part of a message as the network took it. */
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
  /** Parts that went out under this reference, the latest first: some modems begin anew with each start. */
  byReference(reference: number): readonly Part[]
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

/** TP-MR is an octet. */
const REFERENCES = 256
/** So many parts are known by one reference. */
const MOST_PARTS = 3
const KEYS = { unfinished: 'unfinished', concat: 'concat', parts: (reference: number) => `parts:${reference}` } as const
/** Only those in doubt and those sent in part count, so there are few; the oldest are those nobody asks for any more. */
const MOST_UNFINISHED = 100

export function createLedger(notes: ProviderHost['notes']): Ledger {
  const parts = new Map<number, readonly Part[]>()
  const open = new Map<string, Unfinished>()
  /** References of which it is not on disk what went out under them. */
  const unnoted = new Set<number>()
  let lastConcat: number | undefined

  function put(message: Unfinished): void {
    const isWhole = message.taken.length === message.total
    open.delete(message.id)
    const isUntouched = message.taken.length === 0 && message.doubtAtMs === undefined
    // One whose references are all known lives on in its parts.
    if (!isUntouched && (!isWhole || message.taken.includes(null))) open.set(message.id, message)
    for (const id of open.keys()) if (open.size > MOST_UNFINISHED) open.delete(id)
  }

  const save = () => notes.set(KEYS.unfinished, JSON.stringify([...open.values()]))

  async function keep(message: Unfinished): Promise<void> {
    put(message)
    await save()
  }

  async function keepPart(part: Part): Promise<void> {
    const others = byReference(part.reference).filter(({ id, index }) => id !== part.id || index !== part.index)
    const all = [part, ...others].slice(0, MOST_PARTS)
    parts.set(part.reference, all)
    unnoted.add(part.reference)
    await noteParts()
  }

  /** What the store did not take the last time too. */
  async function noteParts(): Promise<void> {
    for (const reference of unnoted) {
      await notes.set(KEYS.parts(reference), JSON.stringify(byReference(reference)))
      unnoted.delete(reference)
    }
  }

  const byReference = (reference: number): readonly Part[] => parts.get(reference) ?? []
  const partsOf = (id: string): readonly Part[] =>
    [...parts.values()]
      .flat()
      .filter(part => part.id === id)
      .sort((a, b) => a.index - b.index)

  /** What was taken although only the part could be noted, as Node-RED ended right then. */
  function settled(message: Unfinished): Unfinished {
    const { doubtAtMs: _over, ...rest } = message
    const part = partsOf(message.id).find(({ index }) => index === message.taken.length + 1)
    return part ? { ...rest, taken: [...message.taken, part.reference] } : message
  }

  return {
    async load() {
      const references = Array.from({ length: REFERENCES }, (_, reference) => reference)
      const noted = await Promise.all(references.map(reference => notes.get(KEYS.parts(reference))))
      const waiting = await notes.get(KEYS.unfinished)
      const concat = await notes.get(KEYS.concat)
      lastConcat = concat ? Number(concat) : undefined
      for (const [reference, text] of noted.entries()) if (text) parts.set(reference, JSON.parse(text) as Part[])
      for (const message of waiting ? (JSON.parse(waiting) as Unfinished[]) : []) put(settled(message))
    },

    unfinished: id => open.get(id),
    doubts: () => [...open.values()].filter(({ doubtAtMs }) => doubtAtMs !== undefined).reverse(),
    partsOf,
    byReference,
    lastConcat: () => lastConcat,

    async begin(message, nowMs) {
      // Noted, as the times of parts do not tell: an older message may be resumed after a later one was begun.
      if (message.total > 1 && !open.has(message.id)) {
        lastConcat = message.concat
        await notes.set(KEYS.concat, String(message.concat))
      }
      // Else a report on an earlier part might be taken for one on this, after a restart.
      await noteParts()
      const before = open.get(message.id)
      try {
        await keep({ taken: [], ...before, ...message, doubtAtMs: nowMs })
      } catch (thrown) {
        // It is not sent now: no report must be taken for one on it.
        open.delete(message.id)
        if (before) put(before)
        throw thrown
      }
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
      put({ ...rest, taken: [...rest.taken, reference ?? null] })
      // First: a message that is not unfinished any more, and of which no part is noted, counts as one never begun.
      if (reference !== undefined)
        await keepPart({ id, index, total: rest.total, to: rest.to, reference, concat: rest.concat, atMs })
      await save()
    },

    reported: (part, word) => keepPart({ ...part, ...word }),
  }
}
