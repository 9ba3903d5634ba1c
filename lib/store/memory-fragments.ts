import { getOrCreate, pair } from './pair.ts'
import type { Fragment } from './store.ts'

/** How many parts are remembered at most, so that they are known when they come again. */
const KEEP = 10_000

/** The waiting parts of incoming messages, in memory. */
export function createFragments() {
  const groups = new Map<string, Map<number, Fragment>>()
  const known = new Set<string>()

  const inOrder = (group: Map<number, Fragment> | undefined): readonly Fragment[] =>
    [...(group?.values() ?? [])].toSorted((a, b) => a.index - b.index)

  function note(id: string): void {
    known.add(id)
    for (const oldest of known) {
      if (known.size <= KEEP) break
      known.delete(oldest)
    }
  }

  return {
    add(fragment: Fragment): readonly Fragment[] {
      const { index, record } = fragment
      const key = pair(record.providerNode, fragment.group)
      const id =
        record.providerMessageId === undefined
          ? undefined
          : `${pair(record.providerNode, String(index))}\n${record.providerMessageId}`
      if (id !== undefined && known.has(id)) return inOrder(groups.get(key))
      const group = getOrCreate(groups, key, () => new Map<number, Fragment>())
      if (!group.has(index)) {
        group.set(index, fragment)
        if (id !== undefined) note(id)
      }
      return inOrder(group)
    },

    groups: (): readonly (readonly Fragment[])[] => [...groups.values()].map(inOrder),
    drop: (providerNode: string, group: string): void => void groups.delete(pair(providerNode, group)),
  }
}
