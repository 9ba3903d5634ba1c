/** Two texts as one key of a map; neither an id nor a recipient has a line end in it. */
export const pair = (a: string, b: string): string => `${a}\n${b}`

export function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = create()))
  return value
}
