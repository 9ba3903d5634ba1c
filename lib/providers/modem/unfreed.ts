import { createHash } from 'node:crypto'
import { keepNewest } from '../../bounded.ts'
import type { ProviderHost } from '../../provider.ts'
import { uuidv7 } from '../../uuid.ts'

/**
 * What was read from a modem and not freed there for sure. Read once more, as after a crash or a deletion that failed, it
 * goes by the same id, by which the inbox knows it; the same PDU in a message after that is another message. Not so where
 * it is a copy for sure: some modems say OK and delete nothing, and networks repeat what they hold for lost.
 */
export interface Unfreed {
  load(): Promise<void>
  /**
   * The id of what is read, noted before anything is done with it. `isCopy`: should the same have been freed, this is no
   * other message. Rejects with `SMS_STORE`.
   */
  idOf(pdu: string, nowMs: number, isCopy: boolean): Promise<string>
  /** It is freed for sure. */
  freed(pdu: string): Promise<void>
}

interface Entry {
  readonly id: string
  readonly hash: string
}

const KEY = 'unfreed'
/** More than any memory holds. */
const MOST = 600

export function createUnfreed(notes: ProviderHost['notes']): Unfreed {
  let entries: Entry[] = []
  /** The ids of what was freed lately, by hash. */
  const freed = new Map<string, string>()

  const save = () => notes.set(KEY, JSON.stringify(entries))

  return {
    async load() {
      const noted = await notes.get(KEY)
      entries = noted ? (JSON.parse(noted) as Entry[]) : []
    },
    async idOf(pdu, nowMs, isCopy) {
      const hash = hashOf(pdu)
      const known = entries.find(entry => entry.hash === hash)
      if (known) return known.id
      const entry = { id: (isCopy && freed.get(hash)) || uuidv7(nowMs), hash }
      entries = [...entries, entry].slice(-MOST)
      try {
        await save()
      } catch (error) {
        entries = entries.filter(other => other !== entry)
        throw error
      }
      return entry.id
    },
    async freed(pdu) {
      const hash = hashOf(pdu)
      const id = entries.find(entry => entry.hash === hash)?.id
      if (id !== undefined) {
        freed.set(hash, id)
        keepNewest(freed, MOST)
      }
      entries = entries.filter(entry => entry.hash !== hash)
      await save()
    },
  }
}

const hashOf = (pdu: string): string => createHash('sha256').update(pdu).digest('hex').slice(0, 32)
