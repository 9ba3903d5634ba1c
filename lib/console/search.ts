import type { SmsRecord } from '../message.ts'
import type { Store } from '../store/store.ts'
import { writeCursor } from './read-search.ts'
import type { Cursor, Search } from './read-search.ts'
import type { Page } from './views.ts'

/** One request looks through so many at most: reading a record takes ten microseconds or so of the one thread. */
const MOST_SEARCHED = 20_000
const BATCH = 500

/** Finds a page. What is not told by an index is looked for newest first, a batch at a time, and not for ever. */
export async function search(store: Pick<Store, 'history'>, wanted: Search): Promise<Page> {
  const whole = await ofWholeNumber(store, wanted)
  if (whole) return whole
  const { query, words, provider, limit } = wanted
  const isExact = words === '' && provider === undefined
  const found: SmsRecord[] = []
  let cursor: Partial<Cursor> = query
  let searched = 0
  while (searched < MOST_SEARCHED) {
    const asked = isExact ? limit - found.length + 1 : BATCH
    const batch = await store.history({ ...query, ...cursor, limit: asked })
    for (const [index, record] of batch.entries()) {
      if (found.length === limit) return { records: found, next: writeCursor(after(cursor, batch, index)), searched }
      searched += 1
      if (fits(record, wanted)) found.push(record)
    }
    if (batch.length < asked) return { records: found, searched }
    cursor = after(cursor, batch, batch.length)
    // Other work may have its turn.
    await new Promise(resolve => setImmediate(resolve))
  }
  return { records: found, next: writeCursor(cursor as Cursor), searched }
}

/** A whole number is found by its index; what is none, or of nobody, may still stand in a text. */
async function ofWholeNumber(store: Pick<Store, 'history'>, wanted: Search): Promise<Page | undefined> {
  const { words, digits, query } = wanted
  const isWhole = words.startsWith('+') && digits.length >= 7 && query.number === undefined
  if (!isWhole) return undefined
  const page = await search(store, { ...wanted, words: '', digits: '', query: { ...query, number: `+${digits}` } })
  // Further pages of one that was found so must be found so too.
  return page.records.length > 0 || page.next !== undefined ? page : undefined
}

function fits({ from = '', to = '', text, providerNode }: SmsRecord, { words, digits, provider }: Search): boolean {
  if (provider !== undefined && providerNode !== provider) return false
  if (words === '') return true
  if (digits !== '' && (from.includes(digits) || to.includes(digits))) return true
  return [text, from, to].some(part => part.toLowerCase().includes(words))
}

/** The place behind the first `count` of a batch. */
function after(before: Partial<Cursor>, batch: readonly SmsRecord[], count: number): Cursor {
  const last = batch[count - 1]
  if (!last) return { untilMs: before.untilMs ?? Number.MAX_SAFE_INTEGER, skip: before.skip ?? 0 }
  const untilMs = Date.parse(last.createdAt)
  const ofThatMoment = batch.slice(0, count).filter(record => record.createdAt === last.createdAt).length
  return { untilMs, skip: ofThatMoment + (before.untilMs === untilMs ? (before.skip ?? 0) : 0) }
}
