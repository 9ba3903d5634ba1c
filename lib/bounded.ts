/**
 * Lets go of the oldest entries of a map or set, in the order they were put in, once it has grown to twice what is to be
 * kept. Many at a time: to find the first entry, a map passes over the room of all that were deleted before it.
 */
export function keepNewest(entries: Map<unknown, unknown> | Set<unknown>, count: number): void {
  if (entries.size < 2 * count) return
  for (const key of entries.keys()) {
    if (entries.size <= count) return
    entries.delete(key)
  }
}
