import { SmsError } from '../errors.ts'
import type { SmsRecord } from '../message.ts'

export interface FilterOptions {
  readonly listen: 'messages' | 'calls' | 'both'
  /** Numbers or sender names, and prefixes ending in `*`, separated by comma, semicolon or newline; empty: everybody. */
  readonly allowFrom: string
  /** `keyword`: the first word, or one of several separated by commas. `regex`: a pattern, or `/pattern/flags`. */
  readonly matchType: 'any' | 'keyword' | 'regex'
  readonly match: string
}

/** What was found in a record that passed: named groups (or all groups) of the pattern, the words after a keyword. */
export interface Found {
  readonly match?: Readonly<Record<string, string>> | readonly string[]
}

/** Which incoming records a flow wants; `undefined` for one it does not. Throws `SMS_CONFIG` for a pattern that is none. */
export function createFilter(options: FilterOptions): (record: SmsRecord) => Found | undefined {
  const allows = createAllowList(options.allowFrom)
  const matches = createMatcher(options)
  return record => {
    if (options.listen !== 'both' && (record.type === 'call') !== (options.listen === 'calls')) return undefined
    if (!allows(record.from ?? '')) return undefined
    // A call has no text to match.
    return record.type === 'call' ? {} : matches(record.text)
  }
}

/** Numbers or sender names, and prefixes ending in `*`, as `allowFrom` has them; an empty list has everybody. */
export function createAllowList(list: string): (from: string) => boolean {
  const entries = list
    .split(/[,;\n]/)
    .map(normal)
    .filter(Boolean)
  if (entries.length === 0) return () => true
  const exact = new Set(entries.filter(entry => !entry.endsWith('*')))
  const prefixes = entries.filter(entry => entry.endsWith('*')).map(entry => entry.slice(0, -1))
  return from => {
    const sender = normal(from)
    return exact.has(sender) || prefixes.some(prefix => sender.startsWith(prefix))
  }
}

/** Numbers are written with spaces and brackets, sender names in any case. */
const normal = (sender: string): string =>
  /[\p{L}]/u.test(sender) ? sender.trim().toLowerCase() : sender.replaceAll(/[\s().-]/g, '').replace(/^00/, '+')

function createMatcher({ matchType, match }: FilterOptions): (text: string) => Found | undefined {
  if (matchType === 'any' || match === '') return () => ({})
  if (matchType === 'keyword') return keywordMatcher(match)
  const pattern = compile(match)
  return text => {
    const found = pattern.exec(text)
    if (!found) return undefined
    // A group that took no part is empty, named or not.
    const { groups } = found as { groups?: Record<string, string | undefined> }
    if (!groups) return { match: found.slice(1).map((group: string | undefined) => group ?? '') }
    return { match: Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, group ?? ''])) }
  }
}

function keywordMatcher(match: string): (text: string) => Found | undefined {
  const keywords = new Set(match.split(',').map(fold).filter(Boolean))
  return text => {
    const [first = '', ...words] = text.trim().split(/\s+/)
    return keywords.has(fold(first)) ? { match: words } : undefined
  }
}

/** Case, accents and the marks people put after a word do not matter to a keyword. */
const fold = (word: string): string =>
  word
    .trim()
    .normalize('NFKC')
    .toLocaleLowerCase('en')
    .replace(/[.,:;!?]+$/, '')

function compile(match: string): RegExp {
  const [, body, flags] = /^\/(.+)\/([a-z]*)$/s.exec(match) ?? [undefined, match, 'iu']
  try {
    // Never global: such a pattern remembers where it stopped.
    return new RegExp(body ?? '', (flags ?? '').replaceAll(/[gy]/g, ''))
  } catch {
    throw new SmsError('SMS_CONFIG', `«${match.slice(0, 40)}» is not a valid pattern`)
  }
}
