import { keepNewest } from '../../bounded.ts'
import type { ProviderHost } from '../../provider.ts'

/**
 * Under which number messages were handed over together: one request has one number for all its phones. Kept from
 * before the request until each message has its answer, also over a restart, as doubt is settled by number and phone.
 */
export interface Batches {
  numberOf(id: string): Promise<number | undefined>
  /** Resolves when it is kept. */
  begin(ids: readonly string[], number: number): Promise<void>
  end(ids: readonly string[]): Promise<void>
}

const NOTE = 'outbound.batches'
/** Far more than can be in doubt at once; older ones are forgotten. */
const KEPT = 2_000

/** `notes` gives undefined while the provider is not in use: then they are kept in memory alone. */
export function createBatches(notes: () => ProviderHost['notes'] | undefined): Batches {
  const numbers = new Map<string, number>()
  let loading: Promise<void> | undefined

  async function load(): Promise<void> {
    for (const [id, number] of readNote(await notes()?.get(NOTE))) if (!numbers.has(id)) numbers.set(id, number)
  }

  async function loaded(): Promise<void> {
    if (!notes()) return
    loading ??= load()
    try {
      await loading
    } catch (error) {
      loading = undefined
      throw error
    }
  }

  const save = async (): Promise<void> => notes()?.set(NOTE, JSON.stringify([...numbers]))

  return {
    async numberOf(id) {
      await loaded()
      return numbers.get(id)
    },
    async begin(ids, number) {
      await loaded()
      for (const id of ids) numbers.set(id, number)
      keepNewest(numbers, KEPT)
      await save()
    },
    async end(ids) {
      const known = ids.filter(id => numbers.delete(id))
      if (known.length > 0) await save()
    },
  }
}

function readNote(text: string | undefined): [id: string, number: number][] {
  try {
    const given: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(given) ? (given as [string, number][]) : []
  } catch {
    return []
  }
}
