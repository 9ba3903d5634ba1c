import { accessSync, closeSync, constants, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { loadNodeSqlite } from './node-sqlite.ts'
import { checkOwner, migrate } from './schema.ts'

/**
 * Opens the database at an absolute path for this runtime alone; makes it, and its folder, where there is none. Throws
 * `SmsError`, or what the system or SQLite threw. Who is refused has changed nothing.
 */
export function openDatabase(path: string): DatabaseSync {
  const { DatabaseSync } = loadNodeSqlite()
  makeFile(path)
  const database = new DatabaseSync(path)
  try {
    // The lock is the system's on the file, taken by the first transaction and kept until the connection, or the
    // process, ends however it ends: there is no stale one to be removed.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    checkOwner(database, path)
    database.exec('COMMIT')
    database.exec(SETTINGS)
    migrate(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * FULL: a commit is on the disk when it returns, on a Mac too, whose fsync does not wait for the disk itself. What is
 * temporary stays in memory, as texts are nobody's business; a log that grew with one big commit shrinks again.
 */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = ON;
  PRAGMA foreign_keys = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -8000;
  PRAGMA journal_size_limit = 16000000;
`

/** Messages are private: the folder and the file, and with it SQLite's others, are their owner's alone. */
function makeFile(path: string): void {
  const made = mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (made !== undefined) syncFolder(dirname(made))
  try {
    // Never a file that exists: to close it would release the lock of a store in this process that has it open
    // (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  // SQLite would open a file that may only be read, and fail later with words that do not say so.
  accessSync(path, constants.R_OK | constants.W_OK)
}

/** A new folder is there after a power cut only when the one it is in was synced; SQLite syncs its own. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    fsyncSync(folder)
    closeSync(folder)
  } catch {
    // Windows has no such thing.
  }
}
