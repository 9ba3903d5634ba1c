import { toText } from '../data.ts'

/** A list as people write one: a text with commas, semicolons or line ends between the entries, or an array. */
export function readList(given: unknown): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(given) ? given : (toText(given) ?? '').split(/[,;\n]/)
  return entries.map(entry => toText(entry)?.trim() ?? '').filter(Boolean)
}

/** Whether a category is one of those listed, or under one that ends in `*`: `users/*` has `users/notification`. */
export function createCategories(list: readonly string[]): (category: string | undefined) => boolean {
  const exact = new Set(list.filter(entry => !entry.endsWith('*')))
  const prefixes = list.filter(entry => entry.endsWith('*')).map(entry => entry.slice(0, -1))
  return (category = '') =>
    category !== '' && (exact.has(category) || prefixes.some(prefix => category.startsWith(prefix)))
}
