import type { ProviderHost } from '../../provider.ts'

/**
 * Keeps callbacks without an id and entries of the list apart: the same message comes both ways, and only the list knows
 * its id. Prints of what a callback brought are kept, also over a restart, until the list brings the same.
 */
export interface Unlisted {
  /** Whether the list has brought this already, and no callback for it. Uses it up. */
  wasListed(print: string): boolean
  /** A callback brought it. Resolves when that is kept. */
  called(print: string): Promise<void>
  /** The list brings it: whether a callback did so before. Uses that up. */
  listed(print: string): Promise<boolean>
}

const NOTE = 'inbound.unlisted'
const KEPT = 200

export function createUnlisted(notes: ProviderHost['notes']): Unlisted {
  const listedOnly: string[] = []
  let calledOnly: string[] | undefined

  async function load(): Promise<string[]> {
    return (calledOnly ??= (await notes.get(NOTE))?.split(' ').filter(print => print !== '') ?? [])
  }

  async function keep(prints: string[]): Promise<void> {
    calledOnly = prints.slice(-KEPT)
    await notes.set(NOTE, calledOnly.join(' '))
  }

  return {
    wasListed(print) {
      const at = listedOnly.indexOf(print)
      if (at !== -1) listedOnly.splice(at, 1)
      return at !== -1
    },
    async called(print) {
      await keep([...(await load()), print])
    },
    async listed(print) {
      const prints = await load()
      const at = prints.indexOf(print)
      if (at !== -1) await keep(prints.toSpliced(at, 1))
      else if (listedOnly.push(print) > KEPT) listedOnly.shift()
      return at !== -1
    },
  }
}
