import type { DatabaseSync } from 'node:sqlite'

type Value = string | number | null

/** A prepared statement, with rows as its text says. */
export interface Query<Row> {
  get(...values: Value[]): Row | undefined
  all(...values: Value[]): Row[]
  run(...values: Value[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint }
}

export type Prepare = <Row = never>(text: string) => Query<Row>

/** Prepares statements of a database; each is kept by who uses it, for as long as the database is open. */
export const preparing =
  (database: DatabaseSync): Prepare =>
  <Row>(text: string) =>
    database.prepare(text) as unknown as Query<Row>

/**
 * A text as a key of SQLite's, which keeps texts in UTF-8: what that cannot hold is escaped as in JSON, so that no two
 * keys become one.
 */
export const keyText = (text: string): string => JSON.stringify(text).slice(1, -1)

/** A number of rows as SQLite takes it; it has no infinity there, and takes a negative one for all. */
export const rowLimit = (limit: number): number => Math.min(Math.max(Math.floor(limit), 0), 2 ** 31 - 1)
