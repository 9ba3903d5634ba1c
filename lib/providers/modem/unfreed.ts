import { createHash } from 'node:crypto'
import type { ProviderHost } from '../../provider.ts'
import { uuidv7 } from '../../uuid.ts'

/**
 * What was read from a modem and not freed there for sure. Read once more, as after a crash or a deletion that failed, it
 * goes by the same id, by which the inbox knows it; the same PDU in a message after that is another message.
 */
export interface Unfreed {
  load(): Promise<void>
  /** The id of what is read, noted before anything is done with it. Rejects with `SMS_STORE`. */
  idOf(pdu: string, nowMs: number): Promise<string>
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

  const save = () => notes.set(KEY, JSON.stringify(entries))

  return {
    async load() {
      const noted = await notes.get(KEY)
      entries = noted ? (JSON.parse(noted) as Entry[]) : []
    },
    async idOf(pdu, nowMs) {
      const hash = hashOf(pdu)
      const known = entries.find(entry => entry.hash === hash)
      if (known) return known.id
      const entry = { id: uuidv7(nowMs), hash }
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
      entries = entries.filter(entry => entry.hash !== hash)
      await save()
    },
  }
}

const hashOf = (pdu: string): string => createHash('sha256').update(pdu).digest('hex').slice(0, 32)
